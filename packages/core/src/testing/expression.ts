/** Generates well typed conditions, with guards where a fact may be absent. */
import type { AtomText } from "./atom-parts.ts";
import { atomOf } from "./atom-text.ts";
import type { Random } from "../search/random.ts";
import { pathsOf } from "./paths.ts";
import type { Scope } from "./scope.ts";

/** The text of a condition; `loose` if it is an `and` or an `or`, which needs parentheses inside another expression. */
interface Text {
  readonly text: string;
  readonly loose: boolean;
}

/** The paths that are known to be present where an expression stands. */
export type Present = ReadonlySet<string>;

export interface ConditionText {
  readonly text: string;
  /** Paths that are present wherever the whole condition holds. */
  readonly proves: readonly string[];
}

/** A condition of `size` atoms or so. */
export function conditionOf(random: Random, scope: Scope, size: number, present: Present): ConditionText {
  if (size > 1 && random.chance(0.55)) return conjunction(random, scope, size, present);
  return { text: single(random, scope, size, present).text, proves: [] };
}

/** An `and`, in which each part may rely on those before it. */
function conjunction(random: Random, scope: Scope, size: number, present: Present): ConditionText {
  const known = new Set(present);
  const parts: string[] = [];
  const guard = (atom: AtomText): void => {
    for (const path of atom.needs)
      if (!known.has(path)) {
        parts.push(`has ${path}`);
        known.add(path);
      }
  };
  for (let i = 0; i < size; i += 1) {
    const named = scope.lets.length > 0 && random.chance(0.25) ? random.pick(scope.lets) : undefined;
    if (named !== undefined) {
      parts.push(named.name);
      for (const path of named.proves) known.add(path);
    } else if (random.chance(0.8)) {
      const atom = atomOf(random, scope, known);
      guard(atom);
      parts.push(atom.text);
    } else parts.push(inside(single(random, scope, 2, known)));
  }
  const distinct = [...new Set(parts)];
  return { text: distinct.join(" and "), proves: [...known].filter((path) => !present.has(path)) };
}

function single(random: Random, scope: Scope, size: number, present: Present): Text {
  const roll = random.below(100);
  if (size > 1 && roll < 40) return disjunction(random, scope, size, present);
  if (roll < 60) return negation(random, scope, size, present);
  if (scope.lets.length > 0 && roll < 68) return { text: random.pick(scope.lets).name, loose: false };
  return guarded(random, atomOf(random, scope, present), present);
}

function disjunction(random: Random, scope: Scope, size: number, present: Present): Text {
  const parts = Array.from({ length: Math.max(2, Math.min(size, 3)) }, () => {
    if (size > 2 && random.chance(0.4)) return `(${conjunction(random, scope, 2, present).text})`;
    return inside(single(random, scope, 1, present));
  });
  const distinct = [...new Set(parts)];
  return { text: distinct.join(" or "), loose: distinct.length > 1 };
}

function negation(random: Random, scope: Scope, size: number, present: Present): Text {
  if (scope.lets.length > 0 && random.chance(0.15))
    return { text: `not ${random.pick(scope.lets).name}`, loose: false };
  const of =
    size > 1 && random.chance(0.5)
      ? { text: conjunction(random, scope, 2, present).text, loose: true }
      : guarded(random, atomOf(random, scope, present), present);
  return { text: of.loose || random.chance(0.2) ? `not (${of.text})` : `not ${of.text}`, loose: false };
}

/** An atom with what its optional paths need: a guard before it, or the negated guard as the way out. */
function guarded(random: Random, atom: AtomText, present: Present): Text {
  const needs = atom.needs.filter((path) => !present.has(path));
  if (needs.length === 0) return { text: atom.text, loose: false };
  if (random.chance(0.3))
    return { text: [...needs.map((path) => `not has ${path}`), atom.text].join(" or "), loose: true };
  return { text: [...needs.map((path) => `has ${path}`), atom.text].join(" and "), loose: true };
}

function inside(text: Text): string {
  return text.loose ? `(${text.text})` : text.text;
}

/** The paths of the scope that a text reads. */
export function pathsRead(scope: Scope, text: string): ReturnType<typeof pathsOf> {
  return pathsOf(scope).filter((path) => new RegExp(`\\b${path.text.replaceAll(".", "\\.")}\\b`).test(text));
}
