/** One side of a comparison, or an argument: a fact, or what takes its type from the other side. */
import { formatType, isWireScalar, type Fix, type ScalarType, type Span } from "@wardline/core";
import type { Expression, Name, PathExpression } from "../ast/expression.ts";
import { finding } from "../diagnostics/table.ts";
import { reportUnknown } from "./bare-name.ts";
import { nowFact, type Term } from "./formula.ts";
import type { Known } from "./known.ts";
import { longestDuration } from "./literal-help.ts";
import { durationMicros, type OpenExpression } from "./literal-value.ts";
import { constantOf, rootWords } from "./literal.ts";
import { pathText } from "./field-path.ts";
import { readPath } from "./path.ts";
import { presentWith, readOf, unguarded, type ReadPath } from "./read-path.ts";
import { placeKey, type Scope } from "./scope.ts";

/** One side of a comparison or an argument. */
export type Side =
  | { readonly kind: "fact"; readonly read: ReadPath; readonly type: ScalarType; readonly term: Term }
  | { readonly kind: "set"; readonly read: ReadPath }
  /** Takes its type from the other side. */
  | { readonly kind: "open"; readonly expression: OpenExpression }
  | { readonly kind: "list"; readonly of: readonly Expression[]; readonly span: Span };

/** What stands on a side, or null if it was reported. */
export function sideOf(scope: Scope, expression: Expression, known: Known): Side | null {
  const { report } = scope.setting;
  scope.use.terms += 1;
  switch (expression.kind) {
    case "path":
      return pathSide(scope, expression, known);
    case "fallback":
      return fallbackSide(scope, expression.path, expression.literal);
    case "now":
      return nowSide(scope, expression);
    case "literal":
    case "entity":
    case "time_range":
      return { kind: "open", expression };
    case "list":
      return { kind: "list", of: expression.of, span: expression.span };
    case "and":
    case "or":
    case "not":
    case "has":
    case "compare":
      report.add(
        finding(
          "type/not-value",
          expression.span,
          { what: "a condition" },
          { help: "a condition is true or false by itself: leave the comparison out" },
        ),
      );
      return null;
  }
}

/** `now`, `now - 5m`. */
function nowSide(scope: Scope, { offset, span }: Extract<Expression, { kind: "now" }>): Side | null {
  const text = offset === null ? "now" : `now ${offset.sign} ${offset.duration}`;
  const read = readOf(nowFact, text, span);
  const micros = offset === null ? 0 : durationMicros(offset.duration);
  if (micros === undefined) {
    const literal = `\`${offset?.duration}\``;
    scope.setting.report.add(
      finding("type/literal", offset?.span ?? span, { literal, type: "Duration" }, { help: longestDuration }),
    );
    return null;
  }
  // To move it by nothing is to leave it.
  const term: Term =
    micros === 0
      ? { kind: "fact", fact: nowFact, fallback: null }
      : { kind: "now", offset: offset?.sign === "-" ? -micros : micros };
  return { kind: "fact", type: { kind: "instant" }, read, term };
}

function pathSide(scope: Scope, path: PathExpression, known: Known): Side | null {
  const { report } = scope.setting;
  switch (path.root.kind) {
    case "class":
      report.add(finding("type/class", path.rootSpan, { class: path.root.name.text }));
      return null;
    case "name": {
      const { name } = path.root;
      if (path.args !== null) {
        report.add(finding("type/not-value", path.span, { what: `\`${name.text}(…)\`` }));
        return null;
      }
      if (path.steps.length > 0) {
        reportRoot(scope, name, path);
        return null;
      }
      if (scope.setting.lets.has(name.text)) {
        report.add(finding("type/not-value", path.span, { what: `the condition \`${name.text}\`` }));
        return null;
      }
      return { kind: "open", expression: path };
    }
    case "keyword": {
      const read = readPath(scope, path, path.root.word);
      return read === null ? null : readSide(scope, read, known);
    }
  }
}

/** A fact that was read, as a side. An optional one needs a guard. */
export function readSide(scope: Scope, read: ReadPath, known: Known): Side | null {
  const { report } = scope.setting;
  const { type } = read.fact;
  const missing = unguarded(read, known);
  if (missing !== null) {
    const guard = `guard it before it is read, with \`has ${missing.text} and …\``;
    const help = type.kind === "set" ? guard : `${guard}, or write \`${read.text} ?? VALUE\``;
    report.add(finding("type/unguarded", missing.span, { path: missing.text }, { help }));
    return null;
  }
  if (type.kind === "set") return { kind: "set", read };
  return { kind: "fact", read, type, term: { kind: "fact", fact: read.fact, fallback: null } };
}

/** Only where both stand beside each other: a let's or a pack's argument was written elsewhere. */
function withoutFallback({ span }: PathExpression, literal: Expression): readonly Fix[] {
  if (literal.span.file !== span.file || literal.span.start < span.end) return [];
  const rest = { ...span, start: span.end, end: literal.span.end };
  return [{ title: "leave out what stands after `??`", edits: [{ span: rest, text: "" }] }];
}

/** `path ?? literal`: the literal stands in where the fact is absent, so no guard is needed. */
function fallbackSide(scope: Scope, path: PathExpression, literal: Expression): Side | null {
  const { report } = scope.setting;
  if (path.root.kind !== "keyword") {
    pathSide(scope, path, new Set());
    return null;
  }
  const read = readPath(scope, path, path.root.word);
  if (read === null) return null;
  const optional = read.needs.length > 0;
  report.note(placeKey("fallback", path.span), optional, () =>
    finding(
      "lint/redundant-fallback",
      path.span,
      { path: read.text },
      { fixes: withoutFallback(path, literal) },
    ),
  );
  const side = readSide(scope, read, presentWith(read));
  if (side === null || side.kind !== "fact") {
    if (side !== null) report.add(finding("type/set", path.span, { path: read.text }));
    return null;
  }
  if (literal.kind !== "literal" && literal.kind !== "entity" && literal.kind !== "path") {
    report.add(
      finding(
        "type/not-value",
        literal.span,
        { what: "what stands after `??`" },
        { help: "write a literal" },
      ),
    );
    return null;
  }
  const constant = constantOf(scope, literal, side.type);
  if (constant === null || constant.kind !== "constant") return null;
  // What stands in for the fact must be a value that the fact could have.
  const sameEntity =
    side.type.kind !== "entity" ||
    (constant.type.kind === "entity" && constant.type.entity === side.type.entity);
  if (!isWireScalar(constant.value, side.type) || !sameEntity) {
    report.add(finding("type/literal", literal.span, { literal: "this", type: formatType(side.type) }));
    return null;
  }
  if (!optional) return side;
  return { ...side, term: { kind: "fact", fact: read.fact, fallback: constant.value } };
}

/** `recource.title`: a name where a path begins. */
export function reportRoot(scope: Scope, name: Name, path: PathExpression): void {
  const { lets, roles, report } = scope.setting;
  if (lets.has(name.text) || roles.has(name.text))
    report.add(
      finding(
        "type/not-value",
        path.span,
        { what: `\`${pathText(path)}\`` },
        { help: `\`${name.text}\` has no attributes` },
      ),
    );
  else reportUnknown(scope, name, rootWords, true);
}
