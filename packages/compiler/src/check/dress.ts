/** A report that shows findings in some files with what led there. A pack's text is not its user's to mend. */
import type { Finding, Span } from "@wardline/core";
import type { Report } from "./report.ts";

/** File → the `use` that brought it. */
export type Uses = ReadonlyMap<string, Span>;

/** Findings in a pack are shown with its `use` and lose their fixes; lints there are the pack's author's and are left out. */
export function reportThroughUses(report: Report, uses: Uses): Report {
  if (uses.size === 0) return report;
  const dress = (found: Finding): Finding => {
    const span = uses.get(found.labels[0].span.file);
    return span === undefined
      ? found
      : { ...found, labels: [...found.labels, { span, message: "used here" }], fixes: [] };
  };
  const isOthers = (found: Finding) => found.code.startsWith("lint/") && uses.has(found.labels[0].span.file);
  return {
    ...report,
    add: (found) => {
      if (!isOthers(found)) report.add(dress(found));
    },
    note: (key, right, none, some) => {
      const wrong = right ? null : none();
      if (wrong !== null && isOthers(wrong)) return;
      report.note(key, right, () => dress(none()), some === undefined ? undefined : () => dress(some()));
    },
  };
}
