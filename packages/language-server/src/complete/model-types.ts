/** The types that a model's fields and facts are written with, as values are checked by them. */
import type { TypeReference } from "@wardline/compiler";
import { maxInt, type ScalarType, type ValueType } from "@wardline/core";

/** What a model declares that is a type. */
export interface TypeNames {
  readonly enums: ReadonlyMap<string, { readonly values: readonly string[] }>;
  readonly entities: ReadonlySet<string>;
}

/** As it is written. */
export function typeText({ name, bounds, of, optional }: TypeReference): string {
  const inside =
    bounds === null
      ? ""
      : bounds.kind === "pair"
        ? `(${bounds.low ?? ""}, ${bounds.high})`
        : `(${bounds.low ?? ""}..${bounds.high})`;
  return `${name.text}${of === null ? "" : `<${of.text}>`}${inside}${optional ? "?" : ""}`;
}

/** Null for one whose name the model does not declare. */
export function valueType(names: TypeNames, type: TypeReference): ValueType | null {
  if (type.name.text === "Set") {
    const of = type.of === null ? null : scalar(names, type.of.text, null);
    return of === null ? null : { kind: "set", of };
  }
  return scalar(names, type.name.text, type.bounds);
}

const simple = {
  Bool: "bool",
  String: "string",
  Instant: "instant",
  Duration: "duration",
  Uuid: "uuid",
  Ip: "ip",
  Date: "date",
  Time: "time",
} as const;

function scalar(names: TypeNames, name: string, bounds: TypeReference["bounds"]): ScalarType | null {
  if (Object.hasOwn(simple, name)) return { kind: simple[name as keyof typeof simple] };
  if (name === "Int")
    return { kind: "int", min: Number(bounds?.low ?? -maxInt), max: Number(bounds?.high ?? maxInt) };
  if (name === "Decimal")
    return { kind: "decimal", precision: Number(bounds?.low ?? 18), scale: Number(bounds?.high ?? 2) };
  const found = names.enums.get(name);
  if (found !== undefined) return { kind: "enum", name, values: found.values };
  return names.entities.has(name) ? { kind: "entity", entity: name } : null;
}
