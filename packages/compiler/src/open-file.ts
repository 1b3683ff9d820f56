/** Opens a file as what it is loaded as: parse, header, placement. What a file may be is never the file's to say. */
import type { SourceFile } from "@wardline/core";
import { checkHeader, type Loaded } from "./check/header.ts";
import { maxStatements } from "./check/limits.ts";
import { checkPlacement } from "./check/placement.ts";
import type { PlacedFile } from "./check/placed-file.ts";
import type { Report } from "./check/report.ts";
import { platformLimits, tenantLimits } from "./parse/limits.ts";
import type { ParsedFile } from "./parse/parse-file.ts";
import { parseOnce } from "./parse/parse-once.ts";

export interface OpenedFile {
  readonly source: SourceFile;
  readonly parsed: ParsedFile;
  /** Null if the file is not what it is loaded as. */
  readonly placed: PlacedFile | null;
}

export function openFile(report: Report, source: SourceFile, loaded: Loaded): OpenedFile {
  // Anyone may have written a pack.
  const isTrusted = loaded.kind === "model" || loaded.kind === "platform";
  const parsed = parseOnce(source, isTrusted ? platformLimits : tenantLimits);
  for (const found of parsed.findings) report.add(found);
  const { header } = parsed.ast;
  if (!checkHeader(report, parsed.ast, loaded) || header === null) return { source, parsed, placed: null };
  const most = isTrusted ? Infinity : maxStatements;
  const statements = checkPlacement(report, parsed.ast, source.text, loaded.kind, most);
  return { source, parsed, placed: { source, statements, headerSpan: header.span, pack: null } };
}

/** True if some statement of the files may not have been parsed as it was meant. */
export function isDamaged(files: readonly OpenedFile[]): boolean {
  return files.some((file) => file.parsed.findings.some((found) => found.severity === "error"));
}
