#!/usr/bin/env node
import { text } from "node:stream/consumers";
import pc from "picocolors";
import { runCli } from "./cli.ts";

process.exitCode = await runCli(process.argv.slice(2), {
  cwd: process.cwd(),
  out: (report) => process.stdout.write(report),
  err: (report) => process.stderr.write(report),
  stdin: () => text(process.stdin),
  color: pc.isColorSupported && process.stdout.isTTY,
});
