/** The studio's server over a small project and a small application, and a client that sends what no browser would. */
import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { startStudio } from "../../src/studio/studio-server.ts";
import { textDigest } from "../../src/studio/studio-project.ts";
import { projectFolder } from "../project.ts";

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body, where it is JSON. */
  readonly json: Record<string, unknown>;
}

export interface Sent {
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array;
  /** Null sends none. */
  readonly token?: string | null;
}

export interface Served {
  readonly folder: string;
  readonly app: string;
  readonly port: number;
  readonly token: string;
  readonly errors: readonly unknown[];
  /** Sends the path as it is given. */
  readonly ask: (method: string, path: string, sent?: Sent) => Promise<Reply>;
  /** Saves a text on what it was made from. */
  readonly save: (name: string, text: string | Uint8Array, base: string, sent?: Sent) => Promise<Reply>;
}

export interface ServeOptions {
  readonly files?: Readonly<Record<string, string | null>>;
  readonly allFiles?: boolean;
}

/** Serves a project until the test has finished. */
export async function serve({ files = {}, allFiles = false }: ServeOptions = {}): Promise<Served> {
  const folder = projectFolder(files);
  const app = appFolder();
  const errors: unknown[] = [];
  const studio = await startStudio({
    folder,
    allFiles,
    appFolder: app,
    port: 0,
    onError: (error) => errors.push(error),
  });
  onTestFinished(() => studio.close());
  const [, port = "", token = ""] =
    /^http:\/\/127\.0\.0\.1:(\d+)\/#token=([\w-]{43})$/.exec(studio.address) ?? [];
  const ask: Served["ask"] = (method, path, sent = {}) => {
    const { token: given = token, headers, body } = sent;
    const authorization = given === null ? {} : { authorization: `Bearer ${given}` };
    return exchange(Number(port), method, path, { ...authorization, ...headers }, body);
  };
  const save: Served["save"] = (name, body, base, sent = {}) =>
    ask("PUT", `/api/files/${name.split("/").map(encodeURIComponent).join("/")}`, {
      ...sent,
      body,
      headers: { "if-match": `"${textDigest(base)}"`, ...sent.headers },
    });
  return { folder, app, port: Number(port), token, errors, ask, save };
}

export interface Process {
  readonly child: ChildProcess;
  readonly port: number;
  readonly token: string;
  /** The exit code, or what ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

export interface ProcessOptions {
  /** The user to become. */
  readonly user?: number | undefined;
  /** A shell's command that sets a limit of the system. */
  readonly limit?: string;
}

/** Serves a project as a process of its own until the test has finished. */
export async function serveProcess(
  folder: string,
  { user, limit = ":" }: ProcessOptions = {},
): Promise<Process> {
  const main = new URL("./serve-process.ts", import.meta.url).pathname;
  const own = ["--conditions=@wardline/source", main, folder, appFolder()];
  const args = [...own, ...(user === undefined ? [] : [String(user)])];
  const child = spawn("sh", ["-c", `${limit}; exec "$0" "$@"`, process.execPath, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once("close", (code, signal) => resolve(code ?? signal)),
  );
  const printed = new Promise<string>((resolve) =>
    child.stdout.once("data", (part) => resolve(String(part))),
  );
  const { port, hash } = new URL(await printed);
  return { child, port: Number(port), token: hash.trim().slice("#token=".length), ended };
}

/** An application of a few files. */
export function appFolder(): string {
  const app = mkdtempSync(join(tmpdir(), "wardline-app-"));
  onTestFinished(() => rmSync(app, { recursive: true, force: true }));
  chmodSync(app, 0o755);
  mkdirSync(join(app, "assets"));
  writeFileSync(join(app, "index.html"), "<!doctype html><title>Studio</title>");
  writeFileSync(join(app, "project.json"), '{ "title": "An example" }');
  writeFileSync(join(app, "assets/index-a1B2c3D4.js"), "export {};");
  writeFileSync(join(app, "assets/a b.wasm"), Uint8Array.of(0, 97, 115, 109));
  return app;
}

export function exchange(
  port: number,
  method: string,
  path: string,
  headers: OutgoingHttpHeaders,
  body: string | Uint8Array = "",
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sending = request({ host: "127.0.0.1", port, method, path, headers, agent: false }, (response) => {
      text(response).then((answered) => {
        const isJson = response.headers["content-type"]?.startsWith("application/json") === true;
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: answered,
          json: isJson && answered !== "" ? (JSON.parse(answered) as Record<string, unknown>) : {},
        });
      }, reject);
    });
    sending.on("error", reject);
    sending.end(body);
  });
}
