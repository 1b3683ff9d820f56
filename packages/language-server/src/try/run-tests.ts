/** `wardline/runTests`: the tests of a policy and of its platform, each with what is not as it expects. */
import { compilePlatform, runTests as run, type CompileResult } from "@wardline/compiler";
import type { Project } from "@wardline/compiler/project";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { Place } from "./answer.ts";
import { opened } from "./opened.ts";
import type { Refused } from "../protocol/requests.ts";

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
  const own = open.tests.filter(({ layer }) => layer === "tenant");
  const platform = platformOf(snapshot.project);
  const ofPlatform = platform?.program == null ? [] : run(platform.program, platform.tests);
  return [...run(open.program, own), ...ofPlatform].map(({ test, passed, expects }) => ({
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

const platforms = new WeakMap<Project, CompileResult>();

/** The platform's tests ask about a tenant that has written nothing. */
function platformOf(project: Project): CompileResult | null {
  const { model, platform, packs } = project;
  if (model === null) return null;
  const compiled = platforms.get(project) ?? compilePlatform({ model, platform, packs });
  platforms.set(project, compiled);
  return compiled;
}
