import type { Fix, Span } from "@wardline/core";

/** Leaves one item out of a list that is written with commas, with the comma that goes with it. */
export function leaveOut(items: readonly Span[], index: number): Fix {
  const item = items[index] as Span;
  const before = items[index - 1];
  const after = items[index + 1];
  const span =
    before !== undefined
      ? { ...item, start: before.end }
      : after !== undefined
        ? { ...item, end: after.start }
        : item;
  return { title: "leave it out", edits: [{ span, text: "" }] };
}
