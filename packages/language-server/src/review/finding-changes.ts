/** The findings that only one of two versions has. A finding is known by its code, its words and its line's, so that lines may move. */
import { positionAt, type Finding, type Severity } from "@wardline/core";
import type { Snapshot } from "../workspace/snapshot.ts";

export interface FoundThere {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly help: string | null;
  readonly file: string;
  /** From 1, in the version that has it. */
  readonly line: number;
}

export interface FindingChanges {
  readonly fresh: readonly FoundThere[];
  readonly gone: readonly FoundThere[];
  /** How many both versions have. */
  readonly kept: number;
}

export function findingChanges(before: Snapshot, after: Snapshot): FindingChanges {
  const [one, other] = [before.findings(), after.findings()];
  const gone = without(one, before, other, after);
  return { fresh: without(other, after, one, before), gone, kept: one.length - gone.length };
}

/** Those of one version that the other does not have as often. */
function without(
  found: readonly Finding[],
  version: Snapshot,
  others: readonly Finding[],
  otherVersion: Snapshot,
): readonly FoundThere[] {
  const left = new Map<string, number>();
  for (const finding of others) {
    const key = keyOf(finding, otherVersion);
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  return found.flatMap((finding) => {
    const key = keyOf(finding, version);
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count > 0 ? [] : [foundThere(finding, version)];
  });
}

function keyOf(finding: Finding, version: Snapshot): string {
  const { span } = finding.labels[0];
  const text = version.text(span.file) ?? "";
  const from = text.lastIndexOf("\n", span.start - 1) + 1;
  const end = text.indexOf("\n", span.start);
  const words = text
    .slice(from, end === -1 ? text.length : end)
    .trim()
    .replaceAll(/\s+/g, " ");
  return JSON.stringify([finding.code, finding.severity, finding.message, span.file, words]);
}

function foundThere({ code, severity, message, help, labels }: Finding, version: Snapshot): FoundThere {
  const { file, start } = labels[0].span;
  const { line } = positionAt(version.text(file) ?? "", start);
  return { code, severity, message, help: help ?? null, file, line };
}
