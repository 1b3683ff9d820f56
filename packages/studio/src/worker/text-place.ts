/** Places of the language server's protocol (line and UTF-16 column, from 0) and offsets into a text. */
import type { Position, Range } from "vscode-languageserver-protocol";

/** A place past the end of its line is that end, one past the last line the end of the text. */
export function offsetAt(text: string, { line, character }: Position): number {
  // What the protocol takes for an end of a line; the language counts feeds alone.
  const ends = /\r\n|\r|\n/g;
  let start = 0;
  for (let passed = 0; passed < line; passed += 1) {
    if (ends.exec(text) === null) return text.length;
    start = ends.lastIndex;
  }
  return Math.min(start + character, ends.exec(text)?.index ?? text.length);
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
