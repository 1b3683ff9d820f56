/** One finding as a SARIF result. */
import type { Finding, Fix, Label, Span } from "@wardline/core";
import type { Reader } from "../finding-report.ts";
import type { Places } from "../places.ts";
import { artifactOf } from "./artifact.ts";
import { codes, levelOf } from "./rules.ts";

export interface ResultContext {
  readonly places: Places;
  readonly reader: Reader;
}

export function resultOf(finding: Finding, fingerprint: string, context: ResultContext): object {
  const [first, ...others] = finding.labels;
  const index = (codes as readonly string[]).indexOf(finding.code);
  const words = [finding.message, first.message, finding.note, finding.help];
  return {
    ruleId: finding.code,
    ...(index === -1 ? {} : { ruleIndex: index }),
    level: levelOf(finding.severity),
    message: { text: words.filter((part) => part !== undefined).join("\n") },
    locations: [{ physicalLocation: physicalLocation(first.span, context) }],
    partialFingerprints: { primaryLocationLineHash: fingerprint },
    ...(others.length === 0
      ? {}
      : { relatedLocations: others.map((label, id) => related(label, id + 1, context)) }),
    ...(finding.fixes.length === 0 ? {} : { fixes: finding.fixes.map((fix) => fixOf(fix, context)) }),
  };
}

function related(label: Label, id: number, context: ResultContext): object {
  return {
    id,
    physicalLocation: physicalLocation(label.span, context),
    ...(label.message === undefined ? {} : { message: { text: label.message } }),
  };
}

function physicalLocation(span: Span, context: ResultContext): object {
  return { artifactLocation: artifactOf(span.file, context.reader), region: region(span, context) };
}

function region(span: Span, { places }: ResultContext): object {
  const { start, end } = places.of(span);
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

function fixOf(fix: Fix, context: ResultContext): object {
  const byFile = Map.groupBy(fix.edits, (edit) => edit.span.file);
  return {
    description: { text: fix.title },
    artifactChanges: [...byFile].map(([file, edits]) => ({
      artifactLocation: artifactOf(file, context.reader),
      replacements: edits.map((edit) => ({
        deletedRegion: region(edit.span, context),
        insertedContent: { text: edit.text },
      })),
    })),
  };
}
