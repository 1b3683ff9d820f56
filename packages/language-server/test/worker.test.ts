/** The server in a worker of a browser: it greets, tells findings, completes, and renames, over messages alone. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { findChromium } from "@wardline/database-testing";
import { chromium } from "playwright-core";
import { rolldown } from "rolldown";
import { expect, test } from "vitest";
import { library } from "./library.ts";

const chromiumAt = findChromium();

test.skipIf("missing" in chromiumAt)("a worker in Chromium", async () => {
  const bundle = await rolldown({
    input: fileURLToPath(new URL("../src/worker/main.ts", import.meta.url)),
    platform: "browser",
    resolve: { conditionNames: ["@wardline/source", "browser", "import", "default"] },
  });
  const { output } = await bundle.generate({ format: "esm" });
  const files = new Map(
    output.map((chunk) => [`/${chunk.fileName}`, chunk.type === "chunk" ? chunk.code : chunk.source]),
  );
  const entry = output.find((chunk) => chunk.type === "chunk" && chunk.isEntry)?.fileName ?? "";
  const server = createServer(({ url = "/" }, response) => {
    const file = files.get(url);
    response.setHeader("Content-Type", file === undefined ? "text/html" : "text/javascript");
    // Nothing may be fetched or evaluated: the worker is what it is.
    response.setHeader("Content-Security-Policy", "default-src 'none'; script-src 'self'; worker-src 'self'");
    response.end(file ?? "<!doctype html>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({
    executablePath: "missing" in chromiumAt ? "" : chromiumAt.path,
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const { "wardline.config.json": config, ...texts } = library;
    const given = { config, files: Object.entries(texts).map(([name, text]) => ({ name, text })) };
    const answers = await page.evaluate(talk, { entry: `/${entry}`, given, policy: library["north.ward"] });
    expect(answers.initialize).toMatchObject({ capabilities: { hoverProvider: true, renameProvider: true } });
    expect(answers.told).toMatchObject([{ code: "name/unknown" }]);
    expect(answers.labels).toContain("open");
    expect(answers.files).toMatchObject([
      { name: "library.ward", uri: "wardline:///library.ward" },
      { name: "platform.ward" },
      { name: "north.ward" },
    ]);
    expect(answers.changed).toMatchObject([
      { name: "library.ward" },
      { name: "platform.ward" },
      { name: "south.ward" },
    ]);
    expect(Object.keys(answers.renamed.changes)).toEqual([
      "wardline:///library.ward",
      "wardline:///north.ward",
    ]);
  } finally {
    await browser.close();
    server.close();
    await bundle.close();
  }
});

interface Talk {
  readonly initialize: object;
  readonly told: readonly object[];
  readonly labels: readonly string[];
  readonly files: readonly object[];
  readonly changed: readonly object[];
  readonly renamed: { readonly changes: object };
}

/** Runs in the page. */
async function talk({
  entry,
  given,
  policy,
}: {
  readonly entry: string;
  readonly given: object;
  readonly policy: string;
}): Promise<Talk> {
  const worker = new Worker(entry, { type: "module" });
  const open = new Map<number, (result: unknown) => void>();
  let told: (diagnostics: readonly object[]) => void = () => undefined;
  const uri = "wardline:///north.ward";
  const failed = new Promise<never>((_, reject) => {
    worker.addEventListener("error", (event) => reject(new Error(event.message)));
  });
  worker.addEventListener("message", ({ data }: MessageEvent<Record<string, never>>) => {
    const { id, method, result, error, params } = data as {
      id?: number;
      method?: string;
      result?: unknown;
      error?: unknown;
      params?: { uri: string; diagnostics: readonly object[] };
    };
    if (method === "textDocument/publishDiagnostics" && params?.uri === uri) told(params.diagnostics);
    else if (method === undefined && id !== undefined) open.get(id)?.(result ?? error);
  });
  let count = 0;
  const send = (method: string, params: object) => worker.postMessage({ jsonrpc: "2.0", method, params }, []);
  const ask = (method: string, params: object): Promise<unknown> => {
    const id = (count += 1);
    worker.postMessage({ jsonrpc: "2.0", id, method, params }, []);
    return Promise.race([failed, new Promise((resolve) => open.set(id, resolve))]);
  };
  const initialize = await ask("initialize", {
    processId: null,
    rootUri: null,
    capabilities: {},
    initializationOptions: given,
  });
  send("initialized", {});
  const text = policy.replace("resource.open", "resource.");
  const broken = policy.replace("resource.open", "resource.opn");
  const next = () => Promise.race([failed, new Promise<readonly object[]>((resolve) => (told = resolve))]);
  const first = next();
  send("textDocument/didOpen", { textDocument: { uri, languageId: "wardline", version: 1, text: broken } });
  const findings = await first;
  send("textDocument/didChange", { textDocument: { uri, version: 2 }, contentChanges: [{ text }] });
  const line = text.slice(0, text.indexOf("resource.")).split("\n").length - 1;
  const character = (text.split("\n")[line] ?? "").indexOf("resource.") + "resource.".length;
  const list = await ask("textDocument/completion", { textDocument: { uri }, position: { line, character } });
  send("textDocument/didChange", { textDocument: { uri, version: 3 }, contentChanges: [{ text: policy }] });
  const at = { line, character };
  const renamed = await ask("textDocument/rename", { textDocument: { uri }, position: at, newName: "lent" });
  const files = await ask("wardline/files", {});
  // Another configuration, with another file, and one file less.
  const config =
    '{ "model": "library.ward", "platform": ["platform.ward"], "tenants": { "south": "south.ward" } }';
  send("wardline/givenFiles", {
    files: [
      { name: "wardline.config.json", text: config },
      { name: "south.ward", text: policy.replace("policy north", "policy south") },
      { name: "north.ward", text: null },
    ],
  });
  send("textDocument/didClose", { textDocument: { uri } });
  const changes = ["wardline.config.json", "south.ward", "north.ward"].map((name) => ({
    uri: `wardline:///${name}`,
    type: 2,
  }));
  send("workspace/didChangeWatchedFiles", { changes });
  const changed = await ask("wardline/files", {});
  worker.terminate();
  return {
    initialize: initialize as object,
    told: findings,
    labels: (list as { items: readonly { label: string }[] }).items.map(({ label }) => label),
    files: files as readonly object[],
    changed: changed as readonly object[],
    renamed: renamed as { readonly changes: object },
  };
}
