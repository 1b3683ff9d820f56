/** The asserts of a policy, each with what was found by trying to break it. */
import { describeDecision, requestWords, type CompileResult } from "@wardline/compiler";
import type { Finding, LoweredAssert, RequestDocument } from "@wardline/core";
import { searchAssert } from "@wardline/core/search";

export interface AssertResult {
  readonly assert: LoweredAssert;
  /** A request that breaks it, in words and as a document; null if none was found. */
  readonly broken: { readonly words: string; readonly request: RequestDocument } | null;
  readonly tries: number;
}

/** Searches for what breaks each assert. That nothing is found proves nothing: it is said as a number of tries. */
export function runAsserts(
  { analysis, asserts }: CompileResult,
  wanted: (id: string) => boolean,
): readonly AssertResult[] {
  if (analysis === null) return [];
  return asserts
    .filter(({ id }) => wanted(id))
    .map((assert) => {
      const found = searchAssert(analysis, assert, { seed: 1 });
      if (found.counterexample === null) return { assert, broken: null, tries: found.tries };
      const { principal, action, resource, given, unsaid } = requestWords(analysis, found.counterexample);
      const facts = [...given.map((fact) => `given ${fact}`), ...unsaid];
      const asked = `${principal} to ${action} ${resource}`;
      const words = `${[asked, ...facts].join(", ")}: ${describeDecision(found.decision)}`;
      return { assert, broken: { words, request: found.counterexample }, tries: found.tries };
    });
}

/** A finding for an assert that is broken. `name`: whose policy it was tried with. */
export function brokenFinding(name: string, { assert, broken }: AssertResult): readonly Finding[] {
  if (broken === null) return [];
  return [
    {
      code: "",
      severity: "error",
      message: `the assert ${assert.id} does not hold for ${name}`,
      labels: [{ span: assert.span, message: "found by trying it" }],
      note: broken.words,
      fixes: [],
    },
  ];
}

/** `north: 2 asserts, no counterexample in 812 tries`. */
export function assertLines(name: string, results: readonly AssertResult[]): readonly string[] {
  if (results.length === 0) return [];
  const broken = results.filter((result) => result.broken !== null).length;
  const tries = results.reduce((sum, result) => sum + result.tries, 0);
  const all = `${results.length} ${results.length === 1 ? "assert" : "asserts"} of ${name}`;
  return [broken === 0 ? `${all}: no counterexample in ${tries} tries` : `${broken} of ${all} broken`];
}
