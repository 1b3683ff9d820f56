/**
 * What becomes of an atom once what is known is put in: a truth, or a small tree of questions to the row. Its numbers of
 * facts are ids of the program's slots.
 */
import type { RowAtom } from "../residual.ts";

export type Tree =
  | { readonly kind: "atom"; readonly atom: RowAtom }
  | { readonly kind: "and" | "or"; readonly of: readonly Tree[] }
  /** Made when it is needed: for what costs more than to know that it is open. */
  | { readonly kind: "later"; readonly make: () => Tree };

export type Folded = boolean | Tree;

export function leaf(atom: RowAtom): Tree {
  return { kind: "atom", atom };
}

export function allOf(parts: readonly Folded[]): Folded {
  if (parts.includes(false)) return false;
  const of = parts.filter((part) => part !== true);
  return of.length < 2 ? (of[0] ?? true) : { kind: "and", of: of as readonly Tree[] };
}

export function anyOf(parts: readonly Folded[]): Folded {
  if (parts.includes(true)) return true;
  const of = parts.filter((part) => part !== false);
  return of.length < 2 ? (of[0] ?? false) : { kind: "or", of: of as readonly Tree[] };
}
