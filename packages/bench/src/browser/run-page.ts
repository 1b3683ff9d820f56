/** A page in a headless Chromium: what it posts to `/result` is what it came to. Nothing leaves the loopback interface. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface PageFile {
  readonly type: string;
  readonly text: string;
}

/** All that the page may load, by path; `/` is the page. */
export type PageFiles = ReadonlyMap<string, PageFile>;

/**
 * Opens `/` under the content security policy, and gives what it posts. Throws with what the browser said if it ends, or posts
 * nothing in time.
 */
export async function runPage(
  chromium: string,
  files: PageFiles,
  contentSecurityPolicy: string,
  milliseconds: number,
): Promise<unknown> {
  const posted = Promise.withResolvers<unknown>();
  const server = createServer((request, response) => {
    if (request.method === "POST" && request.url === "/result") {
      textOf(request).then((text) => posted.resolve(JSON.parse(text)), posted.reject);
      response.end();
      return;
    }
    const file = files.get(request.url ?? "");
    response.statusCode = file === undefined ? 404 : 200;
    response.setHeader("content-type", file?.type ?? "text/plain");
    response.setHeader("content-security-policy", contentSecurityPolicy);
    response.end(file?.text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const folder = await mkdtemp(join(tmpdir(), "wardline-chromium-"));
  const browser = startBrowser(chromium, folder, `http://127.0.0.1:${address.port}/`, posted.reject);
  const late = setTimeout(
    () => posted.reject(new Error(`the page came to nothing in ${milliseconds} ms: ${browser.said()}`)),
    milliseconds,
  );
  try {
    return await posted.promise;
  } finally {
    clearTimeout(late);
    await browser.stop();
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const flags = [
  "--headless",
  // In containers, and for root, there is no sandbox to be had; the page is our own.
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-extensions",
  "--disable-sync",
  "--no-first-run",
  "--no-proxy-server",
];

function startBrowser(
  chromium: string,
  folder: string,
  url: string,
  onEnd: (error: Error) => void,
): { readonly said: () => string; readonly stop: () => Promise<void> } {
  let said = "";
  // A group of its own: it starts processes that would stay.
  const browser = spawn(chromium, [...flags, `--user-data-dir=${folder}`, url], {
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const kill = () => {
    try {
      if (browser.pid !== undefined) process.kill(-browser.pid, "SIGKILL");
    } catch {
      // It has ended.
    }
  };
  process.once("exit", kill);
  const gone = new Promise<void>((resolve) => {
    browser.once("error", (error) => {
      onEnd(error);
      resolve();
    });
    browser.once("exit", (code) => {
      onEnd(new Error(`the browser ended with ${String(code)}: ${said}`));
      resolve();
    });
  });
  browser.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-2_000);
  });
  return {
    said: () => said,
    stop: async () => {
      kill();
      process.removeListener("exit", kill);
      await gone;
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}
