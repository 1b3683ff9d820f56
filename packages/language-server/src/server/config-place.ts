/** Where in a configuration's text a problem is: the key or the value that it names. */
import type { ConfigProblem } from "../workspace/load-project.ts";

export interface TextPlace {
  readonly start: number;
  readonly end: number;
}

export function configPlace(text: string, { problem, at }: ConfigProblem): TextPlace {
  if (at?.value !== undefined) return quoted(text, at.value, 0) ?? firstLine(text);
  const syntax = /position (\d+)/.exec(problem);
  if (syntax !== null) return characterAt(text, Number(syntax[1]));
  if (/is not JSON/.test(problem)) return characterAt(text, text.trimEnd().length - 1);
  const path = /`([^`]+)`/.exec(problem)?.[1];
  if (path === undefined) return firstLine(text);
  // `lints.lint/x` is one key in another; a key may itself hold a dot.
  const [group, ...rest] = path.split(".");
  const outer = group === undefined ? undefined : keyOf(text, group.replace(/\[\d+\]$/, ""), 0);
  const inner = rest.length === 0 ? undefined : keyOf(text, rest.join("."), outer?.end ?? 0);
  return inner ?? keyOf(text, path, 0) ?? outer ?? quoted(text, path, 0) ?? firstLine(text);
}

/** A key of an object, with its quotes. */
function keyOf(text: string, key: string, from: number): TextPlace | undefined {
  for (let at = quoted(text, key, from); at !== undefined; at = quoted(text, key, at.end))
    if (/^\s*:/.test(text.slice(at.end, at.end + 200))) return at;
  return undefined;
}

function quoted(text: string, value: string, from: number): TextPlace | undefined {
  const written = JSON.stringify(value);
  const start = text.indexOf(written, from);
  return start < 0 ? undefined : { start, end: start + written.length };
}

function characterAt(text: string, offset: number): TextPlace {
  const start = Math.max(0, Math.min(offset, text.length - 1));
  return { start, end: Math.min(text.length, start + 1) };
}

function firstLine(text: string): TextPlace {
  const end = text.search(/\r?\n/);
  return { start: 0, end: end < 0 ? text.length : end };
}
