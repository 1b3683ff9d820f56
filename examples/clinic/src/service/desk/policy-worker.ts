/** Runs the `wardline` command in a thread of its own, which the desk ends if it takes too much. */
import { parentPort } from "node:worker_threads";
import { runCli } from "@wardline/cli";

export interface Job {
  readonly cwd: string;
  readonly args: readonly string[];
}

export interface Done {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

parentPort?.on("message", ({ cwd, args }: Job) => {
  void (async () => {
    let out = "";
    let err = "";
    const code = await runCli([...args], {
      cwd,
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      stdin: () => Promise.resolve(""),
      color: false,
      interactive: false,
      onInterrupt: () => () => {},
    });
    parentPort?.postMessage({ code, out, err } satisfies Done, []);
  })();
});
