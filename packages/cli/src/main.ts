#!/usr/bin/env node
import { text } from "node:stream/consumers";
import { isatty } from "node:tty";
import { runCli } from "./cli.ts";
import { wantsColor } from "./color.ts";

const signals = ["SIGINT", "SIGTERM"] as const;
const interrupts = new Set<() => void>();

// A reader that has seen enough, such as `head`, is no fault; what waits for changes need not wait any longer.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  for (const callback of interrupts) callback();
});

process.exitCode = await runCli(process.argv.slice(2), {
  cwd: process.cwd(),
  out: (report) => process.stdout.write(report),
  err: (report) => process.stderr.write(report),
  stdin: () => text(process.stdin),
  color: wantsColor(process.env, isatty(1)),
  interactive: isatty(2),
  onInterrupt: (callback) => {
    interrupts.add(callback);
    for (const signal of signals) process.on(signal, callback);
    return () => {
      interrupts.delete(callback);
      for (const signal of signals) process.off(signal, callback);
    };
  },
});
