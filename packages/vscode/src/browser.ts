/** The extension in a browser: the language server in a worker, which is given the texts of the workspace's folders and whatever changes in them. */
import { Uri, workspace, type ExtensionContext } from "vscode";
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient } from "vscode-languageclient/browser";
import { givenName, givenPlace, givenUri } from "./folder-uris.ts";
import { GivenTexts, type GivenFile } from "./given-texts.ts";
import { startShell, stopShell } from "./shell.ts";

const wanted = "{**/*.ward,**/wardline.config.json}";

export async function activate(context: ExtensionContext): Promise<void> {
  const entry = Uri.joinPath(context.extensionUri, "dist/worker.js").toString(true);
  const texts = new GivenTexts();
  let worker: Worker | undefined;
  let client: LanguageClient | undefined;
  let last: Promise<unknown> = Promise.resolve();
  /** One after the other: of two readings of a file the later one must win. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
  const start = async () => {
    worker?.terminate();
    worker = new Worker(entry);
    return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
  };
  /** Reads files anew. */
  const read = async (uris: readonly Uri[]) => {
    const files = await textsOf(uris.filter(isWanted));
    texts.take(files);
    return files;
  };
  // What is given first is there when the server is told that it has changed.
  const give = async (files: readonly GivenFile[]) => {
    if (client === undefined || files.length === 0) return;
    await client.sendNotification("wardline/givenFiles", { files });
    const changes = files.map(({ name }) => ({ uri: givenUri(name), type: 2 }));
    await client.sendNotification("workspace/didChangeWatchedFiles", { changes });
  };
  const drop = (name: string) => inTurn(() => give(texts.drop(name)));

  // Watched before anything is read: what changes meanwhile is read after it.
  const watcher = workspace.createFileSystemWatcher(wanted, false, false, true);
  // Of a folder that goes the editor names the folder alone.
  const gone = workspace.createFileSystemWatcher("**", true, true, false);
  const readAgain = (uri: Uri) => inTurn(async () => give(await read([uri])));
  context.subscriptions.push(
    watcher,
    gone,
    watcher.onDidCreate(readAgain),
    watcher.onDidChange(readAgain),
    gone.onDidDelete((uri) => {
      const name = nameOf(uri);
      return name === undefined ? undefined : drop(name);
    }),
    workspace.onDidChangeWorkspaceFolders(async ({ removed }) => {
      for (const { uri } of removed) void drop(givenName(uri.toString(), ""));
      await inTurn(async () => give(await read(await found())));
    }),
    { dispose: () => worker?.terminate() },
  );

  const schemes = new Set((workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme));
  await inTurn(async () => {
    await read(await found());
    client = await startShell(context, [...schemes], (options) => {
      const given = () => ({ ...options.initializationOptions, config: null, files: texts.files });
      const uriConverters = { code2Protocol: protocolUri, protocol2Code: codeUri };
      return new LanguageClient("wardline", "Wardline", start, {
        ...options,
        initializationOptions: given,
        uriConverters,
      });
    });
  });
}

export const deactivate = stopShell;

async function found(): Promise<readonly Uri[]> {
  return workspace.findFiles(wanted, "**/node_modules/**", 10_000);
}

/** The texts by their names; null for what is not there or is no UTF-8. */
async function textsOf(uris: readonly Uri[]): Promise<readonly GivenFile[]> {
  return Promise.all(
    uris.map(async (uri) => ({
      name: nameOf(uri) ?? "",
      text: await workspace.fs
        .readFile(uri)
        .then((bytes) => new TextDecoder("utf-8", { fatal: true }).decode(bytes))
        .then(null, () => null),
    })),
  );
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
