/**
 * The functions that a statement may call, each with its signatures in pg_catalog. None is volatile, writes the state of the
 * session, reads the server or runs text; `test/final-check-lists.test.ts` compares them with a real server. To add one,
 * write its signature here: `name(argument types) result`.
 */
import { becomes, type TypeName } from "./types.ts";

export type FunctionKind = "scalar" | "aggregate" | "window";

export interface FunctionEntry {
  readonly name: string;
  readonly kind: FunctionKind;
  /** `any` takes every type, `any*` any number of any types; `element` takes every type and gives its name to `element` and `element[]` in the result. */
  readonly args: readonly TypeName[];
  readonly result: TypeName;
}

const scalars = `
abs(int4) int4 · abs(int8) int8 · abs(numeric) numeric · abs(float8) float8
ceil(numeric) numeric · floor(numeric) numeric · round(numeric) numeric · round(numeric,int4) numeric · trunc(numeric) numeric
power(numeric,numeric) numeric · sqrt(numeric) numeric
mod(int4,int4) int4 · mod(int8,int8) int8 · mod(numeric,numeric) numeric · sign(numeric) numeric
lower(text) text · upper(text) text · initcap(text) text · reverse(text) text
length(text) int4 · char_length(text) int4 · octet_length(text) int4 · octet_length(bytea) int4
left(text,int4) text · right(text,int4) text · substring(text,int4) text · substring(text,int4,int4) text
substr(text,int4) text · substr(text,int4,int4) text · strpos(text,text) int4 · position(text,text) int4
starts_with(text,text) bool · split_part(text,text,int4) text · replace(text,text,text) text
btrim(text) text · btrim(text,text) text · ltrim(text) text · ltrim(text,text) text · rtrim(text) text · rtrim(text,text) text
regexp_replace(text,text,text,text) text · ascii(text) int4 · translate(text,text,text) text
concat(any*) text · concat_ws(text,any*) text
json_build_object(any*) json · jsonb_build_object(any*) jsonb
date_trunc(text,timestamp) timestamp · date_trunc(text,timestamptz) timestamptz · date_trunc(text,timestamptz,text) timestamptz
extract(text,date) numeric · extract(text,time) numeric · extract(text,timestamp) numeric · extract(text,timestamptz) numeric
date_part(text,date) float8 · date_part(text,time) float8 · date_part(text,timestamp) float8 · date_part(text,timestamptz) float8
timezone(text,timestamptz) timestamp · timezone(text,timestamp) timestamptz
to_char(timestamp,text) text · to_char(timestamptz,text) text · to_char(interval,text) text
encode(bytea,text) text · decode(text,text) bytea · convert_to(text,name) bytea
host(inet) text · family(inet) int4 · masklen(inet) int4
cardinality(text[]) int4 · cardinality(uuid[]) int4 · cardinality(int8[]) int4 · cardinality(bool[]) int4
cardinality(numeric[]) int4 · cardinality(timestamptz[]) int4 · cardinality(date[]) int4 · cardinality(time[]) int4
cardinality(inet[]) int4
`;

const aggregates = `
count(any) int8 · count() int8
sum(int4) int8 · sum(int8) numeric · sum(numeric) numeric · sum(float8) float8 · sum(interval) interval
avg(int4) numeric · avg(int8) numeric · avg(numeric) numeric · avg(float8) float8 · avg(interval) interval
${[
  "date",
  "float8",
  "inet",
  "int4",
  "int8",
  "interval",
  "numeric",
  "text",
  "time",
  "timestamp",
  "timestamptz",
]
  .map((type) => `min(${type}) ${type} · max(${type}) ${type}`)
  .join(" · ")}
bool_and(bool) bool · bool_or(bool) bool · every(bool) bool
string_agg(text,text) text · array_agg(element) element[]
json_agg(element) json · jsonb_agg(element) jsonb
`;

const windows = `
row_number() int8 · rank() int8 · dense_rank() int8 · percent_rank() float8 · cume_dist() float8 · ntile(int4) int4
lag(element) element · lag(element,int4) element · lead(element) element · lead(element,int4) element
lag(element,int4,element) element · lead(element,int4,element) element
first_value(element) element · last_value(element) element · nth_value(element,int4) element
`;

function read(text: string, kind: FunctionKind): readonly FunctionEntry[] {
  return text
    .split(/·|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => {
      const [, name = "", args = "", result = ""] = /^(\w+)\(([^)]*)\) (\S+)$/.exec(line) ?? [];
      if (name === "") throw new TypeError(`no signature: ${line}`);
      return { name, kind, args: args === "" ? [] : args.split(","), result };
    });
}

export const functions: readonly FunctionEntry[] = [
  ...read(scalars, "scalar"),
  ...read(aggregates, "aggregate"),
  ...read(windows, "window"),
];

const byName: ReadonlyMap<string, readonly FunctionEntry[]> = Map.groupBy(functions, ({ name }) => name);

export function isListedFunction(name: string): boolean {
  return byName.has(name);
}

export interface ResolvedFunction {
  readonly kind: FunctionKind;
  readonly result: TypeName;
}

/** The one entry that these arguments fit, exact types first. */
export function resolveFunction(name: string, args: readonly TypeName[]): ResolvedFunction | undefined {
  const entries = (byName.get(name) ?? []).filter((entry) =>
    entry.args.at(-1) === "any*" ? args.length >= entry.args.length : entry.args.length === args.length,
  );
  const found =
    entries.find((entry) => entry.args.every((type, index) => type === args[index])) ??
    entries.find((entry) => entry.args.every((type, index) => takes(type, args[index] ?? "")));
  if (found === undefined) return undefined;
  const element = args[found.args.indexOf("element")];
  const named = element === undefined || element === "unknown" ? "text" : element;
  return { kind: found.kind, result: found.result.replace("element", named) };
}

/** The server turns a whole number into a float rather than into a numeric: it must be cast. */
function takes(type: TypeName, given: TypeName): boolean {
  if (type === "numeric") return given === type;
  return type === "any" || type === "any*" || type === "element" || becomes(given, type);
}
