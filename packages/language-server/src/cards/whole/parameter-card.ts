/** What a pack is given: of which type, within which bounds, and what holds where nothing is said. */
import type { ParameterStatement } from "@wardline/compiler";
import type { Picker } from "../card.ts";
import { listNamed, option } from "../card-context.ts";
import { plain } from "../../plain-words.ts";
import { durationPicker, textOf, valueAt } from "../condition/value.ts";
import { shownNumber, shownValue } from "../condition/shown.ts";
import { endBefore } from "../condition/outer.ts";
import type { StatementPlace } from "../rule/rule-card.ts";
import { refuse, type Change } from "../text/change.ts";
import { firstArgument, parameterPickerOf } from "./parameter-picker.ts";
import { termValue } from "./term-value.ts";

/** The types of parameters, each in words and as it is written first. */
const types: Readonly<Record<string, readonly [string, string]>> = {
  class: ["a class of data", "class"],
  Bool: ["yes or no", "Bool"],
  Int: ["a whole number", "Int(0..100)"],
  Decimal: ["a number with a point", "Decimal(8, 2)"],
  String: ["a text", "String"],
  Duration: ["a length of time", "Duration(..1d)"],
  Period: ["a time by the calendar", "Period"],
  Instant: ["a moment", "Instant"],
  Date: ["a day", "Date"],
  Time: ["a time of day", "Time"],
  Ip: ["an address", "Ip"],
  Uuid: ["a UUID", "Uuid"],
};

export function addParameter(place: StatementPlace, statement: ParameterStatement): void {
  const { ctx, block, draft } = place;
  const { name, type } = statement;
  const typeName = "name" in type ? type.name.text : "class";
  const options = listNamed(ctx, "types of parameters", () =>
    Object.entries(types).map(([id, [label]]) => option(id, label)),
  );
  const { start } = type.span;
  const slot = draft.slot({
    id: "type",
    label: "What kind of value",
    shown: types[typeName]?.[0] ?? typeName,
    picker: { kind: "one", options },
    value: typeName,
    start,
    end: block.end,
    set: (chosen) => {
      if (chosen === typeName) return [];
      const form = typeof chosen === "string" && Object.hasOwn(types, chosen) ? types[chosen] : undefined;
      // Bounds and a default of another type would not fit.
      return form === undefined
        ? refuse("A parameter cannot be of this type.")
        : [{ start, end: block.end, text: form[1] }];
    },
  });
  draft.part({ id: "head", kind: "head" }, [`Who uses the pack says the ${plain(name.text)}:`, slot]);
  addBounds(place, statement);
  addDefault(place, statement);
}

interface Bound {
  readonly id: "low" | "high";
  readonly label: string;
  readonly before: string;
  readonly value: string;
  readonly picker: Picker;
}

function addBounds(place: StatementPlace, { type }: ParameterStatement): void {
  if (!("name" in type) || type.bounds === null) return;
  const { ctx, draft } = place;
  const { kind, low, high, span } = type.bounds;
  const number: Picker = { kind: "number", min: kind === "pair" ? "0" : null, max: null, decimals: 0 };
  const picker: Picker =
    type.name.text === "Duration" ? durationPicker(ctx, null) : pickerOfBound(type.name.text, number);
  const bounds: readonly Bound[] = [
    ...(low === null
      ? []
      : [
          {
            id: "low",
            label: kind === "pair" ? "How many digits" : "The least",
            before: kind === "pair" ? "with" : "at least",
            value: low,
            picker,
          } as const,
        ]),
    {
      id: "high",
      label: kind === "pair" ? "How many of them after the point" : "The most",
      before: kind === "pair" ? "digits, after the point" : low === null ? "at most" : "and at most",
      value: high,
      picker,
    },
  ];
  const written = (one: Bound, text: string): string => {
    const [from, to] = [one.id === "low" ? text : low, one.id === "high" ? text : high];
    return kind === "pair" ? `(${from ?? ""}, ${to})` : `(${from ?? ""}..${to})`;
  };
  const segments = bounds.flatMap((one) => [
    one.before,
    draft.slot({
      id: one.id,
      label: one.label,
      shown: one.picker.kind === "number" ? shownNumber(one.value) : shownValue(one.picker, one.value),
      picker: one.picker,
      value: one.value,
      start: span.start,
      end: span.end,
      set: (chosen) => {
        const text = textOf(ctx, one.picker, chosen);
        return typeof text === "string"
          ? [{ start: span.start, end: span.end, text: written(one, text) }]
          : text;
      },
    }),
  ]);
  const remove = (): Change => [{ start: span.start, end: span.end, text: "" }];
  draft.part({ id: "bounds", kind: "entry", depth: 1, remove }, segments);
}

/** Instants, dates and times have bounds that are such. */
function pickerOfBound(type: string, number: Picker): Picker {
  switch (type) {
    case "Instant":
      return { kind: "instant" };
    case "Date":
      return { kind: "date" };
    case "Time":
      return { kind: "time" };
    default:
      return number;
  }
}

function addDefault({ ctx, block, draft }: StatementPlace, statement: ParameterStatement): void {
  const { default: own, type } = statement;
  // Of what is no type of a parameter there is no card, with a default or without one.
  const picker = parameterPickerOf(ctx, statement);
  if (own === null) {
    draft.addition("default", "A value where nothing is said", "entry", null, () => {
      const text = firstArgument(ctx, statement);
      const { end } = type.span;
      return text === null
        ? refuse("The model has nothing that it could be.")
        : [{ start: end, end, text: ` = ${text}` }];
    });
    return;
  }
  const { start, end } = own.span;
  const value = termValue(own, picker);
  const slot = draft.slot({
    id: "default",
    label: "The value where nothing is said",
    shown: shownValue(picker, value),
    picker,
    value,
    start,
    end,
    set: valueAt(ctx, picker, { start, end }),
  });
  const remove = (): Change => [{ start: endBefore(block, endBefore(block, start) - 1), end, text: "" }];
  draft.part({ id: "default", kind: "entry", depth: 1, remove }, ["and where nothing is said it is", slot]);
}
