/** A session in which somebody writes: what is offered, mended, hinted and run, over standard input and output. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import type {
  CodeAction,
  CodeLens,
  CompletionItem,
  CompletionList,
  InlayHint,
  SignatureHelp,
} from "vscode-languageserver/node";
import { startSession } from "./client.ts";
import { problemsOf } from "./lsp-types.ts";
import { library } from "./library.ts";

test("a session in which somebody writes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "wardline-editing-"));
  for (const [name, text] of Object.entries(library)) writeFileSync(join(folder, name), text);
  const uri = pathToFileURL(join(folder, "north.ward")).href;
  const session = startSession();
  const ask = <Result>(method: string, params: object) =>
    session.connection.sendRequest<Result>(method, params);
  const result = await session.begin([pathToFileURL(folder).href], {
    textDocument: {
      completion: { completionItem: { snippetSupport: true, documentationFormat: ["markdown"] } },
      codeAction: {
        resolveSupport: { properties: ["edit"] },
        codeActionLiteralSupport: { codeActionKind: { valueSet: [] } },
      },
    },
  });
  expect(result).toMatchObject({
    capabilities: {
      completionProvider: {},
      signatureHelpProvider: {},
      codeActionProvider: {},
      inlayHintProvider: true,
      codeLensProvider: {},
    },
  });
  const text = library["north.ward"].replace("when resource.open", "when resource.");
  await session.open(uri, text);
  const textDocument = { uri };
  const lines = text.split("\n");
  const line = lines.findIndex((one) => one.endsWith("resource."));
  const position = { line, character: lines[line]?.length ?? 0 };
  const { items } = await ask<CompletionList>("textDocument/completion", { textDocument, position });
  const open = items.find(({ label }) => label === "open") as CompletionItem;
  expect(open).toMatchObject({
    detail: "Bool",
    textEdit: { range: { start: position, end: position }, newText: "open" },
  });
  expect(await ask<CompletionItem>("completionItem/resolve", open)).toMatchObject({
    documentation: { kind: "markdown", value: expect.stringContaining("open: Bool") },
  });

  await session.change(uri, 2, library["north.ward"]);
  const at = { line: 2, character: 8 };
  const range = { start: at, end: at };
  const actions = await ask<CodeAction[]>("textDocument/codeAction", {
    textDocument,
    range,
    context: { diagnostics: [] },
  });
  const because = actions.find(({ title }) => title.startsWith("Say why")) as CodeAction;
  expect(because.edit).toBeUndefined();
  const resolved = await ask<CodeAction>("codeAction/resolve", because);
  expect(resolved.edit?.changes?.[uri]?.[0]?.newText).toContain("because");

  const lenses = await ask<CodeLens[]>("textDocument/codeLens", { textDocument });
  const shown = await Promise.all(lenses.map((lens) => ask<CodeLens>("codeLens/resolve", lens)));
  expect(shown.map(({ command }) => command?.title)).toEqual(
    expect.arrayContaining(["Run 1 test", "✓ Run test", "Explain"]),
  );
  const run = shown.find(({ command }) => command?.title === "Run 1 test")?.command;
  expect(
    await ask("workspace/executeCommand", { command: run?.command, arguments: run?.arguments }),
  ).toMatchObject({ passed: 1, failed: 0 });
  expect(await ask("workspace/executeCommand", { command: "wardline.none", arguments: [] })).toHaveProperty(
    "refused",
  );
  // Most editors show no answer of a command: the message is what people see.
  const messages = session.sent.filter((one) => "method" in one && one.method === "window/showMessage");
  expect(messages).toMatchObject([
    { params: { type: 3, message: expect.stringContaining("1 passed, 0 failed") as string } },
    { params: { type: 2, message: "Open a file of the project first." } },
  ]);
  expect(await ask("wardline/explainRule", { file: "north.ward", rule: "stop" })).toMatchObject({
    sentences: [expect.stringContaining("may never read Loan")],
  });
  const whole = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  expect(await ask<InlayHint[]>("textDocument/inlayHint", { textDocument, range: whole })).toEqual([]);

  const called = library["north.ward"]
    .replace("when resource.open", "when resource.open with limit(20, ")
    .replace("forbid stop", "permit more");
  await session.change(uri, 3, called);
  const end = called.split("\n")[2]?.length ?? 0;
  const help = await ask<SignatureHelp>("textDocument/signatureHelp", {
    textDocument,
    position: { line: 2, character: end },
  });
  expect(help).toMatchObject({
    activeParameter: 1,
    signatures: [{ label: expect.stringContaining("limit(COUNT, per:") }],
  });
  expect(await session.end()).toBe(0);
  expect(await problemsOf([session])).toBe("");
});
