/** Where text came from. Offsets are UTF-16 code units into `SourceFile.text`; `end` is exclusive. */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** A source text with the name that reports print. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

/** A place for people: both numbers count from 1; `column` counts code points. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The line and column of an offset in a text. An offset past the end is the end. */
export function positionAt(text: string, offset: number): Position {
  const upTo = text.slice(0, offset);
  const lastBreak = upTo.lastIndexOf("\n");
  let line = 1;
  for (const char of upTo) if (char === "\n") line += 1;
  return { line, column: Array.from(upTo.slice(lastBreak + 1)).length + 1 };
}
