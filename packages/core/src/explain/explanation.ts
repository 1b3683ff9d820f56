/** Why a decision is what it is: plain data, for people, JSON and tools. See `docs/spec/explanation.md`. */
import type { Decision } from "../decision/decision.ts";
import type { Obligation } from "../decision/obligation.ts";
import type { InputProblem } from "../evaluate/input-problem.ts";
import type { Layer, RuleKind } from "../ir/program.ts";
import type { Row } from "../ir/slot.ts";
import type { ConditionTree } from "./condition-tree.ts";

/**
 * What comes of a rule in one pass.
 * - `no_match`: its condition does not hold.
 * - grants: `counts` · `unmet`: a precondition is not met · `spent`: its limit is exhausted · `clipped`: no ceiling holds ·
 *   `stopped`: a forbid of the tenant's matches · `abroad`: the principal is of another tenant · `at_home`: a share, and the
 *   principal is of this tenant.
 * - ceilings: `holds`.
 * - forbids: `denies` · `overruled`: a floor grants.
 * - requires: `binds` · `unmet` · `spent` · `overruled`: a floor grants, and only its duties are added.
 */
export type Standing =
  | "no_match"
  | "counts"
  | "unmet"
  | "spent"
  | "clipped"
  | "stopped"
  | "abroad"
  | "at_home"
  | "holds"
  | "denies"
  | "overruled"
  | "binds";

/** A rule that the table has for this request. */
export interface ExplainedRule {
  readonly rule: string;
  readonly kind: RuleKind;
  readonly layer: Layer;
  readonly file: string;
  readonly line: number;
  readonly because: string | null;
  readonly standing: Standing;
  /** Its whole condition: for whom, when, unless. */
  readonly condition: ConditionTree;
  readonly preconditions: readonly {
    readonly obligation: Obligation;
    readonly met: boolean;
    readonly condition: ConditionTree;
  }[];
  /** What is left of its limit, and microseconds until there is more; null for a rule without limit. */
  readonly limit: { readonly left: number | null; readonly retry_after: number | null } | null;
}

/** The request asked of one row. Rules stand in the order of the program. */
export interface ExplainedPass {
  readonly row: Row;
  /** Whether the platform's ceilings let it through; `open` where there are none, or none are named. */
  readonly ceiling: "open" | "holds" | "closed";
  readonly ceilings: readonly ExplainedRule[];
  readonly grants: readonly ExplainedRule[];
  readonly forbids: readonly ExplainedRule[];
  readonly requires: readonly ExplainedRule[];
}

/** A part of the answer, in words by `reasonText`. `row`: of which row it was asked. */
export type Reason =
  | { readonly kind: "invalid_input"; readonly problems: readonly InputProblem[] }
  /** The request is another tenant's. */
  | { readonly kind: "other_tenant" }
  /** The row is another tenant's. */
  | { readonly kind: "foreign_row"; readonly row: Row }
  | { readonly kind: "forbidden"; readonly row: Row; readonly rules: readonly string[] }
  /** No permit or floor matches. `rules`: those that there are for this request. */
  | { readonly kind: "no_permit"; readonly row: Row; readonly rules: readonly string[] }
  /** The principal is of another tenant and no share matches. */
  | { readonly kind: "abroad"; readonly row: Row; readonly rules: readonly string[] }
  /** No ceiling holds. `rules`: the ceilings that there are; `clipped`: the grants that match all the same. */
  | {
      readonly kind: "ceiling";
      readonly row: Row;
      readonly rules: readonly string[];
      readonly clipped: readonly string[];
    }
  | { readonly kind: "limit"; readonly row: Row; readonly rules: readonly string[] }
  | {
      readonly kind: "unmet";
      readonly row: Row;
      readonly rules: readonly string[];
      readonly obligations: readonly Obligation[];
    }
  /** `floors`: those of the rules that no tenant can take away. */
  | {
      readonly kind: "granted";
      readonly row: Row;
      readonly rules: readonly string[];
      readonly floors: readonly string[];
    };

export interface Explanation {
  readonly decision: Decision;
  /** What made it, the decisive first. */
  readonly reasons: readonly Reason[];
  /** The principal belongs to the tenant; null where no rule was asked. */
  readonly home: boolean | null;
  /** Empty where no rule was asked: the input is improper, or another tenant's. */
  readonly passes: readonly ExplainedPass[];
}
