/** The asserts that a policy breaks and did not break before, each with a request that shows it. */
import { requestWords, type CompileResult } from "@wardline/compiler";
import type { LoweredAssert } from "@wardline/core";
import { searchAssert } from "@wardline/core/search";
import { ruleName } from "../try/words.ts";
import { withoutMadeUpIds } from "./changes-between.ts";

/** How many are looked at: a preview has not the time of a test run, which looks at all of them for longer. */
const most = 24;

/** A step for each assert. */
export function* brokenPromises(
  before: CompileResult,
  after: CompileResult,
): Generator<void, readonly string[]> {
  const known = new Map(before.asserts.map((assert) => [assert.id, assert]));
  const broken: string[] = [];
  for (const assert of after.asserts.slice(-most)) {
    const witness = witnessOf(after, assert);
    const was = known.get(assert.id);
    if (witness !== null && (was === undefined || witnessOf(before, was) === null))
      broken.push(`The promise ${ruleName(assert.id)} does not hold: ${witness}`);
    yield;
  }
  return broken;
}

function witnessOf({ analysis }: CompileResult, assert: LoweredAssert): string | null {
  if (analysis === null) return null;
  const { counterexample } = searchAssert(analysis, assert, { seed: 1, tries: 6, probes: 20 });
  if (counterexample === null) return null;
  const { principal, action, resource, given } = requestWords(analysis, counterexample);
  const facts = given.length === 0 ? "" : `, given ${given.join(", ")}`;
  return withoutMadeUpIds(`${principal} to ${action} ${resource}${facts}`);
}
