/** A value of a test as slots, by the type that the model has for it. What no picker takes is told. */
import { unquote, type Datum } from "@wardline/compiler";
import type { EntityModel, ScalarType, ValueType } from "@wardline/core";
import type { Picker, Slot } from "../card.ts";
import { listNamed, option } from "../card-context.ts";
import { plain } from "../../plain-words.ts";
import { firstValue, pickerOf, textOf } from "../condition/value.ts";
import { shownValue } from "../condition/shown.ts";
import { datumWords, referenceSlot } from "./reference-slot.ts";
import { namesOf, type TestScope } from "./test-scope.ts";

/** What a key of an instance, of `given` or of an update takes. */
export type Wanted =
  | { readonly kind: "value"; readonly type: ValueType }
  | { readonly kind: "roles"; readonly holder: string }
  | { readonly kind: "parents"; readonly entities: readonly string[] }
  | { readonly kind: "tenant" };

/** What can be said of one of a type, by its key. */
export function wantedOf(entity: EntityModel): ReadonlyMap<string, Wanted> {
  const parents = [...new Set(entity.parents.map((parent) => parent.entity))];
  return new Map<string, Wanted>([
    ...(entity.kind === "principal" ? ([["roles", { kind: "roles", holder: entity.name }]] as const) : []),
    ...(parents.length > 0 ? ([["in", { kind: "parents", entities: parents }]] as const) : []),
    ...entity.fields.map(({ name, type }) => [name, { kind: "value", type }] as const),
    ["tenant", { kind: "tenant" }],
  ]);
}

interface Asked {
  readonly id: string;
  readonly label: string;
}

export function datumSegments(
  scope: TestScope,
  asked: Asked,
  wanted: Wanted | undefined,
  datum: Datum,
): readonly (Slot | string)[] {
  const referred = wanted === undefined ? null : referredTypes(wanted);
  if (referred !== null) {
    if (datum.kind !== "data") return [referenceSlot(scope, asked, referred, datum)];
    if (datum.of.length === 0) return ["none"];
    return datum.of.flatMap((one, at) => [
      at === 0 ? "" : "and",
      referenceSlot(scope, { ...asked, id: `${asked.id}.${at}` }, referred, one),
    ]);
  }
  const picker = wanted === undefined ? null : pickerWanted(scope, wanted, datum.kind === "data");
  const value = picker === null ? null : valueIn(scope, picker, datum);
  if (picker === null || value === null) return [datumWords(datum)];
  const { start, end } = datum.span;
  const isEmpty = typeof value !== "string" && value.length === 0;
  return [
    scope.draft.slot({
      ...asked,
      shown: isEmpty ? "none" : shownIn(scope, picker, value),
      picker,
      value,
      start,
      end,
      set: (chosen) => {
        const text = textOf(scope.ctx, picker, chosen);
        return typeof text === "string" ? [{ start, end, text }] : text;
      },
    }),
  ];
}

function shownIn({ ctx }: TestScope, picker: Picker, value: string | readonly string[]): string {
  const of = picker.kind === "list" ? picker.of : picker;
  const label = (one: string) =>
    (of.kind === "one" ? ctx.lists.get(of.options)?.find(({ id }) => id === one)?.label : undefined) ??
    shownValue(of, one);
  return typeof value === "string" ? label(value) : value.map(label).join(" and ");
}

/** The types of whom or what a key refers to; null where it takes a value. */
function referredTypes(wanted: Wanted): readonly string[] | null {
  if (wanted.kind === "parents") return wanted.entities;
  if (wanted.kind !== "value") return null;
  const type: ScalarType = wanted.type.kind === "set" ? wanted.type.of : wanted.type;
  return type.kind === "entity" ? [type.entity] : null;
}

function pickerWanted(scope: TestScope, wanted: Wanted, several: boolean): Picker | null {
  const { ctx } = scope;
  switch (wanted.kind) {
    case "parents":
      return null;
    case "tenant":
      return several ? null : { kind: "text", lines: "one", least: 1 };
    case "roles": {
      const options = listNamed(ctx, `roles of ${wanted.holder}`, () =>
        ctx.roles
          .filter(({ name, own }) => own || ctx.holders(name).includes(wanted.holder))
          .map(({ name, documentation }) => option(name, plain(name), documentation)),
      );
      const one = { kind: "one", options } as const;
      return several ? { kind: "list", of: one, least: 0 } : one;
    }
    case "value": {
      const isSet = wanted.type.kind === "set";
      if (isSet !== several) return null;
      const of = pickerOf(ctx, wanted.type.kind === "set" ? wanted.type.of : wanted.type);
      return isSet ? { kind: "list", of, least: 0 } : of;
    }
  }
}

/** A value as a slot has it; null where the picker has none such. */
function valueIn(scope: TestScope, picker: Picker, datum: Datum): string | readonly string[] | null {
  if (picker.kind !== "list") return singleIn(scope, picker, datum);
  if (datum.kind !== "data") return null;
  const values = datum.of.map((one) => singleIn(scope, picker.of, one));
  return values.some((value) => value === null) ? null : values.map((value) => value ?? "");
}

function singleIn({ ctx }: TestScope, picker: Picker, datum: Datum): string | null {
  const value = writtenIn(picker, datum);
  if (value === null) return null;
  // A number may be out of bounds: that is the checker's to say, and the slot's to mend.
  if (picker.kind === "number" || picker.kind === "duration") return value;
  return typeof textOf(ctx, picker, value) === "string" ? value : null;
}

const pickerKinds: Readonly<Record<string, Picker["kind"]>> = {
  int: "number",
  decimal: "number",
  bool: "one",
  ipv4: "address",
  ipv6: "address",
  string: "text",
  duration: "duration",
  time: "time",
  date: "date",
  instant: "instant",
  uuid: "uuid",
};

function writtenIn(picker: Picker, datum: Datum): string | null {
  if (datum.kind === "name") return picker.kind === "one" ? datum.name.text : null;
  if (datum.kind !== "literal" || pickerKinds[datum.type] !== picker.kind) return null;
  return datum.type === "string" ? unquote(datum.text) : datum.text;
}

/** What is said first for a key; null where there is nothing to say. `own`: the name that it is said of. */
export function firstDatum(scope: TestScope, wanted: Wanted, own: string | null): string | null {
  const referred = referredTypes(wanted);
  if (referred !== null) {
    const [name] = namesOf(scope, referred).filter((one) => one !== own);
    const one = name ?? (referred[0] === undefined ? null : `${referred[0]} { }`);
    const several = wanted.kind === "parents" || (wanted.kind === "value" && wanted.type.kind === "set");
    return one === null ? null : several ? `[${one}]` : one;
  }
  const several = wanted.kind === "roles" || (wanted.kind === "value" && wanted.type.kind === "set");
  const picker = pickerWanted(scope, wanted, several);
  if (picker === null) return null;
  const first = wanted.kind === "tenant" ? "another" : firstValue(scope.ctx, picker);
  const text = textOf(scope.ctx, picker, first);
  return typeof text === "string" && text !== "" ? text : null;
}
