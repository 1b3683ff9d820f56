/** Decisions beside each other. */
import { auditLevels, strictness, type Decision, type Mask, type Obligation } from "@wardline/core";

/** From the mildest to the most severe. */
export function severity({ outcome }: Decision): number {
  return ["permit", "challenge", "deny"].indexOf(outcome);
}

/** A decision without what names rules, and in an order that does not depend on them. */
export function nameless({ outcome, reason, obligations, alternatives, retry_after }: Decision): string {
  return JSON.stringify({
    outcome,
    reason,
    obligations: texts(obligations),
    alternatives: alternatives?.map((set) => texts(set).join()).toSorted(),
    retry_after,
  });
}

function texts(obligations: readonly Obligation[]): readonly string[] {
  const bare = obligations.map((one) => JSON.stringify(one.type === "limit" ? { ...one, rule: "" } : one));
  return [...new Set(bare)].toSorted();
}

/** Field → how it is shown; what is not named is shown. */
export function shownOf({ obligations }: Decision): ReadonlyMap<string, Mask> {
  return new Map(
    obligations.flatMap((one): [string, Mask][] => {
      if (one.type === "hide") return [[one.field, { kind: "hide" }]];
      return one.type === "mask" ? [[one.field, one.mask]] : [];
    }),
  );
}

/** The first field that `less` shows more of than `more` does; undefined if there is none. */
export function shownMore(less: Decision, more: Decision): string | undefined {
  const [own, other] = [shownOf(less), shownOf(more)];
  return [...other].find(
    ([field, mask]) => strictness(own.get(field) ?? { kind: "show" }) < strictness(mask),
  )?.[0];
}

/** True if a permit carries the duty, or one that is as much. */
export function carries({ obligations }: Decision, duty: Obligation): boolean {
  return obligations.some((one) =>
    one.type === "audit" && duty.type === "audit"
      ? auditLevels.indexOf(one.level) >= auditLevels.indexOf(duty.level)
      : JSON.stringify(one) === JSON.stringify(duty),
  );
}
