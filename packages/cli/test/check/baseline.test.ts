/** Known findings: written, left out, counted, and reported when they are gone. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { policy, projectFolder, run } from "../project.ts";

const misspelt = policy.replace("resource.borrower", "resource.borower");
const write = ["check", "--write-baseline", "known.json"];
const check = ["check", "--baseline", "known.json"];
const projectWith = async (text: string) => {
  const folder = projectFolder({ "north.ward": text });
  expect((await run(folder, write)).code).toBe(0);
  return folder;
};

test("what is known is left out and counted", async () => {
  const folder = await projectWith(misspelt);
  expect(await run(folder, check)).toEqual({
    code: 0,
    err: "",
    out: "1 finding of known.json left out as known\n0 of 1 policy fine: 0 errors, 0 warnings\n",
  });
});

test("writing says how many, and the file names each", async () => {
  const folder = projectFolder({ "north.ward": misspelt });
  const ran = await run(folder, write);
  expect(ran.out).toContain("1 finding written to known.json as known\n");
  expect(JSON.parse(readFileSync(join(folder, "known.json"), "utf8"))).toEqual({
    formatVersion: 1,
    findings: [
      {
        file: "north.ward",
        code: "name/unknown",
        fingerprint: expect.stringMatching(/^[0-9a-f]{16}:1$/) as string,
        message: "unknown attribute `borower`",
      },
    ],
  });
});

test("the same findings write the same bytes", async () => {
  const folder = await projectWith(misspelt);
  const before = readFileSync(join(folder, "known.json"), "utf8");
  await run(folder, write);
  expect(readFileSync(join(folder, "known.json"), "utf8")).toBe(before);
});

test("a known finding is known after its lines have moved, and a new one is not", async () => {
  const folder = await projectWith(misspelt);
  writeFileSync(
    join(folder, "north.ward"),
    `${misspelt.replace("permit own", "// moved\n\n\npermit own")}\npermit x: reader to read Lona\n`,
  );
  const ran = await run(folder, check);
  expect(ran.code).toBe(1);
  expect(ran.out).toContain("`Lona`");
  expect(ran.out).not.toContain("`borower`");
});

test("one more of a known mistake, on a line of the same words, is new", async () => {
  const folder = await projectWith(misspelt);
  const again = "permit x: reader to read, list Loan\n  when resource.borower == principal\n";
  writeFileSync(join(folder, "north.ward"), `${misspelt}\n${again}`);
  const ran = await run(folder, check);
  expect(ran.code).toBe(1);
  expect(ran.out).toContain("1 error, 0 warnings");
});

test("an entry that no longer occurs is reported, and fails nothing", async () => {
  const folder = await projectWith(misspelt);
  writeFileSync(join(folder, "north.ward"), policy);
  const ran = await run(folder, check);
  expect(ran.code).toBe(0);
  expect(ran.out).toContain(
    "known.json knows name/unknown in north.ward, which no longer occurs: write it again",
  );
  const json = JSON.parse((await run(folder, [...check, "--format", "json"])).out) as { baseline: unknown };
  expect(json.baseline).toMatchObject({ known: 0, gone: [{ file: "north.ward", code: "name/unknown" }] });
});

test("file names are the baseline's, wherever the command runs", async () => {
  const folder = projectFolder({ "north.ward": misspelt });
  mkdirSync(join(folder, "ci"));
  mkdirSync(join(folder, "deep"));
  expect((await run(folder, ["check", "--write-baseline", "ci/known.json"])).code).toBe(0);
  expect((await run(join(folder, "deep"), ["check", "--baseline", "../ci/known.json"])).code).toBe(0);
});

test.each(["north.ward", "./wardline.config.json"])("nothing is written over %s", async (name) => {
  const folder = projectFolder();
  const before = readFileSync(join(folder, name), "utf8");
  expect((await run(folder, ["check", "--write-baseline", name])).code).toBe(2);
  expect(readFileSync(join(folder, name), "utf8")).toBe(before);
});

describe("what is no baseline exits 2", () => {
  test.each([
    ["nothing", null],
    ["no JSON", "{"],
    ["null", "null"],
    ["a list", "[]"],
    ["another version", '{"formatVersion":2,"findings":[]}'],
    ["no findings", '{"formatVersion":1}'],
    ["a finding without a fingerprint", '{"formatVersion":1,"findings":[{"file":"a","code":"b"}]}'],
    ["a finding that is null", '{"formatVersion":1,"findings":[null]}'],
  ])("%s", async (_, text) => {
    const ran = await run(projectFolder({ "known.json": text }), check);
    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(ran.err).toContain("known.json");
  });
});

test.each([["--baseline", "known.json"], ["--changed"], ["--watch"]])(
  "writing together with %s is refused: it would not hold all findings",
  async (...option) => {
    const ran = await run(projectFolder({ "known.json": "{}" }), [...write, ...option]);
    expect(ran).toMatchObject({ code: 2, out: "" });
  },
);
