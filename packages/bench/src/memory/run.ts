/** The memory of modules over a million evaluations. */
import type { Report } from "../report.ts";
import { flatMemory } from "./flat-memory.ts";

export function runMemory(): readonly Report[] {
  const kept = flatMemory(1_000_000);
  const { policies, evaluations, before, after } = kept;
  const cells = [policies, evaluations, before, after].map((figure) => figure.toLocaleString("en-US"));
  if (after !== before) process.exitCode = 1;
  return [
    {
      title: "Memory of modules of the whole language",
      heads: ["modules", "evaluations", "bytes before", "bytes after"],
      rows: [cells],
      leftOut: [],
      figures: [kept],
    },
  ];
}
