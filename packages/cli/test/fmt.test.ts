import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { formatText } from "@wardline/compiler";
import { describe, expect, test } from "vitest";
import { model, policy, projectFolder, run } from "./project.ts";

const formatted = (text: string): string => {
  const result = formatText({ name: "x", text });
  return "text" in result ? result.text : expect.fail("it does not parse");
};
const messy = policy.replaceAll("\n  ", "  ").replace(": reader", " :reader");
const read = (folder: string, name = "north.ward") => readFileSync(join(folder, name), "utf8");

test("writes what is not in the one style, and says which", async () => {
  const folder = projectFolder({ "north.ward": messy });
  const ran = await run(folder, ["fmt"]);
  expect(ran).toEqual({ code: 0, out: "formatted: north.ward\n", err: "" });
  expect(read(folder)).toBe(formatted(messy));
  expect(read(folder)).not.toBe(messy);
  expect(await run(folder, ["fmt"])).toEqual({ code: 0, out: "", err: "" });
});

test("what is formatted already is not touched", async () => {
  const folder = projectFolder({ "north.ward": messy });
  const state = () => statSync(join(folder, "library.ward")).ino;
  const before = state();
  await run(folder, ["fmt"]);
  expect(state()).toBe(before);
});

test("--check writes nothing and exits 1", async () => {
  const folder = projectFolder({ "north.ward": messy });
  expect(await run(folder, ["fmt", "--check"])).toEqual({
    code: 1,
    out: "not formatted: north.ward\n",
    err: "",
  });
  expect(read(folder)).toBe(messy);
  expect((await run(projectFolder({ "north.ward": formatted(policy) }), ["fmt", "--check"])).code).toBe(0);
});

test("--diff prints what would change, and writes nothing", async () => {
  const folder = projectFolder({ "north.ward": messy });
  const ran = await run(folder, ["fmt", "--diff"]);
  expect(ran).toMatchObject({ code: 0, err: "" });
  expect(ran.out).toMatch(/^--- north\.ward\n\+\+\+ north\.ward\n@@ /);
  expect(ran.out).toContain("\n-permit own :reader to read, list Loan  when");
  expect(ran.out).toContain("\n+permit own: reader to read, list Loan\n");
  expect(read(folder)).toBe(messy);
  expect((await run(folder, ["fmt", "--diff", "--check"])).code).toBe(1);
  const colored = await run(folder, ["fmt", "--diff"], "", { color: true });
  // oxlint-disable-next-line no-control-regex
  expect(colored.out.replaceAll(/\u001B\[\d+m/g, "")).toBe(ran.out);
  expect(colored.out).not.toBe(ran.out);
});

describe("paths", () => {
  test("a file is formatted whatever it is called, and part of a project or not", async () => {
    const folder = projectFolder({ "draft.txt": messy });
    expect((await run(folder, ["fmt", "draft.txt"])).out).toBe("formatted: draft.txt\n");
  });

  test("a folder means its .ward files, also without a configuration", async () => {
    const folder = projectFolder({ "wardline.config.json": null, "a/b/x.ward": messy, "a/y.ward": messy });
    expect((await run(folder, ["fmt", "a", "a/y.ward"])).out).toBe(
      "formatted: a/b/x.ward\nformatted: a/y.ward\n",
    );
  });

  test.each([
    ["a path that is not there", ["fmt", "nowhere"], "there is no file or folder nowhere"],
    ["a folder without policies", ["fmt", "empty"], "no .ward file in empty"],
    ["standard input beside a file", ["fmt", "-", "north.ward"], "`-` stands alone"],
  ])("%s exits 2", async (_, args, words) => {
    const ran = await run(projectFolder({ "empty/x.txt": "" }), args);
    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(ran.err).toContain(words);
  });
});

test("what does not parse is left alone, and the other files are still formatted", async () => {
  const broken = messy.replace("to read", "read");
  const folder = projectFolder({ "north.ward": broken, "library.ward": `${model}\n\n\n` });
  const ran = await run(folder, ["fmt"]);
  expect(ran.code).toBe(1);
  expect(ran.out).toBe("formatted: library.ward\n");
  expect(ran.err).toContain("north.ward:3:");
  expect(ran.err).toContain("1 file left alone: what does not parse is not formatted\n");
  expect(read(folder)).toBe(broken);
});

describe("standard input", () => {
  test("goes to standard output", async () => {
    const ran = await run(projectFolder(), ["fmt", "-"], messy);
    expect(ran).toEqual({ code: 0, out: formatted(messy), err: "" });
  });

  test("that does not parse goes out as it came", async () => {
    const ran = await run(projectFolder(), ["fmt", "-"], "permit\n");
    expect(ran).toMatchObject({ code: 1, out: "permit\n" });
    expect(ran.err).toContain("standard input:1:1");
  });
});
