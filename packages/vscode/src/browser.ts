/** The extension in a browser: the language server in a worker, which is given the texts of the workspace's folders and whatever changes in them. */
import { Uri, workspace, type ExtensionContext } from "vscode";
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient } from "vscode-languageclient/browser";
import { givenName, givenPlace, givenUri } from "./folder-uris.ts";
import { startShell, stopShell } from "./shell.ts";

const wanted = "{**/*.ward,**/wardline.config.json}";

export async function activate(context: ExtensionContext): Promise<void> {
  const entry = Uri.joinPath(context.extensionUri, "dist/worker.js").toString(true);
  const texts = new Map<string, string>();
  /** Reads files anew; null in what is answered is a file that is not there, or no UTF-8. */
  const read = async (uris: readonly Uri[]) => {
    const files = await textsOf(uris.filter(isWanted));
    for (const { name, text } of files)
      if (text === null) texts.delete(name);
      else texts.set(name, text);
    return files;
  };
  await read(await found());
  let worker: Worker | undefined;
  const start = async () => {
    worker?.terminate();
    worker = new Worker(entry);
    return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
  };
  const schemes = new Set((workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme));
  const client = await startShell(context, [...schemes], (options) => {
    const given = () => ({
      ...options.initializationOptions,
      config: null,
      files: [...texts].map(([name, text]) => ({ name, text })),
    });
    const uriConverters = { code2Protocol: protocolUri, protocol2Code: codeUri };
    return new LanguageClient("wardline", "Wardline", start, {
      ...options,
      initializationOptions: given,
      uriConverters,
    });
  });
  // What is given first is there when the server is told that it has changed.
  const give = async (uris: readonly Uri[]) => {
    await client.sendNotification("wardline/givenFiles", { files: await read(uris) });
    const changes = uris.map((uri) => ({ uri: protocolUri(uri), type: 2 }));
    await client.sendNotification("workspace/didChangeWatchedFiles", { changes });
  };
  const watcher = workspace.createFileSystemWatcher(wanted);
  for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete])
    context.subscriptions.push(event((uri) => give([uri])));
  context.subscriptions.push(
    watcher,
    workspace.onDidChangeWorkspaceFolders(async () => give(await found())),
    { dispose: () => worker?.terminate() },
  );
}

export const deactivate = stopShell;

async function found(): Promise<readonly Uri[]> {
  return workspace.findFiles(wanted, "**/node_modules/**", 10_000);
}

/** The texts by their names; null for what is not there or is no UTF-8. */
async function textsOf(uris: readonly Uri[]): Promise<{ name: string; text: string | null }[]> {
  return Promise.all(
    uris.map(async (uri) => ({
      name: nameOf(uri) ?? "",
      text: await workspace.fs.readFile(uri).then(
        (bytes) => textOf(bytes),
        () => null,
      ),
    })),
  );
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return null;
  }
}

/** As on a machine, hidden folders and installed packages are left out. */
function isWanted(uri: Uri): boolean {
  const [, ...parts] = nameOf(uri)?.split("/") ?? [];
  return parts.length > 0 && !parts.some((part) => part === "node_modules" || part.startsWith("."));
}

/** Undefined for what is in no folder of the workspace. */
function nameOf(uri: Uri): string | undefined {
  const folder = workspace.getWorkspaceFolder(uri)?.uri;
  return folder === undefined ? undefined : givenName(folder.toString(), uri.path.slice(folder.path.length));
}

/** A URI of the editor as the server knows it. What is in no folder of the workspace stays as it is. */
function protocolUri(uri: Uri): string {
  const name = nameOf(uri);
  return name === undefined ? uri.toString() : givenUri(name);
}

function codeUri(uri: string): Uri {
  const place = givenPlace(uri);
  return place === undefined ? Uri.parse(uri) : Uri.joinPath(Uri.parse(place.folder), ...place.parts);
}
