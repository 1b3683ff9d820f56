/** Cards that can be put into a file, each in a small form that is valid. */
import type { CardKind, ListName, NewCard } from "../card.ts";
import { listNamed, option, type CardContext } from "../card-context.ts";
import type { ObligationName } from "@wardline/compiler";
import { newObligations, obligationLabels } from "../rule/new-obligations.ts";
import { refuse, type Refused } from "../text/change.ts";
import { settingForm, settingList } from "./setting-pickers.ts";
import { canSeal } from "../rule/field-slots.ts";
import { claims, newAssert, reading, target } from "./new-assert.ts";
import { newUse, packOptions } from "./use-card.ts";
import { freshName, freshTitleNumber } from "./fresh-name.ts";

interface Form {
  readonly kind: CardKind;
  readonly label: string;
  readonly documentation: string;
  readonly name: string;
  readonly choices: (ctx: CardContext) => ListName | null;
  /** The statement; null where the file or the model has no place for it. */
  readonly text: (ctx: CardContext, name: string, choice: string | null) => string | null;
}

const none = () => null;

const grant = (kind: string) => (ctx: CardContext, name: string) => {
  const read = reading(ctx);
  return read === null ? null : `${kind} ${name}: ${read.who} to ${read.to}`;
};

/** What a new require can ask for, with its text. */
function requirable(ctx: CardContext): ReadonlyMap<ObligationName, string> {
  const { principals, entities } = ofKinds(ctx);
  const about = { principals, entities, updates: false };
  const asked = newObligations({ ctx, about, carrier: "require" }, []);
  const sealable = classToSeal(ctx);
  return sealable === null ? asked : new Map([...asked, ["encrypt", `encrypt(${sealable})`]]);
}

/** A class of which not all is sealed yet, or else any. */
function classToSeal({ words: { ir, classes }, sealed, parameters }: CardContext): string | null {
  const ofPack = [...parameters].find(([, type]) => type === "class");
  if (ofPack !== undefined) return ofPack[0];
  const isOpen = (name: string) =>
    ir.entities.some((entity) =>
      entity.fields.some((one) => one.classes.includes(name) && !sealed.has(`${entity.name}.${one.name}`)),
    );
  const all = classes.filter((name) => canSeal(ir.entities, name));
  const found = all.find(isOpen) ?? all[0];
  return found === undefined ? null : `#${found}`;
}

/** Who asks, and what the `read` of {@link reading} is of. */
function ofKinds(ctx: CardContext) {
  const type = reading(ctx)?.to.split(" ")[1];
  const all = ctx.words.ir.entities;
  return {
    principals: all.filter(({ kind }) => kind === "principal"),
    entities: all.filter(({ name }) => name === type),
  };
}

const forms: readonly Form[] = [
  {
    kind: "permit",
    label: "Permit",
    documentation: "Lets somebody do something.",
    name: "new_permit",
    choices: none,
    text: grant("permit"),
  },
  {
    kind: "forbid",
    label: "Forbid",
    documentation: "Stops somebody, whatever is permitted.",
    name: "new_forbid",
    choices: none,
    text: ({ words: { ir } }, name) => {
      const removing = ir.actions.find(({ kind }) => kind === "deletes") ?? ir.actions.at(-1);
      const to = removing === undefined ? null : target(removing);
      return to === null ? null : `forbid ${name}: anyone to ${to}\n  because "No reason is written yet"`;
    },
  },
  {
    kind: "require",
    label: "Require",
    documentation:
      "Asks for something beside, whoever permits it: a reason, a second factor, an entry in the log. Seals fields, too.",
    name: "new_require",
    choices: (ctx) => {
      const duties = requirable(ctx);
      const names = [...duties.keys()];
      return listNamed(ctx, `asked first: ${names.join(" ")}`, () =>
        names.map((name) => option(name, obligationLabels[name])),
      );
    },
    text: (ctx, name, choice) => {
      const read = reading(ctx);
      const duties = requirable(ctx);
      const duty = choice === null ? duties.get("audit") : duties.get(choice as ObligationName);
      // What is sealed is so for everybody and always.
      if (choice === "encrypt" && duty !== undefined) return `require ${name}: ${duty}`;
      return read === null || duty === undefined ? null : `require ${name}: ${duty} for anyone to ${read.to}`;
    },
  },
  {
    kind: "ceiling",
    label: "Ceiling",
    documentation: "The most that an organisation can permit. What no ceiling names stays closed.",
    name: "new_ceiling",
    choices: none,
    text: (ctx, name) => {
      const read = reading(ctx);
      return ctx.role.kind !== "platform" || read === null ? null : `ceiling ${name}: anyone to ${read.to}`;
    },
  },
  {
    kind: "floor",
    label: "Floor",
    documentation: "What no organisation can take away.",
    name: "new_floor",
    choices: none,
    text: (ctx, name) => (ctx.role.kind === "platform" ? grant("floor")(ctx, name) : null),
  },
  {
    kind: "share",
    label: "Share",
    documentation: "Lets the platform's own people in from another organisation.",
    name: "new_share",
    choices: none,
    text: (ctx, name) => {
      const helper = ctx.roles.find(({ platform }) => platform);
      const read = reading(ctx);
      if (ctx.role.kind !== "platform" || helper === undefined || read === null) return null;
      return `share ${name}: ${helper.name} to ${read.to}`;
    },
  },
  {
    kind: "role",
    label: "Role",
    documentation: "A role of this organisation.",
    name: "new_role",
    choices: none,
    text: ({ role }, name) => (role.kind === "policy" ? `role ${name}` : null),
  },
  {
    kind: "settings",
    label: "Settings",
    documentation: "How long sessions last, where data is, how long it is kept.",
    name: "",
    choices: (ctx) => settingList(ctx, settingsTaken(ctx)),
    text: (ctx, _, choice) => newSettings(ctx, choice),
  },
  {
    kind: "use",
    label: "A pack of rules",
    documentation: "Rules that somebody else wrote and keeps up.",
    name: "",
    choices: (ctx) => listNamed(ctx, "packs", () => packOptions(ctx)),
    text: (ctx, _, choice) => newUse(ctx, choice ?? packOptions(ctx)[0]?.id ?? null),
  },
  {
    kind: "parameter",
    label: "Parameter",
    documentation: "A value that who uses the pack says.",
    name: "new_parameter",
    choices: none,
    text: ({ role }, name) => (role.kind === "pack" ? `parameter ${name}: Duration(..1d) = 1h` : null),
  },
  {
    kind: "let",
    label: "Named condition",
    documentation: "A condition that rules of this organisation can use by its name.",
    name: "new_condition",
    choices: none,
    text: ({ role }, name) => (role.kind === "policy" ? `let ${name} = clock.time in 22:00..06:00` : null),
  },
  {
    kind: "assert",
    label: "Assert",
    documentation: "What must hold whatever else is written: who can, or never can. It changes no decision.",
    name: "new_assert",
    choices: (ctx) =>
      listNamed(ctx, "asserts", () =>
        (["never", "always", "hidden"] as const).flatMap((claim) =>
          newAssert(ctx, "x", claim) === null ? [] : [option(claim, claims[claim][0], claims[claim][1])],
        ),
      ),
    text: newAssert,
  },
  {
    kind: "test",
    label: "Test",
    documentation: "Somebody who asks for something, and what is decided. It is run with every change.",
    name: "",
    choices: none,
    text: (ctx) => newTest(ctx),
  },
];

