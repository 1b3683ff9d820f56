import { symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { model, policy, projectFolder, run } from "./project.ts";

test("a project without errors exits 0 and says so", async () => {
  const ran = await run(projectFolder(), ["check"]);
  expect(ran).toEqual({ code: 0, out: "1 of 1 policy fine: 0 errors, 0 warnings\n", err: "" });
});

test("a misspelt attribute exits 1, names the right one and underlines the wrong one", async () => {
  const ran = await run(
    projectFolder({ "north.ward": policy.replace("resource.borrower", "resource.borower") }),
    ["check"],
  );
  expect(ran.code).toBe(1);
  const lines = ran.out.split("\n");
  const source = lines.findIndex((line) => line.includes("when resource.borower == principal"));
  const column = (lines[source] as string).indexOf("borower");
  expect((lines[source + 1] as string).slice(column, column + 8)).toMatch(/^\^{7}(?: |$)/);
  expect(ran.out).toContain("north.ward:4:17");
  expect(ran.out).toContain("`borrower`");
  expect(ran.out).toContain("0 of 1 policy fine: 1 error, 0 warnings");
});

test("a syntax error is shown at its place, and the other statements are still checked", async () => {
  const broken = policy
    .replace("reader to read", "reader read")
    .replace("principal.level", "principal.levle");
  const ran = await run(projectFolder({ "north.ward": broken }), ["check"]);
  expect(ran.code).toBe(1);
  expect(ran.out).toContain("north.ward:3:20");
  expect(ran.out).toContain("`level`");
});

test("plain prints one fact a line, json a document with a version", async () => {
  const folder = projectFolder({ "north.ward": policy.replace("resource.borrower", "resource.borower") });
  const plain = await run(folder, ["check", "--format", "plain"]);
  expect(plain.code).toBe(1);
  expect(plain.out).toMatch(/^north\.ward:4:17: error [a-z]+\/[a-z-]+: /);
  const json = await run(folder, ["check", "--format", "json"]);
  const document = JSON.parse(json.out) as { formatVersion: number; findings: { labels: unknown[] }[] };
  expect(document.formatVersion).toBe(1);
  expect(document.findings).toHaveLength(1);
  expect(document.findings[0]?.labels[0]).toMatchObject({
    file: "north.ward",
    start: { line: 4, column: 17 },
    end: { line: 4, column: 24 },
  });
});

describe("who a file belongs to is said by the project, never by the file", () => {
  test("a tenant's file that calls itself the platform's is refused", async () => {
    const ran = await run(projectFolder({ "north.ward": policy.replace("policy north", "platform") }), [
      "check",
    ]);
    expect(ran.code).toBe(1);
  });

  test("a tenant's file that calls itself another tenant's is refused", async () => {
    const ran = await run(projectFolder({ "north.ward": policy.replace("policy north", "policy south") }), [
      "check",
    ]);
    expect(ran.code).toBe(1);
    expect(ran.out).toContain("south");
  });

  test("without a configuration each file is taken at its header's word, and that is said", async () => {
    const ran = await run(projectFolder({ "wardline.config.json": null }), ["check"]);
    expect(ran.code).toBe(0);
    expect(ran.err).toContain("no wardline.config.json");
  });
});

describe("bad input exits 2 with a cure", () => {
  test.each([
    ["a folder that is not there", {}, ["check", "nowhere"], "there is no file or folder nowhere"],
    ["a file of no project", { "notes.txt": "x" }, ["check", "notes.txt"], "notes.txt holds no file"],
    ["an unknown option", {}, ["check", "--colour"], "--colour"],
    ["a configuration that is not JSON", { "wardline.config.json": "{" }, ["check"], "is not JSON"],
    ["an unknown key", { "wardline.config.json": '{"modle": "x"}' }, ["check"], "unknown key `modle`"],
    ["a missing file", { "library.ward": null }, ["check"], "there is no file library.ward"],
    [
      "no model",
      { "wardline.config.json": null, "library.ward": null },
      ["check"],
      "no file begins with `model`",
    ],
    [
      "two models",
      { "wardline.config.json": null, "more.ward": model },
      ["check"],
      "more than one file begins with `model`",
    ],
  ])("%s", async (_, files, args, words) => {
    const ran = await run(projectFolder(files), args);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(words);
    expect(ran.out).toBe("");
  });
});

describe("a file that is none", () => {
  test.each([
    ["a device that never ends", (path: string) => symlinkSync("/dev/zero", path), "is not a regular file"],
    ["a folder", (path: string) => symlinkSync("/", path), "is not a regular file"],
    ["a link to itself", (path: string) => symlinkSync(path, path), "cannot be read"],
    [
      "far too much",
      (path: string) => {
        writeFileSync(path, "");
        truncateSync(path, 64 * 1024 * 1024);
      },
      "is larger than 16 MiB",
    ],
  ])("%s", async (_, make, message) => {
    const folder = projectFolder({ "north.ward": null });
    make(join(folder, "north.ward"));
    const ran = await run(folder, ["check"]);
    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(ran.err).toContain(`north.ward ${message}`);
  });
});

test("a word of the command line cannot act on the terminal", async () => {
  const ran = await run(projectFolder(), ["x\u001b[31m"]);
  expect(ran.code).toBe(2);
  expect(ran.err).toContain("x<U+001B>[31m");
  expect(ran.err).not.toContain("\u001b");
});
