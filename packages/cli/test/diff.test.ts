/** `wardline diff`: what changes, with witnesses that re-evaluate, between folders and commits; and its gates. */
import { compileProject } from "@wardline/compiler/project";
import { execFileSync } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { evaluate, type Decision, type RequestDocument } from "@wardline/core";
import { describe, expect, test } from "vitest";
import { readProject } from "../src/project/project.ts";
import { model, platform, policy, projectFolder, run } from "./project.ts";
import { schemaOf } from "./schema.ts";

interface Difference {
  readonly kind: string;
  readonly action: string;
  readonly witness: RequestDocument;
  readonly before: Decision;
  readonly after: Decision;
}
interface Report {
  readonly tenants: readonly {
    readonly tenant: string;
    readonly differences: readonly Difference[];
    readonly only_in_one: readonly { readonly kind: string; readonly action: string }[];
  }[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly gates: readonly { readonly passed: boolean; readonly reasons: readonly string[] }[];
}

const files = ["wardline.config.json", "library.ward", "platform.ward", "north.ward"];

/** A folder with `one` and `two`, the second with some files otherwise. */
function versions(changes: Readonly<Record<string, string>>): string {
  const folder = projectFolder();
  for (const version of ["one", "two"])
    for (const file of files) cpSync(join(folder, file), join(folder, version, file));
  for (const [file, text] of Object.entries(changes)) writeFileSync(join(folder, "two", file), text);
  return folder;
}

async function diff(folder: string, ...args: string[]): Promise<Report> {
  return JSON.parse((await run(folder, ["diff", ...args, "--format", "json"])).out) as Report;
}

const programOf = (folder: string) =>
  compileProject(readProject(folder, ".")).programs.get("north") ?? expect.fail("no program");
const wider = policy.replace("principal.level >= 3", "principal.level >= 2");
const narrower = policy.replace("principal.level >= 3", "principal.level >= 4");
const barer = policy.replace("  with mask(title, initials)\n", "");

test("what is gained is shown with a request at the boundary, before and after", async () => {
  const ran = await run(versions({ "north.ward": wider }), ["diff", "one", "two"]);
  expect(ran).toMatchObject({ code: 0, err: "" });
  expect(ran.out).toMatch(
    /^gained {2}north: Member read Loan\n {2}witness: Member "\w+" \{ roles: \[librarian\], level: 2 \} to read Loan/,
  );
  expect(ran.out).toContain(
    "  before: deny as not_granted\n  after:  permit by north/desk (two/north.ward:6)\n",
  );
  expect(ran.out).toMatch(/\nnorth: 3 gained, 0 lost, 2 for another reason \(\d+ requests tried\)\n$/);
});

test.each([
  ["gained", wider],
  ["lost", narrower],
  ["other", barer],
])("each witness re-evaluates: %s", async (kind, text) => {
  const folder = versions({ "north.ward": text });
  const { tenants } = await diff(folder, "one", "two");
  const differences = tenants.flatMap((tenant) => tenant.differences);
  expect(differences.some((one) => one.kind === kind)).toBe(true);
  const [before, after] = [programOf(join(folder, "one")), programOf(join(folder, "two"))];
  for (const one of differences) {
    expect([kind, "other"]).toContain(one.kind);
    expect(evaluate(before, one.witness)).toEqual(one.before);
    expect(evaluate(after, one.witness)).toEqual(one.after);
  }
});

test("a witness can be asked again in the words that it is shown in", async () => {
  const folder = versions({ "north.ward": wider });
  const { out } = await run(folder, ["diff", "one", "two"]);
  const [, ask = ""] = /witness: (.* to read .*)/.exec(out) ?? [];
  const answer = (version: string) => run(folder, ["decide", version, "--tenant", "north", "--ask", ask]);
  expect((await answer("one")).out).toMatch(/^deny: not_granted\n/);
  expect((await answer("two")).out).toMatch(/^permit\n/);
});

test("the same rules, however they are laid out, change nothing", async () => {
  const ran = await run(versions({ "north.ward": `${policy}\n// the same\n` }), ["diff", "one", "two"]);
  expect(ran).toEqual({
    code: 0,
    err: "",
    out: "north: 0 gained, 0 lost, 0 for another reason (the rules are the same)\n",
  });
});

test("a new action is access that only one version has", async () => {
  const withDelete = `${model}action remove deletes Loan\n`;
  const folder = versions({
    "library.ward": withDelete,
    "platform.ward": platform.replace("update Loan", "update, remove Loan"),
    "north.ward": policy.replace(
      "librarian to read, list, update",
      "librarian to read, list, update, remove",
    ),
  });
  const { tenants } = await diff(folder, "one", "two");
  expect(tenants[0]?.only_in_one).toMatchObject([{ kind: "gained", action: "remove" }]);
  const back = await diff(folder, "two", "one");
  expect(back.tenants[0]?.only_in_one).toMatchObject([{ kind: "lost", action: "remove" }]);
});

describe("versions", () => {
  const git = (folder: string, ...args: string[]) =>
    execFileSync("git", ["-c", "user.name=n", "-c", "user.email=n@example.com", ...args], {
      cwd: folder,
      stdio: "pipe",
    });
  const repository = () => {
    const folder = projectFolder();
    git(folder, "init", "-q", "-b", "trunk");
    git(folder, "add", "-A");
    git(folder, "commit", "-q", "-m", "first");
    writeFileSync(join(folder, "north.ward"), wider);
    git(folder, "commit", "-q", "-a", "-m", "second");
    return folder;
  };

  test("a commit against the folder as it is", async () => {
    const folder = repository();
    writeFileSync(join(folder, "north.ward"), narrower);
    const { out } = await run(folder, ["diff", "trunk"]);
    expect(out).toContain("lost  north: Member read Loan");
    expect(out).toContain("permit by north/desk (trunk:north.ward:6)");
  });

  test("two commits", async () => {
    const { tenants } = await diff(repository(), "HEAD~1", "HEAD");
    const kinds = tenants[0]?.differences.map((one) => one.kind);
    expect(kinds).toContain("gained");
    expect(kinds).not.toContain("lost");
  });

  test("a tenant that comes or goes is named", async () => {
    const config = { model: "library.ward", platform: ["platform.ward"] };
    const folder = versions({
      "wardline.config.json": JSON.stringify({ ...config, tenants: { south: "north.ward" } }),
      "north.ward": policy.replace("policy north", "policy south"),
    });
    expect(await diff(folder, "one", "two")).toMatchObject({
      tenants: [],
      added: ["south"],
      removed: ["north"],
    });
    const { out } = await run(folder, ["diff", "one", "two"]);
    expect(out).toBe("south: this tenant is new\nnorth: this tenant is gone\n");
  });

  test("--tenant compares one alone", async () => {
    const folder = versions({ "north.ward": wider });
    expect((await diff(folder, "one", "two", "--tenant", "north")).tenants).toHaveLength(1);
    const ran = await run(folder, ["diff", "one", "two", "--tenant", "south"]);
    expect(ran).toMatchObject({ code: 2, out: "" });
  });

  test.each([
    ["a name that is neither", ["diff", "nowhere"], "`nowhere` is no folder, and git knows no commit"],
    ["a folder without policies", ["diff", "one", "empty"], "empty"],
    ["an unknown gate", ["diff", "one", "--gate", "all"], "no-new-access"],
  ])("%s exits 2", async (_, args, words) => {
    const folder = repository();
    for (const file of files) cpSync(join(folder, file), join(folder, "one", file));
    const ran = await run(folder, args);
    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(ran.err).toContain(words);
  });

  test("a version with an error exits 1", async () => {
    const broken = versions({ "north.ward": policy.replace("resource.borrower", "resource.borower") });
    const ran = await run(broken, ["diff", "one", "two"]);
    expect(ran).toMatchObject({ code: 1, out: "" });
    expect(ran.err).toContain("two/north.ward:4:17");
  });
});

describe("gates", () => {
  const gate = async (text: string, ...names: string[]) =>
    run(versions({ "north.ward": text }), [
      "diff",
      "one",
      "two",
      ...names.flatMap((name) => ["--gate", name]),
    ]);

  test.each([
    ["no-new-access", wider, 4],
    ["no-new-access", narrower, 0],
    ["no-new-access", policy, 0],
    ["no-new-access", barer, 4],
    ["no-lost-access", wider, 0],
    ["no-lost-access", narrower, 4],
    ["no-lost-access", policy.replace("mask(title, initials)", "hide(title)"), 4],
  ])("%s", async (name, text, code) => {
    expect((await gate(text, name)).code).toBe(code);
  });

  test("each is said, with its reasons", async () => {
    const ran = await gate(barer, "no-new-access", "no-lost-access");
    expect(ran.code).toBe(4);
    expect(ran.out).toContain("gate no-new-access: failed, for");
    expect(ran.out).toContain("  north: Member read Loan shows more of title\n");
    expect(ran.out).toContain("gate no-lost-access: passed\n");
  });

  test("a new tenant is new access, and one that is gone is lost", async () => {
    const config = { model: "library.ward", platform: ["platform.ward"] };
    const two = { north: "north.ward", south: "south.ward" };
    const folder = versions({
      "wardline.config.json": JSON.stringify({ ...config, tenants: two }),
      "south.ward": policy.replace("policy north", "policy south"),
    });
    expect((await run(folder, ["diff", "one", "two", "--gate", "no-new-access"])).code).toBe(4);
    expect((await run(folder, ["diff", "two", "one", "--gate", "no-lost-access"])).code).toBe(4);
  });

  test("what cannot be compared does not pass", async () => {
    const folder = versions({ "library.ward": model.replace("level: Int(0..5)", "level: Int(7..9)") });
    for (const name of ["no-new-access", "no-lost-access"]) {
      const ran = await run(folder, ["diff", "one", "two", "--gate", name]);
      expect(ran.code).toBe(4);
      expect(ran.out).toContain("cannot be compared");
    }
  });
});

test("json fits its published schema", async () => {
  const fits = schemaOf("diff-report");
  for (const changes of [
    { "north.ward": wider },
    { "north.ward": barer },
    { "library.ward": `${model}enum Kind { a }\naction remove deletes Loan\n` },
    {},
  ]) {
    const report = await diff(versions(changes), "one", "two", "--gate", "no-new-access");
    expect(fits(report), JSON.stringify(fits.errors)).toBe(true);
  }
  expect(fits({ formatVersion: 1, tenants: [] })).toBe(false);
});
