/** `check --changed`: findings in files that git sees as changed. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { policy, projectFolder, run } from "../project.ts";

const config = JSON.stringify({
  model: "library.ward",
  platform: ["platform.ward"],
  tenants: { north: "north.ward", south: "south.ward" },
});
const south = policy.replace("policy north", "policy south");
const broken = (text: string) => text.replace("resource.borrower", "resource.borower");
const git = (folder: string, ...args: string[]) =>
  execFileSync("git", ["-c", "user.name=n", "-c", "user.email=n@example.com", ...args], {
    cwd: folder,
    stdio: "pipe",
  });

/** Two tenants' broken policies, in a commit. */
function repository(): string {
  const folder = projectFolder({
    "wardline.config.json": config,
    "north.ward": broken(policy),
    "south.ward": broken(south),
  });
  git(folder, "init", "-q", "-b", "trunk");
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", "first");
  return folder;
}

test("nothing changed: nothing is reported, and what is left out is counted", async () => {
  expect(await run(repository(), ["check", "--changed"])).toEqual({
    code: 0,
    err: "",
    out: "left out in files that did not change: 2 errors, 0 warnings\n0 of 2 policies fine: 0 errors, 0 warnings\n",
  });
});

test("an edited file is reported, staged or not", async () => {
  const folder = repository();
  writeFileSync(join(folder, "south.ward"), `${broken(south)}// edited\n`);
  for (const stage of [() => {}, () => git(folder, "add", "-A")]) {
    stage();
    const ran = await run(folder, ["check", "--changed"]);
    expect(ran.code).toBe(1);
    expect(ran.out).toContain("south.ward:4:17");
    expect(ran.out).not.toContain("north.ward:");
  }
});

test("a new file is reported", async () => {
  const folder = repository();
  writeFileSync(join(folder, "wardline.config.json"), config.replace("south.ward", "new.ward"));
  writeFileSync(join(folder, "new.ward"), broken(south));
  const ran = await run(folder, ["check", "--changed"]);
  expect(ran.code).toBe(1);
  expect(ran.out).toContain("new.ward:4:17");
});

test("before the first commit everything is new", async () => {
  const folder = projectFolder({ "north.ward": broken(policy) });
  git(folder, "init", "-q");
  expect((await run(folder, ["check", "--changed"])).code).toBe(1);
  git(folder, "add", "-A");
  expect((await run(folder, ["check", "--changed"])).code).toBe(1);
});

test("against a branch, what the branch itself changed since does not count", async () => {
  const folder = repository();
  git(folder, "switch", "-q", "-c", "feature");
  writeFileSync(join(folder, "north.ward"), `${broken(policy)}// edited\n`);
  git(folder, "commit", "-q", "-a", "-m", "second");
  git(folder, "switch", "-q", "trunk");
  writeFileSync(join(folder, "south.ward"), `${broken(south)}// edited\n`);
  git(folder, "commit", "-q", "-a", "-m", "third");
  git(folder, "switch", "-q", "feature");
  expect((await run(folder, ["check", "--changed"])).code).toBe(0);
  const ran = await run(folder, ["check", "--changed=trunk"]);
  expect(ran.code).toBe(1);
  expect(ran.out).toContain("north.ward:4:17");
  expect(ran.out).not.toContain("south.ward:");
});

test("--fix mends changed files alone", async () => {
  const folder = repository();
  writeFileSync(join(folder, "south.ward"), `${broken(south)}// edited\n`);
  const ran = await run(folder, ["check", "--changed", "--fix"]);
  expect(ran.code).toBe(0);
  expect(git(folder, "diff", "--name-only").toString()).toBe("south.ward\n");
});

test.each([
  ["a commit that is not there", ["check", "--changed=nowhere"], "git knows no commit `nowhere`"],
  ["an option of git", ["check", "--changed=--output=x"], "git knows no commit"],
])("%s exits 2", async (_, args, words) => {
  const ran = await run(repository(), args);
  expect(ran).toMatchObject({ code: 2, out: "" });
  expect(ran.err).toContain(words);
});

test("outside a repository it exits 2", async () => {
  const ran = await run(projectFolder(), ["check", "--changed"]);
  expect(ran).toMatchObject({ code: 2, out: "" });
  expect(ran.err).toContain("not a git repository");
});
