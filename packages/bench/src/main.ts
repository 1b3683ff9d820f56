/**
 * `pnpm bench [id …] [--write]`: runs the workloads that are named, or all, each in a process of its own, and prints their
 * tables; `--write` puts them into `docs/benchmarks.md`.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { reportsText, saveReports, writeReports, type Report } from "./report.ts";

/** Loaded one by one: what one workload brings with it must not slow another down. */
const workloads: Readonly<Record<string, () => Promise<readonly Report[]>>> = {
  b1: async () => (await import("./b1/run.ts")).runB1(),
  b2: async () => (await import("./b2/run.ts")).runB2(),
  b3: async () => (await import("./b3/run.ts")).runB3(),
  b4: async () => (await import("./b4/run.ts")).runB4(),
  b5: async () => (await import("./b5/run.ts")).runB5(),
  "b5-all": async () => (await import("./b5/everything-on.ts")).everythingOn(),
  b6: async () => (await import("./b6/run.ts")).runB6(),
  b7: async () => (await import("./b7/run.ts")).runB7(),
  b8: async () => (await import("./b8/run.ts")).runB8(),
  b9: async () => (await import("./b9/run.ts")).runB9(),
  b10: async () => (await import("./b10/run.ts")).runB10(),
  b11: async () => (await import("./b11/run.ts")).runB11(),
  "b11-reads": async () => (await import("./b11/reading-on-record.ts")).readingOnRecord(),
  fence: async () => (await import("./fence/run.ts")).runFence(),
  memory: async () => (await import("./memory/run.ts")).runMemory(),
  filter: async () => (await import("./filter/run.ts")).runFilter(),
  format: async () => (await import("./format/run.ts")).runFormat(),
  editor: async () => (await import("./editor/run.ts")).runEditor(),
};

const writes = process.argv.includes("--write");
const asked = process.argv.slice(2).filter((word) => word !== "--write");
const unknown = asked.filter((id) => !Object.hasOwn(workloads, id));
if (unknown.length > 0) {
  process.stderr.write(
    `no workload ${unknown.join(", ")}; there are: ${Object.keys(workloads).join(", ")}\n`,
  );
  process.exit(2);
}
const [only, ...others] = asked;
if (only !== undefined && others.length === 0) await runOne(only);
else for (const id of asked.length > 0 ? asked : Object.keys(workloads)) runApart(id);

async function runOne(id: string): Promise<void> {
  const reports = await (workloads[id] as (typeof workloads)[string])();
  saveReports(id, reports);
  const text = reportsText(reports);
  process.stdout.write(`${text}\n`);
  if (writes) writeReports(id, text);
}

function runApart(id: string): void {
  const args = [...process.execArgv, fileURLToPath(import.meta.url), id, ...(writes ? ["--write"] : [])];
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
