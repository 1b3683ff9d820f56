/**
 * Every obligation of the language: which rules carry it and how it is written. The checker, its help and an editor's
 * completion read this one table.
 */

/** The rules that carry obligations: a permit and a share after `with`, a require after its name. */
export type Carrier = "permit" | "share" | "require";

export interface ObligationForm {
  /**
   * What it is: a field effect shows less of a field, a precondition is asked before anything is granted, a limit is
   * counted, a duty follows a permit, a seal holds for a field at all times.
   */
  readonly kind: "effect" | "precondition" | "limit" | "duty" | "seal";
  readonly on: readonly Carrier[];
  /** How it is written, with names in capitals. */
  readonly form: string;
  readonly summary: string;
}

const grants = ["permit", "share"] as const;
const everywhere = [...grants, "require"] as const;

export const obligationForms = {
  hide: { kind: "effect", on: everywhere, form: "hide(NAME)", summary: "the fields are not shown" },
  mask: {
    kind: "effect",
    on: everywhere,
    form: "mask(NAME, redact)",
    summary: "the field is shown only so",
  },
  step_up: {
    kind: "precondition",
    on: everywhere,
    form: "step_up(FACTOR, within: 5m)",
    summary: "a second factor, not older than that",
  },
  approval: {
    kind: "precondition",
    on: everywhere,
    form: "approval(NAME, within: 1h)",
    summary: "somebody's approval, not older than that",
  },
  reason: { kind: "precondition", on: everywhere, form: "reason", summary: "a stated reason" },
  limit: {
    kind: "limit",
    on: everywhere,
    form: "limit(20, per: day, by: principal)",
    summary: "so many in each window",
  },
  audit: { kind: "duty", on: everywhere, form: "audit(full)", summary: "the decision is put on record" },
  notify: { kind: "duty", on: everywhere, form: "notify(NAME)", summary: "somebody is told" },
  encrypt: {
    kind: "seal",
    on: ["require"],
    form: "encrypt(#CLASS)",
    summary: "the fields are stored sealed under the tenant's key",
  },
} as const satisfies Readonly<Record<string, ObligationForm>>;

export type ObligationName = keyof typeof obligationForms;

export const obligationNames = Object.keys(obligationForms) as readonly ObligationName[];

export function isObligation(name: string): name is ObligationName {
  return Object.hasOwn(obligationForms, name);
}

/** The obligations that a kind of rule carries. */
export function obligationsOn(carrier: Carrier): readonly ObligationName[] {
  return obligationNames.filter((name) => (obligationForms[name].on as readonly Carrier[]).includes(carrier));
}
