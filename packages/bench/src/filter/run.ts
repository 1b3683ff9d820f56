import { timedReport, type Report } from "../report.ts";
import { timeWork } from "../work.ts";
import { filterWorks } from "./filter-works.ts";

/** Lists as values: how long it takes to bind one, and to ask it about a row. */
export function runFilter(): readonly Report[] {
  return filterWorks().map((work) => timedReport(`Filter · ${work.title}`, timeWork(work), work.leftOut));
}
