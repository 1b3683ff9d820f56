/**
 * Texts that a caller looks for in a sealed column. They stand in a statement as its one parameter until the tenant's sealer has
 * made their blind indexes; no text of them is ever a parameter itself.
 */
import { isText } from "@wardline/core";
import type { SealedField, Sealer } from "../contracts.ts";
import { isSealedValue, revealed } from "../seal/sealed.ts";
import { Hole, maxList } from "./hole.ts";
import { mismatch } from "./type.ts";
import { UnsupportedQuery } from "../errors.ts";

/** Where a value was, or what stands for it. */
type Value = string | Hole;

export class Sought {
  readonly field: SealedField;
  /** Null: nothing is equal to it. */
  readonly values: readonly Value[] | null;

  constructor(field: SealedField, values: readonly Value[] | null) {
    this.field = field;
    this.values = values;
    Object.freeze(this);
  }
}

/** One value of a caller: a text, or the hole of one or of a list. Throws on what no sealed cell can hold. */
export function soughtValue(column: string, value: unknown): Value {
  if (value instanceof Hole && (value.kind === "text" || value.kind === "list")) return value;
  const text = isSealedValue(value) ? revealed(value) : value;
  if (typeof text === "string" && isText(text)) return text;
  throw notText(column);
}

/** The values of a list. */
export function soughtValues(column: string, values: unknown): readonly Value[] {
  if (!Array.isArray(values) || values.length === 0 || values.length > maxList)
    throw new UnsupportedQuery(
      "query/unsupported-value",
      `a list in the query has no value, or more than ${maxList}`,
    );
  return values.map((value) => soughtValue(column, value));
}

/**
 * The parameter: the blind indexes of each text under every version of the key that can be read, so that a row is found whichever
 * it was written under. `valueOf` gives what was in a hole. Throws SealBroken where the tenant has no key.
 */
export function soughtIndexes(
  { field, values }: Sought,
  sealer: Sealer,
  valueOf: (hole: Hole) => unknown = noHoles,
): readonly Buffer[] | null {
  const texts = soughtTexts({ field, values }, valueOf);
  if (texts === null) return null;
  const indexes = new Set(texts.flatMap((text) => sealer.blindIndexes(field, text)));
  return [...indexes].map((hex) => Buffer.from(hex, "hex"));
}

/** The texts that are looked for; null where nothing is equal to them. */
export function soughtTexts(
  { field, values }: Sought,
  valueOf: (hole: Hole) => unknown = noHoles,
): readonly string[] | null {
  if (values === null) return null;
  return values
    .flatMap((value): unknown => (value instanceof Hole ? valueOf(value) : value))
    .map((text) => {
      if (typeof text !== "string" || !isText(text)) throw notText(field.column);
      return text;
    });
}

function noHoles(): never {
  throw new TypeError("a hole stands where a value is sought");
}

function notText(column: string): UnsupportedQuery {
  return mismatch(`${column} is sealed: it is compared with texts`);
}
