/** What the server tells of a folder is what `wardline check` says of it. */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import {
  DiagnosticTag,
  type Diagnostic,
  type DocumentDiagnosticReport,
  type Location,
  type Position,
  type WorkspaceDiagnosticReport,
} from "vscode-languageserver/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { positionAt } from "@wardline/core";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { DiagnosticData } from "../src/index.ts";
import { startSession, type Session } from "./client.ts";
import { library } from "./library.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const cli = join(root, "packages/cli/src/main.ts");
const folder = mkdtempSync(join(tmpdir(), "wardline-diagnostics-"));

/** Projects that are right, and one for each file of the corpus of what is not. */
function lay(): readonly string[] {
  const write = (name: string, files: Readonly<Record<string, string>>) => {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name, file)), { recursive: true });
      writeFileSync(join(folder, name, file), text);
    }
    return name;
  };
  cpSync(join(root, "examples/projects"), join(folder, "example"), { recursive: true });
  const invalid = join(root, "grammar/corpus/syntax/invalid");
  const corpus = readdirSync(invalid, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ward"),
  );
  const broken = corpus.flatMap((file, index) => {
    const text = readFileSync(join(invalid, file), "utf8");
    const name = `corpus-${String(index).padStart(3, "0")}`;
    return [
      write(name, {
        "wardline.config.json": library["wardline.config.json"],
        "library.ward": library["library.ward"],
        "platform.ward": library["platform.ward"],
        "north.ward": text,
      }),
    ];
  });
  const unused = {
    ...library,
    "north.ward": `${library["north.ward"]}\nlet never = resource.open\n`,
  };
  return ["example", write("library", library), write("unused", unused), ...broken];
}

interface Place {
  readonly file: string;
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

interface FromCli {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly note: string | null;
  readonly help: string | null;
  readonly labels: readonly (Place & { readonly message: string | null })[];
  readonly fixes: readonly { readonly title: string }[];
}

const severities = ["", "error", "warning", "info"];

let session: Session;
let projects: readonly string[];
let told: ReadonlyMap<string, WorkspaceDiagnosticReport["items"][number]>;

beforeAll(async () => {
  projects = lay();
  session = startSession();
  await session.begin([pathToFileURL(folder).href], {
    textDocument: { diagnostic: { relatedInformation: true, tagSupport: { valueSet: [1, 2] } } },
  });
  const report: WorkspaceDiagnosticReport = await session.connection.sendRequest("workspace/diagnostic", {
    previousResultIds: [],
  });
  told = new Map(report.items.map((item) => [item.uri, item]));
});

afterAll(async () => {
  await session.end();
  rmSync(folder, { recursive: true });
});

/** A place as the command line has it: from 1, columns in code points, lines by line feeds alone. */
function placeOf({ uri, range }: Location): string {
  const path = fileURLToPath(uri);
  const text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  const document = TextDocument.create(uri, "wardline", 0, text);
  const at = (position: Position) => {
    const { line, column } = positionAt(text, document.offsetAt(position));
    return `${line}:${column}`;
  };
  return `${relative(folder, path)} ${at(range.start)} ${at(range.end)}`;
}

const placeText = ({ file, start, end }: Place) =>
  `${file} ${start.line}:${start.column} ${end.line}:${end.column}`;

function ofServer(uri: string, items: readonly Diagnostic[]): readonly object[] {
  return items.map(({ code, severity, message, range, relatedInformation = [], data }) => ({
    code,
    severity: severities[severity ?? 0],
    message,
    places: [placeOf({ uri, range }), ...relatedInformation.map(({ location }) => placeOf(location))],
    fixes: (data as DiagnosticData).fixes.map(({ title }) => title),
  }));
}

function ofCli({ code, severity, message, note, help, labels, fixes }: FromCli): object {
  const [first] = labels;
  const words = [message, first?.message ?? null, note, help === null ? null : `help: ${help}`];
  return {
    code,
    severity,
    message: words.filter((line) => line !== null).join("\n"),
    places: labels.map(placeText),
    fixes: fixes.map(({ title }) => title),
  };
}

const inOrder = (all: readonly object[]) => all.map((one) => JSON.stringify(one)).toSorted();

test("codes, severities, words, places and related places are those of the command line", async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@wardline/source", cli, "check", ...projects, "--format", "json"],
    { cwd: folder, maxBuffer: 1e8 },
  ).catch((error: { stdout: string }) => error);
  const { findings } = JSON.parse(stdout) as { findings: readonly FromCli[] };
  const all = [...told].flatMap(([uri, report]) =>
    report.kind === "full" ? ofServer(uri, report.items) : [],
  );
  expect(new Set(findings.map(({ code }) => code)).size).toBeGreaterThan(20);
  expect(inOrder(all)).toEqual(inOrder(findings.map(ofCli)));
});

test("what could go is faded, and what is the same has the same id", async () => {
  const uri = pathToFileURL(join(folder, "unused", "north.ward")).href;
  const report = told.get(uri);
  if (report?.kind !== "full") throw new Error("nothing was told");
  const faded = report.items
    .filter(({ tags }) => tags?.includes(DiagnosticTag.Unnecessary))
    .map(({ code }) => code);
  expect(faded).toEqual(["lint/unused-let"]);
  const again: WorkspaceDiagnosticReport = await session.connection.sendRequest("workspace/diagnostic", {
    previousResultIds: [...told].map(([one, { resultId }]) => ({ uri: one, value: resultId ?? "" })),
  });
  expect(new Set(again.items.map(({ kind }) => kind))).toEqual(new Set(["unchanged"]));
  const one: DocumentDiagnosticReport = await session.connection.sendRequest("textDocument/diagnostic", {
    textDocument: { uri },
    previousResultId: report.resultId,
  });
  expect(one).toEqual({ kind: "unchanged", resultId: report.resultId });
});
