/** Rules compared in every combination that they reach. */
import { strictness, type FieldEffect } from "@wardline/core";
import type { Case, CheckedRule } from "../check/rule.ts";
import { conjuncts, isNarrower } from "./conjuncts.ts";

/** Where a case stands: who asks for what, of which row. */
export function placeOf({ principal, action, entity, row }: Case): string {
  return `${principal} ${action} ${entity} ${row}`;
}

const live = new WeakMap<CheckedRule, readonly Case[]>();

/** The cases of a rule that can hold. */
export function liveCases(rule: CheckedRule): readonly Case[] {
  const known = live.get(rule) ?? rule.cases.filter((c) => conjuncts(c.when) !== null);
  live.set(rule, known);
  return known;
}

/**
 * True if wherever `narrow` applies `wide` does, and `wide` does as much there: every case of the one is a case of the
 * other, with a condition that its own implies, and with terms that `asMuch` accepts.
 */
export function isCovered(
  narrow: CheckedRule,
  wide: CheckedRule,
  asMuch: (narrow: Case, wide: Case) => boolean,
): boolean {
  const places = new Map(wide.cases.map((c) => [placeOf(c), c]));
  const cases = liveCases(narrow);
  return (
    cases.length > 0 &&
    cases.every((c) => {
      const other = places.get(placeOf(c));
      const [mine, theirs] = [conjuncts(c.when), other === undefined ? null : conjuncts(other.when)];
      return (
        mine !== null &&
        theirs !== null &&
        other !== undefined &&
        isNarrower(mine, theirs) &&
        asMuch(c, other)
      );
    })
  );
}

const signatures = new WeakMap<CheckedRule, string | null>();

/** Equal for rules that say the same, whatever they are called; null for a rule that never holds. */
export function signatureOf(rule: CheckedRule): string | null {
  const known = signatures.get(rule);
  if (known !== undefined) return known;
  const cases = liveCases(rule).map((c) => {
    const { principal: _p, action: _a, entity: _e, row: _r, when, actionSpan: _s, limit, ...terms } = c;
    // A limit names its rule.
    const count = limit === null ? null : { ...limit, rule: null };
    return JSON.stringify([placeOf(c), [...(conjuncts(when) ?? [])].toSorted(), count, terms]);
  });
  const { kind, layer } = rule.rule;
  const made = cases.length === 0 ? null : [kind, layer, ...cases.toSorted()].join("\n");
  signatures.set(rule, made);
  return made;
}

/**
 * For a rule the others that may cover it, by the first case that can hold: what covers it has a condition there that is
 * made of parts of its own. Each rule is looked up by the rarest part of its condition, so that few are compared.
 */
export function coverCandidates(
  rules: readonly CheckedRule[],
): (narrow: CheckedRule) => readonly CheckedRule[] {
  const keyed = rules.flatMap((rule) => liveCases(rule).map((c) => ({ rule, keys: keysOf(c) })));
  const counts = new Map<string, number>();
  for (const { keys } of keyed) for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  const byRarest = new Map<string, CheckedRule[]>();
  for (const { rule, keys } of keyed) {
    const [always = "", ...parts] = keys;
    const key = parts.reduce(
      (a, b) => ((counts.get(b) ?? 0) < (counts.get(a) ?? 0) ? b : a),
      parts[0] ?? always,
    );
    const bucket = byRarest.get(key) ?? [];
    byRarest.set(key, bucket);
    bucket.push(rule);
  }
  return (narrow) => {
    const [first] = liveCases(narrow);
    if (first === undefined) return [];
    const found = new Set(keysOf(first).flatMap((key) => byRarest.get(key) ?? []));
    found.delete(narrow);
    return [...found];
  };
}

/** Keys of a case's place, by itself and with each part of the condition. */
function keysOf(c: Case): readonly string[] {
  const place = placeOf(c);
  return [place, ...[...(conjuncts(c.when) ?? [])].map((part) => `${place} ${part}`)];
}

/** True if each field is shown at least as much by the second. */
export function showsAsMuch(a: readonly FieldEffect[], b: readonly FieldEffect[]): boolean {
  return b.every(
    (effect) =>
      strictness(effect.mask) <=
      strictness(a.find((other) => other.field === effect.field)?.mask ?? { kind: "show" }),
  );
}
