/** Processes that are killed while they write local wrapping keys: what they held up goes on, and no key that was made is lost. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { localKeys } from "../src/keys/local/local-keys.ts";
import { readWrappingKeys } from "../src/keys/local/wrapping-key-file.ts";
import type { LocalWork } from "./keys-local-child.ts";
import { drawFrom, killChildren, killSeed, killsOr, startChild } from "./killed-children.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "keys-"));
  path = join(folder, "keys.json");
});
afterEach(() => {
  killChildren();
  rmSync(folder, { recursive: true });
});

const busy = expect.objectContaining({ code: "keys/busy" });

/** Collects what it says by line. */
function start(work: Omit<LocalWork, "path">): { readonly child: ChildProcess; readonly said: string[] } {
  const child = startChild("keys-local-child.ts", { path, ...work });
  const said: string[] = [];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => said.push(...text.trim().split("\n")));
  return { child, said };
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

test("the lock of a process that was killed in the midst holds nobody up", async () => {
  await localKeys(path).create("north");
  const before = readFileSync(path, "utf8");
  const { child } = start({ order: "die" });
  await once(child, "exit");
  expect(child.signalCode).toBe("SIGKILL");
  expect(readdirSync(folder).toSorted()).toEqual(["keys.json", "keys.json.new"]);
  expect(readFileSync(path, "utf8")).toBe(before);
  await localKeys(path).create("south");
  expect([...readWrappingKeys(path).keys()]).toEqual(["north", "south"]);
  expect(readdirSync(folder)).toEqual(["keys.json"]);
});

test("the lock of a process that lives is left to it", async () => {
  const { child, said } = start({ order: "hold" });
  await expect.poll(() => said).toEqual(["holds"]);
  await expect(localKeys(path).create("north")).rejects.toThrow(busy);
  expect(readdirSync(folder)).toEqual(["keys.json.new"]);
  await kill(child);
  await localKeys(path).create("north");
  expect(readdirSync(folder)).toEqual(["keys.json"]);
});

test("one of another run of the machine, of other processes, or of nobody is left, and the error says what to do", async () => {
  const { child } = start({ order: "die" });
  await once(child, "exit");
  const lock = `${path}.new`;
  const [pid = "", run = "", space = ""] = readlinkSync(lock).split(" ");
  const owner = (of: string): string => `${of} ${run} ${space}`;
  for (const of of [
    pid,
    `${pid} ${run.replaceAll(/[0-9a-f]/g, "0")} ${space}`,
    `${pid} ${run} pid:[1]`,
    ...["0", "-1", "1e3", `0${pid}`, String(process.pid)].map(owner),
  ]) {
    rmSync(lock);
    symlinkSync(of, lock);
    await expect(localKeys(path).create("north")).rejects.toThrow(busy);
    await expect(localKeys(path).create("north")).rejects.toThrow(/remove it/);
    expect(readdirSync(folder)).toEqual(["keys.json.new"]);
    expect(readlinkSync(lock)).toBe(of);
  }
  // Nor is it removed while another process looks whether it may; one that died over that is in nobody's way.
  for (const [turn, mayGoOn] of [
    [owner(String(process.pid)), false],
    [owner(pid), true],
  ] as const) {
    for (const name of [lock, `${lock}.turn`]) rmSync(name, { force: true });
    symlinkSync(owner(pid), lock);
    symlinkSync(turn, `${lock}.turn`);
    if (mayGoOn) await localKeys(path).create("north");
    else await expect(localKeys(path).create("north")).rejects.toThrow(busy);
  }
  expect(readdirSync(folder)).toEqual(["keys.json"]);
});

const kills = killsOr(12);
const draw = drawFrom(killSeed);

test(`of four processes at once, ${kills} of which are killed (seed ${killSeed}), no key that was made is lost`, async () => {
  const all: string[][] = [];
  let number = 0;
  const begin = () => {
    const one = start({ order: "make", name: `t${(number += 1)}` });
    all.push(one.said);
    return one.child;
  };
  const running = Array.from({ length: 4 }, begin);
  await expect.poll(() => all.every((said) => said.length > 0)).toBe(true);
  for (let round = 0; round < kills; round++) {
    await sleep(40 + draw() * 40);
    await kill(running[round % 4] as ChildProcess);
    running[round % 4] = begin();
  }
  // On a slow machine all that were there in the beginning may be gone before the others are there.
  await expect.poll(() => all.flat().length).toBeGreaterThan(20);
  await Promise.all(running.map(kill));
  const made = all.flat();
  const there = readWrappingKeys(path);
  expect(made.filter((tenant) => !there.has(tenant))).toEqual([]);
  await localKeys(path).create("after");
});
