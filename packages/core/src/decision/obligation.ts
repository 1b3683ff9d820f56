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
  /** A stated reason. */
  | { readonly type: "reason" };
