/** Arguments of obligations as slots. */
import type { Argument, Carrier, Term } from "@wardline/compiler";
import type { Picker, Slot } from "../card.ts";
import type { CardContext } from "../card-context.ts";
import { parameterPicker } from "../condition/wanted-picker.ts";
import type { About } from "../condition/facts.ts";
import { durationPicker, valueAt } from "../condition/value.ts";
import { listed, plain } from "../../plain-words.ts";
import { shownDuration } from "../condition/shown.ts";
import { refuse } from "../text/change.ts";
import { Unshown, type CardDraft } from "../text/draft.ts";

export interface ObligationPlace {
  readonly ctx: CardContext;
  readonly draft: CardDraft;
  readonly about: About;
  readonly carrier: Carrier;
  /** Of the lines that obligations become; 0 without. */
  readonly depth?: number;
}

export type Call = Extract<Term, { readonly kind: "call" }>;

export type Segments = readonly (Slot | string)[];

/** What an argument is that has no label and takes nothing: a name or a class; null for another. */
export const bareName = ({ label, term }: Argument): string | null =>
  label === null && term.kind === "call" && term.args.length === 0
    ? term.name.text
    : label === null && term.kind === "class"
      ? `#${term.name.text}`
      : null;

interface ListSlot {
  readonly id: string;
  readonly label: string;
  readonly value: readonly string[];
  readonly options: string;
}

export function argumentList(
  { ctx, draft }: ObligationPlace,
  slot: ListSlot,
  first: Argument,
  last: Argument,
): Slot {
  const at = { start: first.term.span.start, end: last.term.span.end };
  return draft.slot({
    id: slot.id,
    label: slot.label,
    shown: listed(slot.value.map(plain), "and"),
    picker: { kind: "many", options: slot.options, least: 1, all: null },
    value: slot.value,
    ...at,
    set: (chosen) => {
      if (typeof chosen === "string" || chosen.length === 0) return refuse("Choose at least one.");
      const known = new Set((ctx.lists.get(slot.options) ?? []).map(({ id }) => id));
      const unknown = chosen.find((name) => !known.has(name) && !slot.value.includes(name));
      return unknown === undefined
        ? [{ ...at, text: chosen.join(", ") }]
        : refuse(`\`${unknown}\` cannot be chosen here.`);
    },
  });
}

/** One argument. */
export function argumentSlot(
  { ctx, draft }: ObligationPlace,
  slot: {
    readonly id: string;
    readonly label: string;
    readonly shown: string;
    readonly picker: Picker;
    readonly value: string;
  },
  { term }: Argument,
): Slot {
  const at = { start: term.span.start, end: term.span.end };
  return draft.slot({ ...slot, ...at, set: valueAt(ctx, slot.picker, at) });
}

/** A length of time, or a pack's parameter. */
export function timeArgument(place: ObligationPlace, argument: Argument, id: string): Slot {
  const { ctx } = place;
  const { term } = argument;
  const label = "How long";
  if (term.kind === "literal")
    return argumentSlot(
      place,
      { id, label, shown: shownDuration(term.text), picker: durationPicker(ctx, null), value: term.text },
      argument,
    );
  return parameterSlot(place, argument, id, label);
}

export function parameterSlot(place: ObligationPlace, argument: Argument, id: string, label: string): Slot {
  const { ctx } = place;
  const name = bareName({ ...argument, label: null });
  if (name === null || !ctx.parameters.has(name))
    throw new Unshown("A value stands here that cards do not show.");
  const picker = parameterPicker(ctx);
  return argumentSlot(place, { id, label, shown: plain(name), picker, value: name }, argument);
}

export function wordArgument(
  place: ObligationPlace,
  argument: Argument,
  id: string,
  label: string,
  picker: Picker,
): Slot {
  const { term } = argument;
  const value = term.kind === "keyword" ? term.word : bareName({ ...argument, label: null });
  if (value === null || picker.kind !== "one")
    throw new Unshown("A value stands here that cards do not show.");
  const shown = place.ctx.lists.get(picker.options)?.find((one) => one.id === value)?.label ?? value;
  return argumentSlot(place, { id, label, shown, picker, value }, argument);
}
