import { durationText, sizedReport, type Report } from "../report.ts";
import { timeWork, type LeftOut } from "../work.ts";
import type { Measured } from "../measure.ts";
import type { Weight } from "../weigh.ts";
import { scaleWeights, scaleWork } from "./scale-work.ts";

const sizes = [100, 1000, 10_000];

/** B2: a policy that grows; what a decision costs, and what is kept in memory for it. */
export async function runB2(): Promise<readonly Report[]> {
  const timed: { readonly size: string; readonly measured: readonly Measured[] }[] = [];
  const leftOut: LeftOut[] = [];
  for (const rules of sizes) {
    const work = await scaleWork(rules);
    timed.push({ size: grants(rules), measured: timeWork(work) });
    leftOut.push(...work.leftOut);
  }
  const decision = sizedReport("B2 · one decision as a policy grows", timed, leftOut);
  return [decision, await weightReport()];
}

/** What each way keeps for 200 users. */
async function weightReport(): Promise<Report> {
  const weights: (readonly Weight[])[] = [];
  for (const rules of sizes) weights.push(await scaleWeights(rules));
  const [first = []] = weights;
  return {
    title: "B2 · made once, and kept between decisions",
    heads: ["way: time, memory", ...sizes.map(grants)],
    rows: first.map(({ name }, row) => [
      name,
      ...weights.map((column) => {
        const { made, kept } = column[row] as Weight;
        return `${durationText(made)}, ${sizeText(kept)}`;
      }),
    ]),
    leftOut: [],
    figures: weights,
  };
}

const grants = (rules: number) => `${rules.toLocaleString("en-US")} grants`;
const sizeText = (bytes: number) => (bytes < 50_000 ? "< 0.1 MB" : `${(bytes / 1e6).toFixed(1)} MB`);
