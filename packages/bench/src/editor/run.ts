/** From a keystroke to its findings and to what can be written next, by the language server over a connection in this process. */
import type { CompletionList, DocumentDiagnosticReport } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { at } from "../measure.ts";
import type { Report } from "../report.ts";
import { keystrokesIn } from "./keystrokes.ts";
import { cardTimes } from "./cards.ts";
import { connect, folder } from "./connect.ts";
import { clock, medianOf, since, type Taken } from "./taken.ts";
import { editorTexts, type EditorTexts } from "./texts.ts";

const sizes = [570, 2450, 6800];
/** Each keystroke is timed so often; its time is the median, so that what else the machine does is left out. */
const rounds = Number(process.env["WARDLINE_ROUNDS"] ?? 3);
const places = 1;

/** Milliseconds, by keystroke. */
interface Times {
  readonly findings: readonly Taken[];
  readonly completion: readonly Taken[];
}

export async function runEditor(): Promise<readonly Report[]> {
  const rows: (readonly string[])[] = [];
  const figures: unknown[] = [];
  // First, while nothing is warm: so does an editor open.
  const { opening, keys, lines } = await cardTimes();
  for (const size of sizes) {
    const texts = editorTexts(size);
    const times = await timesOf(texts);
    for (const [way, all] of [
      ["keystroke to findings", times.findings],
      ["keystroke to completion", times.completion],
    ] as const) {
      const own = all.map(({ thread }) => thread);
      const [median, p95, p99] = [0.5, 0.95, 0.99].map((share) => at(own, share)) as [number, number, number];
      const wall = at(
        all.map((one) => one.wall),
        0.5,
      );
      rows.push([
        `${way}, ${texts.lines.toLocaleString("en")} lines`,
        ...[median, p95, p99, wall].map((millis) => `${millis.toFixed(1)} ms`),
      ]);
      figures.push({
        way,
        lines: texts.lines,
        policyLines: texts.policy.text.split("\n").length,
        median,
        p95,
        p99,
      });
    }
  }
  const cards = ([0.5, 0.95, 0.99] as const).map((share) =>
    at(
      keys.map(({ thread }) => thread),
      share,
    ),
  );
  const onWall = at(
    keys.map(({ wall }) => wall),
    0.5,
  );
  const shown = (millis: number) => `${millis.toFixed(1)} ms`;
  rows.push([
    `keystroke to cards, 500 statements, ${lines.toLocaleString("en")} lines`,
    ...[...cards, onWall].map(shown),
  ]);
  rows.push([
    `opening to cards, 500 statements, cold`,
    shown(opening.thread),
    "once",
    "once",
    shown(opening.wall),
  ]);
  figures.push({ way: "keystroke to cards", lines, median: cards[0], p95: cards[1], p99: cards[2] });
  figures.push({ way: "opening to cards", lines, once: opening.thread });
  return [
    {
      title: "Editor · findings and completion as somebody types",
      heads: ["way", "median", "p95", "p99", "median on the wall"],
      rows,
      leftOut: [],
      figures,
    },
  ];
}

async function timesOf(texts: EditorTexts): Promise<Times> {
  const client = connect(texts);
  const capabilities = { textDocument: { diagnostic: {}, completion: {} } };
  await client.sendRequest("initialize", {
    processId: null,
    rootUri: null,
    capabilities,
    workspaceFolders: [{ uri: folder, name: "bench" }],
  });
  await client.sendNotification("initialized", {});
  const uri = `${folder}north.ward`;
  const textDocument = { uri };
  await client.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "wardline", version: 0, text: texts.policy.text },
  });
  const strokes = keystrokesIn(texts.policy.text, places);
  const findings = strokes.map((): Taken[] => []);
  const completion = strokes.map((): Taken[] => []);
  let version = 0;
  // The first round warms up.
  for (let round = -1; round < rounds; round += 1) {
    let document = TextDocument.create(uri, "wardline", 0, texts.policy.text);
    for (const [index, { start, length, text, whole }] of strokes.entries()) {
      const range = { start: document.positionAt(start), end: document.positionAt(start + length) };
      version += 1;
      document = TextDocument.create(uri, "wardline", version, whole);
      const position = document.positionAt(start + text.length);
      const changes = { textDocument: { uri, version }, contentChanges: [{ range, text }] };
      const before = clock();
      void client.sendNotification("textDocument/didChange", changes);
      // Whoever types wants the words first.
      const words: CompletionList | null = await client.sendRequest("textDocument/completion", {
        textDocument,
        position,
      });
      const written = clock();
      const report: DocumentDiagnosticReport = await client.sendRequest("textDocument/diagnostic", {
        textDocument,
      });
      const told = clock();
      if (report.kind !== "full" && report.kind !== "unchanged") throw new Error("no findings");
      if (words === null) throw new Error("no words");
      if (round < 0) continue;
      completion[index]?.push(since(before, written));
      findings[index]?.push(since(written, told));
    }
  }
  client.end();
  client.dispose();
  return { findings: findings.map(medianOf), completion: completion.map(medianOf) };
}
