/** The aggregates and window functions that a caller may call, each with what it takes and gives. */
import { unsupportedFunction } from "./scalar-function.ts";
import { sql, word, type Sql } from "./text.ts";
import { asType, mismatch, shownType, valueType, type Type, type Typed } from "./type.ts";

/** `same`: of the type of the first argument. */
type Place = "any" | "same" | "text" | "integer" | "boolean" | "number";

interface AggregateForm {
  readonly takes: readonly Place[];
  /** How many of `takes` may be left out at the end. */
  readonly optional?: number;
  readonly gives: (type: Type) => Type;
  /** Stands over a window alone. */
  readonly window?: true;
}

const always = (type: string) => (): string => type;
const same = (type: Type): Type => (type === valueType ? "text" : type);
const windowed = (type: string, ...takes: readonly Place[]): AggregateForm => ({
  takes,
  gives: always(type),
  window: true,
});
const shifted: AggregateForm = { takes: ["any", "integer", "same"], optional: 2, gives: same, window: true };
const picked: AggregateForm = { takes: ["any"], gives: same, window: true };

const forms: ReadonlyMap<string, AggregateForm> = new Map<string, AggregateForm>([
  ["count", { takes: ["any"], gives: always("bigint") }],
  ["sum", { takes: ["number"], gives: (type) => (type === "integer" ? "bigint" : "numeric") }],
  ["avg", { takes: ["number"], gives: always("numeric") }],
  ["min", { takes: ["any"], gives: same }],
  ["max", { takes: ["any"], gives: same }],
  ["bool_and", { takes: ["boolean"], gives: always("boolean") }],
  ["bool_or", { takes: ["boolean"], gives: always("boolean") }],
  ["every", { takes: ["boolean"], gives: always("boolean") }],
  ["string_agg", { takes: ["text", "text"], gives: always("text") }],
  ["array_agg", { takes: ["any"], gives: (type) => (type === null ? null : `${same(type)}[]`) }],
  ["json_agg", { takes: ["any"], gives: always("json") }],
  ["jsonb_agg", { takes: ["any"], gives: always("jsonb") }],
  ["row_number", windowed("bigint")],
  ["rank", windowed("bigint")],
  ["dense_rank", windowed("bigint")],
  ["percent_rank", windowed("double precision")],
  ["cume_dist", windowed("double precision")],
  ["ntile", windowed("integer", "integer")],
  ["lag", shifted],
  ["lead", shifted],
  ["first_value", picked],
  ["last_value", picked],
  ["nth_value", { takes: ["any", "integer"], gives: same, window: true }],
]);

export const aggregateFunctions: readonly string[] = [...forms.keys()];

export function aggregateForm(name: unknown): AggregateForm {
  const form = typeof name === "string" ? forms.get(name) : undefined;
  if (form === undefined) throw unsupportedFunction(name, "aggregate");
  return form;
}

/** The name and the arguments, each as its place takes it, and what comes out. */
export function aggregateCall(
  name: string,
  given: readonly Typed[],
): { readonly name: Sql; readonly args: readonly Sql[]; readonly type: Type } {
  const { takes, optional = 0, gives } = aggregateForm(name);
  if (given.length > takes.length || given.length < takes.length - optional)
    throw mismatch(`${name} takes another number of arguments than ${given.length}`);
  const first = given[0]?.type ?? null;
  const args = given.map((arg, index) => placed(name, takes[index] as Place, arg, first));
  return { name: sql`pg_catalog.${word(name)}`, args, type: gives(first) };
}

function placed(name: string, place: Place, arg: Typed, first: Type): Sql {
  switch (place) {
    case "any":
      return arg.type === valueType ? asType(arg, "text") : arg.text;
    case "same": {
      const type = same(first);
      if (type === null) return arg.text;
      return fitted(name, arg, type);
    }
    case "number":
      if (arg.type === "integer" || arg.type === "bigint") return arg.text;
      return fitted(name, arg, "numeric");
    case "text":
    case "integer":
    case "boolean":
      return fitted(name, arg, place);
  }
}

function fitted(name: string, arg: Typed, type: string): Sql {
  if (arg.type === type) return arg.text;
  if (arg.type !== valueType && arg.type !== null)
    throw mismatch(`${name} takes ${type}, not ${shownType(arg.type)}: cast it`);
  return asType(arg, type);
}
