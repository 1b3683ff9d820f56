import { timedReport, type Report } from "../report.ts";
import { timeWork } from "../work.ts";
import { abacWork } from "./abac-work.ts";
import { rbacWork } from "./rbac-work.ts";

/** B1: one decision over a small policy, without and with attributes. */
export async function runB1(): Promise<readonly Report[]> {
  const reports: Report[] = [];
  for (const make of [rbacWork, abacWork]) {
    const work = await make();
    reports.push(timedReport(`B1 · ${work.title}`, timeWork(work), work.leftOut));
  }
  return reports;
}
