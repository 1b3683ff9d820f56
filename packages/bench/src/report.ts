/** What a workload reports: tables as `docs/benchmarks.md` holds them, and the same as JSON. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import type { Measured } from "./measure.ts";
import type { LeftOut } from "./work.ts";

export interface Report {
  readonly title: string;
  /** The heads of columns and the cells below them: Markdown. */
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly leftOut: readonly LeftOut[];
  /** What the table shows, as numbers: nanoseconds, bytes. */
  readonly figures: readonly unknown[];
}

/** The table of a work that was timed. */
export function timedReport(
  title: string,
  measured: readonly Measured[],
  leftOut: readonly LeftOut[] = [],
): Report {
  return {
    title,
    heads: ["way", "median", "p99", "× floor"],
    rows: measured.map(({ name, median, p99, ratio }) => [
      name,
      durationText(median),
      durationText(p99),
      ratioText(ratio),
    ]),
    leftOut,
    figures: measured,
  };
}

/** One table for a work at several sizes: in each cell the median, the 99th percentile and the ratio to the floor. */
export function sizedReport(
  title: string,
  sizes: readonly { readonly size: string; readonly measured: readonly Measured[] }[],
  leftOut: readonly LeftOut[],
): Report {
  const names = [...new Set(sizes.flatMap(({ measured }) => measured.map(({ name }) => name)))];
  const cell = (name: string, measured: readonly Measured[]) => {
    const found = measured.find((one) => one.name === name);
    if (found === undefined) return "–";
    return `${durationText(found.median)} / ${durationText(found.p99)} × ${ratioText(found.ratio)}`;
  };
  return {
    title,
    heads: ["way: median / p99 × floor", ...sizes.map(({ size }) => size)],
    rows: names.map((name) => [name, ...sizes.map(({ measured }) => cell(name, measured))]),
    leftOut: leftOut.filter(({ name }, n) => leftOut.findIndex((one) => one.name === name) === n),
    figures: sizes,
  };
}

function reportText({ title, heads, rows, leftOut }: Report): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const table = [line(heads), `|${"---|".repeat(heads.length)}`, ...rows.map(line)];
  const without = leftOut.map(({ name, why }) => `- without ${name}: ${why}`);
  return [`### ${title}`, "", ...table, "", ...(without.length > 0 ? [...without, ""] : [])].join("\n");
}

/** The tables of a workload, and where they were taken: the load is how many processes wanted a processor. */
export function reportsText(reports: readonly Report[]): string {
  const [load = 0] = loadavg();
  const { length } = cpus();
  const machine = `Node ${process.version.slice(1)}, ${length} processors under a load of ${load.toFixed(1)}`;
  return `${reports.map(reportText).join("\n")}\n${machine}, ${new Date().toISOString().slice(0, 10)}.\n`;
}

/** Puts a workload's tables into `docs/benchmarks.md`, in place of those that stand between its two marks. */
export function writeReports(id: string, text: string): void {
  const file = new URL("../../../docs/benchmarks.md", import.meta.url);
  const page = readFileSync(file, "utf8");
  const [begin, end] = [`<!-- pnpm bench ${id} -->\n`, `<!-- end of ${id} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`docs/benchmarks.md has no place for ${id}`);
  writeFileSync(file, `${page.slice(0, from)}${begin}\n${text}\n${page.slice(to)}`);
}

/** Writes `.wardline/bench/ID.json` in the root of the repository, which Git ignores. */
export function saveReports(id: string, reports: readonly Report[]): void {
  const folder = new URL("../../../.wardline/bench/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  const machine = { node: process.version, processors: cpus().length, processor: cpus()[0]?.model };
  const tables = reports.map(({ title, figures, leftOut }) => ({ title, figures, leftOut }));
  const document = { id, at: new Date().toISOString(), ...machine, tables };
  writeFileSync(fileURLToPath(new URL(`${id}.json`, folder)), `${JSON.stringify(document, null, 2)}\n`);
}

/** Nanoseconds in the unit in which they are read best. */
export function durationText(nanos: number): string {
  if (nanos < 100) return `${nanos.toFixed(1)} ns`;
  if (nanos < 10_000) return `${grouped(nanos)} ns`;
  if (nanos < 1e6) return `${(nanos / 1e3).toFixed(1)} µs`;
  if (nanos < 1e9) return `${(nanos / 1e6).toFixed(1)} ms`;
  return `${(nanos / 1e9).toFixed(1)} s`;
}

export function ratioText(ratio: number): string {
  if (ratio < 0.95) return ratio.toPrecision(2);
  return ratio < 10 ? ratio.toFixed(1) : grouped(ratio);
}

const grouped = (value: number) => Math.round(value).toLocaleString("en-US");
