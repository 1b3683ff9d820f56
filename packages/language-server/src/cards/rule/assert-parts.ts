/** What an assert alone has: the field that is never shown, and the rules whose requests it leaves out. */
import type { AssertStatement, Name } from "@wardline/compiler";
import type { Slot } from "../card.ts";
import { listNamed, option } from "../card-context.ts";
import { listed, plain } from "../../plain-words.ts";
import { endBefore } from "../condition/outer.ts";
import { refuse, type Change } from "../text/change.ts";
import type { StatementPlace } from "./rule-card.ts";
import { rulesThatDecide } from "./rules-that-decide.ts";

type Shown = Extract<AssertStatement["claim"], { readonly kind: "show" }>;

export function shownField({ ctx, draft }: StatementPlace, { entity, field }: Shown): Slot {
  const { ir, documentation } = ctx.words;
  const options = listNamed(ctx, "fields of all types", () =>
    ir.entities
      .filter(({ name }) => ir.actions.some((one) => one.kind === "reads" && one.entities.includes(name)))
      .flatMap(({ name, fields }) =>
        fields.map((one) =>
          option(
            `${name}.${one.name}`,
            `the ${plain(one.name)} of a ${name}`,
            documentation.get(`${name}.${one.name}`) ?? null,
            name,
          ),
        ),
      ),
  );
  const [start, end] = [entity.span.start, field.span.end];
  return draft.slot({
    id: "field",
    label: "Which field",
    shown: `The ${plain(field.text)} of a ${entity.text}`,
    picker: { kind: "one", options },
    value: `${entity.text}.${field.text}`,
    start,
    end,
    set: (chosen) =>
      (ctx.lists.get(options) ?? []).some(({ id }) => id === chosen)
        ? [{ start, end, text: String(chosen) }]
        : refuse("Choose a field of the model."),
  });
}

export function addExcept({ ctx, draft, block }: StatementPlace, except: readonly Name[]): void {
  const options = rulesThatDecide(ctx);
  const known = (): readonly string[] => (ctx.lists.get(options) ?? []).map(({ id }) => id);
  const [first, last] = [except[0], except.at(-1)];
  if (first === undefined || last === undefined) {
    draft.addition("except", "Leave out what a rule is about", "entry", options, (choice) =>
      choice !== null && known().includes(choice)
        ? [{ start: block.end, end: block.end, text: ` except ${choice}` }]
        : refuse("Choose a rule."),
    );
    return;
  }
  const [start, end] = [first.span.start, last.span.end];
  const value = except.map(({ text }) => text);
  const slot = draft.slot({
    id: "except",
    label: "Which rules are left out",
    shown: listed(value.map(plain), "and"),
    picker: { kind: "many", options, least: 1, all: null },
    value,
    start,
    end,
    set: (chosen) => {
      if (typeof chosen === "string" || chosen.length === 0) return refuse("Choose at least one.");
      if (new Set(chosen).size < chosen.length) return refuse("The same name stands there twice.");
      return chosen.every((name) => value.includes(name) || known().includes(name))
        ? [{ start, end, text: chosen.join(", ") }]
        : refuse("No rule is called so.");
    },
  });
  const remove = (): Change => {
    const word = endBefore(block, start) - "except".length;
    return [{ start: endBefore(block, word), end, text: "" }];
  };
  draft.part({ id: "except", kind: "entry", remove }, ["leaving out what", slot, "is about"]);
}
