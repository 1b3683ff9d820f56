/** Findings as diagnostics: published a moment after the last change, or given when the client asks for them. */
import { DiagnosticSeverity, type ClientCapabilities, type Diagnostic } from "vscode-languageserver";
import type { Finding } from "@wardline/core";
import type { LoadedProject } from "../workspace/load-project.ts";
import type { Feature, ServerContext } from "./feature.ts";

/** How long after the last change findings are published, in milliseconds. */
const quiet = 60;

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
} as const;

const pulls = (client: ClientCapabilities) => client.textDocument?.diagnostic !== undefined;

export const diagnosticsFeature: Feature = {
  capabilities: (client) =>
    pulls(client)
      ? {
          diagnosticProvider: {
            identifier: "wardline",
            interFileDependencies: true,
            workspaceDiagnostics: false,
          },
        }
      : {},
  register: (context) => {
    if (pulls(context.client))
      context.connection.languages.diagnostics.on(
        context.answering(
          ({ textDocument }) => ({ kind: "full" as const, items: diagnosticsOf(context, textDocument.uri) }),
          { kind: "full" as const, items: [] },
        ),
      );
    else publish(context);
  },
};

function publish(context: ServerContext): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shown: ReadonlySet<string> = new Set();
  const tell = () => {
    const uris = new Set(
      context.workspace.all().flatMap((project) => [...project.told].map((file) => project.uriOf(file))),
    );
    for (const uri of new Set([...uris, ...shown])) {
      const version = context.workspace.document(uri)?.version;
      void context.connection.sendDiagnostics({
        uri: context.workspace.clientUri(uri),
        diagnostics: uris.has(uri) ? diagnosticsOf(context, uri) : [],
        ...(version === undefined ? {} : { version }),
      });
    }
    shown = uris;
  };
  context.workspace.onChange(() => {
    clearTimeout(timer);
    timer = setTimeout(tell, quiet);
  });
}

function diagnosticsOf(context: ServerContext, uri: string): Diagnostic[] {
  const placed = context.workspace.at(uri);
  if (placed === undefined) return [];
  const { project, file } = placed;
  return project.snapshot
    .findings()
    .filter(({ labels: [{ span }] }) => span.file === file)
    .map((finding) => diagnosticOf(context, project, finding));
}

function diagnosticOf(
  { locate, client }: ServerContext,
  project: LoadedProject,
  finding: Finding,
): Diagnostic {
  const [first, ...others] = finding.labels;
  const { code, severity, message, note, help, fixes } = finding;
  const words = [message, first.message, note, help === undefined ? undefined : `help: ${help}`];
  return {
    range: locate(project, first.span).range,
    severity: severities[severity],
    code,
    source: "wardline",
    message: words.filter((line) => line !== undefined).join("\n"),
    data: { code, note, help, fixes },
    ...(client.textDocument?.publishDiagnostics?.relatedInformation === true && others.length > 0
      ? {
          relatedInformation: others.map((label) => ({
            location: locate(project, label.span),
            message: label.message ?? "see here",
          })),
        }
      : {}),
  };
}
