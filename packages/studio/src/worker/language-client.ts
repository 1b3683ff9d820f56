/** The language server in a worker, kept at the texts of the store. All that it knows of the project comes from here. */
import type { ParamsOf, ResultOf, WardlineMethod } from "@wardline/language-server";
import type {
  ApplyWorkspaceEditParams,
  ClientCapabilities,
  Diagnostic,
  InitializeParams,
  InitializeResult,
  PublishDiagnosticsParams,
  WorkspaceEdit,
} from "vscode-languageserver-protocol";
import type { DocumentStore } from "../store/document-store.ts";
import { observable, type Observable } from "../session/observable.ts";
import { fileOf, uriOf } from "./file-uri.ts";
import { connectPeer, type MessageEnd, type Peer } from "./json-rpc.ts";

/** A request of ours, by the language server's table. What cannot be answered gives `{ refused }`, a sentence. */
export type AskWardline = <Method extends WardlineMethod>(
  method: Method,
  params: ParamsOf<Method>,
) => Promise<ResultOf<Method>>;

export interface LanguageClient {
  /** Any request of the protocol. */
  readonly peer: Peer;
  readonly ready: Promise<InitializeResult>;
  readonly ask: AskWardline;
  /** File → what is wrong in it, as last told. */
  readonly diagnostics: Observable<ReadonlyMap<string, readonly Diagnostic[]>>;
  /** True where what was told of a file is about the text that it has now. */
  readonly isDiagnosed: (file: string) => boolean;
  /** Why there is no language server, if so: a sentence for people. */
  readonly failed: Observable<string | null>;
  /** Tells it of no more texts. */
  readonly close: () => void;
}

export interface ClientInput {
  readonly end: MessageEnd;
  readonly store: DocumentStore;
  readonly config: string | null;
  readonly applyEdit: (edit: WorkspaceEdit, label: string) => boolean;
}

/** What the studio and its text editor understand. */
const capabilities: ClientCapabilities = {
  workspace: { applyEdit: true, workspaceEdit: { documentChanges: true }, configuration: false },
  textDocument: {
    synchronization: {},
    publishDiagnostics: { relatedInformation: true, dataSupport: true, codeDescriptionSupport: true },
    completion: {
      completionItem: {
        snippetSupport: true,
        documentationFormat: ["markdown", "plaintext"],
        resolveSupport: { properties: ["documentation", "detail", "additionalTextEdits"] },
        labelDetailsSupport: true,
      },
    },
    hover: { contentFormat: ["markdown", "plaintext"] },
    signatureHelp: {
      signatureInformation: {
        documentationFormat: ["markdown", "plaintext"],
        parameterInformation: { labelOffsetSupport: true },
      },
    },
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix", "refactor", "source"] } },
      dataSupport: true,
      resolveSupport: { properties: ["edit"] },
    },
    rename: { prepareSupport: true },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    foldingRange: { lineFoldingOnly: true },
    inlayHint: { resolveSupport: { properties: ["tooltip"] } },
    codeLens: {},
    selectionRange: {},
    semanticTokens: {
      requests: { full: true },
      tokenTypes: [],
      tokenModifiers: [],
      formats: ["relative"],
    },
  },
};

export function startLanguageClient({ end, store, config, applyEdit }: ClientInput): LanguageClient {
  const peer = connectPeer(end);
  const diagnostics = observable<ReadonlyMap<string, readonly Diagnostic[]>>(new Map());
  const failed = observable<string | null>(null);
  const told = new Map<string, string | undefined>();
  const versions = new Map<string, number>();
  peer.onNotification("textDocument/publishDiagnostics", (params) => {
    const { uri, diagnostics: found, version } = params as PublishDiagnosticsParams;
    const file = fileOf(uri);
    // What is about an earlier text comes again for this one.
    if (file === undefined || (version !== undefined && version !== versions.get(file))) return;
    told.set(file, store.text(file));
    diagnostics.set(new Map([...diagnostics.get(), [file, found]]));
  });
  peer.onRequest("workspace/applyEdit", (params) => {
    const { edit, label } = params as ApplyWorkspaceEditParams;
    return { applied: applyEdit(edit, label ?? "Change the text") };
  });
  for (const method of ["client/registerCapability", "client/unregisterCapability"])
    peer.onRequest(method, () => null);
  const closed = new AbortController();
  const ready = start(peer, { store, config, versions, closed: closed.signal });
  let started = false;
  let fault: string | null = null;
  ready.then(
    () => {
      started = true;
    },
    (error: unknown) => failed.set(notStarted(fault ?? String(error))),
  );
  end.addEventListener("error", ({ message }) => {
    fault = message === undefined || message === "" ? "their file did not load" : message;
    if (started) failed.set(`The checks had a fault: ${fault}. Save your work, then load the page again.`);
    else peer.close(fault);
  });
  return {
    peer,
    ready,
    diagnostics,
    isDiagnosed: (file) => told.get(file) === store.text(file),
    failed,
    close: () => closed.abort(),
    ask: async (method, params) => {
      await ready;
      return (await peer.request(method, params)) as ResultOf<typeof method>;
    },
  };
}

function notStarted(reason: string): string {
  return `The checks did not start, so there are no cards and no findings. The text can be edited and saved all the same; load the page again to try once more. (${reason})`;
}

interface Start {
  readonly store: DocumentStore;
  readonly config: string | null;
  readonly versions: Map<string, number>;
  readonly closed: AbortSignal;
}

async function start(peer: Peer, { store, config, versions, closed }: Start): Promise<InitializeResult> {
  const texts = store.files.map((name) => ({ name, text: store.text(name) ?? "" }));
  const params: InitializeParams = {
    processId: null,
    rootUri: null,
    workspaceFolders: null,
    clientInfo: { name: "Wardline studio" },
    capabilities,
    initializationOptions: { config, files: texts, showsAnswers: true },
  };
  const answer = (await peer.request("initialize", params)) as InitializeResult;
  peer.notify("initialized", {});
  const open = (file: string) => {
    versions.set(file, 1);
    peer.notify("textDocument/didOpen", {
      textDocument: { uri: uriOf(file), languageId: "wardline", version: 1, text: store.text(file) ?? "" },
    });
  };
  for (const file of store.files) open(file);
  if (closed.aborted) return answer;
  const stop = store.subscribe(({ steps }) => {
    for (const file of new Set(steps.map((step) => step.file))) {
      const version = (versions.get(file) ?? 0) + 1;
      versions.set(file, version);
      peer.notify("textDocument/didChange", {
        textDocument: { uri: uriOf(file), version },
        contentChanges: [{ text: store.text(file) ?? "" }],
      });
    }
  });
  closed.addEventListener("abort", stop);
  return answer;
}
