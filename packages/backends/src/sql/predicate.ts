/**
 * Conditions with both polarities. UNKNOWN never sits under NOT: each atom says itself when it fails, and `and` and
 * `or`, in which UNKNOWN counts as false, are all that joins them.
 */
import type { SqlExpression } from "@wardline/core";

/** `holds` is TRUE exactly where the condition holds, `fails` exactly where it does not; elsewhere FALSE or UNKNOWN. */
export interface Predicate {
  readonly holds: SqlExpression;
  readonly fails: SqlExpression;
}

export const yes: SqlExpression = { kind: "boolean", value: true };
export const no: SqlExpression = { kind: "boolean", value: false };
export const always: Predicate = { holds: yes, fails: no };
export const never: Predicate = { holds: no, fails: yes };

export function constant(value: boolean): Predicate {
  return value ? always : never;
}

export function isYes(expression: SqlExpression): boolean {
  return expression.kind === "boolean" && expression.value;
}

export function isNo(expression: SqlExpression): boolean {
  return expression.kind === "boolean" && !expression.value;
}

/** All hold. Folded: no constants inside, no list in a list, no part twice. */
export function allOf(parts: readonly SqlExpression[]): SqlExpression {
  return join("and", parts, isYes, isNo, yes, no);
}

/** One holds. Folded as {@link allOf}. */
export function anyOf(parts: readonly SqlExpression[]): SqlExpression {
  return join("or", parts, isNo, isYes, no, yes);
}

function join(
  kind: "and" | "or",
  parts: readonly SqlExpression[],
  isNeutral: (part: SqlExpression) => boolean,
  isFinal: (part: SqlExpression) => boolean,
  neutral: SqlExpression,
  final: SqlExpression,
): SqlExpression {
  const kept = new Set<SqlExpression>();
  for (const part of parts) {
    if (isFinal(part)) return final;
    if (isNeutral(part)) continue;
    if (part.kind === kind) for (const inner of part.of) kept.add(inner);
    else kept.add(part);
  }
  const of = [...kept];
  return of.length === 0 ? neutral : of.length === 1 ? (of[0] as SqlExpression) : { kind, of };
}

export function both(parts: readonly Predicate[]): Predicate {
  return { holds: allOf(parts.map((p) => p.holds)), fails: anyOf(parts.map((p) => p.fails)) };
}

export function either(parts: readonly Predicate[]): Predicate {
  return { holds: anyOf(parts.map((p) => p.holds)), fails: allOf(parts.map((p) => p.fails)) };
}

export function negate(predicate: Predicate): Predicate {
  return { holds: predicate.fails, fails: predicate.holds };
}

/** From a Boolean expression. `certain`: it is never UNKNOWN. */
export function fromBoolean(expression: SqlExpression, certain: boolean): Predicate {
  return {
    holds: expression,
    fails: certain ? { kind: "not", of: expression } : { kind: "is_true", of: expression, negated: true },
  };
}

/** Adds words for people; constants need none. */
export function noted(text: string, expression: SqlExpression): SqlExpression {
  return expression.kind === "boolean" ? expression : { kind: "note", text, of: expression };
}
