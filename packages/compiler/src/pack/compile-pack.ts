/** Checks a pack by itself: its text, its parameters, its settings. What its rules mean is said where a model is. */
import type { Finding, SourceFile } from "@wardline/core";
import type { LintLevels } from "../lint/lint-code.ts";
import { reportedOf } from "../reported.ts";
import { newReport } from "../check/report.ts";
import { ofKind } from "../check/declare.ts";
import { readSettings } from "../settings/read-settings.ts";
import { openPack } from "./open-pack.ts";
import { substituteSettings } from "./substitute.ts";

export interface CompiledPack {
  /** Null if any finding is an error. */
  readonly pack: { readonly name: string; readonly version: string } | null;
  readonly findings: readonly Finding[];
}

/** Compiles a pack alone. Never throws on any text. */
export function compilePack(source: SourceFile, lints?: LintLevels): CompiledPack {
  const report = newReport();
  const { file, header, parameters, findings: own } = openPack(source);
  for (const found of own) report.add(found);
  // Where a setting is a parameter, with a value that the parameter could have.
  const given = new Map([...parameters].map(([name, p]) => [name, p.default ?? p.sample]));
  const statements = ofKind(file.placed?.statements ?? [], "settings");
  readSettings(
    report,
    statements.map((statement) => substituteSettings(statement, given)),
  );
  const findings = reportedOf(report, [file], lints);
  const refused = findings.some((found) => found.severity === "error");
  return {
    pack: refused || header === null ? null : { name: header.name.text, version: header.version },
    findings,
  };
}
