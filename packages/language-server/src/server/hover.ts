/** Hover over LSP: Markdown where the client shows it. */
import { hoverAt } from "../navigate/hover.ts";
import { offsetAt, type Feature } from "./feature.ts";
import { markup } from "./markup.ts";
import { rangeIn } from "./places.ts";

export const hoverFeature: Feature = {
  capabilities: () => ({ hoverProvider: true }),
  register: ({ connection, answering, at, client }) => {
    const formats = client.textDocument?.hover?.contentFormat;
    connection.onHover(
      answering((params) => {
        const placed = at(params);
        if (placed === undefined) return null;
        const found = hoverAt(placed.project.snapshot, placed.file, offsetAt(placed, params.position));
        if (found === undefined) return null;
        return { contents: markup(formats, found.text), range: rangeIn(placed.document, found.span) };
      }, null),
    );
  },
};
