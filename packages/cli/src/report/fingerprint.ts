/** What a finding is known by from one run to the next, when the lines around it move. */
import { createHash } from "node:crypto";
import type { Finding } from "@wardline/core";
import { placesIn } from "./places.ts";

/**
 * A fingerprint for each finding, unique in its file: a hash of the code and the words of the line, and how many findings of that
 * hash the file has up to this one.
 */
export function fingerprints(
  findings: readonly Finding[],
  sources: ReadonlyMap<string, string>,
): ReadonlyMap<Finding, string> {
  const places = placesIn(sources);
  const counts = new Map<string, number>();
  const result = new Map<Finding, string>();
  const inOrder = findings.toSorted((a, b) => a.labels[0].span.start - b.labels[0].span.start);
  for (const finding of inOrder) {
    const { span } = finding.labels[0];
    const words = places.lineOf(span).text.trim().replaceAll(/\s+/g, " ");
    const hash = createHash("sha256").update(`${finding.code}\n${words}`).digest("hex").slice(0, 16);
    const key = `${span.file}\n${hash}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    result.set(finding, `${hash}:${count}`);
  }
  return result;
}