/** A test of what is read, that nothing grants. */
function newTest(ctx: CardContext): string | null {
  const { ir } = ctx.words;
  const action = ir.actions.find(({ name }) => name === "read") ?? ir.actions[0];
  const who = ir.entities.find(({ kind }) => kind === "principal");
  const what = action?.entities[0];
  if (action === undefined || who === undefined || what === undefined || ctx.role.kind === "pack")
    return null;
  const plainTitle = "somebody without a role";
  const isTaken = ctx.blocks.blocks.some(
    ({ statement }) => statement?.kind === "test" && statement.title === plainTitle,
  );
  const title = isTaken ? `${plainTitle} ${freshTitleNumber(ctx, plainTitle)}` : plainTitle;
  return `test "${title}" {
  let somebody = ${who.name} { }
  let something = ${what} { }
  expect deny somebody to ${action.name} something
}`;
}

/** Settings that stand in some card of the file. */
function settingsTaken({ blocks }: CardContext): ReadonlySet<string> {
  const all = blocks.blocks.flatMap(({ statement }) =>
    statement?.kind === "settings" ? statement.entries : [],
  );
  return new Set(
    all.flatMap(({ key, value }) =>
      value.kind === "record" ? value.entries.map((entry) => `${key.text}.${entry.key.text}`) : [key.text],
    ),
  );
}

function newSettings(ctx: CardContext, choice: string | null): string | null {
  const taken = settingsTaken(ctx);
  const path = choice ?? ctx.lists.get(settingList(ctx, taken))?.[0]?.id;
  const form = path === undefined || taken.has(path) ? null : settingForm(ctx, path);
  if (form === null) return null;
  const [group = "", key] = form.path.split(".");
  const line = key === undefined ? `${group}: ${form.first}` : `${group}: { ${key}: ${form.first} }`;
  return `settings {\n  ${line}\n}`;
}

const fits = (ctx: CardContext, { kind }: Form): boolean => {
  if (ctx.blocks.header === null || ctx.role.kind === "model") return false;
  if (ctx.role.kind === "pack") return ["require", "forbid", "settings", "parameter"].includes(kind);
  return true;
};

export function newCardsOf(ctx: CardContext): readonly NewCard[] {
  return forms.flatMap((form) => {
    const { kind, label, documentation } = form;
    if (!fits(ctx, form) || form.text(ctx, "x", null) === null) return [];
    return [{ id: kind, kind, label, documentation, choices: form.choices(ctx) }];
  });
}

/** The text of a new statement. `name` is what it should be called. */
export function newStatement(
  ctx: CardContext,
  id: string,
  choice: string | null,
  name: string | null,
): string | Refused {
  const form = forms.find(({ kind }) => kind === id);
  if (form === undefined || !fits(ctx, form)) return refuse("This file has no place for such a card.");
  const text = form.text(ctx, freshName(ctx, name ?? form.name), choice);
  return text ?? refuse("The model has nothing that such a card could be about.");
}
