/** A fact that a path reads, and what on the path may be absent. */
import type { EntityPath, Span } from "@wardline/core";
import { always, ask, type Fact, type Formula } from "./formula.ts";
import { factKey, type Known } from "./known.ts";

export interface ReadPath {
  readonly fact: Fact;
  /** Where its ancestors would stand; null where none are known. */
  readonly anchor: EntityPath | null;
  /** As written. */
  readonly text: string;
  readonly span: Span;
  /** What on the path may be absent, from its beginning: references, and last the fact itself. */
  readonly needs: readonly Needed[];
}

/** A fact that may be absent, with the part of the path that ends in it. */
export interface Needed {
  readonly fact: Fact;
  readonly text: string;
  readonly span: Span;
}

/** A path that reads a fact through no reference. */
export function readOf(fact: Fact, text: string, span: Span, anchor: EntityPath | null = null): ReadPath {
  return { fact, anchor, text, span, needs: fact.optional ? [{ fact, text, span }] : [] };
}

/** The first part of the path that is not known to be present, or null. */
export function unguarded(read: ReadPath, known: Known): Needed | null {
  return read.needs.find(({ fact }) => !known.has(factKey(fact))) ?? null;
}

/** The question whether the path leads to anything. */
export function askPresence(read: ReadPath): Formula {
  return read.needs.length === 0 ? always : ask({ kind: "has", fact: read.fact });
}

/** What is present where the path leads to something. */
export function presentWith(read: ReadPath): Known {
  return new Set(read.needs.map(({ fact }) => factKey(fact)));
}
