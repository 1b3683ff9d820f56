/** B8: many tenants in one process, each with a policy of 20 rules of its own, loaded when it is asked for and let go again. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { durationText, ratioText, type Report } from "../report.ts";
import type { Measured, Times } from "./measure.ts";
import { writeManyTenants } from "./repository.ts";

/** Tenants, and how many of them are kept loaded; the first from `WARDLINE_B8_TENANTS`. */
const sizes = () => {
  const tenants = Number(process.env["WARDLINE_B8_TENANTS"] ?? 10_000);
  return { tenants, loaded: Math.max(2, Math.min(1_000, tenants / 10)) };
};

export async function runB8(): Promise<readonly Report[]> {
  const { tenants, loaded } = sizes();
  const folder = mkdtempSync(join(tmpdir(), "wardline-b8-"));
  try {
    writeFileSync(join(folder, "root.json"), await writeManyTenants(folder, tenants));
    return reportsOf(await measureMany(folder, tenants, loaded));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function measureMany(folder: string, tenants: number, loaded: number): Promise<Measured> {
  const file = fileURLToPath(new URL("measure.ts", import.meta.url));
  const args = [...process.execArgv, file, folder, String(tenants), String(loaded)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 20 });
  return JSON.parse(stdout) as Measured;
}

function reportsOf(measured: Measured): readonly Report[] {
  const { known, loaded, turned, open, load, decision, turn } = measured;
  const kilo = (bytes: number, count: number): string => `${(bytes / count / 1024).toFixed(1)} KB`;
  const times = ({ median, p99 }: Times): readonly string[] => [durationText(median), durationText(p99)];
  const count = (number: number): string => number.toLocaleString("en-US");
  return [
    {
      title: `B8 · ${count(known.tenants)} tenants of 20 rules: memory`,
      heads: ["what", "heap and buffers a tenant", "resident memory a tenant"],
      rows: [
        [
          `known: documents of ${count(known.tenants)} checked, none loaded`,
          kilo(known.bytes, known.tenants),
          kilo(known.resident, known.tenants),
        ],
        [
          `loaded: ${count(loaded.tenants)} more`,
          kilo(loaded.bytes, loaded.tenants),
          kilo(loaded.resident, loaded.tenants),
        ],
        [
          `all ${count(known.tenants)}, of which ${count(loaded.tenants + 1)} are kept loaded`,
          kilo(known.bytes + loaded.bytes, known.tenants),
          kilo(known.resident + loaded.resident, known.tenants),
        ],
        [
          `what ${count(turned.loads)} further loads leave behind, each in place of another`,
          kilo(turned.bytes, turned.loads),
          kilo(turned.resident, turned.loads),
        ],
      ],
      leftOut: [],
      figures: [known, loaded, turned],
    },
    {
      title: "B8 · time",
      heads: ["what", "median", "p99"],
      rows: [
        [`opening: documents of ${count(known.tenants)} tenants`, durationText(open), "–"],
        ["a load, from the folder to closures", ...times(load)],
        ["a load, processor time of all threads, on the average", durationText(load.processor), "–"],
        ["a decision, nothing else done", ...times(decision.quiet)],
        ["a decision, while tenants load one after the other", ...times(decision.loading)],
        ["the same by the first", ratioOf(decision, "median"), ratioOf(decision, "p99")],
        ["a turn of the event loop, nothing else done", ...times(turn.quiet)],
        ["a turn of the event loop, while tenants load one after the other", ...times(turn.loading)],
      ],
      leftOut: [],
      figures: [{ open, load, decision, turn }],
    },
  ];
}

function ratioOf({ quiet, loading }: Measured["decision"], which: keyof Times): string {
  return `× ${ratioText(loading[which] / quiet[which])}`;
}
