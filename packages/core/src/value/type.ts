/** The types of values. */
export type ValueType = ScalarType | SetType;

export type ScalarType =
  | { readonly kind: "bool" }
  /** A whole number within `min`..`max`, both inside ±(2^53−1). */
  | { readonly kind: "int"; readonly min: number; readonly max: number }
  /** An exact decimal with `precision` digits in all (≤ 18), `scale` of them after the point. */
  | { readonly kind: "decimal"; readonly precision: number; readonly scale: number }
  | { readonly kind: "string" }
  /** Microseconds of UTC. */
  | { readonly kind: "instant" }
  /** A whole number of microseconds. */
  | { readonly kind: "duration" }
  | { readonly kind: "enum"; readonly name: string; readonly values: readonly string[] }
  /** A reference to an entity or principal, by its id. */
  | { readonly kind: "entity"; readonly entity: string }
  | { readonly kind: "uuid" }
  /** An IPv4 or IPv6 address. */
  | { readonly kind: "ip" }
  /** A day of the calendar. */
  | { readonly kind: "date" }
  /** A time of day, in microseconds. */
  | { readonly kind: "time" };

export interface SetType {
  readonly kind: "set";
  readonly of: ScalarType;
}

/** True if both are one type: the same kind with the same parameters. Ranges of Int do not divide it. */
export function sameType(a: ValueType, b: ValueType): boolean {
  if (a.kind === "set" || b.kind === "set")
    return a.kind === "set" && b.kind === "set" && sameType(a.of, b.of);
  if (a.kind === "decimal" && b.kind === "decimal") return a.scale === b.scale;
  if (a.kind === "enum" && b.kind === "enum") return a.name === b.name;
  if (a.kind === "entity" && b.kind === "entity") return a.entity === b.entity;
  return a.kind === b.kind;
}

/** The largest whole number that is exact in JSON everywhere: 2^53 − 1 (RFC 8259 §6). */
export const maxInt = Number.MAX_SAFE_INTEGER;

/** How a type is written in the language. */
export function formatType(type: ValueType): string {
  switch (type.kind) {
    case "set":
      return `Set<${formatType(type.of)}>`;
    case "int":
      return type.min === -maxInt && type.max === maxInt ? "Int" : `Int(${type.min}..${type.max})`;
    case "decimal":
      return `Decimal(${type.precision}, ${type.scale})`;
    case "enum":
      return type.name;
    case "entity":
      return type.entity;
    case "bool":
    case "string":
    case "instant":
    case "duration":
    case "uuid":
    case "ip":
    case "date":
    case "time":
      return type.kind.charAt(0).toUpperCase() + type.kind.slice(1);
  }
}
