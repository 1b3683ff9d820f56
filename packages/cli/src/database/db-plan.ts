/** One run of `db plan`. */
import { planSchema } from "@wardline/sdk/operator";
import type { DbPlanOptions } from "../command/db.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { formatMigration, formatPlanJson, formatPlanText } from "./plan-text.ts";
import { refuseRows, wantedRows } from "./wanted-rows.ts";
import { withDatabase } from "./with-database.ts";

export async function printPlan(io: Io, folder: string, options: DbPlanOptions): Promise<ExitCode> {
  const plan = await withDatabase(io, folder, options, ({ database, programs }) =>
    planSchema(database, programs, wantedRows(options, programs)).catch(refuseRows),
  );
  if (plan === null) return exitCode.findings;
  if (options.migration === true) {
    io.out(formatMigration(plan));
    return plan.refusals.some(({ migration }) => migration === undefined) ? exitCode.findings : exitCode.fine;
  }
  io.out(options.format === "json" ? formatPlanJson(plan, null) : formatPlanText(plan));
  return plan.refusals.length > 0 ? exitCode.findings : exitCode.fine;
}
