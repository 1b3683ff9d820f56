import type { Mask } from "../value/mask.ts";

/**
 * What the enforcing side must do (XACML 3.0 §7.18; on the wire the AuthZEN obligations profile).
 * An obligation that it does not know, or fails to carry out, turns the outcome into deny.
 */
export type Obligation =
  /** Show a field only as the mask allows. Never `show`. */
  | { readonly type: "mask"; readonly field: string; readonly mask: Exclude<Mask, { kind: "show" | "hide" }> }
  | { readonly type: "hide"; readonly field: string }
  /** Seal these fields under the tenant's key before they are stored. */
  | { readonly type: "encrypt"; readonly fields: readonly string[] }
  /** A second factor, at most `within` microseconds old (null: of any age). */
  | { readonly type: "step_up"; readonly factor: string; readonly within: number | null }
  /** Somebody's approval, as the model's evidence of this name says, at most `within` microseconds old (null: of any age). */
  | { readonly type: "approval"; readonly by: string; readonly within: number | null }
  /** A stated reason. */
  | { readonly type: "reason" }
  /** Draw one of `count` that the rule allows in each window, counted by whom it says. */
  | {
      readonly type: "limit";
      readonly rule: string;
      readonly count: number;
      readonly per: LimitWindow;
      readonly by: LimitKey;
    }
  /** Put the decision on record: that it was made, with the names of the fields, or with all facts. */
  | { readonly type: "audit"; readonly level: AuditLevel }
  /** Tell somebody: a name that the application gives a meaning, such as `tenant_admins`. */
  | { readonly type: "notify"; readonly whom: string };

export type LimitWindow = "second" | "minute" | "hour" | "day";
export type LimitKey = "principal" | "tenant" | "resource";

/** From least to most. */
export type AuditLevel = "decision" | "fields" | "full";
export const auditLevels: readonly AuditLevel[] = ["decision", "fields", "full"];
