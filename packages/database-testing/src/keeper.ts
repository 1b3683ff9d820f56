/** Servers die with this process, however it ends. */
import { spawn, type ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";

/** Ends the server and removes its folder when this process is gone, even by a signal that nothing can catch. */
export function keep(server: ChildProcess, folder: string): ChildProcess {
  const script =
    'cat >/dev/null; kill -INT "$1" 2>/dev/null; while kill -0 "$1" 2>/dev/null; do sleep 0.1; done; rm -rf "$2"';
  const keeper = spawn("sh", ["-c", script, "keeper", String(server.pid), folder], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  loose(keeper, keeper.stdin);
  return keeper;
}

/** Removes the folder when this process is gone, even by a signal that nothing can catch. */
export function keepFolder(folder: string): void {
  const keeper = spawn("sh", ["-c", 'cat >/dev/null; rm -rf "$1"', "keeper", folder], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  loose(keeper, keeper.stdin);
}

/** Neither the child nor its pipe may keep this process alive. */
export function loose(child: ChildProcess, pipe: Readable | Writable | null): void {
  child.unref();
  (pipe as unknown as { unref(): void } | null)?.unref();
}
