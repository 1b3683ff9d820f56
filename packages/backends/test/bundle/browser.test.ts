/**
 * The sources of the bundle, in a real browser: a repository that is good opens there, and a touched one does not. Skipped,
 * with a printed reason, where there is no Chromium that knows Ed25519.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire, stripTypeScriptTypes } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { paths } from "@wardline/backends";
import { expect, test } from "vitest";
import { newKeys, newRepository, now, rootDocument } from "./town.ts";

const packages = new URL("../../../", import.meta.url).pathname;
const joseFile = createRequire(import.meta.url).resolve("jose/package.json");
const jose = JSON.parse(readFileSync(joseFile, "utf8")) as { exports: Record<string, { default: string }> };

const browser = ["chromium", "chromium-browser", "google-chrome"].find((name) => {
  const [, major] = /(\d+)\./.exec(spawnSync(name, ["--version"], { encoding: "utf8" }).stdout ?? "") ?? [];
  // The first that has Ed25519 without a flag.
  return Number(major) >= 137;
});
if (browser === undefined) console.log("skipped: there is no Chromium from 137 on");

/** A module as the page asks for it: of our sources without types, or of jose. */
function moduleAt(path: string): string | undefined {
  if (path.startsWith("/packages/")) {
    const text = readFileSync(join(packages, path.slice("/packages/".length)), "utf8");
    return stripTypeScriptTypes(text)
      .replaceAll('"@wardline/core"', '"/packages/core/src/index.ts"')
      .replaceAll(/"jose\/([^"]+)"/g, (_, name: string) => JSON.stringify(joseUrl(name)));
  }
  if (path.startsWith("/jose/"))
    return readFileSync(join(dirname(joseFile), path.slice("/jose/".length)), "utf8");
  return undefined;
}

/** Where the page finds a part of jose, as its package says. */
function joseUrl(name: string): string {
  const folder = name.slice(0, name.indexOf("/"));
  const file = name.slice(folder.length + 1);
  const target = jose.exports[`./${name}`] ?? jose.exports[`./${folder}/*`];
  return `/jose/${target?.default.slice(2).replace("*", file) ?? name}`;
}

const page = (repository: object, root: string): string => `<!doctype html>
<script type="module">
const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
const answer = {};
try {
  const { openRepository } = await import("/packages/backends/src/bundle/repository/open-repository.ts");
  const { mapSource } = await import("/packages/backends/src/bundle/repository/source.ts");
  const files = new Map(Object.entries(${JSON.stringify(repository)}).map(([path, text]) => [path, bytes(text)]));
  const open = () => openRepository({ source: mapSource(files), root: bytes("${root}"), seen: new Map(), now: ${now} });
  const good = await open();
  answer.tenants = good.error?.message ?? [...good.bundles.keys()];
  const archive = files.get("${paths.bundle("north", 7)}");
  archive[archive.length >> 1] ^= 1;
  answer.touched = (await open()).error?.code;
  answer.node = typeof process;
} catch (error) {
  answer.error = String(error);
}
await fetch("/answer", { method: "POST", body: JSON.stringify(answer) });
</script>`;

test.skipIf(browser === undefined)(
  "a repository is verified in a browser",
  async () => {
    const keys = await newKeys();
    const files = await newRepository(keys);
    const base64 = (content: Uint8Array): string => Buffer.from(content).toString("base64");
    const repository = Object.fromEntries([...files].map(([path, content]) => [path, base64(content)]));
    const html = page(repository, base64(await rootDocument(keys)));
    const answered = Promise.withResolvers<string>();
    const server = createServer((request, response) => {
      if (request.url === "/answer") {
        let body = "";
        request.on("data", (part: Buffer) => (body += part.toString()));
        request.on("end", () => {
          response.end();
          answered.resolve(body);
        });
      } else if (request.url === "/") response.setHeader("content-type", "text/html").end(html);
      else {
        const text = moduleAt(request.url ?? "");
        response.statusCode = text === undefined ? 404 : 200;
        response.setHeader("content-type", "text/javascript").end(text);
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const profile = mkdtempSync(join(tmpdir(), "wardline-browser-"));
    const { port } = server.address() as AddressInfo;
    const options = ["--headless", "--no-sandbox", "--disable-gpu", `--user-data-dir=${profile}`];
    const running = spawn(browser as string, [...options, `http://127.0.0.1:${port}/`], { stdio: "ignore" });
    running.once("error", answered.reject);
    const ended = new Promise<void>((resolve) =>
      running.once("exit", () => {
        answered.reject(new Error("the browser ended without an answer"));
        resolve();
      }),
    );
    try {
      expect(JSON.parse(await answered.promise)).toEqual({
        tenants: ["north", "south"],
        touched: "trust/mixed-snapshot",
        node: "undefined",
      });
    } finally {
      running.kill();
      await ended;
      server.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    }
  },
  60_000,
);
