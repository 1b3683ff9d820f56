/** Whether a change of access may pass. What could not be compared does not pass. */
import type { ModelChange } from "@wardline/core/search";
import type { ProjectDiff, TenantDiff } from "./diff-projects.ts";

export const gates = ["no-new-access", "no-lost-access"] as const;
export type Gate = (typeof gates)[number];

export interface GateResult {
  readonly gate: Gate;
  readonly passed: boolean;
  /** Why it did not pass, one sentence each. */
  readonly reasons: readonly string[];
}

/** Whether the gate holds, and what stands against it. */
export function passGate(gate: Gate, { tenants, added, removed }: ProjectDiff): GateResult {
  const kind = gate === "no-new-access" ? "gained" : "lost";
  const alone = gate === "no-new-access" ? added : removed;
  const reasons = [
    ...tenants.flatMap((diff) => reasonsOf(kind, diff)),
    ...alone.map((tenant) => `${tenant}: the whole tenant is ${kind}`),
  ];
  return { gate, passed: reasons.length === 0, reasons };
}

function reasonsOf(kind: "gained" | "lost", diff: TenantDiff): readonly string[] {
  const shown = kind === "gained" ? "more" : "less";
  return [
    ...diff.differences.flatMap((one) => {
      const what = `${diff.tenant}: ${one.principal} ${one.action} ${one.resource}`;
      if (one.kind === kind && one.before.outcome !== one.after.outcome) return [`${what} is ${kind}`];
      return [
        ...(one.kind === kind ? [`${what} is permitted ${shown} often`] : []),
        ...(one.shown[shown].length === 0
          ? []
          : [`${what} shows ${shown} of ${one.shown[shown].join(", ")}`]),
      ];
    }),
    ...diff.onlyInOne
      .filter((one) => one.kind === kind)
      .map((one) => `${diff.tenant}: ${one.principal} ${one.action} ${one.resource} is ${kind}`),
    ...diff.model.flatMap((change) => {
      const text = notCompared(change);
      return text === null ? [] : [`${diff.tenant}: ${text}`];
    }),
  ];
}

/** What a comparison leaves out, or null for what it looks at all the same. */
export function notCompared(change: ModelChange): string | null {
  switch (change.kind) {
    case "fact":
      return `${change.table} cannot be compared: no value of ${change.name} is proper for both versions`;
    case "timezone":
      return `the clock is read in another zone (${change.name}), and what depends on it was compared in the first alone`;
    case "table":
    case "enum":
    case "enum_value":
      return null;
  }
}
