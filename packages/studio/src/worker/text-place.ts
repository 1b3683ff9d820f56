/** Places of the language server's protocol (line and UTF-16 column, from 0) and offsets into a text. */
import type { Position, Range } from "vscode-languageserver-protocol";

export function offsetAt(text: string, { line, character }: Position): number {
  let start = 0;
  for (let passed = 0; passed < line; passed += 1) {
    const end = text.indexOf("\n", start);
    if (end === -1) return text.length;
    start = end + 1;
  }
  const end = text.indexOf("\n", start);
  return Math.min(start + character, end === -1 ? text.length : end);
}

export function placeAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length - 1, character: before.length - start };
}

export function spanIn(
  text: string,
  range: Range,
): {
  readonly start: number;
  readonly end: number;
} {
  return { start: offsetAt(text, range.start), end: offsetAt(text, range.end) };
}
