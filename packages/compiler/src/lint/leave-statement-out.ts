/** Takes a whole statement away, with the comments that stand right above it. Never unasked: only its author knows that nothing is meant by it. */
import type { Fix, Span } from "@wardline/core";

export function leaveStatementOut(text: string, span: Span): Fix {
  return { title: "leave it out", choice: true, edits: [{ span: linesOf(text, span), text: "" }] };
}

/** The lines of a place, with what documents it and the empty line after it; the place alone where others share its lines. */
function linesOf(text: string, span: Span): Span {
  let start = text.lastIndexOf("\n", span.start - 1) + 1;
  const lineEnd = text.indexOf("\n", span.end);
  const end = lineEnd < 0 ? text.length : lineEnd + 1;
  const after = text.slice(span.end, lineEnd < 0 ? text.length : lineEnd);
  if (text.slice(start, span.start).trim() !== "" || !/^\s*(?:\/\/.*)?\r?$/.test(after)) return span;
  for (;;) {
    const above = text.lastIndexOf("\n", start - 2) + 1;
    if (start === 0 || !/^\s*\/\//.test(text.slice(above, start))) break;
    start = above;
  }
  const isApart = /\n[ \t]*\r?\n$/.test(text.slice(0, start)) && /^[ \t]*\r?\n/.test(text.slice(end));
  return { ...span, start, end: isApart ? text.indexOf("\n", end) + 1 : end };
}
