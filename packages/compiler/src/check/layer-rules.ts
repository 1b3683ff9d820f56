/** Checks the rules of one layer, those of the packs that it uses among them: names, ids, and what all may expand to. */
import type { Rule, SourceFile, Span } from "@wardline/core";
import { finding } from "../diagnostics/table.ts";
import { declare } from "./declare.ts";
import { lineIndex } from "./line-index.ts";
import { rulesOf, type AnyRule, type PlacedFile } from "./placed-file.ts";
import type { Report } from "./report.ts";
import { checkRuleOnce, surroundingsOf } from "./remembered-rules.ts";
import type { Budget, CheckedRule } from "./rule.ts";
import type { Setting } from "./scope.ts";

/** A rule with the file that it stands in. */
export interface PlacedRule {
  readonly file: PlacedFile;
  readonly statement: AnyRule;
}

export function placedRules(files: readonly PlacedFile[]): readonly PlacedRule[] {
  return files.flatMap((file) => rulesOf(file).map((statement) => ({ file, statement })));
}

/** `ownerOf`: with what the ids of a pack's rules begin, and those of the layer's own files (null). */
export function checkLayerRules(
  setting: Setting,
  ownerOf: (pack: string | null) => string,
  statements: readonly PlacedRule[],
  budget: Budget,
): { readonly rules: readonly CheckedRule[]; readonly left: Budget } {
  const seen = new Map<string, Map<string, Span>>();
  const lines = new Map<SourceFile, (offset: number) => number>();
  const surroundings = surroundingsOf(setting);
  const rules: CheckedRule[] = [];
  let left = budget;
  for (const { file, statement } of statements) {
    const owner = ownerOf(file.pack?.name ?? null);
    const names = seen.get(owner) ?? new Map<string, Span>();
    seen.set(owner, names);
    if (!declare(setting.report, names, "rule", statement.name)) continue;
    if (left.terms < 0 || left.total < 0) continue;
    const lineAt = lines.get(file.source) ?? lineIndex(file.source.text);
    lines.set(file.source, lineAt);
    const annotations = statement.annotations.map(({ name, text }) => ({ name: name.text, text }));
    const rule: Rule = {
      id: `${owner}/${statement.name.text}`,
      layer: setting.layer,
      ...(file.pack === null ? {} : { pack: file.pack.name }),
      kind: statement.kind,
      file: file.source.name,
      line: lineAt(statement.span.start),
      because: statement.clauses.flatMap((c) => (c.kind === "because" ? [c.text] : [])).join(" ") || null,
      doc: statement.doc,
      ...(annotations.length > 0 ? { annotations } : {}),
    };
    const { checked, left: rest } = checkRuleOnce(setting, surroundings, rule, statement, left);
    left = rest;
    lintPermit(setting.report, statement);
    rules.push(checked);
  }
  return { rules, left };
}

function lintPermit(report: Report, statement: AnyRule): void {
  if (statement.kind !== "permit") return;
  const { who } = statement.reach;
  const conditional = statement.clauses.some((c) => c.kind === "when" || c.kind === "unless");
  if (who.kind === "anyone" && who.except.length === 0 && !conditional)
    report.add(finding("lint/unconditional-permit", statement.name.span, {}));
}
