/** What the asserts of a tenant's policy and its platform come to in two versions, in slices. Nothing is said of an assert that no text has. */
import { describeDecision, requestWords, type CompileResult, type RequestWords } from "@wardline/compiler";
import { positionAt, type RequestDocument } from "@wardline/core";
import { searchAssert } from "@wardline/core/search";
import { isRefused, programOf } from "../access/program-of.ts";
import type { Refused } from "../protocol/requests.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import { versionOf, type Versions } from "./versions.ts";

export interface AssertReview {
  readonly tenant: string;
  readonly asserts: readonly ReviewedAssert[];
  /** From where to go on; null: this was the last slice. */
  readonly next: number | null;
}

export interface ReviewedAssert {
  readonly id: string;
  /** Where it stands in the version that has it, the later one if both do. */
  readonly file: string;
  readonly line: number;
  /** Null: that version does not have it. */
  readonly before: TriedAssert | null;
  readonly after: TriedAssert | null;
}

/** A search: that nothing breaks it proves nothing. */
export interface TriedAssert {
  readonly tries: number;
  /** A request that breaks it, as ordinary as can be, and what is decided of it. */
  readonly broken: {
    readonly request: RequestDocument;
    readonly words: RequestWords;
    readonly decision: string;
  } | null;
}

/** The seed of `wardline test`. */
const seed = 1;

/** One assert a slice, from `from` on. */
export function reviewAsserts(
  snapshot: Snapshot,
  tenant: string,
  { before, after }: Versions,
  from = 0,
): AssertReview | Refused {
  const versions = [versionOf(snapshot, before), versionOf(snapshot, after)] as const;
  for (const version of versions) {
    const program = programOf(version, tenant);
    if (isRefused(program)) return program;
  }
  const [one, other] = versions.map((version) => version.compiled(tenant));
  const ids = [...new Set([...idsOf(other), ...idsOf(one)])];
  const id = ids[from];
  if (id === undefined) return { tenant, asserts: [], next: null };
  const place = placeOf(versions[1], other, id) ?? placeOf(versions[0], one, id) ?? { file: "", line: 1 };
  const reviewed = { id, ...place, before: tried(one, id), after: tried(other, id) };
  return { tenant, asserts: [reviewed], next: from + 1 < ids.length ? from + 1 : null };
}

function idsOf(compiled: CompileResult | undefined): readonly string[] {
  return compiled?.asserts.map(({ id }) => id) ?? [];
}

function placeOf(version: Snapshot, compiled: CompileResult | undefined, id: string) {
  const assert = compiled?.asserts.find((one) => one.id === id);
  if (assert === undefined) return undefined;
  const { file, start } = assert.span;
  return { file, line: positionAt(version.text(file) ?? "", start).line };
}

function tried(compiled: CompileResult | undefined, id: string): TriedAssert | null {
  const assert = compiled?.asserts.find((one) => one.id === id);
  const analysis = compiled?.analysis ?? null;
  if (assert === undefined || analysis === null) return null;
  const found = searchAssert(analysis, assert, { seed });
  if (found.counterexample === null) return { tries: found.tries, broken: null };
  const { counterexample: request, decision, tries } = found;
  return {
    tries,
    broken: { request, words: requestWords(analysis, request), decision: describeDecision(decision) },
  };
}
