/** The command, and the files of the application that it serves. */
import { once } from "node:events";
import { chmodSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { studio } from "../../src/command/studio.ts";
import { openBrowser } from "../../src/studio/open-browser.ts";
import { startStudio } from "../../src/studio/studio-server.ts";
import { textDigest } from "../../src/studio/studio-project.ts";
import { policy, projectFolder, run } from "../project.ts";
import { appFolder, exchange, serve, serveProcess } from "./served.ts";

test("the application's files are served, each as what it is", async () => {
  const { ask, app } = await serve();
  mkdirSync(join(app, "late"));
  const index = await ask("GET", "/", { token: null });
  expect(index).toMatchObject({ status: 200, text: readFileSync(join(app, "index.html"), "utf8") });
  expect(index.headers).toMatchObject({
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-cache",
  });
  const script = await ask("GET", "/assets/index-a1B2c3D4.js?v=1");
  expect(script.headers).toMatchObject({
    "content-type": "text/javascript; charset=utf-8",
    "cache-control": "public, max-age=31536000, immutable",
  });
  const wasm = await ask("GET", "/assets/a%20b.wasm");
  expect(wasm.headers).toMatchObject({ "content-type": "application/wasm", "cache-control": "no-cache" });
  expect(await ask("HEAD", "/")).toMatchObject({ status: 200, text: "" });
});

test("no folder is listed, and nothing but the application's files is there", async () => {
  const { ask, app } = await serve();
  writeFileSync(join(app, "late.html"), "too late");
  symlinkSync("/etc/passwd", join(app, "link"));
  for (const path of [
    "/assets",
    "/assets/",
    "/late.html",
    "/link",
    "/../package.json",
    "/assets/../../x",
    "/assets/%2e%2e/index.html",
    "/%2e%2e/%2e%2e/etc/passwd",
    "//etc/passwd",
    "/etc/passwd",
    "/INDEX.html",
    "/index.html%00",
    "/__proto__",
    "/north.ward",
  ])
    expect((await ask("GET", path)).status, path).toBe(404);
  expect((await ask("POST", "/")).status).toBe(405);
});

test("links and hidden files of the application's folder are not served", async () => {
  const app = appFolder();
  symlinkSync("/etc/passwd", join(app, "link.txt"));
  writeFileSync(join(app, ".hidden"), "x");
  const served = await startStudio({
    folder: projectFolder(),
    allFiles: false,
    appFolder: app,
    port: 0,
    onError: () => {},
  });
  const port = Number(new URL(served.origin).port);
  for (const path of ["/link.txt", "/.hidden"])
    expect((await exchange(port, "GET", path, {})).status).toBe(404);
  await served.close();
});

test("prints the address, serves, and ends when it is asked to", async () => {
  let [out, err] = ["", ""];
  const folder = projectFolder();
  const printed = Promise.withResolvers<string>();
  const interrupted = Promise.withResolvers<() => void>();
  const io = {
    cwd: folder,
    out: (text: string) => {
      out += text;
      printed.resolve(text);
    },
    err: (text: string) => (err += text),
    stdin: () => Promise.resolve(""),
    color: false,
    interactive: false,
    onInterrupt: (callback: () => void) => {
      interrupted.resolve(callback);
      return () => {};
    },
  };
  const ended = studio(io, ".", { port: 0, open: false, allFiles: false }, appFolder());
  const { port, hash } = new URL(await printed.promise);
  const headers = { authorization: `Bearer ${hash.slice("#token=".length)}` };
  expect((await exchange(Number(port), "GET", "/api/project", headers)).status).toBe(200);
  const taken = studio(io, ".", { port: Number(port), open: false, allFiles: false }, appFolder());
  await expect(taken).rejects.toThrow(`port ${port} is taken`);
  (await interrupted.promise)();
  expect(await ended).toBe(0);
  await expect(exchange(Number(port), "GET", "/", {})).rejects.toThrow("ECONNREFUSED");
  expect(out.trim().split("\n")).toHaveLength(1);
  expect(err).toBe("1 of 3 files can be written; Ctrl-C ends\n");
});

test.each([
  ["file", "SIGINT"],
  ["folder", "SIGTERM"],
] as const)(
  "as a process: a read-only %s is said, and %s ends it with connections open",
  async (what, signal) => {
    const folder = projectFolder();
    const path = join(folder, "north.ward");
    chmodSync(folder, what === "folder" ? 0o555 : 0o777);
    chmodSync(path, what === "file" ? 0o444 : 0o666);
    const { child, port, token, ended } = await serveProcess(folder, {
      user: process.getuid?.() === 0 ? 65_534 : undefined,
    });
    const authorization = `Bearer ${token}`;
    const words = expect.stringContaining(
      `${what === "file" ? "The file" : "The file's folder"} is read-only`,
    );
    expect((await exchange(port, "GET", "/api/project", { authorization })).json).toMatchObject({
      files: [{}, {}, { name: "north.ward", readOnly: words }],
    });
    const headers = { authorization, "if-match": `"${textDigest(policy)}"` };
    expect(await exchange(port, "PUT", "/api/files/north.ward", headers, `${policy}\n`)).toMatchObject({
      status: 403,
      json: { code: "studio/read-only", help: words },
    });
    expect(readFileSync(path, "utf8")).toBe(policy);
    const silent = connect(port, "127.0.0.1");
    await once(silent, "connect");
    const closed = once(silent, "close");
    child.kill(signal);
    expect(await ended).toBe(0);
    await closed;
  },
);

test.each([
  [["--port", "65536"], "a port is 0 to 65535"],
  [["--port", "1e3"], "a port is 0 to 65535"],
  [["--host", "0.0.0.0"], "unknown option '--host'"],
  [["nowhere"], "there is no folder nowhere"],
])("%j exits 2", async (args, words) => {
  const ran = await run(projectFolder(), ["studio", ...args]);
  expect(ran).toMatchObject({ code: 2, out: "" });
  expect(ran.err).toContain(words);
});

test("a project that cannot be read, and an application that was not built, are said", async () => {
  const broken = await run(projectFolder({ "wardline.config.json": "{" }), ["studio"]);
  expect(broken).toMatchObject({ code: 2, out: "" });
  const start = startStudio({
    folder: projectFolder(),
    allFiles: false,
    appFolder: tmpdir(),
    port: 0,
    onError: () => {},
  });
  await expect(start).rejects.toThrow("the studio's application is not built");
});

test("a browser gets the token by a file of this user, not as an argument", async () => {
  const folder = projectFolder({
    "seen.sh": 'cp "$1" "$(dirname "$0")/page"; stat -c %a "$1" "$(dirname "$1")" >"$(dirname "$0")/modes"\n',
  });
  const address = "http://127.0.0.1:1/#token=abc";
  const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith("wardline-studio-"));
  const before = left();
  const ended = Promise.withResolvers<void>();
  const forget = openBrowser(address, () => ended.resolve(), [
    "sh",
    "-c",
    'sh "$0" "$1"; exit 1',
    join(folder, "seen.sh"),
  ]);
  await ended.promise;
  expect(readFileSync(join(folder, "page"), "utf8")).toContain(`content="0;url=${address}"`);
  expect(readFileSync(join(folder, "modes"), "utf8")).toBe("600\n700\n");
  forget();
  expect(left()).toEqual(before);
});
