/**
 * The operators that a statement may use, each with its signature in pg_catalog and whether the server calls it leakproof:
 * whether it could tell of the values it is run on. `test/final-check-lists.test.ts` compares them with a real server.
 */
import { becomes, elementType, type TypeName } from "./types.ts";

export interface OperatorEntry {
  readonly name: string;
  /** Null for an operator that stands before its operand. */
  readonly left: TypeName | null;
  readonly right: TypeName;
  readonly result: TypeName;
  readonly leakproof: boolean;
}

const comparisons = ["=", "<>", "<", "<=", ">", ">="];

function compared(left: TypeName, right: TypeName, leakproof: boolean): readonly OperatorEntry[] {
  return comparisons.map((name) => ({ name, left, right, result: "bool", leakproof }));
}

function entry(name: string, left: TypeName | null, right: TypeName, result: TypeName): OperatorEntry {
  return { name, left, right, result, leakproof: false };
}

export const operators: readonly OperatorEntry[] = [
  ...[
    "bool",
    "bytea",
    "date",
    "inet",
    "int4",
    "int8",
    "text",
    "time",
    "timestamp",
    "timestamptz",
    "uuid",
  ].flatMap((type) => compared(type, type, true)),
  ...["float8", "interval", "numeric"].flatMap((type) => compared(type, type, false)),
  ...compared("int4", "int8", false),
  ...compared("int8", "int4", false),
  ...["float8", "int4", "int8", "numeric"].flatMap((type) =>
    ["+", "-", "*", "/"].map((name) => entry(name, type, type, type)),
  ),
  ...["int4", "int8", "numeric"].map((type) => entry("%", type, type, type)),
  ...["float8", "int4", "int8", "numeric"].map((type) => entry("-", null, type, type)),
  ...["+", "-", "*", "/"].flatMap((name) => [
    entry(name, "int4", "int8", "int8"),
    entry(name, "int8", "int4", "int8"),
  ]),
  entry("+", "date", "int4", "date"),
  entry("-", "date", "int4", "date"),
  entry("-", "date", "date", "int4"),
  entry("+", "date", "interval", "timestamp"),
  entry("-", "date", "interval", "timestamp"),
  ...["timestamp", "timestamptz"].flatMap((type) => [
    entry("+", type, "interval", type),
    entry("-", type, "interval", type),
    entry("-", type, type, "interval"),
  ]),
  entry("+", "interval", "interval", "interval"),
  entry("-", "interval", "interval", "interval"),
  entry("||", "text", "text", "text"),
  entry("||", "bytea", "bytea", "bytea"),
  ...["~~", "!~~", "~~*", "!~~*", "~", "!~", "~*", "!~*", "^@"].map((name) =>
    entry(name, "text", "text", "bool"),
  ),
  entry("~~", "bytea", "bytea", "bool"),
  entry("!~~", "bytea", "bytea", "bool"),
  entry("^", "numeric", "numeric", "numeric"),
  ...["&", "|", "#"].map((name) => entry(name, "int8", "int8", "int8")),
  ...["json", "jsonb"].flatMap((type) =>
    ["text", "int4"].flatMap((leg) => [entry("->", type, leg, type), entry("->>", type, leg, "text")]),
  ),
  ...[...comparisons, "@>", "<@", "&&"].map((name) => entry(name, "anyarray", "anyarray", "bool")),
  entry("<<=", "inet", "inet", "bool"),
  entry("<<", "inet", "inet", "bool"),
];

const byName: ReadonlyMap<string, readonly OperatorEntry[]> = Map.groupBy(operators, ({ name }) => name);

export function isListedOperator(name: string): boolean {
  return byName.has(name);
}

/** The one entry that the server would take: exact, with an open operand of the other's type, or after widening. */
export function resolveOperator(
  name: string,
  left: TypeName | null,
  right: TypeName,
): OperatorEntry | undefined {
  const entries = (byName.get(name) ?? []).filter((of) => (of.left === null) === (left === null));
  const [l, r] = filled(left, right);
  if (l !== null && l === r && elementType(l) !== undefined)
    return entries.find((of) => of.left === "anyarray");
  return (
    entries.find((of) => of.left === l && of.right === r) ??
    entries.find((of) => (l === null || widens(l, of.left ?? "")) && widens(r, of.right))
  );
}

/** A time has operators of its own, which the server would take before those of an interval. */
function widens(from: TypeName, to: TypeName): boolean {
  return becomes(from, to) && (from !== "time" || to === "time");
}

/** An operand without a type is taken to have the other's; two without one are text. */
function filled(left: TypeName | null, right: TypeName): readonly [TypeName | null, TypeName] {
  if (left === "unknown" && right === "unknown") return ["text", "text"];
  if (left === "unknown") return [right, right];
  if (right === "unknown") return [left, left ?? "unknown"];
  return [left, right];
}
