/**
 * Holds recorded messages to LSP 3.17: each is written as a literal that must satisfy the type of its method in the published
 * types of the protocol, and TypeScript's own compiler reads them. So a key that is missing, has another type or is none
 * of the protocol's does not compile. No npm package ships the meta model itself, and a copy of it would be ours to keep.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type {
  Message,
  NotificationMessage,
  RequestMessage,
  ResponseMessage,
} from "vscode-languageserver/node";
import type { Session } from "./client.ts";

/** The names of the protocol's objects, by method. */
const requests: Readonly<Record<string, string>> = {
  initialize: "InitializeRequest",
  shutdown: "ShutdownRequest",
  "textDocument/hover": "HoverRequest",
  "textDocument/definition": "DefinitionRequest",
  "textDocument/typeDefinition": "TypeDefinitionRequest",
  "textDocument/references": "ReferencesRequest",
  "textDocument/documentHighlight": "DocumentHighlightRequest",
  "textDocument/prepareRename": "PrepareRenameRequest",
  "textDocument/rename": "RenameRequest",
  "textDocument/documentSymbol": "DocumentSymbolRequest",
  "textDocument/foldingRange": "FoldingRangeRequest",
  "textDocument/selectionRange": "SelectionRangeRequest",
  "textDocument/semanticTokens/full": "SemanticTokensRequest",
  "textDocument/semanticTokens/full/delta": "SemanticTokensDeltaRequest",
  "textDocument/semanticTokens/range": "SemanticTokensRangeRequest",
  "textDocument/formatting": "DocumentFormattingRequest",
  "textDocument/rangeFormatting": "DocumentRangeFormattingRequest",
  "textDocument/diagnostic": "DocumentDiagnosticRequest",
  "textDocument/completion": "CompletionRequest",
  "completionItem/resolve": "CompletionResolveRequest",
  "textDocument/signatureHelp": "SignatureHelpRequest",
  "textDocument/codeAction": "CodeActionRequest",
  "codeAction/resolve": "CodeActionResolveRequest",
  "textDocument/inlayHint": "InlayHintRequest",
  "textDocument/codeLens": "CodeLensRequest",
  "codeLens/resolve": "CodeLensResolveRequest",
  "workspace/diagnostic": "WorkspaceDiagnosticRequest",
  "workspace/symbol": "WorkspaceSymbolRequest",
  "workspace/willRenameFiles": "WillRenameFilesRequest",
  // Sent by the server.
  "client/registerCapability": "RegistrationRequest",
  "workspace/configuration": "ConfigurationRequest",
  "workspace/inlayHint/refresh": "InlayHintRefreshRequest",
  "workspace/diagnostic/refresh": "DiagnosticRefreshRequest",
};
const notifications: Readonly<Record<string, string>> = {
  "textDocument/publishDiagnostics": "PublishDiagnosticsNotification",
  "window/logMessage": "LogMessageNotification",
  "window/showMessage": "ShowMessageNotification",
};

/** The objects of the protocol bear the types of their methods as a tuple that has no value: params, result, error, mark. What is void is sent as null. */
const prelude = `import type * as lsp from "lsp-3.17";
type Marks<T extends { readonly _: unknown }> = NonNullable<T["_"]>;
type Sent<R> = [R] extends [void] ? null : R;
type Result<T extends { readonly _: unknown }> = Sent<
  Marks<T> extends readonly [unknown, infer R, unknown, unknown] ? R : Marks<T> extends readonly [infer R, unknown, unknown] ? R : never>;
type Params<T extends { readonly _: unknown }> = Marks<T> extends readonly [infer P, ...unknown[]] ? P : never;
`;

/** What TypeScript says of the messages that a server sent; empty where all are as they must be. */
export async function problemsOf(sessions: readonly Pick<Session, "sent" | "asked">[]): Promise<string> {
  const lines = sessions.flatMap(({ sent, asked }, index) =>
    sent.flatMap((message, count) => literalOf(message, asked, `m${index}_${count}`)),
  );
  const home = fileURLToPath(new URL("../node_modules/.lsp/", import.meta.url));
  mkdirSync(home, { recursive: true });
  const folder = mkdtempSync(join(home, "messages-"));
  try {
    writeFileSync(join(folder, "messages.ts"), `${prelude}${lines.join("\n")}\n`);
    const options = {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      module: "nodenext",
      target: "es2024",
      types: [],
    };
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions: options, files: ["messages.ts"] }),
    );
    const tsc = fileURLToPath(new URL("../../../node_modules/typescript/bin/tsc", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [tsc, "-p", folder]).catch(
      (error: { stdout: string }) => error,
    );
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A message as a constant with the type of its method; the envelope and the numbers are looked at here. */
function literalOf(message: Message, asked: Session["asked"], name: string): readonly string[] {
  if (message.jsonrpc !== "2.0") throw new Error(`no JSON-RPC: ${JSON.stringify(message)}`);
  checkNumbers(message);
  const constant = (type: string, value: unknown) => [
    `export const ${name}: ${type} = ${JSON.stringify(value)};`,
  ];
  if (!("method" in message)) {
    const { id, result, error } = message as ResponseMessage;
    const method = asked.get(id ?? "");
    if (method === undefined) throw new Error(`nobody asked: ${JSON.stringify(message)}`);
    if (error !== undefined) return constant("lsp.ResponseMessage['error']", error);
    // What a command answers may be anything.
    if (method.startsWith("wardline/") || method === "workspace/executeCommand") return [];
    const object = requests[method];
    if (object === undefined) throw new Error(`no type for ${method}`);
    return constant(`Result<typeof lsp.${object}.type>`, result ?? null);
  }
  const { method, params } = message as NotificationMessage | RequestMessage;
  const object = "id" in message ? requests[method] : notifications[method];
  if (object === undefined) throw new Error(`no type for ${method}`);
  return params === undefined ? [] : constant(`Params<typeof lsp.${object}.type>`, params);
}

/** Every number of the protocol that a server sends is a whole one; of places none is below zero. */
function checkNumbers(value: unknown): void {
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new Error(`${value} is no integer`);
  if (typeof value !== "object" || value === null) return;
  const { line, character } = value as { readonly line?: unknown; readonly character?: unknown };
  for (const one of [line, character])
    if (typeof one === "number" && one < 0)
      throw new Error(`a place before the text: ${JSON.stringify(value)}`);
  for (const one of Object.values(value)) checkNumbers(one);
}
