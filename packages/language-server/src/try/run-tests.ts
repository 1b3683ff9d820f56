/** `wardline/runTests`: the tests of a policy and of its platform, each with what is not as it expects. */
import { runTests as run } from "@wardline/compiler";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { Place } from "./answer.ts";
import { opened } from "./opened.ts";
import type { Refused } from "./scenario.ts";

export interface RunTestsParams {
  readonly tenant: string;
}

export interface RanTest {
  readonly title: string;
  readonly place: Place;
  /** The platform's, or the policy's own. */
  readonly layer: "platform" | "tenant";
  readonly passed: boolean;
  readonly expects: number;
  /** What is not as expected, with its place. */
  readonly problems: readonly { readonly text: string; readonly place: Place }[];
}

export function runPolicyTests(snapshot: Snapshot, { tenant }: RunTestsParams): readonly RanTest[] | Refused {
  const open = opened(snapshot, tenant);
  if ("refused" in open) return open;
  return run(open.program, open.tests).map(({ test, passed, expects }) => ({
    title: test.title,
    place: { ...test.span, line: test.line },
    layer: test.layer,
    passed,
    expects: expects.length,
    problems: expects.flatMap(({ expect, problems }) =>
      problems.map((text) => ({ text, place: { ...expect.span, line: expect.line } })),
    ),
  }));
}
