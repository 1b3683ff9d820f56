/** The parameters of a caller's text and of the views in it, numbered anew: the tenant is `$1`, and nothing else is. */
import type { Node, ParamRef, SelectStmt } from "libpg-query";
import { UnsupportedQuery } from "../errors.ts";
import { scalar } from "../scope/value.ts";

/** What a number of a tree stands for. */
export type Meaning = { readonly tenant: true } | { readonly value: unknown };

/** Gives every number of a tree a meaning, by the node itself, so that trees can be put together. */
export function meanings(tree: unknown, of: (number: number) => Meaning, into: Map<ParamRef, Meaning>): void {
  for (const parameter of parametersOf(tree)) into.set(parameter, of(parameter.number ?? 0));
}

/** Numbers the parameters as they stand; returns their values. A meaning that stands twice has one number. */
export function numbered(
  tree: SelectStmt,
  known: ReadonlyMap<ParamRef, Meaning>,
  tenant: string,
): readonly unknown[] {
  const all = parametersOf(tree);
  const namesTenant = all.some((parameter) => "tenant" in (known.get(parameter) as Meaning));
  const values: unknown[] = namesTenant ? [tenant] : [];
  const numbers = new Map<Meaning, number>();
  for (const parameter of all) {
    const meaning = known.get(parameter) as Meaning;
    if ("tenant" in meaning) {
      parameter.number = 1;
      continue;
    }
    const number = numbers.get(meaning) ?? values.push(meaning.value);
    numbers.set(meaning, number);
    parameter.number = number;
  }
  return values;
}

/** What the caller's numbers stand for. Every value must stand in the text. */
export function callerMeanings(tree: SelectStmt, values: readonly unknown[]): (number: number) => Meaning {
  const used = new Set(parametersOf(tree).map((parameter) => parameter.number ?? 0));
  const fits = used.size === values.length && values.every((_, index) => used.has(index + 1));
  if (!fits)
    throw new UnsupportedQuery(
      "query/unsupported-value",
      "the values are not those that the text names as $1, $2, …",
    );
  const known = values.map((value): Meaning => ({ value: valueOf(value) }));
  return (number) => known[number - 1] as Meaning;
}

function valueOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(valueOf);
  const plain = scalar(value instanceof Date ? value.toISOString() : value);
  return typeof plain === "bigint" ? plain.toString() : plain;
}

function parametersOf(tree: unknown): readonly ParamRef[] {
  if (typeof tree !== "object" || tree === null) return [];
  if ("ParamRef" in tree) return [(tree as Extract<Node, { ParamRef: unknown }>).ParamRef];
  return Object.values(tree).flatMap(parametersOf);
}
