/**
 * The functions that a caller may call, each with its signatures in `pg_catalog`. None is volatile, reads the session or the
 * server, or runs text. A call that fits no signature is refused here, so that the server never chooses one.
 */
import { UnsupportedQuery } from "../errors.ts";
import { joined, nothing, sql, word, type Sql } from "./text.ts";
import {
  asType,
  commonType,
  instant,
  mismatch,
  shownType,
  valueType,
  widens,
  type Type,
  type Typed,
} from "./type.ts";

interface Signature {
  readonly takes: readonly string[];
  readonly gives: string;
  /** The last argument may stand any number of times. */
  readonly repeats?: true;
}

interface Callee {
  /** Its name in `pg_catalog`. */
  readonly name: string;
  readonly signatures: readonly Signature[];
}

const gives = (type: string, ...takes: readonly string[]): Signature => ({ takes, gives: type });
const textOf = gives("text", "text");

/** For numbers the signature of `numeric` stands first: it is the one of a value. */
const callees: ReadonlyMap<string, Callee> = new Map([
  callee("lower", textOf),
  callee("upper", textOf),
  callee("initcap", textOf),
  callee("reverse", textOf),
  callee("length", gives("integer", "text")),
  callee("char_length length", gives("integer", "text")),
  callee("character_length length", gives("integer", "text")),
  callee("octet_length", gives("integer", "text")),
  callee("ascii", gives("integer", "text")),
  callee("trim btrim", textOf, gives("text", "text", "text")),
  callee("btrim", textOf, gives("text", "text", "text")),
  callee("ltrim", textOf, gives("text", "text", "text")),
  callee("rtrim", textOf, gives("text", "text", "text")),
  callee("substr", gives("text", "text", "integer"), gives("text", "text", "integer", "integer")),
  callee("substring substr", gives("text", "text", "integer"), gives("text", "text", "integer", "integer")),
  callee("left", gives("text", "text", "integer")),
  callee("right", gives("text", "text", "integer")),
  callee("strpos", gives("integer", "text", "text")),
  callee("starts_with", gives("boolean", "text", "text")),
  callee("replace", gives("text", "text", "text", "text")),
  callee("translate", gives("text", "text", "text", "text")),
  callee("split_part", gives("text", "text", "text", "integer")),
  callee("concat", { takes: ["text"], gives: "text", repeats: true }),
  callee("concat_ws", { takes: ["text", "text"], gives: "text", repeats: true }),
  callee("abs", gives("numeric", "numeric"), gives("bigint", "bigint"), gives("integer", "integer")),
  callee("sign", gives("numeric", "numeric")),
  callee("ceil", gives("numeric", "numeric")),
  callee("ceiling ceil", gives("numeric", "numeric")),
  callee("floor", gives("numeric", "numeric")),
  callee("round", gives("numeric", "numeric"), gives("numeric", "numeric", "integer")),
  callee("trunc", gives("numeric", "numeric"), gives("numeric", "numeric", "integer")),
  callee("mod", gives("numeric", "numeric", "numeric"), gives("bigint", "bigint", "bigint")),
  callee("power", gives("numeric", "numeric", "numeric")),
  callee("sqrt", gives("numeric", "numeric")),
  callee("date_trunc", gives(instant, "text", instant), gives(instant, "text", instant, "text")),
  callee(
    "date_part",
    gives("double precision", "text", instant),
    gives("double precision", "text", "date"),
    gives("double precision", "text", "time without time zone"),
  ),
]);

/** Forms of the grammar that look like functions: their arguments stand for each other and have one type. */
const forms: ReadonlyMap<string, { readonly least: number; readonly most: number }> = new Map([
  ["coalesce", { least: 1, most: 100 }],
  ["greatest", { least: 1, most: 100 }],
  ["least", { least: 1, most: 100 }],
  ["nullif", { least: 2, most: 2 }],
]);

export const scalarFunctions: readonly string[] = [...callees.keys(), ...forms.keys()];

