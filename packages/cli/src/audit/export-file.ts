/** One run of `audit export`: chains are written as they are read, so their length does not matter. */
import { closeSync, existsSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";
import { resolve } from "node:path";
import { exportChains } from "@wardline/isolation";
import type { ExportAuditOptions } from "../command/audit.ts";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { withAuditor } from "./auditor.ts";

export async function exportAuditFile(io: Io, options: ExportAuditOptions): Promise<ExitCode> {
  const { out, format, tenant, after } = options;
  if (after !== undefined && format === "jsonl")
    throw new UsageError(
      "--after is for ocsf and cloudevents",
      "a chain that can be verified begins with its first entry",
    );
  if (after !== undefined && tenant.length !== 1)
    throw new UsageError(
      "--after is for one tenant",
      "numbers of two chains have nothing to do with each other",
    );
  const asked = {
    format,
    tenants: tenant.length === 0 ? null : tenant,
    ...(after === undefined ? {} : { after }),
  };
  const run = (write: (text: string) => void): Promise<void> =>
    withAuditor(io, options, async (session) => {
      for await (const text of exportChains(session, asked)) write(text);
    });
  if (out === "-") {
    await run(io.out);
    return exitCode.fine;
  }
  const path = resolve(io.cwd, out);
  if (existsSync(path)) throw new UsageError(`${out} is there: an export is never written over`);
  const file = openSync(path, "wx", 0o600);
  let isDone = false;
  try {
    await run((text) => {
      const bytes = Buffer.from(text, "utf8");
      for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
    });
    fsyncSync(file);
    isDone = true;
  } finally {
    closeSync(file);
    // Invariant: what is there is whole.
    if (!isDone) rmSync(path);
  }
  return exitCode.fine;
}
