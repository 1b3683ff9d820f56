import { durationText, timedReport, type Report } from "../report.ts";
import { timeWork } from "../work.ts";
import { scaleWeights, scaleWork } from "./scale-work.ts";

const sizes = [100, 1000, 10_000];

/** B2: a policy that grows; what a decision costs, and what is kept in memory for it. */
export async function runB2(): Promise<readonly Report[]> {
  const reports: Report[] = [];
  for (const rules of sizes) {
    const work = await scaleWork(rules);
    reports.push(timedReport(`B2 · ${work.title}`, timeWork(work), work.leftOut));
  }
  for (const rules of sizes) reports.push(await weightReport(rules));
  return reports;
}

async function weightReport(rules: number): Promise<Report> {
  const weights = await scaleWeights(rules);
  return {
    title: `B2 · made and kept, ${rules.toLocaleString("en-US")} grants`,
    heads: ["way", "made in", "kept"],
    rows: weights.map(({ name, made, kept }) => [name, durationText(made), sizeText(kept)]),
    leftOut: [],
    figures: weights,
  };
}

const sizeText = (bytes: number) => (bytes < 50_000 ? "< 0.1 MB" : `${(bytes / 1e6).toFixed(1)} MB`);
