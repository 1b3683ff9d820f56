/** `==`, `!=`, `<`, `<=`, `>`, `>=`: both sides have one type; nothing is coerced. */
import { formatType, sameType, type CompareOp, type Finding, type ScalarType } from "@wardline/core";
import type { Expression } from "../ast/expression.ts";
import { finding } from "../diagnostics/table.ts";
import { withArticle } from "./article.ts";
import { reportBareName } from "./bare-name.ts";
import { always, compare, never, not, type Formula, type Term } from "./formula.ts";
import type { Known } from "./known.ts";
import { constantOf, openText, rootWords } from "./literal.ts";
import { reportMany } from "./compared-many.ts";
import { holdsMany } from "./many-values.ts";
import { noteExactTime, noteRange } from "./range.ts";
import { sideOf, type Side } from "./side.ts";
import { placeKey, type Scope } from "./scope.ts";
import { replaceFix } from "./suggest.ts";
import { worded, wordsOf } from "./words.ts";

export type Comparison = Extract<Expression, { kind: "compare" }>;

const ops: { readonly [Op in Exclude<Comparison["op"], "in" | "not in">]: CompareOp } = {
  "==": "eq",
  "!=": "eq",
  "<": "lt",
  "<=": "le",
  ">": "gt",
  ">=": "ge",
};

const ordered: ReadonlySet<ScalarType["kind"]> = new Set([
  "int",
  "decimal",
  "instant",
  "duration",
  "date",
  "time",
]);

export function checkComparison(
  scope: Scope,
  expression: Comparison,
  op: Exclude<Comparison["op"], "in" | "not in">,
  known: Known,
): Formula {
  const { report } = scope.setting;
  if (comparesIds(scope, expression)) return never;
  const left = sideOf(scope, expression.left, known);
  const right = sideOf(scope, expression.right, known);
  if (left === null || right === null) return never;
  if (reportMany(scope, expression, left, right)) return never;
  const pair = agree(scope, expression, left, right);
  if (pair === null) return never;
  const by = ops[op];
  if (by !== "eq" && !ordered.has(pair.type.kind)) {
    report.add(
      finding(
        "type/no-order",
        expression.opSpan,
        { type: formatType(pair.type) },
        {
          help:
            pair.type.kind === "ip"
              ? "ask for a network with `in`, as in `in 10.0.0.0/8`"
              : "they are only compared with `==` and `!=`",
        },
      ),
    );
    return never;
  }
  noteRange(scope, expression.span, by, pair.left, pair.right);
  if (by === "eq") noteExactTime(scope, expression.span, pair.left, pair.right);
  if (!pair.possible) return op === "!=" ? always : never;
  const words = wordsOf(expression.span, expression.left.span, " == ", expression.right.span);
  const met = compare(by, pair.left, pair.right);
  return op === "!=" ? not(worded(met, words)) : met;
}

/** `resource.id == principal.id`: one mistake, not two. True if it was reported. */
function comparesIds(scope: Scope, { left, right, op, span }: Comparison): boolean {
  const [a, b] = [idOwner(scope, left), idOwner(scope, right)];
  if (a === null || b === null) return false;
  const same = a.type === b.type;
  const [root, path] = [`${a.root} ${op} ${b.root}`, `${a.root}.id ${op} ${b.root}.id`];
  const { report } = scope.setting;
  report.note(placeKey("never", span), same, () =>
    finding("type/never-matches", span, { why: `${withArticle(a.type)} is never ${withArticle(b.type)}` }),
  );
  if (same) report.add(finding("type/own-id", span, { path, root }, { fixes: [replaceFix(span, root)] }));
  return true;
}

function idOwner(scope: Scope, side: Expression): { readonly root: string; readonly type: string } | null {
  if (side.kind !== "path" || side.root.kind !== "keyword" || side.steps.length !== 1) return null;
  if (side.steps[0]?.name.text !== "id" || side.steps[0].args !== null) return null;
  const { word } = side.root;
  if (word === "principal") return { root: word, type: scope.principal.name };
  return word === "resource" || word === "prior" || word === "next"
    ? { root: word, type: scope.entity.name }
    : null;
}

interface Pair {
  readonly left: Term;
  readonly right: Term;
  readonly type: ScalarType;
  /** False: two references to different types, which are never the same. */
  readonly possible: boolean;
}

/** Both sides as terms of one type, or null if something was reported. */
function agree(scope: Scope, expression: Comparison, left: Side, right: Side): Pair | null {
  const { report } = scope.setting;
  if (left.kind === "fact" && right.kind === "fact") {
    const different = left.type.kind === "entity" && right.type.kind === "entity";
    if (!sameType(left.type, right.type) && !different) {
      report.add(
        finding(
          "type/mismatch",
          right.read.span,
          { left: formatType(left.type), right: formatType(right.type) },
          {
            related: [{ span: left.read.span, message: formatType(left.type) }],
          },
        ),
      );
      return null;
    }
    return possible(scope, expression, left.type, right.type, left.term, right.term);
  }
  const [fact, open] = left.kind === "fact" ? [left, right] : [right, left];
  if (fact.kind === "fact" && open.kind === "open") {
    if (holdsMany(fact.type, open.expression)) {
      report.add(manyValues(expression, openText(open.expression), open.expression.span, fact === left));
      return null;
    }
    const constant = constantOf(scope, open.expression, fact.type);
    if (constant === null || constant.kind !== "constant") return null;
    return possible(scope, expression, fact.type, constant.type, fact.term, constant, fact === right);
  }
  if (left.kind === "open" && right.kind === "open") {
    const named = [left, right].map((side) => reportBareName(scope, side.expression, rootWords));
    if (!named.includes(true)) report.add(finding("type/no-fact", expression.span, {}));
  }
  return null;
}

/** A comparison with what stands after `in`. */
function manyValues(
  { op, opSpan }: Comparison,
  literal: string,
  span: Comparison["span"],
  isLast: boolean,
): Finding {
  const word = { "==": "in", "!=": "not in" }[op as string];
  const fixes = isLast && word !== undefined ? [replaceFix(opSpan, word)] : [];
  return finding("type/many-values", span, { literal }, { fixes });
}

function possible(
  scope: Scope,
  expression: Comparison,
  type: ScalarType,
  other: ScalarType,
  a: Term,
  b: Term,
  turned = false,
): Pair {
  const same = sameType(type, other);
  scope.setting.report.note(placeKey("never", expression.span), same, () =>
    finding("type/never-matches", expression.span, {
      why: `one side is of type ${formatType(type)}, the other of type ${formatType(other)}`,
    }),
  );
  return { left: turned ? b : a, right: turned ? a : b, type, possible: same };
}
