/** What most likely was meant where something does not parse. */
import type { Fix, Span } from "@wardline/core";
import type { IToken } from "chevrotain";
import type { FindingExtras } from "../diagnostics/table.ts";
import type { Place } from "./report.ts";

export interface Hint {
  /** A place that explains the error better than where the parser stopped. */
  readonly span?: Span;
  readonly extras: FindingExtras;
}

export function spanOfToken({ source }: Place, token: IToken): Span {
  return { file: source.name, start: token.startOffset, end: token.startOffset + token.image.length };
}

export function help(text: string): Hint {
  return { extras: { help: text } };
}

/** Help with an edit that does what it says. */
export function helpWithFix(text: string, title: string, span: Span, edit: string): Hint {
  const fix: Fix = { title, edits: [{ span, text: edit }] };
  return { extras: { help: text, fixes: [fix] } };
}

/** An edit that writes a text in place of a token. */
export function write(place: Place, token: IToken, text: string, why = `write \`${text}\``): Hint {
  return helpWithFix(why, `Write \`${text}\``, spanOfToken(place, token), text);
}
