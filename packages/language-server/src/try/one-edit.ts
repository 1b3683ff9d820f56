/** The smallest single edit that makes one text of another. */
import type { SourceFile, TextEdit } from "@wardline/core";

export function oneEdit({ name, text: before }: SourceFile, after: string): TextEdit {
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
