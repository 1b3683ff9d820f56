/** `check --fix`: what it mends, what it leaves alone, and that no file is the worse for it. */
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { UsageError } from "../../src/exit-code.ts";
import { writeTexts } from "../../src/files/write-texts.ts";
import { model, policy, projectFolder, run } from "../project.ts";

const misspelt = policy.replace("resource.borrower", "resource.borower").replace("level", "levle");
const read = (folder: string, name = "north.ward") => readFileSync(join(folder, name), "utf8");

test("mends what it can, says what, and exits as the mended files are", async () => {
  const folder = projectFolder({ "north.ward": misspelt });
  const ran = await run(folder, ["check", "--fix"]);
  expect(read(folder)).toBe(policy);
  expect(ran).toEqual({
    code: 0,
    err: "",
    out: [
      "fixed north.ward:4:17: unknown attribute `borower`: write `borrower`",
      "fixed north.ward:7:18: unknown attribute `levle`: write `level`",
      "1 of 1 policy fine: 0 errors, 0 warnings",
      "",
    ].join("\n"),
  });
  expect(readdirSync(folder).toSorted()).toEqual([
    "library.ward",
    "north.ward",
    "platform.ward",
    "wardline.config.json",
  ]);
});

test("what one fix brings to light is mended in the next round", async () => {
  const text = policy.replace("permit own: reader", "pemrit own: raeder");
  const folder = projectFolder({ "north.ward": text });
  const ran = await run(folder, ["check", "--fix"]);
  expect(ran.code).toBe(0);
  expect(read(folder)).toBe(policy);
});

test("the model and the platform's files are mended too", async () => {
  const folder = projectFolder({ "library.ward": model.replace("title: String", "title: string") });
  expect((await run(folder, ["check", "--fix"])).code).toBe(0);
  expect(read(folder, "library.ward")).toBe(model);
});

test("what only the author can know is left alone", async () => {
  const text = policy.replace(
    "principal.level >= 3",
    'principal.level >= 3 and resource.title == "a" or resource.title == "b"',
  );
  const folder = projectFolder({ "north.ward": text });
  const ran = await run(folder, ["check", "--fix"]);
  expect(ran.code).toBe(1);
  expect(ran.out).toContain("syntax/mixed-and-or");
  expect(read(folder)).toBe(text);
});

test("a fix that would leave more errors is not carried out, and that is said", async () => {
  // With its brackets mended the statement is checked at last, and has two mistakes instead of one.
  const text = `${policy}\npermit b: reader to read Loan\n  when resource.a1b2c3 == 1 && resource.d4e5f6 == 2\n`;
  const folder = projectFolder({ "north.ward": text });
  const before = await run(folder, ["check", "--format", "json"]);
  expect((JSON.parse(before.out) as { summary: { errors: number } }).summary.errors).toBe(1);
  const ran = await run(folder, ["check", "--fix"]);
  expect(ran.code).toBe(1);
  expect(ran.out).toContain("not fixed in north.ward, since there would be more errors than before");
  expect(read(folder)).toBe(text);
});

test("only what is reported is mended: not in files that a baseline knows", async () => {
  const folder = projectFolder({ "north.ward": misspelt });
  await run(folder, ["check", "--write-baseline", "known.json"]);
  writeFileSync(join(folder, "north.ward"), `${misspelt}\npermit c: raeder to read Loan\n`);
  const ran = await run(folder, ["check", "--fix", "--baseline", "known.json"]);
  expect(ran.code).toBe(0);
  expect(read(folder)).toBe(`${misspelt}\npermit c: reader to read Loan\n`);
});

test("line ends, a byte order mark, the mode and a link stay as they are", async () => {
  const folder = projectFolder();
  const windows = (text: string) => `\uFEFF${text.replaceAll("\n", "\r\n")}`;
  writeFileSync(join(folder, "real.txt"), windows(misspelt));
  chmodSync(join(folder, "real.txt"), 0o640);
  renameSync(join(folder, "north.ward"), join(folder, "gone"));
  symlinkSync("real.txt", join(folder, "north.ward"));
  expect((await run(folder, ["check", "--fix"])).code).toBe(0);
  expect(lstatSync(join(folder, "north.ward")).isSymbolicLink()).toBe(true);
  expect(read(folder, "real.txt")).toBe(windows(policy));
  expect(statSync(join(folder, "real.txt")).mode & 0o777).toBe(0o640);
});

test.skipIf(process.getuid?.() === 0)("what may not be written is not replaced", async () => {
  const folder = projectFolder({ "north.ward": misspelt });
  chmodSync(join(folder, "north.ward"), 0o444);
  expect((await run(folder, ["check", "--fix"])).code).toBe(2);
  expect(read(folder)).toBe(misspelt);
});

test("a file without findings is not touched", async () => {
  const folder = projectFolder({ "north.ward": misspelt });
  const state = () => {
    const { ino, mtimeMs, ctimeMs } = statSync(join(folder, "library.ward"));
    return { ino, mtimeMs, ctimeMs };
  };
  const before = state();
  await run(folder, ["check", "--fix"]);
  expect(state()).toEqual(before);
});

test("a file that someone else changes meanwhile is left alone", () => {
  const folder = projectFolder({ "north.ward": "theirs" });
  const write = () =>
    writeTexts(folder, new Map([["north.ward", "read"]]), new Map([["north.ward", "mended"]]));
  expect(write).toThrow(UsageError);
  expect(read(folder)).toBe("theirs");
});

test("machines learn what was fixed too", async () => {
  const folder = projectFolder({ "north.ward": misspelt });
  const ran = await run(folder, ["check", "--fix", "--format", "json"]);
  const { fixed } = JSON.parse(ran.out) as { fixed: unknown[] };
  expect(fixed[0]).toEqual({
    code: "name/unknown",
    file: "north.ward",
    start: { line: 4, column: 17 },
    end: { line: 4, column: 24 },
    title: "write `borrower`",
  });
  expect(ran.err).toContain("fixed north.ward:4:17");
});
