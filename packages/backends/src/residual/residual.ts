/**
 * What is left of the rules for one list once all is known but the rows: a document of plain data. Its meaning stands in
 * docs/spec/residual.md. Conditions form a DAG as in a program; their atoms speak of the row alone.
 */
import type {
  CompareOp,
  Condition,
  Decision,
  Layer,
  Mask,
  Obligation,
  Row,
  ScalarType,
  SlotSource,
  ValueType,
  WireScalar,
} from "@wardline/core";

export const residualFormat = "wardline/residual/1";

/** A fact that comes with the row; its number is its index in `facts`. Malformed, or absent without leave, it denies. */
export interface RowFact {
  readonly source: SlotSource;
  readonly type: ValueType;
  readonly optional: boolean;
}

/** One side of a question: a fact of the row, `fallback` where it is absent, or a value that was known. */
export type RowOperand =
  | { readonly kind: "fact"; readonly fact: number; readonly fallback: WireScalar | null }
  | { readonly kind: "constant"; readonly value: WireScalar };

/** A question to the row. Over a fact that is absent it is false. */
export type RowAtom =
  | {
      readonly kind: "compare";
      readonly op: CompareOp;
      readonly left: RowOperand;
      readonly right: RowOperand;
      readonly type: ScalarType;
    }
  | { readonly kind: "truth"; readonly of: RowOperand }
  | {
      readonly kind: "one_of";
      readonly of: RowOperand;
      readonly values: readonly WireScalar[];
      readonly type: ScalarType;
    }
  | { readonly kind: "contains"; readonly set: number; readonly of: RowOperand; readonly type: ScalarType }
  | { readonly kind: "empty"; readonly set: number }
  | {
      readonly kind: "text";
      readonly op: "starts_with" | "ends_with" | "contains";
      readonly of: RowOperand;
      readonly part: RowOperand;
    }
  | { readonly kind: "in_network"; readonly of: RowOperand; readonly networks: readonly string[] }
  | { readonly kind: "has"; readonly fact: number }
  | {
      readonly kind: "related";
      readonly relation: number;
      readonly from: RowOperand;
      readonly to: RowOperand;
    };

/** `when` and `met` are indices into `conditions`, `rule` into `rules`. */
export interface ResidualEntry {
  readonly rule: number;
  readonly when: number;
}

export interface ResidualForbid extends ResidualEntry {
  readonly layer: Layer;
}

/** What a rule asks for beforehand, and whether its limit is exhausted. `wait`: microseconds until it is not; null: not known. */
export interface ResidualTerms {
  readonly preconditions: readonly { readonly obligation: Obligation; readonly met: number }[];
  readonly spent: boolean;
  readonly wait: number | null;
}

export interface ResidualGrant extends ResidualEntry, ResidualTerms {
  readonly floor: boolean;
}

export interface ResidualRequire extends ResidualEntry, ResidualTerms {
  readonly layer: Layer;
}

/** The rules that can still matter, each list in the order of the program. */
export interface ResidualRules {
  readonly ceiling: number;
  readonly forbids: readonly ResidualForbid[];
  readonly grants: readonly ResidualGrant[];
  readonly requires: readonly ResidualRequire[];
}

/** How a field of a permitted row is shown: the first whose condition holds; the last always does. */
export interface ResidualField {
  readonly field: string;
  readonly masks: readonly { readonly mask: Mask; readonly when: number }[];
}

/** A duty, or a limit to draw from, where `when` holds of a permitted row. */
export interface ResidualObligation {
  readonly obligation: Obligation;
  readonly when: number;
}

export interface ResidualHead {
  readonly format: typeof residualFormat;
  readonly action: string;
  readonly type: string;
}

export interface ResidualBody {
  /** Which row of a request it is: of an action that reads the resource, that deletes the prior, that creates the next. */
  readonly row: Row;
  /** The tenant that rows belong to; null where they are shared. */
  readonly tenant: string | null;
  readonly facts: readonly RowFact[];
  readonly atoms: readonly RowAtom[];
  readonly conditions: readonly Condition[];
  readonly rules: readonly string[];
  readonly left: ResidualRules;
}

export interface ResidualEffects {
  /** In the model's order of fields; a field that is shown in every row is left out. */
  readonly fields: readonly ResidualField[];
  readonly obligations: readonly ResidualObligation[];
}

/**
 * The rows of a list: every proper row of the tenant, none, or those for which `permitted` holds.
 * `decision`: that on every proper row; null where rows differ in why they are not permitted.
 * `challenge`: the ways to come to be permitted some rows; empty if there is none.
 */
export type Residual =
  | (ResidualHead & ResidualBody & ResidualEffects & { readonly kind: "always" })
  | (ResidualHead &
      ResidualBody &
      ResidualEffects & { readonly kind: "predicate"; readonly permitted: number })
  | (ResidualHead & {
      readonly kind: "never";
      readonly decision: Decision | null;
      readonly challenge: readonly (readonly Obligation[])[];
      /** Null where no fact of a row matters: every row gets the decision. */
      readonly body: ResidualBody | null;
    });
