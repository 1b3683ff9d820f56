/** Sessions over standard input and output, with clients that can much and little. Every message is held to LSP 3.17. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  ErrorCodes,
  type CompletionList,
  type DocumentDiagnosticReport,
  type Hover,
  type InitializeResult,
  type Location,
  type SemanticTokens,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startSession, type Session } from "./client.ts";
import { library } from "./library.ts";
import { problemsOf } from "./lsp-types.ts";

const folder = mkdtempSync(join(tmpdir(), "wardline session ü "));
const root = pathToFileURL(folder).href;
const uriOf = (name: string) => pathToFileURL(join(folder, name)).href;
const uri = uriOf("north.ward");
const policy = library["north.ward"];
const textDocument = { uri };
const at = (word: string, text: string = policy) => {
  const before = text.slice(0, text.indexOf(word));
  return { line: before.split("\n").length - 1, character: before.length - before.lastIndexOf("\n") - 1 };
};
const whole = { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } };
const ended: Session[] = [];

beforeAll(() => {
  for (const [name, text] of Object.entries(library)) writeFileSync(join(folder, name), text);
});

afterAll(() => rmSync(folder, { recursive: true }));

async function end(session: Session): Promise<void> {
  expect(await session.end()).toBe(0);
  ended.push(session);
}

test("a client that can little is pushed findings, and they follow what is typed", async () => {
  const session = startSession();
  await session.begin([root]);
  await session.open(uri, policy);
  const codes = async (version: number) =>
    (await session.published(uri, version)).diagnostics.map(({ code }) => code);
  expect(await codes(1)).toEqual(["lint/forbid-without-because"]);
  await session.change(uri, 2, policy.replace("resource.open", "resource.opn"));
  expect(await codes(2)).toEqual(["name/unknown"]);
  const { connection } = session;
  await connection.sendNotification("textDocument/didChange", {
    textDocument: { uri, version: 3 },
    contentChanges: [
      { range: { start: at("resource.open"), end: at("resource.open") }, text: "not " },
      {
        range: { start: at("stop"), end: { ...at("stop"), character: at("stop").character + 4 } },
        text: "hold",
      },
    ],
  });
  expect(await codes(3)).toEqual(["name/unknown", "name/unknown"]);
  expect(await connection.sendRequest("wardline/files", {})).toEqual([
    { name: "library.ward", uri: uriOf("library.ward"), role: { kind: "model" } },
    { name: "platform.ward", uri: uriOf("platform.ward"), role: { kind: "platform" } },
    { name: "north.ward", uri, role: { kind: "policy", tenant: "north" } },
  ]);
  const hover: Hover = await connection.sendRequest("textDocument/hover", {
    textDocument,
    position: at("reader"),
  });
  expect(hover.contents).toMatchObject({ kind: "plaintext" });
  const asks = policy.replace("resource.open", 'principal.name.starts_with("a"');
  await session.change(uri, 4, asks);
  const place = { textDocument, position: at('"a"', asks) };
  expect(await connection.sendRequest("textDocument/signatureHelp", place)).toMatchObject({
    signatures: [{ label: "starts_with(String)", parameters: [{ label: "String" }] }],
  });
  const offered: CompletionList = await connection.sendRequest("textDocument/completion", {
    textDocument,
    position: at("oan", asks),
  });
  const [loan] = offered.items.filter(({ label }) => label === "Loan");
  expect(await connection.sendRequest("completionItem/resolve", loan)).toMatchObject({
    documentation: { kind: "plaintext", value: "Stored in loans." },
  });
  await connection.sendNotification("textDocument/didClose", { textDocument });
  await end(session);
});

test("a client that can all asks for everything", async () => {
  const session = startSession();
  const { connection } = session;
  const ask = <Result>(method: string, more: object = {}): Promise<Result> =>
    connection.sendRequest(method, { textDocument, ...more });
  const { capabilities } = (await session.begin([root], {
    workspace: {
      didChangeWatchedFiles: { dynamicRegistration: true },
      diagnostics: { refreshSupport: true },
      workspaceFolders: true,
    },
    textDocument: {
      diagnostic: { relatedInformation: true, tagSupport: { valueSet: [1, 2] } },
      hover: { contentFormat: ["markdown", "plaintext"] },
      definition: { linkSupport: true },
      rename: { prepareSupport: true },
      completion: { completionItem: { snippetSupport: true } },
      documentSymbol: { hierarchicalDocumentSymbolSupport: true },
      semanticTokens: {
        requests: { full: { delta: true }, range: true },
        tokenTypes: [],
        tokenModifiers: [],
        formats: ["relative"],
      },
    },
  })) as InitializeResult;
  expect(capabilities.positionEncoding).toBe("utf-16");
  await session.open(uri, policy);
  const first = await ask<DocumentDiagnosticReport>("textDocument/diagnostic");
  expect(first).toMatchObject({ kind: "full", items: [{ code: "lint/forbid-without-because" }] });
  expect(
    await ask("textDocument/diagnostic", { previousResultId: (first as { resultId: string }).resultId }),
  ).toMatchObject({ kind: "unchanged" });
  await connection.sendRequest("workspace/diagnostic", { previousResultIds: [] });
  const hover = await ask<Hover>("textDocument/hover", { position: at("Loan") });
  expect(hover.contents).toMatchObject({
    kind: "markdown",
    value: expect.stringContaining("entity Loan stored in loans") as string,
  });
  const [link] = await ask<{ targetUri: string; targetSelectionRange: object }[]>("textDocument/definition", {
    position: at("open"),
  });
  expect(link).toMatchObject({ targetUri: uriOf("library.ward") });
  await ask("textDocument/typeDefinition", { position: at("open") });
  const references = await ask<Location[]>("textDocument/references", {
    position: at("Loan"),
    context: { includeDeclaration: true },
  });
  expect(new Set(references.map((one) => one.uri))).toEqual(
    new Set([uri, uriOf("library.ward"), uriOf("platform.ward")]),
  );
  await ask("textDocument/documentHighlight", { position: at("reader") });
  expect(await ask("textDocument/prepareRename", { position: at("look") })).toMatchObject({
    placeholder: "look",
  });
  const renamed = await ask<WorkspaceEdit>("textDocument/rename", { position: at("open"), newName: "lent" });
  expect(Object.keys(renamed.changes ?? {}).toSorted()).toEqual([uriOf("library.ward"), uri].toSorted());
  await expect(ask("textDocument/rename", { position: at("look"), newName: "permit" })).rejects.toThrow(
    "`permit` is a word of the language",
  );
  expect(await ask("textDocument/documentSymbol")).toMatchObject([
    { name: "look" },
    { name: "stop" },
    { name: "a" },
  ]);
  // A file that the configuration does not name has the model in a project of its own.
  await session.open(uriOf("draft.ward"), "policy south for library\n");
  expect(await connection.sendRequest("workspace/symbol", { query: "mbr" })).toMatchObject([
    { name: "Member" },
  ]);
  await ask("textDocument/foldingRange");
  await ask("textDocument/selectionRange", { positions: [at("open"), { line: 999, character: 999 }] });
  const tokens = await ask<SemanticTokens>("textDocument/semanticTokens/full");
  expect(tokens.data.length % 5).toBe(0);
  await session.change(uri, 2, policy.replace("permit look", "permit  look"));
  await ask("textDocument/semanticTokens/full/delta", { previousResultId: tokens.resultId });
  await ask("textDocument/semanticTokens/range", { range: whole });
  const options = { tabSize: 2, insertSpaces: true };
  const edits = await ask<TextEdit[]>("textDocument/formatting", { options });
  expect(edits.length).toBeGreaterThan(0);
  const inRange = await ask<TextEdit[]>("textDocument/rangeFormatting", {
    options,
    range: { start: { line: 1, character: 0 }, end: { line: 1, character: 10 } },
  });
  expect(inRange.length).toBeLessThan(edits.length);
  const list = await ask<CompletionList>("textDocument/completion", { position: { line: 1, character: 15 } });
  expect(list.items.length).toBeGreaterThan(0);
  await connection.sendRequest("completionItem/resolve", list.items[0]);
  await ask("textDocument/signatureHelp", { position: at("reader") });
  writeFileSync(join(folder, "platform.ward"), "platform for library\nceiling all: anyone to raed Loan\n");
  await connection.sendNotification("workspace/didChangeWatchedFiles", {
    changes: [{ uri: uriOf("platform.ward"), type: 2 }],
  });
  expect(
    await connection.sendRequest("textDocument/diagnostic", {
      textDocument: { uri: uriOf("platform.ward") },
    }),
  ).toMatchObject({ items: [{ code: "name/unknown" }] });
  await end(session);
  writeFileSync(join(folder, "platform.ward"), library["platform.ward"]);
});

describe("hostile clients", () => {
  test("what is no request, is of no file or lies outside of a text gets no exception and ends nothing", async () => {
    const session = startSession();
    const { connection } = session;
    await session.begin([root]);
    const places = [
      { textDocument: { uri: "file:///nowhere/x.ward" }, position: { line: 0, character: 0 } },
      { textDocument: { uri: "no uri" }, position: { line: 0, character: 0 } },
      { textDocument: { uri }, position: { line: 1e6, character: 1e6 } },
    ];
    for (const place of places)
      for (const method of ["hover", "definition", "references", "documentHighlight", "completion"])
        await connection.sendRequest(`textDocument/${method}`, {
          ...place,
          context: { includeDeclaration: true },
        });
    const wrong = [{}, { textDocument: {} }, { textDocument: { uri: 5 } }, { textDocument }];
    for (const params of [...wrong, { textDocument, position: "x", range: 3, newName: 7 }])
      for (const method of ["hover", "definition", "rename", "completion", "codeAction", "inlayHint"])
        await expect(connection.sendRequest(`textDocument/${method}`, params), method).rejects.toMatchObject({
          code: ErrorCodes.InvalidParams,
        });
    const lone = pathToFileURL(join(tmpdir(), "nowhere", "lone.ward")).href;
    await session.open(lone, "policy north for library\npermit look: reader to read Loan\n");
    expect((await session.published(lone, 1)).diagnostics).toMatchObject([
      {
        range: { start: { line: 0, character: 0 }, end: { line: 0, character: 24 } },
        message: expect.stringContaining("no file begins with `model`") as string,
      },
    ]);
    await expect(connection.sendRequest("textDocument/nothing", {})).rejects.toThrow("Unhandled method");
    await connection.sendNotification("nothing/known", { a: 1 });
    await connection.sendNotification("textDocument/didChange", {
      textDocument: { uri: "file:///nowhere/x.ward", version: 7 },
      contentChanges: [{ text: "x" }],
    });
    const astral =
      'policy north for library\r\n// 𝒳𝒳\r\npermit look: reader to read Loan because "𝒳" when resource.opn\r\n';
    await session.open(uri, `\uFEFF${astral}`);
    const { diagnostics } = await session.published(uri, 1);
    const found = diagnostics.find(({ code }) => code === "name/unknown");
    const line = astral.split("\r\n")[2] ?? "";
    expect(found?.range).toEqual({
      start: { line: 2, character: line.indexOf("opn") },
      end: { line: 2, character: line.indexOf("opn") + 3 },
    });
    const big = `policy north for library\n${"// a comment\n".repeat(80_000)}`;
    await session.change(uri, 2, big);
    expect((await session.published(uri, 2)).diagnostics.map(({ code }) => code)).toContain("limit/text");
    await connection.sendRequest("textDocument/semanticTokens/full", { textDocument });
    const files = [{ oldUri: uri, newUri: uriOf("south.ward") }];
    expect(await connection.sendRequest("workspace/willRenameFiles", { files })).toMatchObject({
      changes: { [uriOf("wardline.config.json")]: [{ newText: '"south.ward"' }] },
    });
    await session.change(uri, 3, policy);
    expect((await session.published(uri, 3)).diagnostics.map(({ code }) => code)).toEqual([
      "lint/forbid-without-because",
    ]);
    await end(session);
  });

  test("after it was shut down the server answers nothing, and ends when it is told to", async () => {
    const session = startSession();
    const { connection } = session;
    await session.begin([root]);
    await connection.sendRequest("shutdown");
    const place = { textDocument, position: { line: 0, character: 0 } };
    await expect(connection.sendRequest("textDocument/hover", place)).rejects.toMatchObject({
      code: ErrorCodes.InvalidRequest,
    });
    const exit = new Promise((resolve) => session.process.once("exit", resolve));
    await connection.sendNotification("exit");
    expect(await exit).toBe(0);
  });

  test("bytes that are no JSON-RPC end no session that goes on to speak it", async () => {
    const session = startSession();
    session.process.stdin?.write('Content-Length: 9\r\n\r\n{"broken"');
    session.process.stdin?.write("Content-Length: 2\r\n\r\n{}");
    await session.begin([root]);
    await session.open(uri, policy);
    expect((await session.published(uri, 1)).diagnostics.length).toBe(1);
    expect(await session.end()).toBe(0);
  });
});

test("every message that the server sent is one of LSP 3.17", async () => {
  expect(ended.length).toBe(3);
  expect(await problemsOf(ended)).toBe("");
});

test("a message that is none of LSP 3.17 is seen", async () => {
  const wrong = (result: unknown) => ({
    asked: new Map([[1, "textDocument/hover"]]),
    sent: [{ jsonrpc: "2.0", id: 1, result }],
  });
  const said = await problemsOf([
    wrong({ contents: { kind: "markdown", value: "x" } }),
    wrong({ contents: { kind: "markdown" } }),
    wrong({ contents: "x", rage: null }),
    wrong({ contents: "x", range: { start: { line: 0, character: "0" }, end: { line: 0, character: 0 } } }),
  ]);
  expect(said.match(/error TS\d+/g)?.length).toBe(3);
});
