/** What `wardline types` writes, read by the compiler of TypeScript: each line of a use that must not compile does not, and no other. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { projectFolder, run } from "./project.ts";
import * as shelves from "./types-library.ts";

const root = new URL("../../../", import.meta.url).pathname;

const project = (changes: Readonly<Record<string, string | null>> = {}): string =>
  projectFolder({
    "wardline.config.json": JSON.stringify({
      model: "shelves.ward",
      platform: ["platform.ward"],
      tenants: { north: "north.ward", south: "south.ward" },
    }),
    "library.ward": null,
    "shelves.ward": shelves.model,
    "platform.ward": shelves.platform,
    "north.ward": shelves.north,
    "south.ward": shelves.south,
    ...changes,
  });
const written = (folder: string, name = "wardline.types.ts") => readFileSync(join(folder, name), "utf8");

/** The lines of `usage.ts` that the compiler finds wrong; what it finds elsewhere is thrown. */
async function wrongLines(folder: string): Promise<readonly number[]> {
  mkdirSync(join(folder, "node_modules/@wardline"), { recursive: true });
  mkdirSync(join(folder, "node_modules/@types"));
  symlinkSync(join(root, "packages/sdk"), join(folder, "node_modules/@wardline/sdk"));
  symlinkSync(join(root, "packages/sdk/node_modules/kysely"), join(folder, "node_modules/kysely"));
  symlinkSync(join(root, "node_modules/@types/node"), join(folder, "node_modules/@types/node"));
  const config = {
    extends: join(root, "tsconfig.base.json"),
    compilerOptions: { noEmit: true, composite: false, types: ["node"] },
    files: ["usage.ts"],
  };
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const printed = await promisify(execFile)(
    process.execPath,
    [join(root, "node_modules/typescript/bin/tsc"), "-p", folder, "--pretty", "false"],
    { cwd: folder },
  ).then(
    ({ stdout }) => stdout,
    (error: { readonly stdout: string }) => error.stdout,
  );
  const errors = printed.split("\n").filter((line) => /: error TS\d+:/.test(line));
  return [
    ...new Set(
      errors.map((line) => {
        const [, at] = /^usage\.ts\((\d+),/.exec(line) ?? expect.fail(line);
        return Number(at);
      }),
    ),
  ];
}

const marked = (text: string): readonly number[] =>
  text.split("\n").flatMap((line, index) => (line.endsWith("// ✗") ? [index + 1] : []));

test("a use of them compiles but for the lines that must not", async () => {
  const folder = project();
  expect(await run(folder, ["types", "--out", "shelves.ts"])).toEqual({
    code: 0,
    out: "wrote: shelves.ts\n",
    err: "",
  });
  writeFileSync(join(folder, "usage.ts"), shelves.usage);
  expect(marked(shelves.usage).length).toBeGreaterThan(25);
  expect(await wrongLines(folder)).toEqual(marked(shelves.usage));
});

describe("the file", () => {
  test("is the same again, and then is not written", async () => {
    const folder = project();
    await run(folder, ["types"]);
    const before = written(folder);
    expect((await run(folder, ["types"])).out).toBe("up to date: wardline.types.ts\n");
    expect(written(folder)).toBe(before);
    expect((await run(folder, ["types", "--out", "-"])).out).toBe(before);
  });

  test("names what is taken otherwise", async () => {
    const folder = project();
    await run(folder, ["types"]);
    const text = written(folder);
    expect(text).toContain('export type Model_ = "small" | "large";');
    expect(text).toContain('export type Role_ = "early" | "late";');
    expect(text).toContain("readonly size: Model_;");
    expect(text).toContain("bought: ColumnType<string, string | Date, string | Date>;");
  });

  test("does not change where policies do to each field what they did before", async () => {
    const folder = project();
    await run(folder, ["types"]);
    writeFileSync(join(folder, "south.ward"), shelves.south.replace("permit all:", "permit everything:"));
    expect((await run(folder, ["types", "--check"])).code).toBe(0);
  });

  test("with --any-policy takes every field for masked and hidden", async () => {
    const folder = project();
    await run(folder, ["types", "--any-policy"]);
    const text = written(folder);
    expect(text).toContain("author: ColumnType<Masked<string> | null, string, string>;");
    expect(text).toContain("genre: ColumnType<Genre | null, Genre, Genre>;");
    expect((await run(folder, ["types", "--check", "--any-policy"])).code).toBe(0);
    expect((await run(folder, ["types", "--check"])).code).toBe(1);
  });
});

describe("--check", () => {
  test("passes what was written", async () => {
    const folder = project();
    await run(folder, ["types", "--out", "src/types.ts"]);
    expect(await run(folder, ["types", "--out", "src/types.ts", "--check"])).toEqual({
      code: 0,
      out: "",
      err: "",
    });
  });

  test("exits 1 where a policy masks another field, and writes nothing", async () => {
    const folder = project();
    await run(folder, ["types"]);
    const before = written(folder);
    writeFileSync(join(folder, "north.ward"), shelves.north.replace("mask(title", "mask(author"));
    const ran = await run(folder, ["types", "--check"]);
    expect(ran).toMatchObject({ code: 1, out: "" });
    expect(ran.err).toContain("out of date: wardline.types.ts");
    expect(written(folder)).toBe(before);
  });

  test("exits 1 where there is no file", async () => {
    const folder = project();
    expect(await run(folder, ["types", "--check"])).toMatchObject({ code: 1, out: "" });
    expect(existsSync(join(folder, "wardline.types.ts"))).toBe(false);
  });
});

test.each([
  [
    "a policy with an error",
    { "north.ward": "policy north for shelves\npermit x: nobody to read Book\n" },
    1,
  ],
  ["a file that is a folder", { "wardline.types.ts/x": "" }, 2],
])("%s writes nothing", async (_, changes, code) => {
  const folder = project(changes);
  const ran = await run(folder, ["types"]);
  expect(ran).toMatchObject({ code, out: "" });
  expect(ran.err).not.toBe("");
});

test("standard output is not compared", async () => {
  expect((await run(project(), ["types", "--out", "-", "--check"])).code).toBe(2);
});
