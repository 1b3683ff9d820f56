/** One run of `test`: compile, and run the tests of the platform once and of each tenant with its own policy. */
import { compileProject, sourcesOf } from "@wardline/compiler/project";
import { runTests, type CheckedTest, type CompileResult, type TestResult } from "@wardline/compiler";
import type { Finding, Rule } from "@wardline/core";
import { coverage } from "@wardline/core/search";
import type { Selection } from "../project/selection.ts";
import { runAsserts, type AssertResult } from "./asserts.ts";
import type { Measured } from "./measured.ts";
import { mutationOf } from "./mutation.ts";
import { hasErrors } from "../report/finding-report.ts";

/** The tests of one file set that were run. */
export interface TestedPolicy {
  /** Null: the platform's own tests. */
  readonly tenant: string | null;
  readonly results: readonly TestResult[];
  /** The platform's asserts are tried with each tenant's policy; a tenant's with its own. */
  readonly asserts: readonly AssertResult[];
  readonly measured: Measured;
}

export interface Tested {
  readonly policies: readonly TestedPolicy[];
  /** What the compiler found. Tests of a policy with an error are not run. */
  readonly findings: readonly Finding[];
  readonly sources: ReadonlyMap<string, string>;
}

export interface TestRequest {
  /** Whether a test with this title is to be run. */
  readonly wanted: (title: string) => boolean;
  /** Whether to say what the tests reach of the rules, and how many faults in them they would notice. */
  readonly coverage: boolean;
  readonly mutate: boolean;
  readonly step: (done: number, all: number) => void;
}

export function testProjects(selections: readonly Selection[], asked: TestRequest): Tested {
  const { wanted, step } = asked;
  const results = selections.map(({ project, tenants, platform }) =>
    compileProject(project, { only: (tenant) => tenants.has(tenant), platform, step }),
  );
  const run = (compiled: CompileResult, tenant: string | null): TestedPolicy => {
    const own = compiled.tests.filter(
      ({ layer, title }) => (layer === "platform") === (tenant === null) && wanted(title),
    );
    const results = compiled.program === null ? [] : runTests(compiled.program, own);
    const asserts = runAsserts(compiled, wanted);
    return { tenant, results, asserts, measured: measure(asked, compiled, tenant, results, own) };
  };
  return {
    policies: results.flatMap(({ platform, policies }) => [
      ...(platform === null ? [] : [run(platform, null)]),
      ...[...policies].map(([tenant, compiled]) => run(compiled, tenant)),
    ]),
    findings: results.flatMap(({ findings }) => findings),
    sources: new Map(selections.flatMap(({ project }) => [...sourcesOf(project)])),
  };
}

/** Of the rules that the file itself has: a tenant's tests are not asked to test the platform. */
function measure(
  asked: TestRequest,
  { program, sourceMap }: CompileResult,
  tenant: string | null,
  results: readonly TestResult[],
  tests: readonly CheckedTest[],
): Measured {
  if (program === null) return { coverage: null, mutation: null };
  const isOwn = ({ layer, pack }: Rule) => pack === undefined && (layer === "platform") === (tenant === null);
  const requests = results.flatMap(({ expects }) =>
    expects.flatMap((expect) => expect.asked.map(({ request }) => request)),
  );
  const holds = results.every(({ passed }) => passed);
  return {
    coverage: asked.coverage ? coverage(program, sourceMap, requests, isOwn) : null,
    // A test that fails already would notice everything.
    mutation: asked.mutate && holds ? mutationOf(program, sourceMap, tests, isOwn) : null,
  };
}

/** True if every policy compiled, every test that was run holds, and no assert was broken. */
export function allHold({ policies, findings }: Tested): boolean {
  return (
    !hasErrors(findings) &&
    policies.every(
      ({ results, asserts }) =>
        results.every(({ passed }) => passed) && asserts.every(({ broken }) => broken === null),
    )
  );
}
