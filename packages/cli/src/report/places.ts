/** Lines and columns of spans, with the lines of each text found once. */
import type { Position, Span } from "@wardline/core";

export interface Place {
  readonly file: string;
  readonly start: Position;
  /** Just past the last character. */
  readonly end: Position;
}

export interface Places {
  readonly of: (span: Span) => Place;
  /** The line that a span begins on, without its end, and the offset that it begins at. */
  readonly lineOf: (span: Span) => { readonly text: string; readonly start: number };
}

/** Places in texts by file name. A span of an unknown file is at 1:1. */
export function placesIn(sources: ReadonlyMap<string, string>): Places {
  const starts = new Map<string, readonly number[]>();
  const startsOf = (file: string): readonly number[] => {
    const known = starts.get(file) ?? lineStarts(sources.get(file) ?? "");
    starts.set(file, known);
    return known;
  };
  const position = (file: string, offset: number): Position => {
    const lines = startsOf(file);
    const line = lastAtMost(lines, offset);
    const before = (sources.get(file) ?? "").slice(lines[line], offset);
    return { line: line + 1, column: Array.from(before).length + 1 };
  };
  return {
    of: ({ file, start, end }) => ({ file, start: position(file, start), end: position(file, end) }),
    lineOf: ({ file, start }) => {
      const lines = startsOf(file);
      const line = lastAtMost(lines, start);
      const text = (sources.get(file) ?? "").slice(lines[line], lines[line + 1]);
      return { text: text.replace(/\r?\n$/, ""), start: lines[line] as number };
    },
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** The index of the last number that is not above `limit`. */
function lastAtMost(sorted: readonly number[], limit: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((sorted[middle] as number) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
