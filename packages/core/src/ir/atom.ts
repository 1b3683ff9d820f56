import type { ScalarType } from "../value/type.ts";
import type { WireScalar } from "../value/wire.ts";

/**
 * One side of a comparison. A constant is in wire form and of `type`; `fallback` (`??`) stands in for an absent slot.
 * `now`: the instant in the slot, moved by `offset` microseconds (not zero).
 */
export type Operand =
  | { readonly kind: "now"; readonly slot: number; readonly offset: number }
  | { readonly kind: "slot"; readonly slot: number; readonly fallback: WireScalar | null }
  | { readonly kind: "constant"; readonly value: WireScalar; readonly type: ScalarType };

export type CompareOp = "eq" | "lt" | "le" | "gt" | "ge";

/**
 * A question with a yes or no. Equal atoms are one atom with one id, its index in `Program.atoms`.
 * An atom that reads an absent path (without fallback) is false; negation is never inside an atom.
 */
export type Atom =
  /** Both operands have the same type. Order comparisons: int, decimal, instant, duration, date, time. */
  | { readonly kind: "compare"; readonly op: CompareOp; readonly left: Operand; readonly right: Operand }
  /** A Bool operand is true. */
  | { readonly kind: "truth"; readonly of: Operand }
  /** The operand equals one of the constants. Never empty, no duplicates, sorted by code point or value. */
  | {
      readonly kind: "one_of";
      readonly of: Operand;
      readonly values: readonly WireScalar[];
      readonly type: ScalarType;
    }
  /** A set slot contains the operand. */
  | { readonly kind: "contains"; readonly set: number; readonly of: Operand; readonly type: ScalarType }
  /** A set slot has no element. */
  | { readonly kind: "empty"; readonly set: number }
  /** A String operand begins with, ends with or contains another, by code point. Every text contains the empty one. */
  | {
      readonly kind: "text";
      readonly op: "starts_with" | "ends_with" | "contains";
      readonly of: Operand;
      readonly part: Operand;
    }
  /** An Ip operand lies in one of the networks. Never empty, no duplicates, sorted by code point, in canonical form. */
  | { readonly kind: "in_network"; readonly of: Operand; readonly networks: readonly string[] }
  /** The slot is present. */
  | { readonly kind: "has"; readonly slot: number }
  /** The principal holds one of the roles (already closed under `extends`). `slot` is principal.roles. */
  | { readonly kind: "role"; readonly slot: number; readonly roles: readonly string[] }
  /**
   * `a in b`: reflexive and transitive. True if `same` (both of one entity type) and the ids are equal, or if
   * the ancestors slot contains b's id. `ancestors` is null where a's type can have no ancestor of b's type.
   */
  | {
      readonly kind: "within";
      readonly entity: Operand;
      readonly group: Operand;
      readonly same: boolean;
      readonly ancestors: number | null;
    }
  /** The relation holds a pair with these two ids. `slot` is the relation. */
  | { readonly kind: "related"; readonly slot: number; readonly from: Operand; readonly to: Operand };
