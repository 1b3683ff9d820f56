/**
 * A condition in negation normal form. Conditions form a DAG: children are indices into `Program.conditions`,
 * always smaller than the node's own index. `and` and `or` have two or more distinct children.
 */
export type Condition =
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "atom"; readonly atom: number; readonly negated: boolean }
  | { readonly kind: "and"; readonly of: readonly number[] }
  | { readonly kind: "or"; readonly of: readonly number[] };
