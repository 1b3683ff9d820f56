/** `mask(FIELD, HOW)` as a line: which field, how it is shown, and how much of it. */
import { maskFunctions, maskNames, type Argument, type MaskName } from "@wardline/compiler";
import { canMask } from "@wardline/core";
import type { Picker, SlotValue } from "../card.ts";
import { listNamed, option } from "../card-context.ts";
import { plain } from "../../plain-words.ts";
import { shownNumber } from "../condition/shown.ts";
import { refuse, type Change } from "../text/change.ts";
import { Unshown } from "../text/draft.ts";
import { argumentSlot, bareName, type Call, type ObligationPlace, type Segments } from "./argument-slot.ts";
import { fieldOptions, fieldsNamed } from "./field-slots.ts";

export function maskLine(place: ObligationPlace, term: Call, id: string): Segments {
  const [field, how] = term.args;
  const name = field === undefined ? null : bareName(field);
  if (
    field === undefined ||
    how?.term.kind !== "call" ||
    name === null ||
    how.label !== null ||
    term.args.length !== 2
  )
    throw new Unshown("This mask does not say what and how.");
  const { ctx } = place;
  const fieldPicker: Picker = { kind: "one", options: maskableFields(place) };
  const call = how.term;
  const at = { start: call.span.start, end: call.span.end };
  const fieldSlot = place.draft.slot({
    id: `${id}.field`,
    label: "Which field",
    shown: plain(name),
    picker: fieldPicker,
    value: name,
    start: field.term.span.start,
    end: field.term.span.end,
    set: (chosen) => setField(place, field, at, call.name.text, chosen),
  });
  const masks = maskList(place, name);
  if (!Object.hasOwn(maskFunctions, call.name.text)) throw new Unshown(`\`${call.name.text}\` is no mask.`);
  const [argument] = call.args;
  const label = argument?.label?.text ?? null;
  const value = label === "first" ? "partial first" : call.name.text;
  const howSlot = place.draft.slot({
    id: `${id}.how`,
    label: "How it is shown",
    shown: maskShown(call.name.text as MaskName, label).replace(" characters", ""),
    picker: { kind: "one", options: masks },
    value,
    ...at,
    set: (chosen) =>
      (ctx.lists.get(masks) ?? []).some((one) => one.id === chosen)
        ? [{ ...at, text: maskText(String(chosen)) }]
        : refuse("This field cannot be shown so."),
  });
  if (argument === undefined) return ["sees", fieldSlot, "as", howSlot];
  if (argument.term.kind !== "literal") throw new Unshown("The mask's number is not written as one.");
  const most = maskFunctions[call.name.text as MaskName].argument?.most ?? 1;
  const picker: Picker = { kind: "number", min: "1", max: String(most), decimals: 0 };
  const { text } = argument.term;
  const count = argumentSlot(
    place,
    { id: `${id}.count`, label: "How many", shown: shownNumber(text), picker, value: text },
    argument,
  );
  return ["sees", fieldSlot, "as", howSlot, count, call.name.text === "partial" ? "characters" : ""];
}

/** Those of which a part can be shown. */
function maskableFields(place: ObligationPlace): string {
  const { ctx } = place;
  const all = fieldOptions(place);
  return listNamed(ctx, `to be masked, of ${all}`, () =>
    (ctx.lists.get(all) ?? []).filter(({ id }) => (ctx.lists.get(maskList(place, id)) ?? []).length > 0),
  );
}

/** Another field; where it cannot be shown so it gets the first mask that fits it. */
function setField(
  place: ObligationPlace,
  field: Argument,
  how: { readonly start: number; readonly end: number },
  mask: string,
  chosen: SlotValue,
): Change {
  const { ctx } = place;
  if (!(ctx.lists.get(maskableFields(place)) ?? []).some((one) => one.id === chosen))
    return refuse("Choose a field, or a class of data.");
  const name = String(chosen);
  const { start, end } = field.term.span;
  const fitting = (ctx.lists.get(maskList(place, name)) ?? []).map((one) => one.id);
  const [first] = fitting;
  if (first === undefined)
    return refuse(`The field ${plain(name)} cannot be shown in part. Hide it instead.`);
  const named = { start, end, text: name };
  return fitting.includes(mask) ? [named] : [named, { ...how, text: maskText(first) }];
}

const maskLabels: Readonly<Record<MaskName, string>> = {
  initials: "initials",
  partial: "its last characters",
  bucket: "rounded down to a multiple of",
  month: "its month",
  year: "its year",
  token: "a stand-in that who holds the key can turn back",
  hash: "a stand-in that nobody can turn back",
  redact: "***",
};

const maskShown = (name: MaskName, label: string | null) =>
  label === "first" ? "its first characters" : maskLabels[name];

export const maskText = (id: string) =>
  id === "partial first"
    ? "partial(first: 2)"
    : id === "bucket"
      ? "bucket(10)"
      : id === "partial"
        ? "partial(last: 4)"
        : id;

/** The masks that fit a field's type. */
function maskList({ ctx, about }: ObligationPlace, name: string): string {
  const fields = fieldsNamed(ctx, about, name);
  const fitting = maskNames.filter((mask) =>
    fields.every(({ type }) => canMask(maskFunctions[mask].make(null, 1), type)),
  );
  return listNamed(ctx, `masks: ${fitting.join(" ")}`, () =>
    fitting.flatMap((mask) => [
      option(mask, maskLabels[mask], maskFunctions[mask].summary),
      ...(mask === "partial"
        ? [option("partial first", maskShown("partial", "first"), maskFunctions.partial.summary)]
        : []),
    ]),
  );
}
