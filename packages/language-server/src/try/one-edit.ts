/** The smallest single edit that makes one text of another, whose lines end as they did. */
import type { SourceFile, TextEdit } from "@wardline/core";

export function oneEdit({ name, text: before }: SourceFile, wanted: string): TextEdit {
  const after = endsInReturns(before) ? wanted.replaceAll(/\r?\n/g, "\r\n") : wanted;
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return {
    span: { file: name, start, end: before.length - end },
    text: after.slice(start, after.length - end),
  };
}

/** True of a text that has lines, all of which end in a carriage return and a line feed. */
export function endsInReturns(text: string): boolean {
  return text.includes("\r\n") && !/(?<!\r)\n/.test(text);
}
