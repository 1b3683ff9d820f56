import { timedReport, type Report } from "../report.ts";
import { timeWork } from "../work.ts";
import { gdrive } from "./gdrive.ts";
import { github } from "./github.ts";
import { graphWork } from "./graph-work.ts";
import { tinytodo } from "./tinytodo.ts";

export const apps = [gdrive, github, tinytodo];
const sizes = [5, 10, 20, 50];

/** B3: one decision over a graph of entities. */
export async function runB3(): Promise<readonly Report[]> {
  const reports: Report[] = [];
  for (const app of apps)
    for (const size of sizes) {
      const work = await graphWork(app, size);
      reports.push(timedReport(`B3 · ${work.title}`, timeWork(work), work.leftOut));
    }
  return reports;
}
