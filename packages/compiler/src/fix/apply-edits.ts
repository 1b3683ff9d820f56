/** Carries out edits on a text: what a fix, the formatter and an editor do alike. */
import type { TextEdit } from "@wardline/core";

/** The text with edits that do not overlap. Of two insertions at one offset the earlier in the list stands first. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const inOrder = edits
    .map((edit, index) => ({ ...edit, index }))
    .toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end || a.index - b.index);
  let result = "";
  let at = 0;
  for (const { span, text: put } of inOrder) {
    result += text.slice(at, span.start) + put;
    at = span.end;
  }
  return result + text.slice(at);
}

/** True if no edit of a list reaches into another one. */
export function areApart(edits: readonly TextEdit[]): boolean {
  return edits.every((a, i) =>
    edits.every(
      (b, j) =>
        i >= j || a.span.file !== b.span.file || a.span.end <= b.span.start || b.span.end <= a.span.start,
    ),
  );
}

/** True if an edit reaches into, or ends where begins, one of the others. */
export function touches(edit: TextEdit, others: readonly TextEdit[]): boolean {
  return others.some(
    (other) =>
      other.span.file === edit.span.file &&
      edit.span.start <= other.span.end &&
      other.span.start <= edit.span.end,
  );
}
