/** Watches of sources: what is told, what is found by looking, outages, and folders that are replaced as wholes. */
import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { paths } from "@wardline/backends";
import { afterEach, expect, test, vi } from "vitest";
import { folderSource } from "../src/index.ts";
import { watchBundles } from "../src/sources/bundle-watch.ts";
import { watching, type Watched } from "../src/sources/watching.ts";
import { temporaryFolder } from "./library-bundles.ts";
import { watchSource } from "./watch-source.ts";

const hour = 3_600_000;
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function watch(watched: Watched) {
  const onChange = vi.fn<() => void>();
  const onTrouble = vi.fn<(error: Error) => void>();
  const end = await watching(watched, onChange, onTrouble);
  ends.push(end);
  return { onChange, onTrouble, end };
}

const atLast = (check: () => void) => vi.waitFor(check, { timeout: 60_000, interval: 5 });

/** What is watched, with what tells of it in the hands of the test. */
function controlled(pollEvery: number) {
  const at = { state: "a", down: false, subscriptions: 0 };
  let tell: { readonly told: () => void; readonly lost: (error?: Error) => void };
  const watched: Watched = {
    pollEvery,
    look: () => (at.down ? Promise.reject(new Error("nobody answers")) : Promise.resolve(at.state)),
    subscribe: async (told, lost) => {
      if (at.down) throw new Error("nobody answers");
      at.subscriptions += 1;
      tell = { told, lost };
      return () => Promise.resolve();
    },
  };
  return { at, watched, told: () => tell.told(), lost: (error?: Error) => tell.lost(error) };
}

test("a change is told when it comes, and what is no change is not", async () => {
  const { at, watched, told } = controlled(hour);
  const { onChange, onTrouble, end } = await watch(watched);
  told();
  at.state = "b";
  told();
  told();
  await atLast(() => expect(onChange).toHaveBeenCalledOnce());
  await end();
  at.state = "c";
  told();
  await Promise.resolve();
  expect(onChange).toHaveBeenCalledOnce();
  expect(onTrouble).not.toHaveBeenCalled();
});

test("a watch that died in silence is found by looking, and begun again", async () => {
  const { at, watched } = controlled(10);
  const { onChange } = await watch(watched);
  at.state = "b";
  await atLast(() => expect(onChange).toHaveBeenCalledOnce());
  await atLast(() => expect(at.subscriptions).toBe(2));
});

test("an outage is told, not for ever again and again, and what changed in it is found after it", async () => {
  const { at, watched, lost } = controlled(hour);
  const { onChange, onTrouble } = await watch(watched);
  at.down = true;
  lost(new Error("the connection was cut"));
  await atLast(() =>
    expect(onTrouble.mock.calls.map(([{ message }]) => message)).toContain("nobody answers"),
  );
  expect(onTrouble.mock.calls[0]?.[0].message).toBe("the connection was cut");
  at.state = "b";
  at.down = false;
  await atLast(() => expect(onChange).toHaveBeenCalledOnce());
  expect(at.subscriptions).toBe(2);
});

test("what could not be looked at when the watch began counts as changed", async () => {
  const { at, watched } = controlled(hour);
  at.down = true;
  const { onChange, onTrouble } = await watch(watched);
  expect(onTrouble).toHaveBeenCalledOnce();
  expect(onChange).not.toHaveBeenCalled();
  at.down = false;
  await atLast(() => expect(onChange).toHaveBeenCalledOnce());
});

test("without what tells of changes they are found by looking", async () => {
  const at = { state: "a" };
  const { onChange } = await watch({ look: () => Promise.resolve(at.state), pollEvery: 5 });
  at.state = "b";
  await atLast(() => expect(onChange).toHaveBeenCalledOnce());
});

function folderOf(timestamp: string): string {
  const folder = join(temporaryFolder(), "repository");
  mkdirSync(join(folder, "metadata"), { recursive: true });
  writeFileSync(join(folder, paths.timestamp), timestamp);
  return folder;
}