/** Each signature as the catalogue of the server has it: what a test holds the list to. */
export const catalogueSignatures: readonly (Signature & { readonly name: string })[] = [
  ...callees.values(),
].flatMap(({ name, signatures }) => signatures.map((signature) => ({ ...signature, name })));

function callee(names: string, ...signatures: readonly Signature[]): readonly [string, Callee] {
  const [name = names, own = name] = names.split(" ");
  return [name, { name: own, signatures }];
}

const hints: Readonly<Record<string, string>> = {
  now: "it reads the server's clock: give a Date as a value",
  current_timestamp: "it reads the server's clock: give a Date as a value",
  random: "it is volatile",
  position: "write strpos(text, part)",
  extract: "write date_part(field, instant)",
  to_json: "a whole row is no value here: select its columns",
  any: "it stands on the right of a comparison alone",
  some: "it stands on the right of a comparison alone",
  all: "it stands on the right of a comparison alone",
  row_number: "it is a window function: write fn.agg('row_number').over(…)",
  rank: "it is a window function: write fn.agg('rank').over(…)",
  string_agg: "it is an aggregate: write fn.agg('string_agg', …)",
};

export function unsupportedFunction(name: unknown, what = "function"): UnsupportedQuery {
  const hint = typeof name === "string" && Object.hasOwn(hints, name) ? `: ${hints[name]}` : "";
  return new UnsupportedQuery(
    "query/unsupported-function",
    `${what} ${String(name)} is not supported${hint}`,
  );
}

/** A call, with each argument as the type that its place takes. A name that is not known is refused before its arguments are. */
export function scalarCall(name: unknown, argumentsOf: () => readonly Typed[]): Typed {
  if (typeof name !== "string") throw unsupportedFunction(name);
  const form = forms.get(name);
  if (form !== undefined) return formCall(name, form, argumentsOf());
  const found = callees.get(name);
  if (found === undefined) throw unsupportedFunction(name);
  const given = argumentsOf();
  const types = given.map(({ type }) => type);
  const signature = chosen(found.signatures, types);
  if (signature === undefined)
    throw mismatch(`${name} does not take (${types.map(shownType).join(", ")}): cast its arguments`);
  const args = given.map((arg, index) => asType(arg, placeOf(signature, index)));
  return call(sql`pg_catalog.${word(found.name)}`, args, signature.gives);
}

function formCall(
  name: string,
  { least, most }: { least: number; most: number },
  given: readonly Typed[],
): Typed {
  if (given.length < least || given.length > most)
    throw mismatch(`${name} takes ${least === most ? least : `${least} to ${most}`} arguments`);
  const types = given.map(({ type }) => type);
  return call(
    word(name),
    given.map(({ text }) => text),
    commonType(types),
  );
}

function call(name: Sql, args: readonly Sql[], type: Type): Typed {
  return { text: sql`${name}(${args.length === 0 ? nothing : joined(args, ", ")})`, type };
}

/** The first that takes the types as they are, or the first that takes them widened; unknown ones must leave no choice. */
function chosen(signatures: readonly Signature[], types: readonly Type[]): Signature | undefined {
  const fitting = signatures.filter((signature) =>
    signature.repeats === true
      ? types.length >= signature.takes.length
      : types.length === signature.takes.length,
  );
  const taking = (fits: (type: Type, place: string) => boolean): readonly Signature[] =>
    fitting.filter((signature) => types.every((type, index) => fits(type, placeOf(signature, index))));
  const exact = taking((type, place) => type === place || type === valueType);
  if (exact.length > 0) return exact[0];
  const widened = taking(
    (type, place) => type === place || type === valueType || type === null || widens(type, place),
  );
  return types.includes(null) && widened.length > 1 ? undefined : widened[0];
}

function placeOf({ takes }: Signature, index: number): string {
  return takes[Math.min(index, takes.length - 1)] as string;
}
