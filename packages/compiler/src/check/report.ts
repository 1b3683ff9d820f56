/**
 * Collects findings while rules are checked once for each combination they reach, so that each is said once.
 * It never loses an error: what is recorded and not settled is settled with the rest.
 */
import type { Finding } from "@wardline/core";

export interface Report {
  /** Adds a finding, unless the same one stands at the same place already. */
  readonly add: (finding: Finding) => void;
  /**
   * Notes how a place fared in one combination. When settled: `none` is reported if it was right in no combination,
   * `some` if it was right in one and wrong in another.
   */
  readonly note: (key: string, right: boolean, none: () => Finding, some?: () => Finding) => void;
  /** Ends what was noted since the last time. Called after each rule. */
  readonly settle: () => void;
  /** Ends it without a word: not all combinations were looked at. */
  readonly discard: () => void;
  readonly findings: () => readonly Finding[];
  readonly hasErrors: () => boolean;
}

interface Noted {
  right: boolean;
  /** What the first wrong combination would say. */
  wrong: { readonly none: () => Finding; readonly some: (() => Finding) | undefined } | null;
}

export function newReport(): Report {
  const found = new Map<string, Finding>();
  const noted = new Map<string, Noted>();
  const add = (finding: Finding) => {
    const { file, start, end } = finding.labels[0].span;
    const key = JSON.stringify([finding.code, file, start, end, finding.message]);
    if (!found.has(key)) found.set(key, finding);
  };
  return {
    add,
    note: (key, right, none, some) => {
      let entry = noted.get(key);
      if (entry === undefined) noted.set(key, (entry = { right: false, wrong: null }));
      if (right) entry.right = true;
      else entry.wrong ??= { none, some };
    },
    settle: () => {
      for (const { right, wrong } of noted.values()) {
        if (wrong === null) continue;
        if (!right) add(wrong.none());
        else if (wrong.some !== undefined) add(wrong.some());
      }
      noted.clear();
    },
    discard: () => noted.clear(),
    findings: () => [...found.values()],
    hasErrors: () => [...found.values()].some((finding) => finding.severity === "error"),
  };
}
