/** Definitions, references, highlights and renames over LSP. */
import {
  DocumentHighlightKind,
  PrepareSupportDefaultBehavior,
  type ClientCapabilities,
  type Definition,
  type DefinitionLink,
  type Location,
  type TextDocumentPositionParams,
} from "vscode-languageserver";
import { definitionAt, referencesAt, typeDefinitionAt, type Target } from "../navigate/definition.ts";
import { prepareRename } from "../navigate/rename.ts";
import type { Placed } from "../workspace/workspace.ts";
import { referencesAcross, renameAcross } from "./across-projects.ts";
import { improper, offsetAt, type Feature, type ServerContext } from "./feature.ts";
import { rangeIn } from "./places.ts";

export const navigationFeature: Feature = {
  capabilities: (client) => ({
    definitionProvider: true,
    typeDefinitionProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
    renameProvider: preparesRename(client) ? { prepareProvider: true } : true,
  }),
  register: (context) => {
    const { connection, answering, at, client, workspace } = context;
    const links = client.textDocument?.definition?.linkSupport === true;
    const typeLinks = client.textDocument?.typeDefinition?.linkSupport === true;
    connection.onDefinition(answering((params) => targets(context, params, definitionAt, links), null));
    connection.onTypeDefinition(
      answering((params) => targets(context, params, typeDefinitionAt, typeLinks), null),
    );
    connection.onReferences(
      answering((params) => {
        const placed = at(params);
        if (placed === undefined) return null;
        const declarations = params.context.includeDeclaration;
        return referencesAcross(workspace, placed, offsetAt(placed, params.position), declarations);
      }, null),
    );
    connection.onDocumentHighlight(
      answering((params) => {
        const placed = at(params);
        if (placed === undefined) return null;
        return referencesAt(...placeOf(placed, params), { declarations: true })
          .filter(({ span }) => span.file === placed.file)
          .map(({ span, declares }) => ({
            range: rangeIn(placed.document, span),
            kind: declares ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
          }));
      }, null),
    );
    connection.onPrepareRename(
      answering((params) => {
        const placed = at(params);
        const found = placed === undefined ? undefined : prepareRename(...placeOf(placed, params));
        if (placed === undefined || found === undefined) return null;
        // LSP has no other way to say why a name stays: clients show the message of the error.
        if ("refused" in found) throw improper(found.refused);
        return { range: rangeIn(placed.document, found.span), placeholder: found.name };
      }, null),
    );
    connection.onRenameRequest(
      answering((params) => {
        const placed = at(params);
        if (placed === undefined) return null;
        if (typeof params.newName !== "string") throw improper("`newName` is a text");
        const renamed = renameAcross(workspace, placed, offsetAt(placed, params.position), params.newName);
        if ("refused" in renamed) throw improper(renamed.refused);
        return context.edits(...renamed);
      }, null),
    );
  },
};

const preparesRename = (client: ClientCapabilities) =>
  client.textDocument?.rename?.prepareSupport === true ||
  client.textDocument?.rename?.prepareSupportDefaultBehavior === PrepareSupportDefaultBehavior.Identifier;

function placeOf(placed: Placed, { position }: TextDocumentPositionParams) {
  return [placed.project.snapshot, placed.file, offsetAt(placed, position)] as const;
}

function targets(
  context: ServerContext,
  params: TextDocumentPositionParams,
  find: (...place: ReturnType<typeof placeOf>) => readonly Target[],
  links: boolean,
): Definition | DefinitionLink[] | null {
  const placed = context.at(params);
  if (placed === undefined) return null;
  const found = find(...placeOf(placed, params));
  const at = found.map(({ span, whole }) => ({
    name: context.locate(placed.project, span),
    all: context.locate(placed.project, whole),
  }));
  return links
    ? at.map(({ name, all }): DefinitionLink => ({
        targetUri: all.uri,
        targetRange: all.range,
        targetSelectionRange: name.range,
      }))
    : at.map(({ name }): Location => name);
}
