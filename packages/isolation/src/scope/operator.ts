/**
 * The binary operators that a caller may use. None is an operator of a user's making, since the search path is empty. What is
 * not here is refused.
 */
import { UnsupportedQuery } from "../errors.ts";
import { sql, word } from "./text.ts";
import {
  asType,
  commonType,
  isNumber,
  mismatch,
  shownType,
  valueType,
  type Type,
  type Typed,
} from "./type.ts";

type Family = "comparison" | "pattern" | "arithmetic" | "power" | "bits" | "concatenation" | "arrays";

const families: ReadonlyMap<string, Family> = new Map([
  ...family("comparison", "= <> != < <= > >=", "is distinct from", "is not distinct from"),
  ...family("pattern", "like ilike ~ ~* !~ !~* ^@", "not like", "not ilike"),
  ...family("arithmetic", "+ - * / %"),
  ...family("power", "^"),
  ...family("bits", "& | #"),
  ...family("concatenation", "||"),
  ...family("arrays", "@> <@ &&"),
]);

export const binaryOperators: readonly string[] = [...families.keys()];

function family(name: Family, short: string, ...long: readonly string[]): (readonly [string, Family])[] {
  return [...short.split(" "), ...long].map((operator) => [operator, name] as const);
}

const hints: Readonly<Record<string, string>> = {
  "==": "write =",
  "<=>": "write is not distinct from",
  regexp: "write ~",
  match: "write ~",
  "@@": "full text search is not carried",
  "@@@": "full text search is not carried",
  "?": "write = any",
  "->": "the model has no column of JSON: write ref(…, '->') of a cast to jsonb",
  "->>": "the model has no column of JSON: write ref(…, '->>') of a cast to jsonb",
};

export function unsupportedOperator(operator: string): UnsupportedQuery {
  const hint = Object.hasOwn(hints, operator) ? `: ${hints[operator]}` : "";
  return new UnsupportedQuery("query/unsupported-operator", `operator ${operator} is not supported${hint}`);
}

export function comparesArrays(operator: string): boolean {
  return families.get(operator) === "arrays";
}

export function binaryOperation(operator: string, left: Typed, right: Typed): Typed {
  const of = families.get(operator);
  if (of === undefined) throw unsupportedOperator(operator);
  const symbol = word(operator === "!=" ? "<>" : operator);
  const plain = (type: Type): Typed => ({ text: sql`(${left.text} ${symbol} ${right.text})`, type });
  switch (of) {
    case "comparison":
      return plain("boolean");
    case "pattern":
      for (const side of [left, right]) only(operator, side.type, side.type === "text", "text");
      return plain("boolean");
    case "arithmetic":
      return plain(isNumber(left.type) || isNumber(right.type) ? commonType([left.type, right.type]) : null);
    case "power":
      for (const side of [left, right]) only(operator, side.type, isNumber(side.type), "numbers");
      return {
        text: sql`(${asType(left, "numeric")} ${symbol} ${asType(right, "numeric")})`,
        type: "numeric",
      };
    case "bits":
      for (const side of [left, right]) only(operator, side.type, side.type === "bigint", "bigint");
      return { text: sql`(${asType(left, "bigint")} ${symbol} ${asType(right, "bigint")})`, type: "bigint" };
    case "concatenation":
      return plain("text");
    case "arrays": {
      const type = commonType([left.type, right.type]);
      only(operator, type, type?.endsWith("[]") === true, "two arrays of one type");
      if (type === null || type === "text") throw mismatch(`${operator} takes two arrays of one type`);
      return { text: sql`(${asType(left, type)} ${symbol} ${asType(right, type)})`, type: "boolean" };
    }
  }
}

function only(operator: string, type: Type, fits: boolean, takes: string): void {
  if (!fits && type !== valueType && type !== null)
    throw mismatch(`${operator} takes ${takes}, not ${shownType(type)}: cast it`);
}
