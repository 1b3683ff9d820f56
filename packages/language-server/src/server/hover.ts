/** Hover over LSP: Markdown where the client shows it. */
import { MarkupKind } from "vscode-languageserver";
import { hoverAt } from "../navigate/hover.ts";
import { offsetAt, type Feature } from "./feature.ts";
import { rangeIn } from "./places.ts";
import { withoutPictures } from "./without-pictures.ts";

export const hoverFeature: Feature = {
  capabilities: () => ({ hoverProvider: true }),
  register: ({ connection, answering, at, client }) => {
    const formats = client.textDocument?.hover?.contentFormat ?? [];
    const kind = formats.includes(MarkupKind.Markdown) ? MarkupKind.Markdown : MarkupKind.PlainText;
    connection.onHover(
      answering((params) => {
        const placed = at(params);
        if (placed === undefined) return null;
        const found = hoverAt(placed.project.snapshot, placed.file, offsetAt(placed, params.position));
        if (found === undefined) return null;
        const value = kind === MarkupKind.Markdown ? withoutPictures(found.text) : plainText(found.text);
        return { contents: { kind, value }, range: rangeIn(placed.document, found.span) };
      }, null),
    );
  },
};

function plainText(markdown: string): string {
  return markdown
    .replaceAll(/^```.*\n?/gm, "")
    .replaceAll(/\*\*|`/g, "")
    .replaceAll(/\n{3,}/g, "\n\n");
}
