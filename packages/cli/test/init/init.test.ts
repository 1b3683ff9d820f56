import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, onTestFinished, test } from "vitest";
import { run } from "../project.ts";

/** An empty folder of this name. */
function folderNamed(name: string): string {
  const above = mkdtempSync(join(tmpdir(), "wardline-init-"));
  onTestFinished(() => rmSync(above, { recursive: true, force: true }));
  mkdirSync(join(above, name));
  return join(above, name);
}

test("writes a project that ends with a decision on the screen", async () => {
  const folder = folderNamed("Shop 24");
  const ran = await run(folder, ["init"]);
  expect(ran).toEqual({
    code: 0,
    err: "",
    out: [
      "wrote wardline.config.json",
      "wrote policy/shop_24.ward",
      "wrote policy/platform.ward",
      "wrote policy/first_tenant.ward",
      "wrote .github/workflows/wardline.yml",
      "3 tests passed",
      "",
      `wardline decide --tenant first_tenant --ask 'User "ada" { roles: [member] } to update Document { owner: User "ada" }'`,
      "permit",
      "  by first_tenant/own (policy/first_tenant.ward:4)",
      "",
    ].join("\n"),
  });
});

describe("the project", () => {
  test("is checked without a finding, formatted, tested and built", async () => {
    const folder = folderNamed("shop");
    await run(folder, ["init", "--tenant", "north"]);
    expect(await run(folder, ["check", "--max-warnings", "0"])).toMatchObject({
      code: 0,
      out: "1 of 1 policy fine: 0 errors, 0 warnings\n",
    });
    expect((await run(folder, ["fmt", "--check"])).code).toBe(0);
    expect((await run(folder, ["test"])).code).toBe(0);
    expect((await run(folder, ["build"])).out).toBe("1 bundle in dist: north\n");
  });

  test("has a workflow whose commands run", async () => {
    const folder = folderNamed("shop");
    await run(folder, ["init"]);
    const workflow = readFileSync(join(folder, ".github/workflows/wardline.yml"), "utf8");
    const lines = [...workflow.matchAll(/@wardline\/cli@\S+ (.*)$/gm)].map(([, line]) => line as string);
    expect(lines.length).toBeGreaterThan(2);
    execFileSync("git", ["init", "-q"], { cwd: folder });
    execFileSync("git", ["add", "-A"], { cwd: folder });
    const names = ["-c", "user.name=n", "-c", "user.email=n@example.com"];
    execFileSync("git", [...names, "commit", "-q", "-m", "first"], { cwd: folder });
    for (const line of lines) {
      const words = line.replace('"origin/$BASE"', "HEAD").split(" ");
      expect((await run(folder, words)).code, line).toBe(0);
    }
    expect(existsSync(join(folder, "wardline.sarif"))).toBe(true);
  });

  test("has a configuration that fits the published schema", async () => {
    const folder = folderNamed("shop");
    await run(folder, ["init"]);
    const schema = new URL("../../../../docs/spec/config.schema.json", import.meta.url);
    const fits = new Ajv2020({ strict: true }).compile(JSON.parse(readFileSync(schema, "utf8")) as object);
    expect(fits(JSON.parse(readFileSync(join(folder, "wardline.config.json"), "utf8")))).toBe(true);
  });
});

test("another folder is made, and named in what is printed", async () => {
  const folder = folderNamed("x");
  const ran = await run(folder, ["init", "apps/library", "--model", "books"]);
  expect(ran.code).toBe(0);
  expect(ran.out).toContain("wrote apps/library/policy/books.ward\n");
  expect(ran.out).toContain("wardline decide apps/library --tenant first_tenant");
  expect(existsSync(join(folder, "apps/library/policy/books.ward"))).toBe(true);
});

test.each(["wardline.config.json", "policy/platform.ward", ".github/workflows/wardline.yml"])(
  "nothing is written over %s, nor beside it",
  async (name) => {
    const folder = folderNamed("shop");
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), "mine");
    const before = readdirSync(folder, { recursive: true });
    const ran = await run(folder, ["init"]);
    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(ran.err).toContain(`${name} is there already`);
    expect(readFileSync(join(folder, name), "utf8")).toBe("mine");
    expect(readdirSync(folder, { recursive: true })).toEqual(before);
  },
);

test("where a file cannot be written, none is left behind", async () => {
  const folder = folderNamed("shop");
  writeFileSync(join(folder, ".github"), "a file");
  const ran = await run(folder, ["init"]);
  expect(ran.code).toBe(2);
  expect(existsSync(join(folder, "wardline.config.json"))).toBe(false);
});

describe("names", () => {
  test.each([
    ["--tenant", "North"],
    ["--tenant", "../north"],
    ["--tenant", "forbid"],
    ["--tenant", "platform"],
    ["--model", "9"],
    ["--model", ""],
  ])("%s %j exits 2", async (option, name) => {
    const folder = folderNamed("shop");
    const ran = await run(folder, ["init", option, name]);
    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("a tenant called like the model would share its file", async () => {
    expect((await run(folderNamed("shop"), ["init", "--tenant", "shop"])).code).toBe(2);
  });

  test.each([
    ["Ünïcode", "policy/n_code.ward"],
    ["2024-app", "policy/app.ward"],
    ["forbid", "policy/app.ward"],
    ["漢字", "policy/app.ward"],
  ])("the model of a folder called %s is in %s", async (name, file) => {
    const folder = folderNamed(name);
    expect((await run(folder, ["init"])).code).toBe(0);
    expect(existsSync(join(folder, file))).toBe(true);
  });
});

test("help says where a model does not come from yet", async () => {
  expect((await run(folderNamed("x"), ["help", "init"])).out).toContain(
    "live Postgres is not carried out yet",
  );
});
