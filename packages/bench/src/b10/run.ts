/** B10: how long texts take to be parsed, checked and lowered, warm; and a whole `wardline check` from a cold start. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile, parseFile, type CompileInput } from "@wardline/compiler";
import type { Measured } from "../measure.ts";
import { timedReport, type Report } from "../report.ts";
import { platformWith, projectWith } from "./work.ts";

export function runB10(): readonly Report[] {
  const sizes = [100, 1000, 10_000].map((count) => ({ count, input: platformWith(count) }));
  for (const { input } of sizes) checkWhole(input);
  const warm = sizes.flatMap(({ count, input }) => [
    time(`parse ${count} rules`, () => input.platform.map((file) => parseFile(file)).length),
    time(`compile ${count} rules`, () => compile(input).findings.length),
  ]);
  return [
    timedReport("B10 · from text to program, and a whole check", withRatios([...warm, coldCheck(100, 10)])),
  ];
}

function checkWhole(input: CompileInput): void {
  const { program, findings } = compile(input);
  const [first] = findings;
  if (program === null || first !== undefined)
    throw new Error(`the work does not compile: ${first?.code ?? ""} ${first?.message ?? ""}`);
}

type Timed = Omit<Measured, "ratio">;

/** At least five runs, and a second of them, after two to warm up. */
function time(name: string, run: () => number): Timed {
  run();
  run();
  const samples: number[] = [];
  const until = performance.now() + 1000;
  while (samples.length < 5 || performance.now() < until) {
    const start = performance.now();
    run();
    samples.push((performance.now() - start) * 1e6);
  }
  return summary(name, samples);
}

function summary(name: string, samples: readonly number[]): Timed {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] as number;
  return { name, median: at(0.5), p99: at(0.99) };
}

function withRatios(timed: readonly Timed[]): readonly Measured[] {
  const floor = timed[0]?.median ?? 1;
  return timed.map((one) => ({ ...one, ratio: one.median / floor }));
}

/** A new process for each run, from the start of Node to its end. */
function coldCheck(tenants: number, each: number): Timed {
  const folder = mkdtempSync(join(tmpdir(), "wardline-b10-"));
  // What is published, not the sources: Node would have to take their types off first.
  const main = fileURLToPath(new URL("../../../cli/dist/src/main.js", import.meta.url));
  if (!existsSync(main))
    throw new Error("run `pnpm build` first: the cold start is that of the built command");
  try {
    for (const [name, text] of projectWith(tenants, each)) writeFileSync(join(folder, name), text);
    const samples = Array.from({ length: 7 }, () => {
      const start = performance.now();
      const { status, stderr } = spawnSync(process.execPath, [main, "check", folder], { encoding: "utf8" });
      if (status !== 0) throw new Error(`check failed: ${stderr}`);
      return (performance.now() - start) * 1e6;
    });
    return summary(`check ${tenants} files of ${each} rules, cold`, samples);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
