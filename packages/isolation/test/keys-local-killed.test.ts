/** Processes that are killed while they write local wrapping keys: what they held up goes on, and no key that was made is lost. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { localKeys } from "../src/keys/local/local-keys.ts";
import { readWrappingKeys } from "../src/keys/local/wrapping-key-file.ts";

let folder: string;
let path: string;
const children = new Set<ChildProcess>();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "keys-"));
  path = join(folder, "keys.json");
});
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
  rmSync(folder, { recursive: true });
});

const busy = expect.objectContaining({ code: "keys/busy" });
const script = fileURLToPath(new URL("keys-local-child.ts", import.meta.url));

/** Collects what it says by line. */
function start(...order: readonly string[]): { readonly child: ChildProcess; readonly said: string[] } {
  const child = spawn(process.execPath, ["--conditions=@wardline/source", script, path, ...order], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  children.add(child);
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
  const { child } = start("die");
  await once(child, "exit");
  expect(child.signalCode).toBe("SIGKILL");
  expect(readdirSync(folder).toSorted()).toEqual(["keys.json", "keys.json.new"]);
  expect(readFileSync(path, "utf8")).toBe(before);
  await localKeys(path).create("south");
  expect([...readWrappingKeys(path).keys()]).toEqual(["north", "south"]);
  expect(readdirSync(folder)).toEqual(["keys.json"]);
});

test("the lock of a process that lives is left to it", async () => {
  const { child, said } = start("hold");
  await expect.poll(() => said, { timeout: 20_000 }).toEqual(["holds"]);
  await expect(localKeys(path).create("north")).rejects.toThrow(busy);
  expect(readdirSync(folder)).toEqual(["keys.json.new"]);
  await kill(child);
  await localKeys(path).create("north");
  expect(readdirSync(folder)).toEqual(["keys.json"]);
});

test("one of another run of the machine, of other processes, or of nobody is left, and the error says what to do", async () => {
  const { child } = start("die");
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

test("of four processes at once that are killed and begun anew no key that was made is lost", async () => {
  const all: string[][] = [];
  let number = 0;
  const begin = () => {
    const one = start("make", `t${(number += 1)}`);
    all.push(one.said);
    return one.child;
  };
  const running = Array.from({ length: 4 }, begin);
  await expect.poll(() => all.every((said) => said.length > 0), { timeout: 20_000 }).toBe(true);
  for (let round = 0; round < 12; round++) {
    await sleep(40 + Math.random() * 40);
    await kill(running[round % 4] as ChildProcess);
    running[round % 4] = begin();
  }
  await Promise.all(running.map(kill));
  const made = all.flat();
  const there = readWrappingKeys(path);
  expect(made.filter((tenant) => !there.has(tenant))).toEqual([]);
  expect(made.length).toBeGreaterThan(20);
  await localKeys(path).create("after");
});
