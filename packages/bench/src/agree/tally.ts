/** Counts what a run has covered, and says whether that is enough to mean something. */
import type { Decision } from "@wardline/core";
import {
  casesPerModel,
  decidedConstructs,
  ruleConstructs,
  textConstructs,
  wholeConstructs,
  type Case,
} from "@wardline/core/testing";

export interface Tally {
  readonly policy: (made: Case, constructs: ReadonlySet<string>) => void;
  readonly decision: (decision: Decision, kind: string, constructs: ReadonlySet<string>) => void;
  /** Questions that one target was not asked. */
  readonly skip: (target: string, reason: string, questions: number) => void;
  /** Questions that a target answered as the oracle does. */
  readonly agreed: (target: string, questions: number) => void;
  /** A policy that the compiler refuses for its size. */
  readonly refused: (codes: string) => void;
  readonly cases: () => number;
  /** The tables that a run prints. */
  readonly report: () => string;
  /** Why the run shows too little, one line each; empty if it shows enough. */
  readonly faults: () => readonly string[];
}

/** A construct that occurs in fewer policies than this share is not covered. */
const leastShare = 0.02;
/** If more answers than this share are the same, agreement says little. */
const mostAlike = 0.9;

export function createTally(): Tally {
  const models = new Set<number>();
  const texts = new Set<string>();
  const inTexts = new Map(
    [...textConstructs, ...wholeConstructs, ...ruleConstructs].map((name) => [name, 0]),
  );
  const inDecisions = new Map(decidedConstructs.map((name) => [name, 0]));
  // The policies in which a construct decided something.
  const deciding = new Map(decidedConstructs.map((name) => [name, new Set<number>()]));
  const answers = new Map<string, number>();
  const kinds = new Map<string, number>();
  const skips = new Map<string, number>();
  const agreed = new Map<string, number>();
  const refusals = new Map<string, number>();
  let decisions = 0;
  let policies = 0;
  const add = (map: Map<string, number>, key: string, count = 1) =>
    void map.set(key, (map.get(key) ?? 0) + count);
  const alike = () => {
    const outcomes = new Map<string, number>();
    for (const [answer, count] of answers) {
      const outcome = answer.split(" ")[0] as string;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + count);
    }
    return Math.max(0, ...outcomes.values());
  };
  return {
    policy(made, constructs) {
      policies += 1;
      models.add(Math.floor(made.seed / casesPerModel));
      texts.add(made.platform.text + made.policy.text);
      for (const name of constructs) add(inTexts, name);
    },
    decision(decision, kind, constructs) {
      decisions += 1;
      add(kinds, kind);
      add(answers, decision.reason === null ? decision.outcome : `${decision.outcome} ${decision.reason}`);
      for (const name of constructs) {
        add(inDecisions, name);
        deciding.get(name)?.add(policies);
      }
    },
    skip: (target, reason, questions) => add(skips, `${target}: ${reason}`, questions),
    agreed: (target, questions) => add(agreed, target, questions),
    refused: (codes) => add(refusals, codes),
    cases: () => decisions,
    report: () =>
      [
        `cases ${decisions} · distinct policies ${texts.size} · models ${models.size}`,
        "",
        ...table("cases by kind", kinds, decisions),
        ...table("answers", answers, decisions),
        ...table("constructs in policies", inTexts, policies),
        ...table("constructs in the rules that decided, by decisions", inDecisions, decisions),
        ...table("constructs in the rules that decided, by policies", sizes(deciding), policies),
        ...table("questions answered alike, by target", agreed, decisions),
        ...(refusals.size === 0 ? [] : table("policies too large for the compiler", refusals, policies)),
        ...(skips.size === 0 ? ["skips: none"] : table("questions skipped", skips, decisions)),
      ].join("\n"),
    faults: () => [
      ...rare(inTexts, policies, "policies"),
      ...rare(sizes(deciding), policies, "policies that decided something"),
      ...(alike() > mostAlike * decisions
        ? [`more than ${mostAlike * 100} % of the answers have one outcome`]
        : []),
    ],
  };
}

function sizes(sets: ReadonlyMap<string, ReadonlySet<number>>): ReadonlyMap<string, number> {
  return new Map([...sets].map(([name, set]) => [name, set.size]));
}

function rare(counts: ReadonlyMap<string, number>, total: number, of: string): readonly string[] {
  return [...counts]
    .filter(([, count]) => count < leastShare * total)
    .map(
      ([name, count]) =>
        `\`${name}\` occurs in ${share(count, total)} of the ${of}, less than ${leastShare * 100} %`,
    );
}

function share(count: number, total: number): string {
  return `${((100 * count) / Math.max(total, 1)).toFixed(1)} %`;
}

function table(title: string, counts: ReadonlyMap<string, number>, total: number): readonly string[] {
  const rows = [...counts].toSorted(([, a], [, b]) => b - a);
  return [
    `${title}:`,
    ...rows.map(
      ([name, count]) =>
        `  ${name.padEnd(44)}${String(count).padStart(9)}${share(count, total).padStart(10)}`,
    ),
    "",
  ];
}
