/** Markdown as a client shows it: in the first of the formats that it names, as plain text where it names none. */
import { MarkupKind, type MarkupContent } from "vscode-languageserver";
import { withoutPictures } from "./without-pictures.ts";

export function markup(formats: readonly MarkupKind[] | undefined, markdown: string): MarkupContent {
  return formats?.[0] === MarkupKind.Markdown
    ? { kind: MarkupKind.Markdown, value: withoutPictures(markdown) }
    : { kind: MarkupKind.PlainText, value: plainText(markdown) };
}

function plainText(markdown: string): string {
  return markdown
    .replaceAll(/^```.*\n?/gm, "")
    .replaceAll(/\*\*|`/g, "")
    .replaceAll(/\n{3,}/g, "\n\n");
}
