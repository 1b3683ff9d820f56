/** Places in a project's files, as offsets that an editor can go to. */
import type { Statement } from "@wardline/compiler";
import type { Rule } from "@wardline/core";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { Place } from "./answer.ts";
import { ruleName } from "./words.ts";

/** The statement of a rule; null for a file that the project does not have. */
export function placeOfRule(snapshot: Snapshot, rule: Rule): Place | null {
  const { file, line } = rule;
  const statements = snapshot.parsed(file)?.ast.statements ?? [];
  const text = snapshot.text(file);
  const named = statements.filter((one) => nameOf(one) === ruleName(rule.id));
  const statement =
    named.find((one) => text !== undefined && lineAt(text, one.span.start) === line) ?? named[0];
  return statement === undefined
    ? null
    : { file, line, start: statement.span.start, end: statement.span.end };
}

/** A place by line and column, both from 1. */
export function placeAt(
  snapshot: Snapshot,
  at: { readonly file: string; readonly line: number; readonly column: number } | null,
  length: number,
): Place | null {
  const text = at === null ? undefined : snapshot.text(at.file);
  if (at === null || text === undefined) return null;
  let start = 0;
  for (let line = 1; line < at.line; line += 1) {
    const next = text.indexOf("\n", start);
    if (next === -1) return null;
    start = next + 1;
  }
  start = Math.min(start + at.column - 1, text.length);
  return { file: at.file, line: at.line, start, end: Math.min(start + length, text.length) };
}

function nameOf(statement: Statement): string | null {
  return "name" in statement ? statement.name.text : null;
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}
