/** WHO to ACTIONS TYPES as slots, and what a statement is about. */
import type { Name, Reach, Who } from "@wardline/compiler";
import type { EntityModel } from "@wardline/core";
import type { Option, Picker, Slot, SlotValue } from "../card.ts";
import { listNamed, option, type CardContext } from "../card-context.ts";
import { aboutKey, type About } from "../condition/facts.ts";
import { capital, listed, plain } from "../../plain-words.ts";
import { endBefore } from "../condition/outer.ts";
import type { Block } from "../text/blocks.ts";
import { refuse, type Change } from "../text/change.ts";
import type { CardDraft } from "../text/draft.ts";

/** What `principal` and `resource` can be in a statement that reaches this. */
export function aboutOf(ctx: CardContext, reach: Reach | null): About {
  const { ir, entities, groups } = ctx.words;
  const principals = ir.entities.filter(({ kind }) => kind === "principal");
  if (reach === null) return { principals, entities: [], updates: false };
  const { who, actions, types, touching } = reach;
  const named = new Set(
    actions.kind === "act_on"
      ? ir.actions.map(({ name }) => name)
      : actions.names.flatMap(({ text }) => groups.get(text) ?? [text]),
  );
  const asked = ir.actions.filter(({ name }) => named.has(name));
  const reached = (entity: EntityModel) =>
    asked.some((action) => action.entities.includes(entity.name)) &&
    (touching?.kind !== "class" || entity.fields.some(({ classes }) => classes.includes(touching.name.text)));
  const all =
    types.kind === "anything" ? ir.entities : types.names.flatMap(({ text }) => entities.get(text) ?? []);
  const reachedTypes = all.filter(reached);
  const kinds = asked.flatMap(({ kind, entities: of }) =>
    reachedTypes.some(({ name }) => of.includes(name)) ? [kind] : [],
  );
  const changes = (...of_: readonly string[]) =>
    kinds.length > 0 && kinds.every((kind) => of_.includes(kind));
  return {
    principals: principalsOf(ctx, who, principals),
    entities: reachedTypes,
    updates: kinds.includes("updates"),
    sides: [
      ...(changes("updates", "deletes") ? (["prior"] as const) : []),
      ...(changes("updates", "creates") ? (["next"] as const) : []),
    ],
  };
}

function principalsOf(ctx: CardContext, who: Who, all: readonly EntityModel[]): readonly EntityModel[] {
  if (who.kind === "anyone") {
    const out = new Set(who.except.map(({ text }) => text));
    return all.filter(({ name }) => !out.has(name));
  }
  const holders = who.names.flatMap(({ text }) =>
    all.filter(({ name }) => name === text || ctx.holders(text).includes(name)),
  );
  return all.filter((entity) => holders.includes(entity));
}

export interface SlotPlace {
  readonly ctx: CardContext;
  readonly block: Block;
  readonly draft: CardDraft;
}

const spanOfNames = (names: readonly Name[]) => ({
  start: names[0]?.span.start ?? 0,
  end: names.at(-1)?.span.end ?? 0,
});

/** Several of some names, or a word for all of them. */
function manySlot(
  { draft, ctx }: SlotPlace,
  slot: { readonly id: string; readonly label: string; readonly shown: string },
  at: { readonly start: number; readonly end: number },
  picker: Extract<Picker, { kind: "many" }>,
  value: readonly string[],
): Slot {
  return draft.slot({
    ...slot,
    ...at,
    picker,
    value,
    set: (chosen) => {
      if (typeof chosen === "string") return refuse("Give a list of names.");
      if (picker.all !== null && chosen.length === 1 && chosen[0] === picker.all.id)
        return [{ ...at, text: picker.all.id }];
      const known = new Set((ctx.lists.get(picker.options) ?? []).map(({ id }) => id));
      const unknown = chosen.find((name) => !known.has(name));
      if (unknown !== undefined) return refuse(`\`${unknown}\` cannot be chosen here.`);
      if (chosen.length < Math.max(picker.least, 1)) return refuse("Choose at least one.");
      if (new Set(chosen).size < chosen.length) return refuse("The same name stands there twice.");
      return [{ ...at, text: chosen.join(", ") }];
    },
  });
}

/** `word`: what joins the last two, `or` where nobody may. */
export function actionsSlot(place: SlotPlace, { actions }: Reach, word: "and" | "or" = "and"): Slot {
  const { ctx } = place;
  const names = actions.kind === "act_on" ? [] : actions.names.map(({ text }) => text);
  const shown = actions.kind === "act_on" ? "do anything with" : listed(names.map(plain), word);
  const picker = {
    kind: "many",
    options: actionList(ctx),
    least: 1,
    all: option("act on", "do anything with", "Every action of the model."),
  } as const;
  const at = actions.kind === "act_on" ? actions.span : spanOfNames(actions.names);
  const { start, end } = at;
  const value = actions.kind === "act_on" ? ["act on"] : names;
  return manySlot(place, { id: "actions", label: "What may be done", shown }, { start, end }, picker, value);
}

