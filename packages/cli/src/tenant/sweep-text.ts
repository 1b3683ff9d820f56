/** What a sweep did, or would do, as people read it. */
import type { Period } from "@wardline/core";
import type { RetentionReceipt, SweepPlan, SweepReport, UnsweptReason } from "@wardline/sdk/operator";
import { many } from "../report/finding-report.ts";
import { visible } from "../report/visible.ts";

const reasons: Readonly<Record<UnsweptReason, string>> = {
  "no-end":
    "no field, or more than one, has the class #ended and is an Instant or a Date: nothing is deleted",
  "shared-table": "its rows are another entity's too: nothing is deleted",
  sealed: "the field that says when a row came to its end is sealed: nothing is deleted",
  audit: "the audit log is kept whole",
};

const periodText = ({ count, unit }: Period): string => `${count}${unit}`;

export function sweepPlanText({ tenant, resumes, isHeld, entities, unswept }: SweepPlan): string {
  const steps = [
    ...(isHeld ? ["a legal hold is on record: nothing is deleted before it is released"] : []),
    ...(resumes ? ["goes on with what was cut off"] : []),
    ...entities.map(
      ({ entity, period, cut, rows, expired, referred }) =>
        `${visible(entity)}, kept for ${periodText(period)}: ${expired - referred} of ${many(rows, "row")} would go, over by ${cut ?? "never"}${
          referred === 0 ? "" : `; ${referred} more stay while others refer to them`
        }`,
    ),
    ...unsweptLines(unswept),
  ];
  return `${visible(tenant)}:\n${(steps.length === 0 ? ["its policy says of nothing how long it is kept"] : steps).map((step) => `  ${step}\n`).join("")}`;
}

export function sweepReportText(report: SweepReport, out: string | null): string {
  const { tenant, outcome, deleted, tables, unswept } = report;
  const faults = tables.flatMap((table) => table.faults);
  const left = tables.reduce((sum, table) => sum + table.left, 0);
  const steps = [
    ...Object.entries(deleted).map(([entity, count]) => `${visible(entity)}: ${many(count, "row")} deleted`),
    ...(left > 0 ? [`${many(left, "row")} left:`] : []),
    ...faults.map(
      ({ table, row }) =>
        `  ${visible(table)}, row ${visible(row)}: something that the model does not know refers to it`,
    ),
    ...(left > 0 && faults.length === 0 ? ["  others held them for too long: run it again"] : []),
    ...unsweptLines(unswept),
    ...(out === null || report.receipt === null ? [] : [`receipt in ${visible(out)}`]),
  ];
  const said = outcome === "nothing" ? "no row is to go" : outcome;
  return `${visible(tenant)}: ${said}\n${steps.map((step) => `  ${step}\n`).join("")}`;
}

const unsweptLines = (unswept: SweepPlan["unswept"]): readonly string[] =>
  unswept.map(({ entity, why }) => `${visible(entity)}: ${reasons[why]}`);

export function sweepReceiptText(
  { tenant, at, runs, kept, unswept, chain }: RetentionReceipt,
  sha256: string,
): string {
  const lines = [`${visible(tenant)}: swept, ${at}`];
  for (const { begunAt, operator, rows } of runs) {
    lines.push(`  from ${begunAt} on, by ${visible(operator)}`);
    for (const { entity, period, cut, deleted } of rows)
      lines.push(
        `    ${visible(entity)}, kept for ${periodText(period)}: ${many(deleted, "row")} deleted, over by ${cut ?? "never"}`,
      );
  }
  for (const [entity, count] of Object.entries(kept))
    lines.push(`  ${visible(entity)}: ${many(count, "row")} stay while others refer to them`);
  for (const { entity, why } of unswept) lines.push(`  ${visible(entity)}: not swept (${visible(why)})`);
  lines.push(`  audit chain before it: ${chain.seq}, ${chain.hash}`, `  receipt sha256:${sha256}`);
  return `${lines.join("\n")}\n`;
}
