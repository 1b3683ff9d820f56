/** Which way access changes between two decisions, by counting what may be drawn. Shares nothing with the analysis that it is for. */
import type { Decision } from "../decision/decision.ts";
import type { LimitKey, LimitWindow } from "../decision/obligation.ts";

const outcomes = ["deny", "challenge", "permit"] as const;
const windows: readonly LimitWindow[] = ["second", "minute", "hour", "day"];

/** What a limit counts apart if draws are spread over several of each. */
const spreads: readonly (readonly LimitKey[])[] = [
  [],
  ["principal"],
  ["resource"],
  ["principal", "resource"],
];

export function expectedChange(before: Decision, after: Decision): "gained" | "lost" | "other" {
  const step = outcomes.indexOf(after.outcome) - outcomes.indexOf(before.outcome);
  if (step !== 0) return step > 0 ? "gained" : "lost";
  // Where only one has limits, it shows in the outcome once they are spent.
  if (after.outcome !== "permit" || !hasLimit(before) || !hasLimit(after)) return "other";
  let less = false;
  for (const window of windows)
    for (const spread of spreads) {
      const [one, other] = [drawsOf(before, window, spread), drawsOf(after, window, spread)];
      if (other > one) return "gained";
      less ||= other < one;
    }
  return less ? "lost" : "other";
}

const hasLimit = ({ obligations }: Decision) => obligations.some(({ type }) => type === "limit");

/** How many draws go through, no two within one smaller window, each by another of what `spread` names. */
function drawsOf({ obligations }: Decision, window: LimitWindow, spread: readonly LimitKey[]): number {
  const most = obligations.flatMap((one) => {
    if (one.type !== "limit") return [];
    const isApart = windows.indexOf(one.per) < windows.indexOf(window) || spread.includes(one.by);
    return isApart ? [] : [one.count];
  });
  return Math.min(...most);
}
