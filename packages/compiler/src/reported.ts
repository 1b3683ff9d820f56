/** What a compile reports: less the lints that comments suppress or the configuration turns off, in order, and not too many. */
import type { Finding, SourceFile } from "@wardline/core";
import type { Report } from "./check/report.ts";
import { finding } from "./diagnostics/table.ts";
import { applyLevels } from "./lint/levels.ts";
import type { LintLevels } from "./lint/lint-code.ts";
import { suppress } from "./lint/suppress.ts";
import type { OpenedFile } from "./open-file.ts";

/**
 * The findings of some files, by file and place. `others`: files in which something may be found, whose comments are not
 * theirs to say what is reported here.
 */
export function reportedOf(
  report: Report,
  files: readonly OpenedFile[],
  levels: LintLevels = {},
  others: readonly SourceFile[] = [],
): readonly Finding[] {
  const commented = files.map(({ source, parsed }) => ({ source, ...parsed }));
  return ordered(applyLevels(suppress(commented, report.findings(), levels), levels), [
    ...files.map((file) => file.source),
    ...others,
  ]);
}

/** The most findings that a result holds. Errors are kept before warnings. */
const maxFindings = 100;

function ordered(findings: readonly Finding[], sources: readonly SourceFile[]): readonly Finding[] {
  const places = sources.map((source) => source.name);
  const inOrder = findings.toSorted((a, b) => {
    const [x, y] = [a.labels[0].span, b.labels[0].span];
    return places.indexOf(x.file) - places.indexOf(y.file) || x.start - y.start || x.end - y.end;
  });
  if (inOrder.length <= maxFindings) return inOrder;
  const errors = inOrder.filter((found) => found.severity === "error");
  const kept = new Set(
    [...errors, ...inOrder.filter((found) => found.severity !== "error")].slice(0, maxFindings - 1),
  );
  const [next] = inOrder.filter((found) => !kept.has(found));
  const place = next?.labels[0].span ?? { file: places[0] ?? "", start: 0, end: 0 };
  const code = errors.length > 0 ? "limit/findings" : "limit/warnings";
  return [
    ...inOrder.filter((found) => kept.has(found)),
    finding(code, place, { limit: String(maxFindings) }),
  ];
}
