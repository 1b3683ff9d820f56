/** `wardline/runTests`: the tests of a file, run; each with what is not as it expects. */
import { compilePlatform, runTests, type CompileResult, type TestResult } from "@wardline/compiler";
import type { Refused } from "../protocol/requests.ts";
import type { Snapshot } from "../workspace/snapshot.ts";

export interface FileTestsParams {
  readonly file: string;
  /** Only the test of this title. */
  readonly title?: string;
}

export interface FileTest {
  readonly title: string;
  readonly line: number;
  readonly passed: boolean;
  readonly problems: readonly {
    readonly text: string;
    readonly line: number;
    readonly start: number;
    readonly end: number;
  }[];
}

export interface FileTests {
  readonly tests: readonly FileTest[];
  readonly passed: number;
  readonly failed: number;
  /** All of it, to be read. */
  readonly text: string;
}

export function runFileTests(snapshot: Snapshot, { file, title }: FileTestsParams): FileTests | Refused {
  const results = resultsOf(snapshot, file);
  if ("refused" in results) return results;
  const tests = results.filter((one) => title === undefined || one.title === title);
  if (tests.length === 0)
    return { refused: title === undefined ? "The file has no tests." : `The file has no test “${title}”.` };
  const failed = tests.filter(({ passed }) => !passed).length;
  const lines = tests.flatMap((one) => [
    `${one.passed ? "✓" : "✗"} ${one.title}`,
    ...one.problems.map(({ text, line }) => `    ${file}:${line}: ${text}`),
  ]);
  const total = `${tests.length - failed} passed, ${failed} failed`;
  return { tests, passed: tests.length - failed, failed, text: [...lines, "", total].join("\n") };
}

const ran = new WeakMap<Snapshot, Map<string, readonly FileTest[] | Refused>>();

/** The tests of a snapshot are run once. */
function resultsOf(snapshot: Snapshot, file: string): readonly FileTest[] | Refused {
  const known = ran.get(snapshot) ?? new Map<string, readonly FileTest[] | Refused>();
  ran.set(snapshot, known);
  const before = known.get(file);
  if (before !== undefined) return before;
  const made = run(snapshot, file);
  known.set(file, made);
  return made;
}

function run(snapshot: Snapshot, file: string): readonly FileTest[] | Refused {
  const compiled = compiledFor(snapshot, file);
  if (compiled === null) return { refused: "This file has no tests to run." };
  const { program, tests, findings } = compiled;
  if (program === null) {
    const error = findings.find(({ severity }) => severity === "error");
    return {
      refused: `There is an error in ${error?.labels[0].span.file ?? file}: ${error?.message ?? "it does not compile"}. Until it is mended no test runs.`,
    };
  }
  return runTests(
    program,
    tests.filter((test) => test.file === file),
  ).map(testOf);
}

function testOf({ test, passed, expects }: TestResult): FileTest {
  return {
    title: test.title,
    line: test.line,
    passed,
    problems: expects.flatMap(({ expect, problems }) =>
      problems.map((text) => ({ text, line: expect.line, start: expect.span.start, end: expect.span.end })),
    ),
  };
}

/** The platform's tests ask about a tenant that has written nothing. */
function compiledFor(snapshot: Snapshot, file: string): CompileResult | null {
  const role = snapshot.roleOf(file);
  const { model, platform, packs } = snapshot.project;
  if (role?.kind === "policy") return snapshot.compiled(role.tenant) ?? null;
  return role?.kind === "platform" && model !== null ? compilePlatform({ model, platform, packs }) : null;
}
