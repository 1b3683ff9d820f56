/** One run of `db apply`. */
import { PlanFailed } from "@wardline/isolation";
import { applySchema } from "@wardline/sdk/operator";
import type { DbApplyOptions } from "../command/db.ts";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { many } from "../report/finding-report.ts";
import { visible } from "../report/visible.ts";
import { readContextKeyFile } from "./context-key.ts";
import { formatPlanJson, formatPlanText } from "./plan-text.ts";
import { refuseRows, wantedRows } from "./wanted-rows.ts";
import { withDatabase } from "./with-database.ts";

export async function applyPlan(io: Io, folder: string, options: DbApplyOptions): Promise<ExitCode> {
  const { contextKey: file, rotateCluster = false, format } = options;
  const contextKey = file === undefined ? undefined : readContextKeyFile(io, file);
  const applied = await withDatabase(
    io,
    folder,
    { ...options, create: true },
    async ({ database, programs }) => {
      if (contextKey !== undefined && database.kind === "embedded")
        throw new UsageError(
          "an embedded database takes no key: the application gives it one of its own",
          "leave out --context-key",
        );
      try {
        return await applySchema(database, programs, {
          rotateCluster,
          ...wantedRows(options, programs),
          ...(contextKey === undefined ? {} : { contextKey }),
        });
      } catch (error) {
        if (error instanceof PlanFailed) return error;
        return refuseRows(error);
      }
    },
  );
  if (applied === null) return exitCode.findings;
  if (applied instanceof PlanFailed) {
    io.err(`error: ${visible(applied.message)}\n  in: ${visible(applied.step.sql)}\nnothing was done\n`);
    return exitCode.findings;
  }
  const { plan, done } = applied;
  const isRefused = plan.refusals.length > 0;
  if (format === "json") io.out(formatPlanJson(plan, isRefused ? [] : done));
  else if (isRefused) io.out(formatPlanText(plan));
  else {
    io.out(formatPlanText({ ...plan, steps: done }));
    io.out(`${many(done.length, "statement")} run, and read back\n`);
    if (contextKey !== undefined) io.out(`context key ${contextKey.id} is installed\n`);
  }
  return isRefused ? exitCode.findings : exitCode.fine;
}
