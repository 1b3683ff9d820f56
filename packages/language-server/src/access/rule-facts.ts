/** A rule as a screen shows it: what it is, where it stands, and its own words. */
import type { ParsedFile, Statement } from "@wardline/compiler";
import type { Layer, Rule, RuleKind } from "@wardline/core";
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
  const found = statementsByLine(snapshot, file).get(line);
  const { start, end } = found?.span ?? { start: 0, end: 0 };
  return { id, kind, layer, file, line, because, doc, start, end, text: text.slice(start, end) };
}

const known = new WeakMap<ParsedFile, ReadonlyMap<number, Statement>>();

/** The first statement that begins on each line, from 1. One pass: a policy has hundreds of rules. */
function statementsByLine(snapshot: Snapshot, file: string): ReadonlyMap<number, Statement> {
  const parsed = snapshot.parsed(file);
  if (parsed === undefined) return new Map();
  const before = known.get(parsed);
  if (before !== undefined) return before;
  const text = snapshot.text(file) ?? "";
  const made = new Map<number, Statement>();
  let [line, at] = [1, 0];
  for (const statement of parsed.ast.statements) {
    for (; at < statement.span.start; at += 1) if (text.charCodeAt(at) === 10) line += 1;
    if (!made.has(line)) made.set(line, statement);
  }
  known.set(parsed, made);
  return made;
}
