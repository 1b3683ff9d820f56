/** B7: from the start of a process to its first decision. Each start is a new process of what is built; they take turns. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { scaleRego } from "../b2/opa-scale.ts";
import { at } from "../measure.ts";
import { buildModule, findOpa, noOpa } from "../peers/opa.ts";
import type { Report } from "../report.ts";
import type { LeftOut } from "../work.ts";
import { inOneFile } from "./one-file.ts";
import { prepare } from "./prepare.ts";
import type { Started } from "./started.ts";

interface Start {
  readonly name: string;
  /** The script. */
  readonly script: string;
}

const runs = 21;

export async function runB7(): Promise<readonly Report[]> {
  const folder = mkdtempSync(join(tmpdir(), "wardline-b7-"));
  try {
    const starts = await startsIn(folder);
    const reports: Report[] = [];
    for (const rules of [10, 1000]) {
      const data = join(folder, String(rules));
      mkdirSync(data);
      await prepare(data, rules);
      const opa = findOpa();
      if (opa !== null) writeFileSync(join(data, "policy.wasm"), buildModule(opa, scaleRego));
      const without = opa === null ? [{ name: "OPA wasm", why: noOpa }] : [];
      const present = starts.filter(({ name }) => !without.some((one) => one.name === name));
      reports.push(reportStarts(rules, present, timeStarts(present, data), without));
    }
    return reports;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startsIn(folder: string): Promise<readonly Start[]> {
  const built = fileURLToPath(new URL("../../dist/src/b7/start/", import.meta.url));
  // What is published, not the sources: Node would have to take their types off first.
  if (!existsSync(built)) throw new Error("run `pnpm build` first: a cold start is that of what is built");
  const script = (name: string) => join(built, `${name}.js`);
  return [
    { name: "bare Node, a set of grants", script: script("by-hand") },
    { name: "Wardline from a bundle, in one file", script: await inOneFile(script("bundle"), folder) },
    { name: "Wardline from a bundle, module by module", script: script("bundle") },
    { name: "Wardline from source, in one file", script: await inOneFile(script("source"), folder) },
    { name: "Wardline from source, module by module", script: script("source") },
    { name: "CASL", script: script("casl") },
    { name: "accesscontrol", script: script("accesscontrol") },
    { name: "casbin", script: script("casbin") },
    { name: "OPA wasm", script: script("opa") },
    { name: "cedar-wasm", script: script("cedar") },
  ];
}

/** For each start its runs, in the order of rounds. */
function timeStarts(starts: readonly Start[], data: string): readonly (readonly Started[])[] {
  const timed = starts.map((): Started[] => []);
  for (let round = 0; round < runs; round += 1)
    for (let turn = 0; turn < starts.length; turn += 1) {
      const index = (turn + round) % starts.length;
      (timed[index] as Started[]).push(startOnce(starts[index] as Start, data));
    }
  return timed;
}

function startOnce({ name, script }: Start, data: string): Started {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, data], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  return JSON.parse(stdout) as Started;
}

function reportStarts(
  rules: number,
  starts: readonly Start[],
  timed: readonly (readonly Started[])[],
  leftOut: readonly LeftOut[],
): Report {
  const [floor = []] = timed;
  const figures = starts.map(({ name }, index) => {
    const own = timed[index] as readonly Started[];
    const over = (part: keyof Started) =>
      at(
        own.map((one, round) => one[part] - (floor[round] as Started)[part]),
        0.5,
      );
    const wall = own.map((one) => one.wall);
    return { name, wall: at(wall, 0.5), least: at(wall, 0), over: over("wall"), cpuOver: over("cpu") };
  });
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const signed = (value: number) => `${value < 0 ? "−" : "+"} ${ms(Math.abs(value))}`;
  return {
    title: `B7 · from the start of a process to its first decision, ${rules.toLocaleString("en-US")} grants`,
    heads: ["way", "median", "least", "over bare Node", "of processors"],
    rows: figures.map(({ name, wall, least, over, cpuOver }, index) => [
      name,
      ms(wall),
      ms(least),
      index === 0 ? "" : signed(over),
      index === 0 ? "" : signed(cpuOver),
    ]),
    leftOut,
    figures,
  };
}
