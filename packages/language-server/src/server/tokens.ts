/** Semantic tokens over LSP: whole, of a range, and what changed since. */
import { SemanticTokensBuilder, type SemanticTokens } from "vscode-languageserver";
import {
  semanticTokens,
  tokenModifiers,
  tokenTypes,
  type ColouredToken,
} from "../navigate/semantic-tokens.ts";
import type { Placed } from "../workspace/workspace.ts";
import { stretchIn, type Feature } from "./feature.ts";

export const tokensFeature: Feature = {
  capabilities: (client) =>
    client.textDocument?.semanticTokens === undefined
      ? {}
      : {
          semanticTokensProvider: {
            legend: { tokenTypes: [...tokenTypes], tokenModifiers: [...tokenModifiers] },
            full: { delta: true },
            range: true,
          },
        },
  register: ({ connection, answering, at, client, workspace }) => {
    const multiline = client.textDocument?.semanticTokens?.multilineTokenSupport === true;
    /** The last tokens that each document was given. */
    const given = new Map<string, SemanticTokensBuilder>();
    workspace.onClose((uri) => given.delete(uri));
    const none: SemanticTokens = { data: [] };
    const { semanticTokens: on } = connection.languages;
    on.on(
      answering((params) => {
        const placed = at(params);
        if (placed === undefined) return none;
        const builder = new SemanticTokensBuilder();
        given.set(params.textDocument.uri, builder);
        push(builder, placed, tokensOf(placed), multiline);
        return builder.build();
      }, none),
    );
    on.onDelta(
      answering((params) => {
        const placed = at(params);
        if (placed === undefined) return none;
        const builder = given.get(params.textDocument.uri) ?? new SemanticTokensBuilder();
        given.set(params.textDocument.uri, builder);
        builder.previousResult(params.previousResultId);
        push(builder, placed, tokensOf(placed), multiline);
        return builder.buildEdits();
      }, none),
    );
    on.onRange(
      answering((params) => {
        const placed = at(params);
        if (placed === undefined) return none;
        const { start, end } = stretchIn(placed, params.range);
        const builder = new SemanticTokensBuilder();
        push(
          builder,
          placed,
          tokensOf(placed).filter((token) => token.end > start && token.start < end),
          multiline,
        );
        return builder.build();
      }, none),
    );
  },
};

const tokensOf = ({ project, file }: Placed) => semanticTokens(project.snapshot, file);

/** Only strings and texts that are no tokens can go over lines; then each line is a token of its own where the client wants it. */
function push(
  builder: SemanticTokensBuilder,
  { document }: Placed,
  tokens: readonly ColouredToken[],
  multiline: boolean,
): void {
  for (const { start, end, type, modifiers } of tokens) {
    const bits = modifiers.reduce((sum, modifier) => sum | (1 << tokenModifiers.indexOf(modifier)), 0);
    const [from, to] = [document.positionAt(start), document.positionAt(end)];
    if (from.line !== to.line && !multiline) continue;
    builder.push(from.line, from.character, end - start, tokenTypes.indexOf(type), bits);
  }
}
