/** `a in b`: a list of values, a network, a range of times, or a hierarchy. */
import { formatType, type Finding, type ScalarType, type Span } from "@wardline/core";
import type { Expression } from "../ast/expression.ts";
import { finding } from "../diagnostics/table.ts";
import { reportBareName } from "./bare-name.ts";
import type { Comparison } from "./comparison.ts";
import { pathText } from "./field-path.ts";
import { never, type Formula } from "./formula.ts";
import type { Known } from "./known.ts";
import type { OpenExpression } from "./literal-value.ts";
import { openText, rootWords } from "./literal.ts";
import { holdsMany, isAddress } from "./many-values.ts";
import { oneOf } from "./one-of.ts";
import { sideOf } from "./side.ts";
import type { Scope } from "./scope.ts";
import { replaceFix } from "./suggest.ts";
import { within } from "./within.ts";
import { worded, wordsOf } from "./words.ts";

/** The condition of `in`; the caller negates it for `not in`. */
export function checkMembership(scope: Scope, expression: Comparison, known: Known): Formula {
  const { report } = scope.setting;
  const left = sideOf(scope, expression.left, known);
  const right = sideOf(scope, expression.right, known);
  if (left === null || right === null) return never;
  if (right.kind === "set") {
    reportSet(scope, expression, right.read.text);
    return never;
  }
  if (left.kind === "set") {
    report.add(finding("type/set", left.read.span, { path: left.read.text }));
    return never;
  }
  if (left.kind !== "fact") {
    if (left.kind === "open" && reportBareName(scope, left.expression, rootWords)) return never;
    report.add(
      finding(
        "type/no-fact",
        expression.left.span,
        {},
        { help: "what stands before `in` is a fact, such as `resource.NAME`" },
      ),
    );
    return never;
  }
  if (right.kind === "list") return oneOf(scope, left, right.of, expression, known);
  if (left.type.kind === "entity") {
    const words = wordsOf(expression.span, expression.left.span, " in ", expression.right.span);
    return worded(within(scope, left, right, expression.right), words);
  }
  if (right.kind === "open" && standsAfterIn(left.type, right.expression))
    return oneOf(scope, left, [right.expression], expression, known);
  const one = right.kind === "open" ? asListed(right.expression) : null;
  const what = `\`${left.read.text}\` is of type ${formatType(left.type)}, and nothing is above it`;
  const help = "write `in [..]`, or put an entity before `in`";
  report.add(one === null ? finding("type/in", left.read.span, { what, help }) : inOne(one));
  return never;
}

/** True for what holds values of the type, and for what is reported best as one of them. */
function standsAfterIn(type: ScalarType, expression: OpenExpression): boolean {
  const isText = expression.kind === "literal" && expression.type === "string";
  return (
    holdsMany(type, expression) ||
    isAddress(expression) ||
    (isText && (type.kind === "ip" || type.kind === "time"))
  );
}

/** `x in set`: asked the other way round. */
function reportSet(scope: Scope, { left, right, op, span }: Comparison, set: string): void {
  const element = textOf(left);
  const help = `write \`${set}.contains(${element ?? "…"})\``;
  const before = { ...span, start: left.span.start, end: right.span.start };
  const after = { ...span, start: right.span.end, end: right.span.end };
  const fixes =
    element === null
      ? []
      : [
          {
            title: help,
            edits: [
              { span: before, text: op === "not in" ? "not " : "" },
              { span: after, text: `.contains(${element})` },
            ],
          },
        ];
  scope.setting.report.add(finding("type/in", right.span, { what: `\`${set}\` is a set`, help }, { fixes }));
}

function textOf(expression: Expression): string | null {
  if (expression.kind === "path") return expression.steps.some((s) => s.args) ? null : pathText(expression);
  return expression.kind === "literal" || expression.kind === "entity" ? openText(expression) : null;
}

/** `resource.stage in open`: one value where a list stands. */
function inOne({ span, text }: { readonly span: Span; readonly text: string }): Finding {
  const what = "a value stands after `in`, and no list";
  const fixes = [replaceFix(span, `[${text}]`)];
  return finding("type/in", span, { what, help: `write \`in [${text}]\`, or \`== ${text}\`` }, { fixes });
}

/** A literal or a bare name, as written; null for what is never one of several values. */
function asListed(expression: OpenExpression): { readonly span: Span; readonly text: string } | null {
  const { span } = expression;
  if (expression.kind === "literal") return { span, text: expression.text };
  if (expression.kind !== "path" || expression.root.kind !== "name" || expression.args !== null) return null;
  return expression.steps.length === 0 ? { span, text: expression.root.name.text } : null;
}
