import type { DiagnosticEntry } from "./entry.ts";

/** Findings about rules as a whole: reach, obligations, guardrails, lints. */
export const ruleDiagnostics = {
  "reach/no-action": {
    severity: "error",
    message: "`{action}` is not an action on {types}",
    help: "an action is taken on the types that the model declares it for",
  },
  "reach/nobody": {
    severity: "error",
    message: "the rule reaches nobody",
    help: "the model declares no principal that it could be for",
  },
  "reach/no-class": {
    severity: "error",
    message: "`{name}` is not a class",
    note: "only a pack has parameters that stand for one",
    help: "a class is written with its sign, as in `touching #phi`",
  },
  "reach/untouched": {
    severity: "error",
    message: "none of these types has a field of the class `#{class}`",
    help: "name a type that has one, or `anything`",
  },
  "obligation/none-here": {
    severity: "error",
    message: "a {kind} takes no `with`",
    note: "only what is permitted comes with obligations",
    help: "{help}",
  },
  "obligation/arguments": { severity: "error", message: "{problem}", help: "write `{form}`" },
  "obligation/misplaced": {
    severity: "error",
    message: "`{obligation}` does not belong on a {kind}",
    help: "it belongs in a require of its own, as in `require NAME: {form}`",
  },
  "obligation/second-limit": {
    severity: "error",
    message: "the rule has two limits",
    note: "a limit is counted for the rule",
    help: "write a `require` with the second one",
  },
  "obligation/field-type": {
    severity: "error",
    message: "{what} takes {takes}, and `{field}` is of type {type}",
  },
  "obligation/reach": {
    severity: "error",
    message: "`{obligation}` does not say for whom",
    help: "write `for WHO to ACTIONS TYPES` after it",
  },
  "obligation/shared": {
    severity: "error",
    message: "`{field}` is shared by all tenants, and cannot be sealed under the key of one",
    help: "take the class off the field, or name the fields one by one",
  },
  "obligation/static": {
    severity: "error",
    message: "`encrypt` takes no {what}",
    note: "a field is sealed always or never",
    help: "put `encrypt` into a require of its own",
  },
  "obligation/no-evidence": {
    severity: "error",
    message: "the model has no evidence for `{name}`",
    note: "without it the condition could never be met",
    help: "the model says what proves it, as in `evidence {name} from context.FACT`",
  },
  "obligation/evidence": { severity: "error", message: "{problem}" },
  "guardrail/delegated": {
    severity: "error",
    message: "the rule reads `{name}`, which tenants set",
    note: "a tenant could lift the guardrail by setting it",
    help: "if that is meant, end the rule with `trusting {trusting}`",
  },
  "guardrail/trusting-unused": {
    severity: "warning",
    message: "the rule does not read `{name}`",
    note: "a waiver that waives nothing would cover a later change",
    help: "leave it out",
  },
  "guardrail/trusting-here": {
    severity: "error",
    message: "only the platform's rules end in `trusting`",
    help: "leave it out",
  },
  "guardrail/share-who": {
    severity: "error",
    message: "a share is not for {who}: {why}",
    note: "it grants to principals of other tenants, so that the platform must say who they are",
    help: "name a principal type, or a role that the model declares as `role NAME platform`",
  },
  "guardrail/role-extends": {
    severity: "error",
    message: "a tenant's role cannot extend `{role}`",
    note: "a tenant may hand out only what the model delegates to it",
    help: "it can extend {roles}, and roles of its own",
  },
  "guardrail/role-modifier": {
    severity: "error",
    message: "a tenant cannot declare a role of the platform",
    help: "leave `platform` out",
  },
  "guardrail/no-ceiling": {
    severity: "warning",
    message: "the platform has no ceiling: tenants may permit anything",
    help: "add a `ceiling` for what a tenant may grant at most",
  },
  "guardrail/beyond-ceiling": { severity: "warning", message: "{problem}", help: "{help}" },
  "guardrail/stopped-by-floor": {
    severity: "warning",
    message: "the floor `{floor}` stops this {kind} for {who}: {actions} of {types}",
    note: "what a floor grants no tenant can take away; of a require only `audit` and `notify` hold there",
    help: "leave {who} out, or the actions that the floor grants",
  },
  "guardrail/writable-data": {
    severity: "warning",
    message: "`{name}` reads {fields}, which the tenant's own `{permit}` may update",
    note: "whoever may change what a guardrail reads may lift it",
    help: "add a rule of the platform on the row before and after, such as `{form}`",
  },
  "guardrail/mask-weaker": {
    severity: "warning",
    message: "`{rule}` masks `{field}` more strictly than this",
    note: "the stricter of the two is what is shown",
    help: "leave this out, or make it as strict",
  },
  "lint/unconditional-permit": {
    severity: "warning",
    message: "this permits anyone, always",
    help: "name roles, or add a `when`",
  },
  "lint/always-same": {
    severity: "warning",
    message: "this is always {answer}: {why}",
    help: "compare with a value that the fact can have on either side",
  },
  "lint/never-holds": {
    severity: "warning",
    message: "with this condition the rule never holds",
    note: "a permit that never holds gives nothing, and a forbid protects nothing",
    help: "leave out what cannot be true at the same time, or ask for either with `or`",
  },
  "lint/exact-time": {
    severity: "warning",
    message: "this holds for one microsecond of the day",
    help: "ask for a range, as in `clock.time in 22:00..06:00`",
  },
  "lint/unused-let": {
    severity: "warning",
    message: "`{name}` is never used",
    help: "use it in a rule, or leave it out",
  },
  "lint/redundant-has": { severity: "warning", message: "`{path}` is never absent", help: "leave it out" },
  "lint/redundant-fallback": {
    severity: "warning",
    message: "`{path}` is never absent, so `??` has no effect",
    help: "leave `??` and the default out",
  },
} as const satisfies Record<string, DiagnosticEntry>;
