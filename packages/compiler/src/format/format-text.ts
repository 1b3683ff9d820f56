/** The formatter: one style, no options. Must not change a token, lose a comment, or touch a text with an error. */
import type { Finding, SourceFile, TextEdit } from "@wardline/core";
import { platformLimits } from "../parse/limits.ts";
import type { TextLimits } from "../parse/limits.ts";
import { parseCst } from "../parse/parse-file.ts";
import { atomsOf } from "./atoms.ts";
import { alignComments } from "./comment-columns.ts";
import { editsOf } from "./edits.ts";
import { layoutFile } from "./layout/layout.ts";
import { printDoc } from "./print-doc.ts";

export type Formatted =
  /** The formatted text, and small edits that turn the text as written into it: in order, apart, none if it is the same. */
  | { readonly text: string; readonly edits: readonly TextEdit[] }
  /** Why the text is left alone: its syntax errors. */
  | { readonly findings: readonly Finding[] };

/** Formats a file. For a text that a tenant wrote, give `tenantLimits`. */
export function formatText(source: SourceFile, limits: TextLimits = platformLimits): Formatted {
  const { cst, findings } = parseCst(source, limits);
  if (findings.some(({ severity }) => severity === "error")) return { findings };
  const pieces = printDoc(layoutFile(cst, atomsOf(cst)));
  alignComments(pieces);
  const text = `${pieces.map(({ gap, text: piece }) => gap + piece).join("")}\n`;
  return { text, edits: editsOf(source, pieces) };
}
