/** Values as the reading of a text compares them: exact, and only with values of the same kind. */
import { instantMicros } from "@wardline/core";
import { bitsOf } from "./network.ts";
import { unquote, type LiteralKind } from "@wardline/compiler";

/** A value with its kind; entities of two types never equal. */
export interface Value {
  readonly kind: "bool" | "number" | "text" | "entity";
  /** For `entity`: its type. */
  readonly entity: string | null;
  readonly value: boolean | bigint | string;
}

/** Whole numbers, decimals, instants and durations in units of 10^-18, so that all of a kind can be compared. */
const unit = 10n ** 18n;

export function decimalValue(text: string): Value {
  const [whole = "0", fraction = ""] = text.replace("-", "").split(".");
  const units = BigInt(whole) * unit + BigInt(fraction.padEnd(18, "0"));
  return { kind: "number", entity: null, value: text.startsWith("-") ? -units : units };
}

export function instantValue(text: string): Value | undefined {
  const micros = instantMicros(text);
  return micros === undefined ? undefined : { kind: "number", entity: null, value: micros };
}

/** A time of day orders as its text does. */
export function timeValue(text: string): Value {
  return textValue(text);
}

/** Two texts may be one address. */
export function addressValue(text: string): Value {
  return textValue(bitsOf(text));
}

export function numberValue(value: number): Value {
  return { kind: "number", entity: null, value: BigInt(value) * unit };
}

export function textValue(value: string): Value {
  return { kind: "text", entity: null, value };
}

export function entityValue(entity: string, value: string): Value {
  return { kind: "entity", entity, value };
}

export function boolValue(value: boolean): Value {
  return { kind: "bool", entity: null, value };
}

const micros: Readonly<Record<string, number>> = {
  us: 1,
  ms: 1000,
  s: 1_000_000,
  m: 60_000_000,
  h: 3_600_000_000,
  d: 86_400_000_000,
  w: 604_800_000_000,
};

/** The microseconds of a duration literal. */
export function durationOf(text: string): number {
  const parts = /^([0-9_]+)([a-z]+)$/.exec(text);
  return Number(parts?.[1]?.replaceAll("_", "")) * (micros[parts?.[2] ?? ""] ?? Number.NaN);
}

/** The value of a literal. Throws on one of a kind that expressions do not have yet. */
export function literalValue(type: LiteralKind, text: string): Value {
  switch (type) {
    case "int":
    case "decimal":
      return decimalValue(text.replaceAll("_", ""));
    case "string":
      return textValue(unquote(text));
    case "bool":
      return boolValue(text === "true");
    case "duration":
      return numberValue(durationOf(text));
    case "uuid":
      return textValue(text);
    case "instant": {
      const [, whole = "", fraction = ""] = /^([^.Z]*)(?:\.(\d+))?Z$/.exec(text) ?? [];
      const found = instantValue(`${whole}.${fraction.padEnd(6, "0")}Z`);
      if (found !== undefined) return found;
      throw new TypeError(`no instant: ${text}`);
    }
    case "time":
      return timeValue(`${text}:00.000000`);
    case "date":
      return textValue(text);
    case "ipv4":
    case "ipv6":
      return addressValue(text);
    case "period":
      throw new TypeError(`no value of a condition: ${text}`);
  }
}

export function sameValue(a: Value, b: Value): boolean {
  return a.kind === b.kind && a.entity === b.entity && a.value === b.value;
}
