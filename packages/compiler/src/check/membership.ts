/** `a in [..]` and `a in b`: one of several values, or below an entity in a hierarchy. */
import {
  decimalUnits,
  formatType,
  sameType,
  type Finding,
  type ScalarType,
  type Span,
  type WireScalar,
} from "@wardline/core";
import type { Expression } from "../ast/expression.ts";
import { finding } from "../diagnostics/table.ts";
import type { Comparison } from "./comparison.ts";
import { withArticle } from "./article.ts";
import { reportBareName } from "./bare-name.ts";
import { any, ask, compare, never, type Fact, type Formula, type Term } from "./formula.ts";
import type { Known } from "./known.ts";
import { constantType, type OpenExpression } from "./literal-value.ts";
import { constantOf, rootWords } from "./literal.ts";
import { notYet } from "./not-yet.ts";
import { noteRange } from "./range.ts";
import { sideOf, type Side } from "./side.ts";
import { placeKey, type Scope } from "./scope.ts";
import { replaceFix } from "./suggest.ts";

type FactSide = Extract<Side, { kind: "fact" }>;

/** The condition of `in`; the caller negates it for `not in`. */
export function checkMembership(scope: Scope, expression: Comparison, known: Known): Formula {
  const { report } = scope.setting;
  const left = sideOf(scope, expression.left, known);
  const right = sideOf(scope, expression.right, known);
  if (left === null || right === null) return never;
  if (right.kind === "set") {
    const help = `write \`${right.read.text}.contains(…)\``;
    report.add(finding("type/in", right.read.span, { what: `\`${right.read.text}\` is a set`, help }));
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
  if (right.kind === "list") return oneOf(scope, left, right.of, right, known);
  if (left.type.kind !== "entity") {
    const one = right.kind === "open" ? asListed(right.expression) : null;
    if (one !== null) {
      report.add(inOne(one));
      return never;
    }
    const help = "write `in [..]`, or put an entity before `in`";
    const what = `\`${left.read.text}\` is of type ${formatType(left.type)}, and nothing is above it`;
    report.add(finding("type/in", left.read.span, { what, help }));
    return never;
  }
  return within(scope, left, right, expression.right);
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

function oneOf(
  scope: Scope,
  left: FactSide,
  of: readonly Expression[],
  list: Extract<Side, { kind: "list" }>,
  known: Known,
): Formula {
  const { report } = scope.setting;
  if (of.length === 0) {
    report.add(finding("type/empty-list", list.span, {}));
    return never;
  }
  const values = new Set<WireScalar>();
  const others: Formula[] = [];
  for (const expression of of) {
    const side = sideOf(scope, expression, known);
    if (side === null) continue;
    if (left.type.kind === "entity" && (side.kind === "fact" || side.kind === "open"))
      others.push(within(scope, left, side, expression));
    else if (side.kind === "open") {
      const constant = constantOf(scope, side.expression, left.type);
      if (constant?.kind !== "constant") continue;
      values.add(constant.value);
      noteRange(scope, expression.span, "eq", left.term, constant);
    } else if (side.kind === "fact" && sameType(side.type, left.type)) {
      noteRange(scope, expression.span, "eq", left.term, side.term);
      others.push(compare("eq", left.term, side.term));
    } else {
      const right = side.kind === "fact" ? formatType(side.type) : side.kind === "set" ? "a set" : "a list";
      report.add(finding("type/mismatch", expression.span, { left: formatType(left.type), right }));
    }
  }
  return any([constants(left.term, left.type, [...values]), ...others]);
}

/** One question for all constants. */
function constants(of: Term, type: ScalarType, values: readonly WireScalar[]): Formula {
  const canonical = constantType(type);
  const [only] = values;
  if (only === undefined) return never;
  const equal = (value: WireScalar) => compare("eq", of, { kind: "constant", value, type: canonical });
  if (values.length === 1) return equal(only);
  if (type.kind === "bool") return any(values.map(equal));
  return ask({ kind: "one_of", of, values: values.toSorted((a, b) => order(a, b, type)), type: canonical });
}

/** By value where there is an order, else by code point. */
function order(a: WireScalar, b: WireScalar, type: ScalarType): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (type.kind === "decimal") {
    const units = (value: WireScalar) => decimalUnits(String(value), type.precision, type.scale) ?? 0n;
    return units(a) < units(b) ? -1 : 1;
  }
  return byCodePoint(String(a), String(b));
}

function byCodePoint(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (let i = 0; i < left.length && i < right.length; i += 1) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** `a in b`: reflexive and transitive over the declared parents. */
function within(scope: Scope, left: FactSide, right: Side, expression: Expression): Formula {
  const { report, model } = scope.setting;
  const group =
    right.kind === "open"
      ? constantOf(scope, right.expression, left.type)
      : right.kind === "fact"
        ? right.term
        : null;
  if (group === null || right.kind === "set" || right.kind === "list") return never;
  const type = group.kind === "constant" ? group.type : right.kind === "fact" ? right.type : left.type;
  if (left.type.kind !== "entity" || type.kind !== "entity") {
    const help = "write `in [..]` for one of several values";
    report.add(
      finding("type/in", expression.span, {
        what: `nothing is below a value of type ${formatType(type)}`,
        help,
      }),
    );
    return never;
  }
  const own = model.entities.get(left.type.entity);
  const same = left.type.entity === type.entity;
  const isPrincipal = left.read.anchor?.root === "principal" && left.read.anchor.attribute === null;
  const above = (isPrincipal ? own?.above : own?.storedAbove)?.has(type.entity) === true;
  const session = !above && own?.above.has(type.entity) === true;
  if (session) {
    report.add(finding("type/session-parents", left.read.span, { path: left.read.text }));
    return never;
  }
  const { entity } = type;
  report.note(placeKey("within", expression.span), same || above, () =>
    finding("type/never-matches", expression.span, {
      why: `no ${formatType(left.type)} is ever in ${withArticle(entity)}`,
    }),
  );
  if (!same && !above) return never;
  if (!above) return compare("eq", left.term, group);
  if (left.read.anchor === null) {
    report.add(notYet(`\`in\` after \`${left.read.text}\``, left.read.span));
    return never;
  }
  if (left.term.kind === "fact" && left.term.fallback !== null) {
    report.add(notYet("`??` before `in`", left.read.span));
    return never;
  }
  const ancestors: Fact = {
    source: { from: "ancestors", of: left.read.anchor, entity },
    type: { kind: "set", of: { kind: "entity", entity } },
    // Invariant: never optional. A gate that left them out would make `not in` hold for every group.
    optional: false,
  };
  return ask({ kind: "within", entity: left.term, group, same, ancestors });
}
