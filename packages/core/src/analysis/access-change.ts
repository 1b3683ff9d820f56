/** What two decisions on one request differ in. */
import type { Decision, Outcome } from "../decision/decision.ts";
import type { LimitKey, LimitWindow, Obligation } from "../decision/obligation.ts";
import { strictness, type Mask } from "../value/mask.ts";

/**
 * `gained`: permitted where it was not, or challenged where it was denied, or permitted more often. `lost`: the other way
 * round. `other`: the same outcome for another reason, by other rules or with other obligations.
 */
export type ChangeKind = "gained" | "lost" | "other";

export interface AccessChange {
  readonly kind: ChangeKind;
  /** The parts of the decision that differ. */
  readonly parts: readonly ("outcome" | "reason" | "rules" | "obligations")[];
  /** The rules that the one decision names and the other does not, in the order of the decisions. */
  readonly rules: { readonly before: readonly string[]; readonly after: readonly string[] };
  /** Of requests that are permitted both times: the fields of which more, or less, is shown. What shows another part is in both. */
  readonly shown: { readonly more: readonly string[]; readonly less: readonly string[] };
}

const ranks: { readonly [Kind in Outcome]: number } = { deny: 0, challenge: 1, permit: 2 };

/** The change between two decisions, or null if they are the same. */
export function accessChange(before: Decision, after: Decision): AccessChange | null {
  const differs = (a: unknown, b: unknown) => JSON.stringify(a) !== JSON.stringify(b);
  // Mostly nothing does.
  if (!differs(before, after)) return null;
  const parts = (["outcome", "reason", "rules", "obligations"] as const).filter(
    (part) =>
      differs(before[part], after[part]) ||
      (part === "obligations" && differs(before.alternatives, after.alternatives)),
  );
  if (parts.length === 0) return null;
  const both = before.outcome === "permit" && after.outcome === "permit";
  const step = both
    ? drawChange(before.obligations, after.obligations)
    : ranks[after.outcome] - ranks[before.outcome];
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
  const masks = (obligations: readonly Obligation[]) =>
    new Map(
      obligations.flatMap((o): readonly (readonly [string, Mask])[] => {
        if (o.type === "hide") return [[o.field, { kind: "hide" }]];
        return o.type === "mask" ? [[o.field, o.mask]] : [];
      }),
    );
  const [first, second] = [masks(before), masks(after)];
  const changes = [...new Set([...first.keys(), ...second.keys()])].map((field) => {
    const [one, other] = [first.get(field) ?? all, second.get(field) ?? all];
    const step = strictness(other) - strictness(one);
    // The first and the last of equally many characters.
    const isOther = step === 0 && one.kind !== other.kind;
    return { field, more: step < 0 || isOther, less: step > 0 || isOther };
  });
  return {
    more: changes.filter(({ more }) => more).map(({ field }) => field),
    less: changes.filter(({ less }) => less).map(({ field }) => field),
  };
}

const all: Mask = { kind: "show" };

type Limit = Extract<Obligation, { readonly type: "limit" }>;

/** 1: limits of the one let through what those of the other stop. A limit that is gone is seen where it is spent. */
function drawChange(before: readonly Obligation[], after: readonly Obligation[]): -1 | 0 | 1 {
  const limits = (obligations: readonly Obligation[]) => obligations.filter((one) => one.type === "limit");
  const [first, second] = [limits(before), limits(after)];
  if (first.length === 0 || second.length === 0) return 0;
  const covers = (some: readonly Limit[], others: readonly Limit[]) =>
    others.every((other) => some.some((one) => isAsStrict(one, other)));
  if (!covers(second, first)) return 1;
  return covers(first, second) ? 0 : -1;
}

const windows: { readonly [Window in LimitWindow]: number } = { second: 0, minute: 1, hour: 2, day: 3 };

function isAsStrict(one: Limit, other: Limit): boolean {
  const covers: { readonly [Key in LimitKey]: boolean } = {
    principal: other.by === "principal",
    resource: other.by === "resource",
    tenant: true,
  };
  return one.count <= other.count && windows[one.per] >= windows[other.per] && covers[one.by];
}
