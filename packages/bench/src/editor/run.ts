/** From a keystroke to its findings and to what can be written next, by the language server over a connection in this process. */
import { startServer, type ProjectSource } from "@wardline/language-server";
import { PassThrough } from "node:stream";
import {
  createConnection,
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type CompletionList,
  type DocumentDiagnosticReport,
  type ProtocolConnection,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { at } from "../measure.ts";
import type { Report } from "../report.ts";
import { keystrokesIn } from "./keystrokes.ts";
import { editorTexts, type EditorTexts } from "./texts.ts";

const sizes = [570, 2450, 6800];
/** Each keystroke is timed so often; its time is the median, so that what else the machine does is left out. */
const rounds = Number(process.env["WARDLINE_ROUNDS"] ?? 3);
const places = 1;

const folder = "file:///bench/";
const config = JSON.stringify({
  model: "library.ward",
  platform: ["platform.ward"],
  tenants: { north: "north.ward" },
});

/** Milliseconds, by keystroke. */
interface Times {
  readonly findings: readonly Taken[];
  readonly completion: readonly Taken[];
}

/** By the clock on the wall, and by that of the thread, which stands while other processes have the processor. */
interface Taken {
  readonly wall: number;
  readonly thread: number;
}

const clock = (): Taken => {
  const { user, system } = process.threadCpuUsage();
  return { wall: performance.now(), thread: (user + system) / 1000 };
};

const since = (before: Taken, now: Taken): Taken => ({
  wall: now.wall - before.wall,
  thread: now.thread - before.thread,
});

function medianOf(all: readonly Taken[]): Taken {
  const of = (key: keyof Taken) =>
    at(
      all.map((one) => one[key]),
      0.5,
    );
  return { wall: of("wall"), thread: of("thread") };
}

export async function runEditor(): Promise<readonly Report[]> {
  const rows: (readonly string[])[] = [];
  const figures: unknown[] = [];
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

/** A client of a server in this process, with streams between them, so that messages are written and read. */
function connect({ model, platform, policy }: EditorTexts): ProtocolConnection {
  const texts = new Map([
    [`${folder}wardline.config.json`, config],
    ...[model, platform, policy].map(({ name, text }) => [`${folder}${name}`, text] as const),
  ]);
  const source: ProjectSource = {
    read: (uri) => {
      const text = texts.get(uri);
      return text === undefined ? { problem: "there is no such file" } : { text };
    },
    exists: (uri) => texts.has(uri),
    wardFiles: () => [...texts.keys()].filter((uri) => uri.endsWith(".ward")),
    configs: () => [`${folder}wardline.config.json`],
  };
  const [up, down] = [new PassThrough(), new PassThrough()];
  startServer(createConnection(new StreamMessageReader(up), new StreamMessageWriter(down)), () => source);
  const client = createProtocolConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
  client.onRequest("client/registerCapability", () => null);
  client.listen();
  return client;
}
