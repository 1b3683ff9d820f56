/** `pnpm bench [id …]`: runs the workloads that are named, or all, and prints a table each. */
import { runB1 } from "./b1/run.ts";
import { runB10 } from "./b10/run.ts";
import { runFormat } from "./format/run.ts";
import type { Measured } from "./measure.ts";

const workloads: Readonly<
  Record<string, { readonly title: string; readonly run: () => readonly Measured[] }>
> = {
  b1: { title: "B1 · one decision, 9 permits and 1 forbid with attributes", run: runB1 },
  b10: { title: "B10 · from text to program, and a whole check", run: runB10 },
  format: { title: "Format · a policy of 2,000 lines", run: runFormat },
};

const asked = process.argv.slice(2);
const unknown = asked.filter((id) => !Object.hasOwn(workloads, id));
if (unknown.length > 0) {
  process.stderr.write(
    `no workload ${unknown.join(", ")}; there are: ${Object.keys(workloads).join(", ")}\n`,
  );
  process.exit(2);
}
for (const [id, { title, run }] of Object.entries(workloads)) {
  if (asked.length > 0 && !asked.includes(id)) continue;
  process.stdout.write(`${title}\n`);
  for (const { name, median, p99, ratio } of run())
    process.stdout.write(
      `  ${name.padEnd(40)} ${duration(median)}   p99 ${duration(p99)}   × ${ratio.toFixed(1)}\n`,
    );
}

/** Nanoseconds, or milliseconds where there are many. */
function duration(nanos: number): string {
  return nanos < 1e6 ? `${nanos.toFixed(0).padStart(8)} ns` : `${(nanos / 1e6).toFixed(1).padStart(8)} ms`;
}
