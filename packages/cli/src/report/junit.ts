/** Findings as a JUnit report: a suite for each file, a failure for each error. Warnings are told, and fail nothing. */
import type { Finding } from "@wardline/core";
import { countOf, type FindingReport } from "./finding-report.ts";
import { placesIn } from "./places.ts";
import { formatPlain } from "./plain.ts";
import { element, printXml, type Element } from "./xml.ts";

export function formatJunit({ findings, sources }: FindingReport): string {
  const places = placesIn(sources);
  const byFile = new Map<string, Finding[]>([...sources.keys()].map((file) => [file, []]));
  for (const finding of findings) {
    const { file } = finding.labels[0].span;
    byFile.set(file, [...(byFile.get(file) ?? []), finding]);
  }
  const caseOf = (finding: Finding): Element => {
    const { file, start } = places.of(finding.labels[0].span);
    const name = `${finding.code} at ${start.line}:${start.column}`;
    const words = formatPlain([finding], sources);
    const inside =
      finding.severity === "error"
        ? element("failure", { message: finding.message, type: finding.code }, [words])
        : element("system-out", {}, [words]);
    return element("testcase", { name, classname: file, file, line: start.line }, [inside]);
  };
  const suites = [...byFile].map(([file, found]) =>
    element(
      "testsuite",
      { name: file, tests: Math.max(1, found.length), failures: countOf(found).errors, errors: 0 },
      found.length === 0
        ? [element("testcase", { name: "no findings", classname: file, file })]
        : found.map(caseOf),
    ),
  );
  const tests = [...byFile.values()].reduce((sum, found) => sum + Math.max(1, found.length), 0);
  return printXml(
    element(
      "testsuites",
      { name: "wardline check", tests, failures: countOf(findings).errors, errors: 0 },
      suites,
    ),
  );
}
