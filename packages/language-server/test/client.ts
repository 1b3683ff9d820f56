/** A client of the server for tests: over standard input and output of a process, every message recorded. */
import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ClientCapabilities,
  type DataCallback,
  type Message,
  type PublishDiagnosticsParams,
  type ProtocolConnection,
  type RequestMessage,
} from "vscode-languageserver/node";

const main = fileURLToPath(new URL("../src/node/main.ts", import.meta.url));

export interface Session {
  readonly connection: ProtocolConnection;
  readonly process: ChildProcess;
  /** All messages that the server sent, in order. */
  readonly sent: readonly Message[];
  /** The method of each request that was sent to it, by its id. */
  readonly asked: ReadonlyMap<number | string, string>;
  /** Sends `initialize` and `initialized`. */
  readonly begin: (folders: readonly string[], capabilities?: ClientCapabilities) => Promise<unknown>;
  readonly open: (uri: string, text: string, version?: number) => Promise<void>;
  /** Replaces the whole text. */
  readonly change: (uri: string, version: number, text: string) => Promise<void>;
  /** The next diagnostics that are published for a file and version. */
  readonly published: (uri: string, version: number) => Promise<PublishDiagnosticsParams>;
  readonly end: () => Promise<number | null>;
}

class RecordingReader extends StreamMessageReader {
  private readonly record: Message[];

  constructor(stream: NodeJS.ReadableStream, record: Message[]) {
    super(stream);
    this.record = record;
  }

  override listen(callback: DataCallback) {
    return super.listen((message) => {
      this.record.push(message);
      callback(message);
    });
  }
}

class RecordingWriter extends StreamMessageWriter {
  private readonly record: Map<number | string, string>;

  constructor(stream: NodeJS.WritableStream, record: Map<number | string, string>) {
    super(stream);
    this.record = record;
  }

  override write(message: Message): Promise<void> {
    const { id, method } = message as Partial<RequestMessage>;
    if (method !== undefined && id !== undefined && id !== null) this.record.set(id, method);
    return super.write(message);
  }
}

export function startSession(): Session {
  const child = spawn(process.execPath, ["--conditions=@wardline/source", main, "--stdio"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const sent: Message[] = [];
  const asked = new Map<number | string, string>();
  const reader = new RecordingReader(child.stdout, sent);
  const connection = createProtocolConnection(reader, new RecordingWriter(child.stdin, asked));
  const waiting: ((params: PublishDiagnosticsParams) => boolean)[] = [];
  const told: PublishDiagnosticsParams[] = [];
  connection.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
    told.push(params);
    for (const one of waiting.filter((wanted) => wanted(params))) waiting.splice(waiting.indexOf(one), 1);
  });
  connection.onRequest("client/registerCapability", () => null);
  connection.listen();
  const exit = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return {
    connection,
    process: child,
    sent,
    asked,
    begin: async (folders, capabilities = {}) => {
      const result = await connection.sendRequest("initialize", {
        processId: process.pid,
        rootUri: null,
        capabilities,
        workspaceFolders: folders.map((uri) => ({ uri, name: uri })),
      });
      await connection.sendNotification("initialized", {});
      return result;
    },
    open: (uri, text, version = 1) =>
      connection.sendNotification("textDocument/didOpen", {
        textDocument: { uri, languageId: "wardline", version, text },
      }),
    change: (uri, version, text) =>
      connection.sendNotification("textDocument/didChange", {
        textDocument: { uri, version },
        contentChanges: [{ text }],
      }),
    published: (uri, version) => {
      const wanted = (params: PublishDiagnosticsParams) => params.uri === uri && params.version === version;
      const before = told.find(wanted);
      if (before !== undefined) return Promise.resolve(before);
      return new Promise((resolve) => {
        waiting.push((params) => {
          if (wanted(params)) resolve(params);
          return wanted(params);
        });
      });
    },
    end: async () => {
      await connection.sendRequest("shutdown");
      await connection.sendNotification("exit");
      return exit;
    },
  };
}