function actionList(ctx: CardContext): string {
  const { ir, groups, documentation } = ctx.words;
  return listNamed(ctx, "actions", () => [
    ...ir.actions.map(({ name, entities }) =>
      option(
        name,
        plain(name),
        documentation.get(`action ${name}`) ?? `Of ${listed(entities, "and")}.`,
        "Actions",
      ),
    ),
    ...[...groups].map(([name, members]) =>
      option(name, plain(name), `Stands for ${listed(members.map(plain), "and")}.`, "Groups of actions"),
    ),
  ]);
}

export function typesSlot(place: SlotPlace, { types }: Reach, word: "and" | "or" = "and"): Slot {
  const { ctx } = place;
  const { ir, documentation } = ctx.words;
  const names = types.kind === "anything" ? ["anything"] : types.names.map(({ text }) => text);
  const picker = {
    kind: "many",
    options: listNamed(ctx, "types", () =>
      ir.entities
        .filter(({ name }) => ir.actions.some((action) => action.entities.includes(name)))
        .map(({ name, kind }) =>
          option(
            name,
            name,
            documentation.get(name) ?? null,
            kind === "principal" ? "Kinds of users" : "Things",
          ),
        ),
    ),
    least: 1,
    all: option("anything", "anything", "Everything that the actions are for."),
  } as const;
  const { start, end } = types.kind === "anything" ? types.span : spanOfNames(types.names);
  return manySlot(
    place,
    { id: "types", label: "Of what", shown: listed(names, word) },
    { start, end },
    picker,
    names,
  );
}

/** `touching #class`: null without, and for a pack's parameter, which is words. */
export function touchingSegments(place: SlotPlace, { touching }: Reach): readonly (Slot | string)[] {
  if (touching === null) return [];
  const { ctx, draft, block } = place;
  const { text, span } = touching.name;
  const mark = touching.kind === "class" ? "#" : "";
  const start = ctx.text[span.start - 1] === "#" ? span.start - 1 : span.start;
  const slot = draft.slot({
    id: "touching",
    label: "Only what holds a class of data",
    shown: `${mark}${text}`,
    picker: { kind: "one", options: touchingList(ctx, mark === "") },
    value: `${mark}${text}`,
    start,
    end: span.end,
    set: (value) => {
      if (value === "") {
        const word = endBefore(block, start);
        return [{ start: endBefore(block, word - 1), end: span.end, text: "" }];
      }
      return setTouching(ctx, value, { start, end: span.end });
    },
  });
  return ["that holds data of the class", slot];
}

function setTouching(ctx: CardContext, value: SlotValue, at: { start: number; end: number }): Change {
  const names = [...ctx.words.classes.map((name) => `#${name}`), ...ctx.parameters.keys()];
  return typeof value === "string" && names.includes(value)
    ? [{ ...at, text: value }]
    : refuse("No field carries this class.");
}

function touchingList(ctx: CardContext, isParameter: boolean): string {
  return listNamed(ctx, isParameter ? "class parameters" : "classes or none", () => [
    option("", "no class"),
    ...classOptions(ctx),
  ]);
}

/** `The name of Member and the email of User.` */
function bearersOf({ words: { ir } }: CardContext, name: string): string {
  const all = ir.entities.flatMap((entity) =>
    entity.fields
      .filter(({ classes }) => classes.includes(name))
      .map((field) => `${plain(field.name)} of ${entity.name}`),
  );
  return `${capital(listed(all, "and"))}.`;
}

export const classOptions = (ctx: CardContext): readonly Option[] => [
  ...ctx.words.classes.map((name) => option(`#${name}`, `#${name}`, bearersOf(ctx, name), "Classes of data")),
  ...[...ctx.parameters]
    .filter(([, type]) => type === "class")
    .map(([name]) => option(name, plain(name), null, "Parameters of this pack")),
];

/** `touching` as an addition to a statement without it. */
export function addTouching({ ctx, draft }: SlotPlace, reach: Reach): void {
  const { types, touching } = reach;
  const about = aboutOf(ctx, reach);
  const borne = new Set(about.entities.flatMap(({ fields }) => fields.flatMap(({ classes }) => classes)));
  const options = classOptions(ctx).filter(({ id }) => !id.startsWith("#") || borne.has(id.slice(1)));
  if (touching !== null || options.length === 0) return;
  const { end } = types.kind === "anything" ? types.span : spanOfNames(types.names);
  const choices = listNamed(ctx, `classes of ${aboutKey(about)}`, () => options);
  draft.addition("touching", "Only with data of a class", "head", choices, (choice) =>
    options.some(({ id }) => id === choice)
      ? [{ start: end, end, text: ` touching ${choice}` }]
      : refuse("Choose a class of data."),
  );
}
