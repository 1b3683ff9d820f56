/** What questions are made of: operands with the guards that they need, literals from the pools. */
import { sameType, type ScalarType, type ValueType } from "../value/type.ts";
import { literalOf } from "./literal.ts";
import { pathsOf, type EntityOperand } from "./paths.ts";
import type { Random } from "../search/random.ts";
import type { PathInfo, Scope } from "./scope.ts";

/** `needs`: the optional paths that must be present where the text stands. */
export interface AtomText {
  readonly text: string;
  readonly needs: readonly string[];
}

export type Maker = (random: Random, scope: Scope, present: ReadonlySet<string>) => AtomText | undefined;

export function free(text: string): AtomText {
  return { text, needs: [] };
}

export function isScalar(type: ValueType): type is ScalarType {
  return type.kind !== "set";
}

export function needsOf(path: PathInfo): readonly string[] {
  return path.optional ? [...path.through, path.text] : path.through;
}

/** True for an entity behind two references: what is above it is not known. */
export function isFar({ type, hops }: PathInfo): boolean {
  return type.kind === "entity" && hops > 1;
}

export function entityNeeds(operand: EntityOperand): readonly string[] {
  return operand.path === null ? [] : needsOf(operand.path);
}

export function pathWhere(
  random: Random,
  scope: Scope,
  fits: (path: PathInfo) => boolean,
): PathInfo | undefined {
  const fitting = pathsOf(scope).filter(fits);
  if (fitting.length === 0) return undefined;
  // Most questions are about the row; there are more facts around it than in it.
  const ofRow = fitting.filter((path) => /^(resource|prior|next)\./.test(path.text));
  return random.pick(ofRow.length > 0 && random.chance(0.6) ? ofRow : fitting);
}

export function alike(
  random: Random,
  scope: Scope,
  fits: (path: PathInfo) => boolean,
): readonly [PathInfo, PathInfo] | undefined {
  const a = pathWhere(random, scope, fits);
  if (a === undefined) return undefined;
  const others = pathsOf(scope).filter((b) => b.text !== a.text && sameType(a.type, b.type));
  return others.length === 0 ? undefined : [a, random.pick(others)];
}

/** A path as an operand: with a fallback, or with the need of a guard, where it may be absent. */
export function operandOf(
  random: Random,
  scope: Scope,
  path: PathInfo,
  present: ReadonlySet<string>,
): AtomText {
  const needs = needsOf(path);
  if (needs.length === 0) return free(path.text);
  const canStandIn = path.type.kind !== "enum" || scope.model.constructs === "whole";
  if (!needs.every((need) => present.has(need)) && canStandIn && random.chance(0.45)) {
    const literal = someLiteral(random, scope, path.type as ScalarType);
    if (literal !== undefined) return free(`${path.text} ?? ${literal}`);
  }
  return { text: path.text, needs };
}

/** A literal from the pool that the rows draw from. */
export function someLiteral(random: Random, scope: Scope, type: ScalarType): string | undefined {
  const written = scope.pools(type).flatMap((value) => literalOf(random, value, type) ?? []);
  return written.length === 0 ? undefined : random.pick(written);
}

export function literals(random: Random, scope: Scope, type: ScalarType, count: number): string | undefined {
  const written = scope.pools(type).flatMap((value) => literalOf(random, value, type) ?? []);
  return written.length === 0 ? undefined : `[${random.some(written, count).join(", ")}]`;
}
