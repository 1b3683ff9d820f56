/** One run of `test`: compile, and run the tests of the platform once and of each tenant with its own policy. */
import { runTests, type CompileResult, type TestResult } from "@wardline/compiler";
import type { Finding } from "@wardline/core";
import { compileProject } from "../project/compile-project.ts";
import { sourcesOf } from "../project/project.ts";
import type { Selection } from "../project/selection.ts";
import { hasErrors } from "../report/finding-report.ts";

/** The tests of one file set that were run. */
export interface TestedPolicy {
  /** Null: the platform's own tests. */
  readonly tenant: string | null;
  readonly results: readonly TestResult[];
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
  readonly step: (done: number, all: number) => void;
}

export function testProjects(selections: readonly Selection[], { wanted, step }: TestRequest): Tested {
  const results = selections.map(({ project, tenants, platform }) =>
    compileProject(project, { only: (tenant) => tenants.has(tenant), platform, step }),
  );
  const run = (compiled: CompileResult, tenant: string | null): TestedPolicy => {
    const own = compiled.tests.filter(
      ({ layer, title }) => (layer === "platform") === (tenant === null) && wanted(title),
    );
    return { tenant, results: compiled.program === null ? [] : runTests(compiled.program, own) };
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

/** True if every policy compiled and every test that was run holds. */
export function allHold({ policies, findings }: Tested): boolean {
  return !hasErrors(findings) && policies.every(({ results }) => results.every(({ passed }) => passed));
}