/** As a publisher replaces it. */
function replace(folder: string, timestamp: string): void {
  writeFileSync(join(folder, `${paths.timestamp}.new`), timestamp);
  renameSync(join(folder, `${paths.timestamp}.new`), join(folder, paths.timestamp));
}

async function watchFolder(folder: string, pollEvery = hour) {
  const { end, ...told } = await watchSource(folderSource(folder, { pollEvery }));
  ends.push(end);
  return told;
}

test("a folder tells of every timestamp that takes the place of the last, by a rename or in place", async () => {
  const folder = folderOf("1");
  const { onChange } = await watchFolder(folder);
  replace(folder, "2");
  await atLast(() => expect(onChange).toHaveBeenCalledTimes(1));
  replace(folder, "3");
  await atLast(() => expect(onChange).toHaveBeenCalledTimes(2));
  writeFileSync(join(folder, paths.timestamp), "4");
  await atLast(() => expect(onChange.mock.calls.length).toBeGreaterThan(2));
});

test("a folder whose metadata is replaced as a whole is watched on", async () => {
  const folder = folderOf("1");
  const { onChange } = await watchFolder(folder);
  cpSync(join(folder, "metadata"), join(folder, "next"), { recursive: true });
  writeFileSync(join(folder, "next", "timestamp.json"), "2");
  renameSync(join(folder, "metadata"), join(folder, "last"));
  renameSync(join(folder, "next"), join(folder, "metadata"));
  await atLast(() => expect(onChange).toHaveBeenCalled());
  const calls = onChange.mock.calls.length;
  // It may still be finding out that the folder is another one.
  await atLast(() => {
    replace(folder, `${Math.random()}`);
    expect(onChange.mock.calls.length).toBeGreaterThan(calls + 1);
  });
});

test("a link that leads to another folder is found by looking, and that one is watched on", async () => {
  const [first, second] = [folderOf("1"), folderOf("2")];
  const link = join(temporaryFolder(), "current");
  symlinkSync(first, link);
  const { onChange } = await watchFolder(link, 20);
  symlinkSync(second, `${link}.new`);
  renameSync(`${link}.new`, link);
  await atLast(() => expect(onChange).toHaveBeenCalledOnce());
  replace(second, "3");
  await atLast(() => expect(onChange).toHaveBeenCalledTimes(2));
});

test("a folder that goes away is trouble, and is watched again when it is there", async () => {
  const folder = folderOf("1");
  const { onChange, onTrouble } = await watchFolder(folder);
  rmSync(folder, { recursive: true });
  await atLast(() => expect(onTrouble).toHaveBeenCalled());
  mkdirSync(join(folder, "metadata"), { recursive: true });
  const calls = onChange.mock.calls.length;
  replace(folder, "2");
  await atLast(() => expect(onChange.mock.calls.length).toBeGreaterThan(calls));
});

test("what changes while a load is under way is loaded after it, and a refused load is tried again", async () => {
  let change = (): void => undefined;
  const watch = await watchBundles({
    read: () => Promise.resolve("missing"),
    watch: async (onChange) => {
      change = onChange;
      return () => Promise.resolve();
    },
  });
  if (watch === null) return expect.fail();
  ends.push(watch.end);
  // Before the first load has ended.
  change();
  const answers: ((refused: boolean) => void)[] = [];
  watch.begin(
    () =>
      new Promise((resolve) =>
        answers.push((refused) => resolve(refused ? { refused: new Error() as never } : { loaded: [] })),
      ),
    () => undefined,
  );
  await atLast(() => expect(answers).toHaveLength(1));
  change();
  change();
  answers[0]?.(false);
  await atLast(() => expect(answers).toHaveLength(2));
  answers[1]?.(true);
  await atLast(() => expect(answers).toHaveLength(3));
  answers[2]?.(false);
});
