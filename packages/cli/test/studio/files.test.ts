/** Attacks on the files: names that are none of the project, texts that are none, and changes that cross. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { model, platform, policy, projectFolder } from "../project.ts";
import { readStudioProject, textDigest } from "../../src/studio/studio-project.ts";
import { saveFile } from "../../src/studio/save-file.ts";
import { writeFileAtomically } from "../../src/files/write-file.ts";
import { serve, type Served } from "./served.ts";

const changed = policy.replace(">= 3", ">= 4");
const north = ({ folder }: Served) => readFileSync(join(folder, "north.ward"), "utf8");

test("the project is given as it is, and again only when it has changed", async () => {
  const served = await serve();
  const { ask, folder } = served;
  const first = await ask("GET", "/api/project");
  const file = (name: string, text: string, readOnly: unknown) => ({
    name,
    text,
    digest: textDigest(text),
    readOnly,
  });
  const operators = expect.stringContaining("--all-files");
  expect(first.json).toMatchObject({
    config: readFileSync(join(folder, "wardline.config.json"), "utf8"),
    files: [
      file("library.ward", model, operators),
      file("platform.ward", platform, operators),
      file("north.ward", policy, null),
    ],
  });
  const again = () => ask("GET", "/api/project", { headers: { "if-none-match": first.headers.etag } });
  expect(await again()).toMatchObject({ status: 304, text: "" });
  writeFileSync(join(folder, "north.ward"), changed);
  expect((await again()).json).toMatchObject({ files: [{}, {}, { text: changed }] });
});

describe("saving", () => {
  test("writes the text as it is, and the mode stays", async () => {
    const served = await serve();
    const path = join(served.folder, "north.ward");
    chmodSync(path, 0o640);
    const before = readdirSync(served.folder);
    const saved = await served.save("north.ward", changed, policy);
    expect(saved).toMatchObject({ status: 200, json: { digest: textDigest(changed) } });
    expect(saved.headers.etag).toBe(`"${textDigest(changed)}"`);
    expect(north(served)).toBe(changed);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(served.folder)).toEqual(before);
  });

  test("on another text than the one on disk changes nothing, and gives that one", async () => {
    const served = await serve();
    const theirs = `${policy}\n// by hand\n`;
    writeFileSync(join(served.folder, "north.ward"), theirs);
    const refused = await served.save("north.ward", changed, policy);
    expect(refused).toMatchObject({
      status: 412,
      json: { code: "studio/changed", text: theirs, digest: textDigest(theirs) },
    });
    expect(north(served)).toBe(theirs);
    expect((await served.save("north.ward", changed, theirs)).status).toBe(200);
  });

  test("of two changes of one text one is told of the other", async () => {
    const served = await serve();
    const texts = Array.from({ length: 8 }, (_, index) => `${policy}\n// ${index}\n`);
    const answers = await Promise.all(texts.map((text) => served.save("north.ward", text, policy)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200,
      ...Array.from({ length: 7 }, () => 412),
    ]);
    const winner = texts[answers.findIndex(({ status }) => status === 200)];
    expect(north(served)).toBe(winner);
    for (const { status, json } of answers) if (status === 412) expect(json["text"]).toBe(winner);
  });

  test("another program that changes the file while the disk is slow is not written over", () => {
    const folder = projectFolder();
    const path = join(folder, "north.ward");
    const before = readdirSync(folder);
    const theirs = `${policy}// theirs\n`;
    const written = writeFileAtomically(path, changed, () => {
      writeFileSync(path, theirs);
      return readFileSync(path, "utf8") === policy;
    });
    expect([written, readFileSync(path, "utf8")]).toEqual([false, theirs]);
    expect(readdirSync(folder)).toEqual(before);
    // What was read is older than what stands there: the change is not carried out on it.
    const studio = readStudioProject(folder, false);
    writeFileSync(path, `${theirs}// more\n`);
    const change = { bytes: Buffer.from(changed), base: textDigest(theirs) };
    expect(saveFile(studio, "north.ward", change)).toBe(null);
    rmSync(path);
    expect(saveFile(studio, "north.ward", change)).toBe(null);
    expect(readdirSync(folder)).toEqual(before.filter((name) => name !== "north.ward"));
    expect(saveFile(readStudioProject(folder, false), "north.ward", change)).toMatchObject({ status: 412 });
  });

  test("without saying what the change was made from, or in other signs, is refused", async () => {
    const { ask } = await serve();
    const digest = textDigest(policy);
    for (const tag of [
      undefined,
      "*",
      digest,
      `W/"${digest}"`,
      `"${digest}", "${digest}"`,
      '""',
      `"${digest.toUpperCase()}"`,
    ]) {
      const headers = tag === undefined ? {} : { "if-match": tag };
      expect(await ask("PUT", "/api/files/north.ward", { headers, body: "x" })).toMatchObject({
        status: 428,
        json: { code: "studio/no-base" },
      });
    }
  });

  test("a mark before the text stays, and is no part of it", async () => {
    const served = await serve({ files: { "north.ward": `\uFEFF${policy}` } });
    expect((await served.save("north.ward", changed, policy)).status).toBe(200);
    expect(north(served)).toBe(`\uFEFF${changed}`);
  });

  test.each([0, 1, 2])(
    "with %i marks in the file, what is read afterwards is what was saved",
    async (marks) => {
      const text = `${"\uFEFF".repeat(marks)}${policy}`;
      const served = await serve({ files: { "north.ward": text } });
      let base = text.replace("\uFEFF", "");
      for (const next of [`\uFEFF${changed}`, `\uFEFF\uFEFF${policy}`, `\uFEFF${policy}`, changed]) {
        expect(await served.save("north.ward", next, base)).toMatchObject({
          status: 200,
          json: { digest: textDigest(next) },
        });
        expect(readStudioProject(served.folder, false).files.at(-1)).toMatchObject({ text: next });
        base = next;
      }
    },
  );

  test("writes through a link within the project, and the link stays", async () => {
    const served = await serve({ files: { "north.ward": null, "real/north.ward": policy } });
    expect((await served.save("north.ward", changed, policy)).json["code"]).toBe("studio/removed");
    symlinkSync("real/north.ward", join(served.folder, "north.ward"));
    expect((await served.save("north.ward", changed, policy)).status).toBe(200);
    expect(readFileSync(join(served.folder, "real/north.ward"), "utf8")).toBe(changed);
  });

  test("a body that breaks off changes nothing", async () => {
    const served = await serve();
    await new Promise<void>((resolve) => {
      const socket = connect(served.port, "127.0.0.1");
      const head = [
        "PUT /api/files/north.ward HTTP/1.1",
        `Host: 127.0.0.1:${served.port}`,
        `Authorization: Bearer ${served.token}`,
        `If-Match: "${textDigest(policy)}"`,
        "Content-Length: 100",
      ];
      socket.once("close", () => resolve());
      socket.write(`${head.join("\r\n")}\r\n\r\npolicy nor`, () => socket.destroy());
    });
    expect((await served.ask("GET", "/api/project")).status).toBe(200);
    expect(north(served)).toBe(policy);
    expect(served.errors).toEqual([]);
  });
});

describe("what is not the page's to write", () => {
  test.each(["library.ward", "platform.ward"])("%s, without --all-files", async (name) => {
    const served = await serve();
    const before = readFileSync(join(served.folder, name), "utf8");
    expect(await served.save(name, `${before}\n`, before)).toMatchObject({
      status: 403,
      json: { code: "studio/read-only", help: expect.stringContaining("--all-files") },
    });
    expect(readFileSync(join(served.folder, name), "utf8")).toBe(before);
  });

  test("a pack, and a policy that is also another's file", async () => {
    const config = {
      model: "library.ward",
      platform: ["north.ward"],
      packs: ["p.ward"],
      tenants: { north: "north.ward" },
    };
    const served = await serve({
      files: { "wardline.config.json": JSON.stringify(config), "p.ward": "pack p 1.0.0 for library\n" },
    });
    expect((await served.save("p.ward", "", "pack p 1.0.0 for library\n")).status).toBe(403);
    expect((await served.save("north.ward", "", policy)).status).toBe(403);
  });

  test("what all share, by a tenant's name that links to it, and the configuration, by one that is it", async () => {
    const config = (name: string) =>
      JSON.stringify({ model: "library.ward", platform: ["platform.ward"], tenants: { north: name } });
    const served = await serve({ files: { "wardline.config.json": config("linked.ward") } });
    symlinkSync("platform.ward", join(served.folder, "linked.ward"));
    expect(await served.save("linked.ward", "", platform)).toMatchObject({
      status: 403,
      json: { code: "studio/read-only" },
    });
    expect(readFileSync(join(served.folder, "platform.ward"), "utf8")).toBe(platform);
    const own = config("wardline.config.json");
    const open = await serve({ files: { "wardline.config.json": own }, allFiles: true });
    expect((await open.save("wardline.config.json", "{}", own)).status).toBe(403);
    expect(readFileSync(join(open.folder, "wardline.config.json"), "utf8")).toBe(own);
  });

  test("with --all-files they are written, the configuration never", async () => {
    const served = await serve({ allFiles: true });
    expect((await served.save("platform.ward", `${platform}\n`, platform)).status).toBe(200);
    const config = readFileSync(join(served.folder, "wardline.config.json"), "utf8");
    expect((await served.save("wardline.config.json", "{}", config)).status).toBe(404);
  });

  const files = { "wardline.config.json": null };
  test("without a configuration, another's file by its first line", async () => {
    const served = await serve({ files });
    for (const text of ["platform for library\n", "policy south for library\n", "model library\n", ""])
      expect(await served.save("north.ward", text, policy)).toMatchObject({
        status: 422,
        json: { code: "studio/first-line" },
      });
    expect(north(served)).toBe(policy);
    expect((await served.save("north.ward", changed, policy)).status).toBe(200);
  });
});

describe("names that are none of the project", () => {
  const secret = "not for the page";
  const names = [
    "../secret.ward",
    "..%2fsecret.ward",
    "%2e%2e/secret.ward",
    "%2e%2e%2fsecret.ward",
    "..%5csecret.ward",
    "./north.ward",
    "x/../north.ward",
    "x/%2e%2e/north.ward",
    "/north.ward",
    "%2fnorth.ward",
    "%2Fetc%2Fpasswd",
    "north.ward/",
    "north.ward%00",
    "north.ward%00.ward",
    "%00",
    "NORTH.ward",
    "north.WARD",
    "north.ward%20",
    "north.ward.",
    "north.ward::$DATA",
    "n%C3%B6rth.ward",
    "%ff",
    "%",
    "%u006eorth.ward",
    "other.ward",
    "wardline.config.json",
    ".git/config",
    "__proto__",
    "constructor",
    "",
  ];
  test.each(names)("%j is not written", async (name) => {
    const served = await serve({ files: { "other.ward": secret, ".git/config": secret }, allFiles: true });
    const outside = join(served.folder, "../secret.ward");
    for (const base of [policy, secret, ""]) {
      const headers = { "if-match": `"${textDigest(base)}"` };
      const { status } = await served.ask("PUT", `/api/files/${name}`, { headers, body: changed });
      expect(status).toBe(404);
    }
    expect(north(served)).toBe(policy);
    expect(readFileSync(join(served.folder, "other.ward"), "utf8")).toBe(secret);
    expect(existsSync(outside)).toBe(false);
    expect((await served.ask("GET", "/api/project")).text).not.toContain(secret);
    expect(served.errors).toEqual([]);
  });

  test("other ways of asking are none", async () => {
    const { ask } = await serve();
    for (const [method, path, status] of [
      ["GET", "/api/files/north.ward", 405],
      ["DELETE", "/api/files/north.ward", 405],
      ["POST", "/api/files", 404],
      ["PUT", "/api/project", 405],
      ["GET", "/api/../api/project", 404],
      ["GET", "/API/project", 404],
      ["GET", "/api//project", 404],
    ] as const)
      expect((await ask(method, path)).status, `${method} ${path}`).toBe(status);
  });
});

describe("files that lead elsewhere, or never end", () => {
  test("a link out of the folder opens no studio, and closes an open one", async () => {
    const elsewhere = projectFolder({ "secret.ward": policy });
    const served = await serve();
    const path = join(served.folder, "north.ward");
    rmSync(path);
    symlinkSync(join(elsewhere, "secret.ward"), path);
    expect(() => readStudioProject(served.folder, false)).toThrow("leads out of the project's folder");
    expect((await served.ask("GET", "/api/project")).json).toMatchObject({ code: "studio/project" });
    expect((await served.save("north.ward", changed, policy)).status).toBe(409);
    expect(readFileSync(join(elsewhere, "secret.ward"), "utf8")).toBe(policy);
  });

  test("a folder that became a link, and a name that the configuration leads out by", async () => {
    const elsewhere = projectFolder({ "north.ward": policy });
    const config = (north_: string) =>
      JSON.stringify({ model: "library.ward", platform: ["platform.ward"], tenants: { north: north_ } });
    const served = await serve({
      files: { "wardline.config.json": config("p/north.ward"), "p/north.ward": policy },
    });
    expect((await served.save("p/north.ward", changed, policy)).status).toBe(200);
    renameSync(join(served.folder, "p"), join(served.folder, "q"));
    symlinkSync(elsewhere, join(served.folder, "p"));
    expect((await served.save("p/north.ward", changed, policy)).status).toBe(409);
    expect(readFileSync(join(elsewhere, "north.ward"), "utf8")).toBe(policy);
    writeFileSync(
      join(served.folder, "wardline.config.json"),
      config(join("..", elsewhere.split("/").at(-1) ?? "", "north.ward")),
    );
    expect((await served.ask("GET", "/api/project")).json).toMatchObject({
      code: "studio/project",
      message: expect.stringContaining("leads out"),
    });
  });

  test("a device and a folder are told, not read", async () => {
    const served = await serve();
    const path = join(served.folder, "north.ward");
    for (const put of [() => symlinkSync("/dev/zero", path), () => mkdirSync(path)]) {
      rmSync(path, { recursive: true });
      put();
      expect(await served.ask("GET", "/api/project")).toMatchObject({
        status: 409,
        json: { code: "studio/project", message: "north.ward is not a regular file" },
      });
    }
  });

  test("a file with a second name is replaced under the project's name alone", async () => {
    const served = await serve();
    linkSync(join(served.folder, "north.ward"), join(served.folder, "second"));
    expect((await served.save("north.ward", changed, policy)).status).toBe(200);
    expect(readFileSync(join(served.folder, "second"), "utf8")).toBe(policy);
  });

  test.skipIf(process.platform === "win32")(
    "a configuration that is a pipe is told, not waited for",
    async () => {
      const served = await serve();
      const path = join(served.folder, "wardline.config.json");
      rmSync(path);
      execFileSync("mkfifo", [path]);
      expect(await served.ask("GET", "/api/project")).toMatchObject({
        status: 409,
        json: { code: "studio/project", message: expect.stringContaining("is not a regular file") },
      });
    },
  );

  test("what is not UTF-8 is neither read nor written", async () => {
    const served = await serve();
    for (const bytes of [Uint8Array.of(0xff), Uint8Array.of(0xed, 0xa0, 0x80), Uint8Array.of(0xc0, 0x80)])
      expect(await served.save("north.ward", bytes, policy)).toMatchObject({
        status: 422,
        json: { code: "studio/not-text" },
      });
    expect(north(served)).toBe(policy);
    writeFileSync(join(served.folder, "north.ward"), Uint8Array.of(0xff));
    expect((await served.ask("GET", "/api/project")).status).toBe(409);
  });
});

test("a text beyond the language's limit is not written, nor read to its end", async () => {
  const served = await serve({ allFiles: true });
  const text = (size: number) => "x".repeat(size);
  expect((await served.save("north.ward", text(64 * 1024 + 1), policy)).status).toBe(413);
  expect((await served.save("platform.ward", text(1024 * 1024 + 1), platform)).status).toBe(413);
  const chunked = { "transfer-encoding": "chunked" };
  expect(
    (await served.save("platform.ward", text(1024 * 1024 + 1), platform, { headers: chunked })).status,
  ).toBe(413);
  expect((await served.save("north.ward", text(64 * 1024), policy)).status).toBe(200);
});
