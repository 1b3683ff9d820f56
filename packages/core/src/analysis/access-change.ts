/** What two decisions on one request differ in. */
import type { Decision, Outcome } from "../decision/decision.ts";
import type { Obligation } from "../decision/obligation.ts";
import { strictness } from "../value/mask.ts";

/**
 * `gained`: permitted where it was not, or challenged where it was denied. `lost`: the other way round. `other`: the same
 * outcome for another reason, by other rules or with other obligations.
 */
export type ChangeKind = "gained" | "lost" | "other";

export interface AccessChange {
  readonly kind: ChangeKind;
  /** The parts of the decision that differ. */
  readonly parts: readonly ("outcome" | "reason" | "rules" | "obligations")[];
  /** The rules that the one decision names and the other does not, in the order of the decisions. */
  readonly rules: { readonly before: readonly string[]; readonly after: readonly string[] };
  /** Of requests that are permitted both times: the fields of which more, or less, is shown. */
  readonly shown: { readonly more: readonly string[]; readonly less: readonly string[] };
}

const ranks: { readonly [Kind in Outcome]: number } = { deny: 0, challenge: 1, permit: 2 };

/** The change between two decisions, or null if they are the same. */
export function accessChange(before: Decision, after: Decision): AccessChange | null {
  const differs = (a: unknown, b: unknown) => JSON.stringify(a) !== JSON.stringify(b);
  const parts = (["outcome", "reason", "rules", "obligations"] as const).filter(
    (part) =>
      differs(before[part], after[part]) ||
      (part === "obligations" && differs(before.alternatives, after.alternatives)),
  );
  if (parts.length === 0) return null;
  const step = ranks[after.outcome] - ranks[before.outcome];
  const both = before.outcome === "permit" && after.outcome === "permit";
  return {
    kind: step > 0 ? "gained" : step < 0 ? "lost" : "other",
    parts,
    rules: {
      before: before.rules.filter((rule) => !after.rules.includes(rule)),
      after: after.rules.filter((rule) => !before.rules.includes(rule)),
    },
    shown: both ? shownChange(before.obligations, after.obligations) : { more: [], less: [] },
  };
}

function shownChange(before: readonly Obligation[], after: readonly Obligation[]): AccessChange["shown"] {
  const strict = (obligations: readonly Obligation[]) =>
    new Map(
      obligations.flatMap((o) => {
        if (o.type === "hide") return [[o.field, strictness({ kind: "hide" })] as const];
        return o.type === "mask" ? [[o.field, strictness(o.mask)] as const] : [];
      }),
    );
  const [first, second] = [strict(before), strict(after)];
  const step = (field: string) => (second.get(field) ?? 0) - (first.get(field) ?? 0);
  const fields = [...new Set([...first.keys(), ...second.keys()])];
  return {
    more: fields.filter((field) => step(field) < 0),
    less: fields.filter((field) => step(field) > 0),
  };
}
