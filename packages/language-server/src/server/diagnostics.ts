/** Findings over LSP: published a moment after the last change, or given when the client asks for them, of one file or of all. */
import {
  LSPErrorCodes,
  ResponseError,
  type ClientCapabilities,
  type Diagnostic,
  type DocumentDiagnosticReport,
  type WorkspaceDocumentDiagnosticReport,
} from "vscode-languageserver";
import { normalUri } from "../workspace/uri.ts";
import type { LoadedProject } from "../workspace/load-project.ts";
import { configDiagnostic, diagnosticOf, projectDiagnostic } from "./diagnostic.ts";
import type { Feature, ServerContext } from "./feature.ts";

/** How long after the last change findings are published, in milliseconds. */
const quiet = 20;

const pulls = (client: ClientCapabilities) => client.textDocument?.diagnostic !== undefined;

export const diagnosticsFeature: Feature = {
  capabilities: (client) =>
    pulls(client)
      ? {
          diagnosticProvider: {
            identifier: "wardline",
            interFileDependencies: true,
            workspaceDiagnostics: true,
          },
        }
      : {},
  register: (context) => {
    if (pulls(context.client)) answer(context);
    else publish(context);
  },
};

function publish(context: ServerContext): void {
  const { workspace, connection } = context;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** What was last told of each file, so that nothing is told twice. */
  let told = new Map<string, string>();
  const tell = () => {
    const now = new Map<string, string>();
    for (const uri of toldFiles(context)) {
      const client = workspace.clientUri(uri);
      const version = workspace.document(uri)?.version;
      const params = {
        uri: client,
        diagnostics: diagnosticsOf(context, uri),
        ...(version === undefined ? {} : { version }),
      };
      const text = JSON.stringify(params);
      now.set(client, text);
      if (told.get(client) !== text) void connection.sendDiagnostics(params);
    }
    for (const uri of told.keys())
      if (!now.has(uri)) void connection.sendDiagnostics({ uri, diagnostics: [] });
    told = now;
  };
  workspace.onChange(() => {
    clearTimeout(timer);
    timer = setTimeout(() => guarded(context, tell, undefined), quiet);
  });
}

function answer(context: ServerContext): void {
  const { workspace, connection, answering, client } = context;
  /** What each file was last answered: a result that is the same has the same id. */
  const results = new Map<string, { readonly id: string; readonly text: string }>();
  let count = 0;
  const reportOf = (uri: string, previous: string | undefined) => {
    const items = diagnosticsOf(context, uri);
    const text = JSON.stringify(items);
    const key = normalUri(uri);
    let result = results.get(key);
    if (result?.text !== text) results.set(key, (result = { id: String((count += 1)), text }));
    return result.id === previous
      ? { kind: "unchanged" as const, resultId: result.id }
      : { kind: "full" as const, resultId: result.id, items };
  };
  // Of two requests that wait, the first is about a text that is gone.
  const current = async (): Promise<void> => {
    const { revision } = workspace;
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (workspace.revision !== revision)
      throw new ResponseError(LSPErrorCodes.ServerCancelled, "the text has changed", {
        retriggerRequest: true,
      });
  };
  const { diagnostics } = connection.languages;
  diagnostics.on(
    answering(
      async ({ textDocument, previousResultId }): Promise<DocumentDiagnosticReport> => {
        await current();
        return reportOf(textDocument.uri, previousResultId);
      },
      { kind: "full", items: [] },
    ),
  );
  diagnostics.onWorkspace(
    answering(
      async ({ previousResultIds }) => {
        await current();
        const previous = new Map(previousResultIds.map(({ uri, value }) => [normalUri(uri), value]));
        const uris = toldFiles(context);
        const gone = [...previous.keys()].filter((uri) => !uris.has(uri));
        const items = [...uris, ...gone].map((uri): WorkspaceDocumentDiagnosticReport => ({
          uri: workspace.clientUri(uri),
          version: workspace.document(uri)?.version ?? null,
          ...(gone.includes(uri)
            ? { kind: "full", items: [] }
            : reportOf(workspace.clientUri(uri), previous.get(uri))),
        }));
        return { items };
      },
      { items: [] },
    ),
  );
  if (client.workspace?.diagnostics?.refreshSupport === true)
    workspace.onFiles(() => void diagnostics.refresh().catch(() => undefined));
}

/** The files of which something is told, by their one spelling. */
function toldFiles({ workspace }: ServerContext): ReadonlySet<string> {
  const uris = workspace
    .all()
    .flatMap((project) => [
      ...[...project.told].map((file) => project.uriOf(file)),
      ...(project.config === null ? [] : [project.config]),
    ]);
  return new Set([...uris, ...workspace.openDocuments.map(({ uri }) => normalUri(uri))]);
}

/** All that is told of a file; nothing where something fails, which is put on the client's log. */
function diagnosticsOf(context: ServerContext, uri: string): Diagnostic[] {
  return guarded(context, () => findingsAt(context, uri), []);
}

function findingsAt(context: ServerContext, uri: string): Diagnostic[] {
  const { workspace } = context;
  const normal = normalUri(uri);
  const project = workspace.projectOf(normal);
  const document = workspace.documentAt(normal);
  if (project === undefined || document === undefined) return [];
  if (project.config === normal) {
    const problems = [...(project.problem === null ? [] : [project.problem]), ...project.missing];
    return problems.map((problem) => configDiagnostic(document, problem));
  }
  const file = project.nameOf(normal);
  if (file === undefined || !project.told.has(file)) return [];
  const found = ofFile(context, project, file);
  const header = project.snapshot.parsed(file)?.ast.header ?? null;
  if (project.config !== null || project.problem === null || header === null) return found;
  return [...found, projectDiagnostic(document, header.span, project.problem)];
}

function ofFile(context: ServerContext, project: LoadedProject, file: string): Diagnostic[] {
  return project.snapshot
    .findings()
    .filter(({ labels: [{ span }] }) => span.file === file)
    .map((finding) => diagnosticOf(context, project, finding));
}

function guarded<Result>({ connection }: ServerContext, run: () => Result, otherwise: Result): Result {
  try {
    return run();
  } catch (error) {
    connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return otherwise;
  }
}
