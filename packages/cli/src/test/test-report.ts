/** What `test` says, in each format. A failure is shown as findings are: at its place in the text. */
import type { TestResult } from "@wardline/compiler";
import type { Finding } from "@wardline/core";
import { hasErrors, many, summarize, type Reader } from "../report/finding-report.ts";
import { fingerprints } from "../report/fingerprint.ts";
import { formatReport } from "../report/formats.ts";
import { formatVersion } from "../report/json.ts";
import { formatPlain } from "../report/plain.ts";
import { element, printXml, type Element } from "../report/xml.ts";
import { version } from "../version.ts";
import { assertLines, brokenFinding } from "./asserts.ts";
import { measuredLines } from "./measured.ts";
import { allHold, type Tested, type TestedPolicy } from "./test-projects.ts";

/** SARIF is for what a check finds. */
export const testFormats = ["pretty", "plain", "compact", "json", "junit", "github"] as const;
export type TestFormat = (typeof testFormats)[number];

export async function formatTests(
  format: TestFormat,
  tested: Tested,
  filter: string | undefined,
  reader: Reader,
): Promise<string> {
  switch (format) {
    case "json":
      return formatJson(tested);
    case "junit":
      return formatJunit(tested);
    case "pretty":
    case "plain":
    case "compact":
    case "github":
      return formatReport(format, reportOf(tested, filter), reader);
  }
}

function reportOf(tested: Tested, filter: string | undefined) {
  const failures = tested.policies.flatMap((policy) => [
    ...policy.results.flatMap((result) => failuresOf(policy, result)),
    ...policy.asserts.flatMap((result) => brokenFinding(nameOf(policy), result)),
  ]);
  const findings = [...errorsOf(tested), ...failures];
  return {
    findings,
    sources: tested.sources,
    fingerprints: fingerprints(findings, tested.sources),
    closing: closingOf(tested, filter),
    json: {},
  };
}

function nameOf({ tenant }: TestedPolicy): string {
  return tenant ?? "the platform alone";
}

function errorsOf({ findings }: Tested): readonly Finding[] {
  return findings.filter(({ severity }) => severity === "error");
}

/** A finding for each expectation of a test that does not hold. */
function failuresOf({ tenant }: TestedPolicy, { test, expects }: TestResult): readonly Finding[] {
  return expects.flatMap(({ expect, problems }) =>
    problems.length === 0
      ? []
      : [
          {
            code: "",
            severity: "error" as const,
            message: `test "${test.title}" of ${tenant === null ? "the platform" : tenant} fails`,
            labels: [{ span: expect.span, message: problems.join("; ") }] as const,
            fixes: [],
          },
        ],
  );
}

function closingOf(tested: Tested, filter: string | undefined): readonly string[] {
  const all = tested.policies.flatMap(({ results }) => results);
  const failed = all.filter(({ passed }) => !passed).length;
  const lines: string[] = [];
  if (hasErrors(tested.findings))
    lines.push(`tests of a policy with an error are not run: ${summarize(errorsOf(tested))}`);
  const which = filter === undefined ? "" : ` whose title holds "${filter}"`;
  if (all.length === 0) lines.push(`no tests${which}`);
  else
    lines.push(
      failed === 0
        ? `${many(all.length, "test")}${which} passed`
        : `${failed} of ${many(all.length, "test")}${which} failed`,
    );
  for (const policy of tested.policies) lines.push(...assertLines(nameOf(policy), policy.asserts));
  for (const policy of tested.policies) lines.push(...measuredLines(nameOf(policy), policy.measured));
  return lines;
}

function formatJson(tested: Tested): string {
  const document = {
    formatVersion,
    tool: { name: "wardline", version },
    passed: allHold(tested),
    errors: errorsOf(tested).length,
    asserts: tested.policies.flatMap(({ tenant, asserts }) =>
      asserts.map(({ assert: { id, file, line }, broken, tries }) => ({
        tenant,
        id,
        file,
        line,
        tries,
        broken,
      })),
    ),
    ...measuredJson(tested),
    tests: tested.policies.flatMap(({ tenant, results }) =>
      results.map(({ test, passed, expects }) => ({
        tenant,
        title: test.title,
        file: test.file,
        line: test.line,
        passed,
        expects: expects.map(({ expect, problems }) => ({
          line: expect.line,
          passed: problems.length === 0,
          problems,
        })),
      })),
    ),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Only where something was measured. */
function measuredJson({ policies }: Tested) {
  const measured = policies.filter(({ measured: m }) => m.coverage !== null || m.mutation !== null);
  if (measured.length === 0) return {};
  return {
    measured: measured.map(({ tenant, measured: { coverage, mutation } }) => ({
      tenant,
      coverage,
      mutation,
    })),
  };
}

function formatJunit(tested: Tested): string {
  const suites = tested.policies.map((policy) => suiteOf(policy, tested.sources));
  const broken = errorsOf(tested).map((finding) =>
    element("testcase", { name: finding.code, classname: finding.labels[0].span.file }, [
      element("error", { message: finding.message, type: finding.code }, [
        formatPlain([finding], tested.sources),
      ]),
    ]),
  );
  const results = tested.policies.flatMap((policy) => policy.results);
  const asserts = tested.policies.flatMap((policy) => policy.asserts);
  return printXml(
    element(
      "testsuites",
      {
        name: "wardline test",
        tests: results.length + asserts.length + broken.length,
        failures: tested.policies.reduce((sum, policy) => sum + failedIn(policy), 0),
        errors: broken.length,
      },
      [
        ...(broken.length === 0
          ? []
          : [
              element(
                "testsuite",
                { name: "wardline check", tests: broken.length, failures: 0, errors: broken.length },
                broken,
              ),
            ]),
        ...suites,
      ],
    ),
  );
}

function suiteOf(policy: TestedPolicy, sources: ReadonlyMap<string, string>): Element {
  const name = policy.tenant ?? "platform";
  return element(
    "testsuite",
    {
      name,
      tests: policy.results.length + policy.asserts.length,
      failures: failedIn(policy),
      errors: 0,
    },
    [
      ...policy.results.map((result) => {
        const { title, file, line } = result.test;
        const failures = failuresOf(policy, result);
        const words = failures.map(({ labels }) => labels[0].message).join("; ");
        return element(
          "testcase",
          { name: title, classname: name, file, line },
          failures.length === 0
            ? []
            : [element("failure", { message: words }, [formatPlain(failures, sources)])],
        );
      }),
      ...policy.asserts.map((result) => {
        const { id, file, line } = result.assert;
        const broken = brokenFinding(nameOf(policy), result);
        return element(
          "testcase",
          { name: id, classname: name, file, line },
          broken.map((finding) =>
            element("failure", { message: finding.message }, [formatPlain([finding], sources)]),
          ),
        );
      }),
    ],
  );
}

function failedIn({ results, asserts }: TestedPolicy): number {
  return (
    results.filter(({ passed }) => !passed).length + asserts.filter(({ broken }) => broken !== null).length
  );
}
