/** A rule as a screen shows it: what it is, where it stands, and its own words. */
import type { Statement } from "@wardline/compiler";
import { positionAt, type Layer, type Rule, type RuleKind } from "@wardline/core";
import type { Snapshot } from "../workspace/snapshot.ts";

export interface RuleFacts {
  readonly id: string;
  readonly kind: RuleKind;
  /** Whose it is. */
  readonly layer: Layer;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly because: string | null;
  readonly doc: string | null;
  /** Where the statement stands, in UTF-16 units; the file's beginning where the text of now has none there. */
  readonly start: number;
  readonly end: number;
  /** The statement as it is written; empty where the text of now has none there. */
  readonly text: string;
}

export function ruleFacts(snapshot: Snapshot, rule: Rule): RuleFacts {
  const { id, kind, layer, file, line, because, doc } = rule;
  const text = snapshot.text(file) ?? "";
  const found = statementsOf(snapshot, file).find(
    ({ span }) => span.start < text.length && positionAt(text, span.start).line === line,
  );
  const { start, end } = found?.span ?? { start: 0, end: 0 };
  return { id, kind, layer, file, line, because, doc, start, end, text: text.slice(start, end) };
}

function statementsOf(snapshot: Snapshot, file: string): readonly Statement[] {
  return snapshot.parsed(file)?.ast.statements ?? [];
}
