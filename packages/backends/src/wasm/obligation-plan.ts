/** The different preconditions of a table, in the order of their texts, and which of them imply which. */
import type { Obligation } from "@wardline/core";

export interface ObligationPlan {
  readonly text: string;
  /** Its place when texts are compared inside of a JSON document. */
  readonly rank: number;
  /** One implies another if both are of one group, and it is at least as fresh. */
  readonly group: number;
  /** Microseconds of age at the most; of any age, and what has none, is the largest. */
  readonly within: bigint;
}

const anyAge = 2n ** 63n - 1n;

export function planObligations(obligations: readonly Obligation[]): readonly ObligationPlan[] {
  const byText = new Map(obligations.map((obligation) => [JSON.stringify(obligation), obligation]));
  const ordered = [...byText].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const inJson = ordered.map(([text]) => JSON.stringify(text)).toSorted();
  const ranks = new Map(inJson.map((text, rank) => [text, rank]));
  const groups = new Map<string, number>();
  return ordered.map(([text, obligation]) => {
    const [name, within] = meaningOf(obligation);
    const group = groups.get(name) ?? groups.size;
    groups.set(name, group);
    return {
      text,
      rank: ranks.get(JSON.stringify(text)) as number,
      group,
      within: within === null ? anyAge : BigInt(within),
    };
  });
}

/** What is asked for, and how fresh it must be. Throws for what is no precondition. */
function meaningOf(obligation: Obligation): readonly [string, number | null] {
  switch (obligation.type) {
    case "step_up":
      return [`step_up ${obligation.factor}`, obligation.within];
    case "approval":
      return [`approval ${obligation.by}`, obligation.within];
    case "reason":
      return ["reason", null];
    case "mask":
    case "hide":
    case "encrypt":
    case "limit":
    case "audit":
    case "notify":
      throw new TypeError(`${obligation.type} is no precondition`);
  }
}
