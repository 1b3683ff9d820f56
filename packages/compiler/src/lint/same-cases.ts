/** Rules compared in every combination that they reach. */
import { strictness, type FieldEffect } from "@wardline/core";
import type { Case, CheckedRule } from "../check/rule.ts";
import { conjuncts, isNarrower } from "./conjuncts.ts";

/** Where a case stands: who asks for what, of which row. */
export function placeOf({ principal, action, entity, row }: Case): string {
  return `${principal} ${action} ${entity} ${row}`;
}

/** The cases of a rule that can hold. */
export function liveCases(rule: CheckedRule): readonly Case[] {
  return rule.cases.filter((c) => conjuncts(c.when) !== null);
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
  const live = liveCases(narrow);
  return (
    live.length > 0 &&
    live.every((c) => {
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

/** True if each field is shown at least as much by the second. */
export function showsAsMuch(a: readonly FieldEffect[], b: readonly FieldEffect[]): boolean {
  return b.every(
    (effect) =>
      strictness(effect.mask) <=
      strictness(a.find((other) => other.field === effect.field)?.mask ?? { kind: "show" }),
  );
}
