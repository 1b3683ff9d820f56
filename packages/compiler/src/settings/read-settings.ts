/**
 * From settings as they are written to values at their places: a plain document is made of them and held against the
 * published schema, and what does not fit is shown at the very key or value.
 */
import type { Span } from "@wardline/core";
import type { Name } from "../ast/expression.ts";
import type { SettingsStatement, Term, TermRecord } from "../ast/statement.ts";
import { declare } from "../check/declare.ts";
import type { Report } from "../check/report.ts";
import { unknownName } from "../check/suggest.ts";
import { finding } from "../diagnostics/table.ts";
import { documentProblems, type DocumentProblem } from "./document-problems.ts";
import { settingHelp } from "./setting-help.ts";
import { settingGroups, settingKind, settingNames, type SettingKind } from "./setting-table.ts";
import { documentValue, settingValue, type PlacedSetting } from "./setting-value.ts";

interface Entry {
  readonly key: Name;
  readonly value: Term | TermRecord;
}

/** The settings of one file, in the order of the text. What was refused is left out. */
export function readSettings(
  report: Report,
  statements: readonly SettingsStatement[],
): readonly PlacedSetting[] {
  const entries = new Map<string, Entry>();
  const document = documentOf(
    report,
    statements.flatMap((statement) => statement.entries),
    "",
    entries,
  );
  const refused = documentProblems(document).flatMap(
    (problem) => reportProblem(report, entries, problem) ?? [],
  );
  const isRefused = (path: string) => refused.some((other) => path === other || path.startsWith(`${other}.`));
  return [...entries].flatMap(([path, { key, value }]) => {
    const kind = settingKind(path);
    if (value.kind === "record" || kind === undefined || isRefused(path)) return [];
    const read = settingValue(kind, value);
    if (read === undefined) {
      refuseValue(report, kind, { key, value });
      return [];
    }
    return [{ path, kind, key, span: value.span, text: textOf(value), value: read }];
  });
}

/** The document, and each of its parts by path. Of a key that stands twice the first counts. */
function documentOf(
  report: Report,
  parts: readonly Entry[],
  under: string,
  entries: Map<string, Entry>,
): object {
  const document = Object.create(null) as Record<string, unknown>;
  const seen = new Map<string, Span>();
  for (const { key, value } of parts) {
    if (!declare(report, seen, "setting", key)) continue;
    const path = under === "" ? key.text : `${under}.${key.text}`;
    entries.set(path, { key, value });
    document[key.text] =
      value.kind === "record" ? documentOf(report, value.entries, path, entries) : documentValue(value);
  }
  return document;
}

/** The path of what is refused; null if the same is said by another problem. */
function reportProblem(
  report: Report,
  entries: ReadonlyMap<string, Entry>,
  { instancePath, keyword, params, propertyName }: DocumentProblem,
): string | null {
  if (propertyName !== undefined) return null;
  const at = instancePath.slice(1).replaceAll("/", ".");
  const named = params["additionalProperty"] ?? params["propertyName"];
  const path = typeof named === "string" ? [at, named].filter((part) => part !== "").join(".") : at;
  const entry = entries.get(path);
  if (entry === undefined) return path;
  if (keyword === "additionalProperties") {
    const known = at === "" ? settingNames : (settingGroups.get(at)?.keys ?? []);
    report.add(unknownName("setting", entry.key, known));
  } else if (keyword === "propertyNames") {
    // An entity that is not there is said where the model is.
    if (at === "retention") return null;
    report.add(finding("setting/feature", entry.key.span, { name: entry.key.text }));
  } else refuse(report, path, entry);
  return path;
}

function refuse(report: Report, path: string, entry: Entry): void {
  const group = settingGroups.get(path);
  if (group === undefined) {
    const kind = settingKind(path);
    if (kind !== undefined) refuseValue(report, kind, entry);
    return;
  }
  const holes = { setting: entry.key.text, wanted: "settings of its own, in braces" };
  report.add(finding("setting/value", entry.value.span, holes, { help: `write \`${group.form}\`` }));
}

function refuseValue(report: Report, kind: SettingKind, { key, value }: Entry): void {
  const holes = { setting: key.text, wanted: kind.wanted };
  report.add(finding("setting/value", value.span, holes, settingHelp(kind, value)));
}

function textOf(term: Term): string {
  return term.kind === "literal" ? term.text : term.kind === "call" ? term.name.text : "";
}
