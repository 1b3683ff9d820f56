/**
 * A let with its arguments in place of its parameters. Bounded while it grows: each path that is looked at is a term of the
 * rule that expands it.
 */
import type { Finding, Span } from "@wardline/core";
import type { Expression, Name, PathExpression } from "../ast/expression.ts";
import { mapPaths } from "../ast/map-paths.ts";
import type { LetStatement } from "../ast/statement.ts";
import { finding } from "../diagnostics/table.ts";
import type { Report } from "./report.ts";
import type { Scope } from "./scope.ts";

export interface ExpandedLet {
  readonly value: Expression;
  /** Where it is checked: what is wrong in the let's text is shown with the place that expands it. */
  readonly scope: Scope;
}

/** Null if it was reported: the number of arguments is another, or one stands where it cannot. */
export function expandLet(
  scope: Scope,
  { name, parameters, value, span }: LetStatement,
  use: PathExpression,
): ExpandedLet | null {
  const { report } = scope.setting;
  const names = parameters ?? [];
  const given = use.args ?? [];
  if (given.length !== names.length) {
    const count = given.length === 0 ? "nothing" : String(given.length);
    report.add(
      finding("type/arguments", use.rootSpan, { name: name.text, expected: wanted(names), given: count }),
    );
    return null;
  }
  scope.use.terms += names.length;
  const args = new Map(names.map((parameter, i) => [parameter.text, given[i] as Expression]));
  const places: Span[] = [];
  let isRight = true;
  const replaced = mapPaths(value, (path, mustBePath) => {
    scope.use.terms += 1;
    const argument = path.root.kind === "name" ? args.get(path.root.name.text) : undefined;
    if (argument === undefined) return path;
    places.push(path.rootSpan);
    const put = inPlaceOf(path, argument, mustBePath);
    if (put !== null) return put;
    isRight = false;
    const problem =
      path.steps.length > 0 ? "the let reads an attribute of it" : "the let asks whether it is there";
    const holes = { parameter: pathRoot(path), problem };
    report.add(
      finding("let/argument", argument.span, holes, { related: [{ span: path.span, message: "here" }] }),
    );
    return path;
  });
  if (!isRight) return null;
  const within = { span, use: use.span, places, given: given.map((argument) => argument.span) };
  return {
    value: replaced,
    scope: { ...scope, setting: { ...scope.setting, report: reportWithin(report, within) } },
  };
}

function wanted(parameters: readonly Name[]): string {
  if (parameters.length === 0) return "no arguments";
  const list = parameters.map(({ text }) => `\`${text}\``).join(", ");
  return parameters.length === 1 ? `one argument, ${list}` : `${parameters.length} arguments, ${list}`;
}

function pathRoot({ root }: PathExpression): string {
  return root.kind === "keyword" ? root.word : root.name.text;
}

/** The argument, with the steps that stood after the parameter; null where only an attribute can stand. */
function inPlaceOf(path: PathExpression, argument: Expression, mustBePath: boolean): Expression | null {
  if (path.steps.length === 0 && !mustBePath) return argument;
  if (argument.kind !== "path") return null;
  if (path.steps.length === 0) return argument;
  return { ...argument, steps: [...argument.steps, ...path.steps], span: path.span };
}

interface Within {
  /** Of the let. */
  readonly span: Span;
  /** Of what expands it. */
  readonly use: Span;
  /** Where parameters stand: there the text is not what was checked, and no fix may change it. */
  readonly places: readonly Span[];
  /** Of the arguments. */
  readonly given: readonly Span[];
}

function reportWithin(report: Report, { span, use, places, given }: Within): Report {
  // What is needless for one use of a let may be needed for another.
  const isOfUse = ({ code, labels: [{ span: at }] }: Finding) =>
    code.startsWith("lint/") &&
    (places.some((place) => overlaps(at, place)) || given.some((argument) => same(argument, at)));
  const dress = (found: Finding): Finding => {
    const [first] = found.labels;
    if (!isInside(first.span, span)) return found;
    const fixes = found.fixes.filter(
      (fix) => !fix.edits.some((edit) => places.some((place) => overlaps(edit.span, place))),
    );
    return { ...found, labels: [...found.labels, { span: use, message: "used here" }], fixes };
  };
  return {
    ...report,
    add: (found) => {
      if (!isOfUse(found)) report.add(dress(found));
    },
    note: (key, right, none, some) => {
      if (!right && isOfUse(none())) return;
      report.note(key, right, () => dress(none()), some === undefined ? undefined : () => dress(some()));
    },
  };
}

function same(a: Span, b: Span): boolean {
  return a.file === b.file && a.start === b.start && a.end === b.end;
}

function isInside(inner: Span, outer: Span): boolean {
  return inner.file === outer.file && outer.start <= inner.start && inner.end <= outer.end;
}

function overlaps(a: Span, b: Span): boolean {
  return a.file === b.file && a.start < b.end && b.start < a.end;
}
