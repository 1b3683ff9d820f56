/**
 * A lock that stands in a folder, made only if it is not there. It says whose it is, so one that a killed process left is known and removed;
 * one whose process cannot be told to be dead stays, since two that write at once would lose keys.
 */
import { closeSync, openSync, readFileSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { KeyFileError } from "../key-file-error.ts";

/** Gives what lets go of it. Throws `keys/busy`. */
export function takeLock(path: string): () => void {
  if (!tryTake(path))
    throw new KeyFileError(
      "keys/busy",
      `${path} is there: another process writes keys, or one died while it did. If it stays there and none does, remove it`,
    );
  return () => rmSync(path, { force: true });
}

function tryTake(path: string): boolean {
  return make(path) || (removeDead(path) && make(path));
}

/** False where it is there. A link is made together with what it says, wherever a process is killed. */
function make(path: string): boolean {
  const owner = ownerOf(process.pid);
  try {
    if (owner === null) closeSync(openSync(path, "wx", 0o600));
    else symlinkSync(owner, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function removeDead(path: string): boolean {
  if (!isDead(path)) return false;
  // Invariant: one at a time looks and removes, else the second would remove the lock of whoever took it after the first.
  const turn = `${path}.turn`;
  if (!tryTake(turn)) return false;
  try {
    if (!isDead(path)) return false;
    rmSync(path);
    return true;
  } finally {
    rmSync(turn, { force: true });
  }
}

/** Names a process among all that ran since this machine began; null where the system does not tell in which run and which set it is. */
function ownerOf(pid: number): string | null {
  try {
    const run = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${pid} ${run} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return null;
  }
}

function isDead(path: string): boolean {
  let owner: string;
  try {
    owner = readlinkSync(path);
  } catch {
    return false;
  }
  const pid = Number(/^[1-9]\d*(?= )/.exec(owner)?.[0]);
  if (Number.isNaN(pid) || owner !== ownerOf(pid)) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
