import type { Measured } from "../measure.ts";
import { sizedReport, type Report } from "../report.ts";
import { timeWork, type LeftOut } from "../work.ts";
import { timeChangedEdge } from "./changed-edge.ts";
import { gdrive } from "./gdrive.ts";
import { github } from "./github.ts";
import { graphWork } from "./graph-work.ts";
import { tinytodo } from "./tinytodo.ts";

export const apps = [gdrive, github, tinytodo];
const sizes = [5, 10, 20, 50];

/** B3: one decision over a graph of entities. */
export async function runB3(): Promise<readonly Report[]> {
  const reports: Report[] = [];
  for (const app of apps) {
    const timed: { readonly size: string; readonly measured: readonly Measured[] }[] = [];
    const leftOut: LeftOut[] = [];
    for (const size of sizes) {
      const work = await graphWork(app, size);
      timed.push({ size: `${size} of each, ${work.entities} in all`, measured: timeWork(work) });
      leftOut.push(...work.leftOut);
    }
    reports.push(sizedReport(`B3 · ${app.name}`, timed, leftOut));
  }
  const changed = apps.map((app) => ({ size: app.name, measured: timeChangedEdge(app, 50) }));
  return [...reports, sizedReport("B3 · one changed edge, 50 of each entity", changed, [])];
}
