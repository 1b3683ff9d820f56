/** A pack's parameters: what each may be given. They know the types of the language and no model's. */
import { lastsAsLong, type Period, type ScalarType, type Span, type WireScalar } from "@wardline/core";
import type { LiteralKind, Name } from "../ast/expression.ts";
import type { ParameterStatement, Term, TypeReference } from "../ast/statement.ts";
import { declare } from "../check/declare.ts";
import { literalValue } from "../check/literal-value.ts";
import { resolveType } from "../check/model-type.ts";
import type { Report } from "../check/report.ts";
import { finding } from "../diagnostics/table.ts";
import { periodOf } from "../settings/period.ts";

/** What stands for a parameter: the name of a class, or a literal as it is written. */
export type Argument =
  | { readonly kind: "class"; readonly name: string }
  | { readonly kind: "literal"; readonly type: LiteralKind; readonly text: string };

export type ParameterType =
  | { readonly kind: "class" }
  | { readonly kind: "scalar"; readonly type: ScalarType; readonly most: WireScalar | null }
  | { readonly kind: "period"; readonly most: Period | null };

export interface Parameter {
  readonly name: Name;
  readonly type: ParameterType;
  /** For people: `a Duration of at most 15m`. */
  readonly wanted: string;
  /** A value that it takes, as it is written. */
  readonly example: string;
  /** The same, as an argument. */
  readonly sample: Argument;
  readonly default: Argument | null;
}

/** The parameters by name. One that was refused is left out. */
export function checkParameters(
  report: Report,
  statements: readonly ParameterStatement[],
): ReadonlyMap<string, Parameter> {
  const parameters = new Map<string, Parameter>();
  const seen = new Map<string, Span>();
  for (const statement of statements) {
    const { name } = statement;
    if (!declare(report, seen, "parameter", name)) continue;
    const read = typeOf(report, statement);
    if (read === null) continue;
    const bare = { ...read, name, default: null };
    const given = statement.default === null ? null : checkArgument(report, bare, statement.default);
    if (statement.default === null || given !== null) parameters.set(name.text, { ...bare, default: given });
  }
  return parameters;
}

/** What a term gives for a parameter, or null if it was reported. */
export function checkArgument(report: Report, parameter: Parameter, term: Term): Argument | null {
  const { type, wanted } = parameter;
  const name = parameter.name.text;
  const refuse = (form: string) => {
    report.add(finding("pack/argument", term.span, { name, wanted, form }));
    return null;
  };
  if (type.kind === "class") {
    if (term.kind === "class") return { kind: "class", name: term.name.text };
    return refuse(`#${term.kind === "call" ? term.name.text : "CLASS"}`);
  }
  if (term.kind !== "literal") return refuse(parameter.example);
  const given: Argument = { kind: "literal", type: term.type, text: term.text };
  return isWithin(type, given) ? given : refuse(parameter.example);
}

function isWithin(
  type: Exclude<ParameterType, { kind: "class" }>,
  given: Extract<Argument, { kind: "literal" }>,
): boolean {
  if (type.kind === "period") {
    const period = periodOf(given.text);
    return period !== undefined && (type.most === null || lastsAsLong(type.most, period));
  }
  const value = literalValue(given.type, given.text, type.type);
  if (value === undefined) return false;
  if (type.type.kind === "int") return Number(value) >= type.type.min && Number(value) <= type.type.max;
  // Instants, dates and times of day order as their texts do.
  return type.most === null || value <= type.most;
}

type ReadType = Pick<Parameter, "type" | "wanted" | "example" | "sample">;

function typeOf(report: Report, { name, type }: ParameterStatement): ReadType | null {
  if (!("name" in type))
    return {
      type: { kind: "class" },
      wanted: "a class, such as `#phi`",
      example: "#CLASS",
      sample: { kind: "class", name: "class" },
    };
  const what = `the parameter \`${name.text}\``;
  const refuse = (text: string) => {
    report.add(finding("model/type", type.name.span, { type: text, what }));
    return null;
  };
  if (type.optional) return refuse(`an optional ${type.name.text}`);
  if (type.name.text === "Set") return refuse("a Set");
  if (type.name.text === "Period") return periodType(report, type);
  const ordered = orderedKinds.get(type.name.text);
  const scalar = resolveType(
    report,
    { enums: new Map(), entities: new Set() },
    ordered === undefined ? type : { ...type, bounds: null },
    what,
  );
  if (scalar === null || scalar.kind === "set") return null;
  if (ordered === undefined || type.bounds === null)
    return { type: { kind: "scalar", type: scalar, most: null }, ...described(type) };
  const { low, high } = type.bounds;
  const most = low === null ? literalValue(ordered, high, scalar) : undefined;
  if (most === undefined) return badBound(report, type);
  return { type: { kind: "scalar", type: scalar, most }, ...described(type) };
}

/** Types that take an upper bound alone, with the kind of literal that it is. */
const orderedKinds: ReadonlyMap<string, LiteralKind> = new Map([
  ["Duration", "duration"],
  ["Instant", "instant"],
  ["Date", "date"],
  ["Time", "time"],
]);

function periodType(report: Report, type: TypeReference): ReadType | null {
  if (type.bounds === null) return { type: { kind: "period", most: null }, ...described(type) };
  const most = type.bounds.low === null ? periodOf(type.bounds.high) : undefined;
  return most === undefined ? badBound(report, type) : { type: { kind: "period", most }, ...described(type) };
}

function badBound(report: Report, type: TypeReference): null {
  const { text } = type.name;
  const problem = `the bound of ${text} is written \`${text}(..VALUE)\`, with the most that it may be`;
  report.add(finding("model/bounds", type.bounds?.span ?? type.span, { problem }));
  return null;
}

function described({ name, bounds }: TypeReference): Pick<Parameter, "wanted" | "example" | "sample"> {
  const noun = `${/^[AEIOU]/.test(name.text) ? "an" : "a"} ${name.text}`;
  const [type, text] = samples.get(name.text) ?? ["string", "VALUE"];
  const example = bounds?.kind === "range" ? bounds.high : text;
  const said = { example, sample: { kind: "literal", type, text: example } } as const;
  if (bounds === null) return { wanted: noun, ...said };
  if (bounds.kind === "pair") return { wanted: `${noun}(${bounds.low}, ${bounds.high})`, ...said };
  const most = bounds.low === null ? `of at most ${bounds.high}` : `from ${bounds.low} to ${bounds.high}`;
  return { wanted: `${noun} ${most}`, ...said };
}

/** A literal of each type. */
const samples: ReadonlyMap<string, readonly [LiteralKind, string]> = new Map([
  ["Bool", ["bool", "true"]],
  ["Int", ["int", "1"]],
  ["Decimal", ["decimal", "1"]],
  ["String", ["string", '"UTC"']],
  ["Duration", ["duration", "15m"]],
  ["Period", ["period", "6y"]],
  ["Instant", ["instant", "2026-01-31T12:00:00Z"]],
  ["Date", ["date", "2026-01-31"]],
  ["Time", ["time", "22:00"]],
  ["Ip", ["ipv4", "192.0.2.1"]],
  ["Uuid", ["uuid", "00000000-0000-4000-8000-000000000000"]],
]);
