/** One run of `doctor`: examine, report, and say whether it passed. */
import { examineDatabase } from "@wardline/sdk/operator";
import type { DoctorOptions } from "../command/doctor.ts";
import { withDatabase } from "../database/with-database.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { rootedAt } from "../files/rooted.ts";
import type { Io } from "../io.ts";
import { countOf, type DoctorReport } from "../report/doctor/doctor-report.ts";
import { formatDoctorReport } from "../report/doctor/formats.ts";
import { writeReport } from "../report/outputs.ts";

export async function runDoctor(io: Io, folder: string, options: DoctorOptions): Promise<ExitCode> {
  const report = await withDatabase(io, folder, options, async ({ database, programs, model }) => {
    const { server, schemas, findings } = await examineDatabase(database, programs);
    const { errors, warnings } = countOf(findings);
    const passed = errors === 0 && warnings <= (options.maxWarnings ?? Infinity);
    return { server, findings, model, schemas, passed } satisfies DoctorReport;
  });
  if (report === null) return exitCode.findings;
  await writeReport(io, options, (format, color) =>
    formatDoctorReport(format, report, { color, rooted: rootedAt(io.cwd) }),
  );
  return report.passed ? exitCode.fine : exitCode.findings;
}
