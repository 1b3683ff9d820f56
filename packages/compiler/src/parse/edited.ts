/**
 * Which source came from which other one by an edit, so that what stands before the edit need not be parsed again. Only an
 * editor says so; nothing is held for longer than until the text is parsed.
 */
import type { SourceFile } from "@wardline/core";
import type { Statement } from "../ast/statement.ts";
import type { ParsedFile } from "./parse-file.ts";

const origins = new WeakMap<SourceFile, SourceFile>();

/** Says that a text came from another one, which was most likely parsed. Both must never be changed in place. */
export function noteEdited(before: SourceFile, after: SourceFile): void {
  // A text that was never parsed is passed over: else each would hold the one before it, and all of them stay.
  if (before.name === after.name) origins.set(after, origins.get(before) ?? before);
}

/** The last file that was made of another one, so that whoever makes the same edit again gets the same file. */
let last: { readonly before: WeakRef<SourceFile>; readonly after: SourceFile } | null = null;

/** A file with another text, of which it is known where it came from. The same object where the last one was made of the same. */
export function editedFile(before: SourceFile, text: string): SourceFile {
  if (text === before.text) return before;
  if (last?.after.text === text && last.before.deref() === before) return last.after;
  const after = { name: before.name, text };
  noteEdited(before, after);
  last = { before: new WeakRef(before), after };
  return after;
}

export function takeOrigin(source: SourceFile): SourceFile | undefined {
  const origin = origins.get(source);
  origins.delete(source);
  return origin;
}

/** What is known of the begin of a text. */
export interface KnownStart {
  /** Whole statements, one after the other from the header on, in which nothing was found. */
  readonly statements: readonly Statement[];
  /** Up to here, the begin of a line, the text is as it was. */
  readonly same: number;
}

/** The statements of an earlier parse, by the same limits, that stand before the first change and before whatever was found. */
export function knownStart(before: SourceFile, { ast, findings }: ParsedFile, after: SourceFile): KnownStart {
  const most = Math.min(before.text.length, after.text.length);
  let same = 0;
  while (same < most && before.text.charCodeAt(same) === after.text.charCodeAt(same)) same += 1;
  // No token and nothing that one looks at crosses a line.
  same = after.text.lastIndexOf("\n", same - 1) + 1;
  const end = Math.min(same, ...findings.map(({ labels: [{ span }] }) => span.start));
  const next = ast.statements.findIndex(({ span }) => span.end > end);
  return { statements: next < 0 ? ast.statements : ast.statements.slice(0, next), same };
}
