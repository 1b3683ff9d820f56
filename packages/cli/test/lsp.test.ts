/** `wardline lsp`, as an editor starts it. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { startLanguageServer } from "@wardline/database-testing";
import { expect, test } from "vitest";
import { policy, projectFolder, run } from "./project.ts";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const start = (cwd: string, ...args: readonly string[]) =>
  startLanguageServer(process.execPath, ["--conditions=@wardline/source", main, "lsp", ...args], { cwd });

test("finds what `wardline check` finds, and ends as it is told to", async () => {
  const folder = projectFolder({ "north.ward": policy.replace("resource.borrower", "resource.borower") });
  const checked = JSON.parse((await run(folder, ["check", "--format", "json"])).out) as {
    readonly findings: readonly { readonly code: string }[];
  };
  const server = start(folder, "--stdio");
  const uri = pathToFileURL(join(folder, "north.ward")).href;
  await server.request("initialize", {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    capabilities: {},
  });
  server.notify("initialized", {});
  const text = policy.replace("resource.borrower", "resource.borower");
  server.notify("textDocument/didOpen", { textDocument: { uri, languageId: "wardline", version: 1, text } });
  const told = (await server.notified(
    "textDocument/publishDiagnostics",
    (params: { readonly uri: string }) => params.uri === uri,
  )) as { readonly diagnostics: readonly { readonly code: string }[] };
  expect(told.diagnostics.map(({ code }) => code)).toEqual(checked.findings.map(({ code }) => code));
  expect(checked.findings).not.toEqual([]);
  expect(await server.end()).toBe(0);
  expect(server.errors()).toBe("");
});

test("ends when its editor goes away, and where its folder does", async () => {
  const folder = projectFolder();
  const server = start(folder);
  await server.request("initialize", { processId: null, rootUri: null, capabilities: {} });
  rmSync(folder, { recursive: true });
  const ended = new Promise((resolve) => server.process.once("close", resolve));
  server.process.stdin?.end();
  expect(await ended).toBe(1);
});
