/** What a reseal did, or would do, as people read it. */
import type { ResealPlan, ResealReport } from "@wardline/sdk/operator";
import { many } from "../report/finding-report.ts";
import { visible } from "../report/visible.ts";

export function planText({ tenant, resumes, adds, target, tables, retires, destroys }: ResealPlan): string {
  const steps = [
    ...(resumes ? ["goes on with what was left off, and adds no key"] : []),
    ...Object.entries(adds).map(([purpose, version]) => `adds key ${version} for ${purpose}`),
    ...tables.map(
      ({ table, rows, pending }) =>
        `seals ${pending} of ${many(rows, "row")} of ${visible(table)} under seal ${target.seal}, index ${target.index}`,
    ),
    ...lines("retires", retires),
    ...lines("destroys", destroys),
  ];
  return `${visible(tenant)}:\n${steps.map((step) => `  ${step}\n`).join("")}`;
}

export function reportText(report: ResealReport): string {
  const { tenant, target, tables, retired, destroyed, outcome, until } = report;
  const faults = tables.flatMap((table) => table.faults);
  const done = tables.reduce((sum, table) => sum + table.done, 0);
  const left = tables.reduce((sum, table) => sum + table.left, 0);
  const steps = [
    `seal ${target.seal}, index ${target.index}; ${many(done, "row")} sealed anew`,
    ...(left > 0 ? [`${many(left, "row")} left, nothing retired:`] : []),
    ...faults.map(
      ({ table, column, row, code }) =>
        `  ${visible(table)}.${visible(column)}, row ${visible(row)}: ${code}`,
    ),
    ...(left > 0 && faults.length === 0 ? ["  others held them for too long: run it again"] : []),
    ...(faults.length > 0 ? ["  write these anew, or bring them back from a backup; then run it again"] : []),
    ...lines("retired", retired),
    ...lines("destroyed", destroyed),
    ...(until === null ? [] : [`not at its end: run it again from ${until.toISOString()} on`]),
  ];
  return `${visible(tenant)}: ${outcome}\n${steps.map((step) => `  ${step}\n`).join("")}`;
}

function lines(what: string, versions: ResealReport["retired"]): readonly string[] {
  const all = Object.entries(versions).flatMap(([purpose, its]) =>
    its.map((version) => `${purpose} ${version}`),
  );
  return all.length === 0 ? [] : [`${what} ${all.join(", ")}`];
}
