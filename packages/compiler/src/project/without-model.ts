/** What can be said of files whose model is not there: how they are written, and that each is what it is loaded as. */
import type { Finding, SourceFile } from "@wardline/core";
import { newReport } from "../check/report.ts";
import type { LintLevels } from "../lint/lint-code.ts";
import { openFile } from "../open-file.ts";
import { reportedOf } from "../reported.ts";
import type { Project } from "./project.ts";

export function checkWithoutModel({ platform, tenants }: Project, lints?: LintLevels): readonly Finding[] {
  const check = (source: SourceFile, tenant: string | null) => {
    const report = newReport();
    const kind = tenant === null ? "platform" : "policy";
    const header = { model: null, tenant: tenant ?? "" };
    const file = openFile(report, source, kind === "policy" ? { kind, ...header } : { kind, model: null });
    // A comment that suppresses a lint is not unused where lints cannot be looked for.
    return reportedOf(report, [{ ...file, parsed: { ...file.parsed, comments: [] } }], lints);
  };
  return [
    ...platform.flatMap((source) => check(source, null)),
    ...[...tenants].flatMap(([tenant, source]) => check(source, tenant)),
  ];
}
