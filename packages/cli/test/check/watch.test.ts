/** `check --watch`, on real files that change beneath it. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { policy, projectFolder, run, type Ran } from "../project.ts";

interface Watching {
  /** Waits until the output has grown past what was seen and holds a text; returns what is new. */
  readonly until: (words: string) => Promise<string>;
  readonly stop: () => Promise<Ran>;
}

function watch(folder: string, args: readonly string[] = []): Watching {
  let text = "";
  let seen = 0;
  let interrupt = () => {};
  const ended = run(folder, ["check", "--watch", ...args], "", {
    out: (part) => (text += part),
    err: (part) => (text += part),
    onInterrupt: (callback) => {
      interrupt = callback;
      return () => {};
    },
  });
  return {
    until: async (words) => {
      await expect.poll(() => text.slice(seen)).toContain(words);
      await expect.poll(() => text).toMatch(/watching; Ctrl-C ends\n$/);
      const fresh = text.slice(seen);
      seen = text.length;
      return fresh;
    },
    stop: () => {
      interrupt();
      return ended;
    },
  };
}

const misspelt = policy.replace("resource.borrower", "resource.borower");

test("checks again after each change, through errors, and ends with 0", async () => {
  const folder = projectFolder();
  const watching = watch(folder);
  await watching.until("1 of 1 policy fine");
  writeFileSync(join(folder, "north.ward"), misspelt);
  expect(await watching.until("`borower`")).toContain("changed: north.ward\n");
  writeFileSync(join(folder, "north.ward"), policy);
  await watching.until("1 of 1 policy fine");
  expect((await watching.stop()).code).toBe(0);
});

test("survives files that go and come, a broken configuration, and a folder that is moved away", async () => {
  const folder = projectFolder();
  mkdirSync(join(folder, "project"));
  for (const name of ["wardline.config.json", "library.ward", "platform.ward", "north.ward"])
    renameSync(join(folder, name), join(folder, "project", name));
  const watching = watch(folder, ["project"]);
  await watching.until("1 of 1 policy fine");
  rmSync(join(folder, "project/north.ward"));
  await watching.until("there is no file project/north.ward");
  writeFileSync(join(folder, "project/north.ward"), misspelt);
  await watching.until("`borower`");
  renameSync(join(folder, "project"), join(folder, "away"));
  await watching.until("there is no file or folder project");
  renameSync(join(folder, "away"), join(folder, "project"));
  await watching.until("`borower`");
  writeFileSync(join(folder, "project/wardline.config.json"), "{");
  await watching.until("is not JSON");
  expect((await watching.stop()).code).toBe(0);
});

test("an editor that replaces the file is seen", async () => {
  const folder = projectFolder();
  const watching = watch(folder);
  await watching.until("1 of 1 policy fine");
  writeFileSync(join(folder, "north.ward~"), misspelt);
  renameSync(join(folder, "north.ward~"), join(folder, "north.ward"));
  await watching.until("`borower`");
  await watching.stop();
});

test("many changes at once are one", async () => {
  const folder = projectFolder();
  const watching = watch(folder);
  await watching.until("1 of 1 policy fine");
  for (let i = 0; i < 20; i += 1)
    writeFileSync(join(folder, "north.ward"), `${misspelt}${"// \n".repeat(i)}`);
  const fresh = await watching.until("`borower`");
  expect(fresh.split("changed:").length).toBe(2);
  await watching.stop();
});

test("a file outside the folder that the configuration names is watched too", async () => {
  const folder = projectFolder();
  mkdirSync(join(folder, "project"));
  writeFileSync(
    join(folder, "project/wardline.config.json"),
    JSON.stringify({ model: "../library.ward", platform: [], tenants: { north: "../north.ward" } }),
  );
  rmSync(join(folder, "wardline.config.json"));
  const watching = watch(join(folder, "project"));
  await watching.until("1 of 1 policy fine");
  writeFileSync(join(folder, "north.ward"), misspelt);
  await watching.until("`borower`");
  await watching.stop();
  expect(existsSync(join(folder, "north.ward"))).toBe(true);
});

test("--fix mends on each change", async () => {
  const folder = projectFolder();
  const watching = watch(folder, ["--fix"]);
  await watching.until("1 of 1 policy fine");
  writeFileSync(join(folder, "north.ward"), misspelt);
  await watching.until("fixed north.ward:4:17");
  await watching.stop();
});
