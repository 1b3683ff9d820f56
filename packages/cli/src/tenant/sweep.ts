/** One run of `tenant sweep`: rows that the tenant's policy does not keep any longer go, and somebody signs for it. */
import { existsSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { databaseAt, placementOfTenant, type Estate, type NoteSigner } from "@wardline/isolation";
import {
  lastRetentionReceipt,
  planRetentionPlaced,
  sweepRetentionPlaced,
  type SweepReport,
} from "@wardline/sdk/operator";
import { readAuditKey } from "../audit/make-key.ts";
import type { SweepCommandOptions } from "../command/tenant-sweep.ts";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { startProgress } from "../progress.ts";
import { visible } from "../report/visible.ts";
import { sweepPlanText, sweepReportText } from "./sweep-text.ts";
import { withEstate } from "./with-estate.ts";

export function sweepOne(io: Io, tenant: string, options: SweepCommandOptions): Promise<ExitCode> {
  const { format } = options;
  if (options.plan === true)
    return withEstate(io, options, async (estate) => {
      const plan = await planRetentionPlaced(estate, tenant);
      io.out(format === "json" ? document({ step: "plan", ...plan }) : sweepPlanText(plan));
      return plan.isHeld ? exitCode.findings : exitCode.fine;
    });
  if (options.last === true)
    return withEstate(io, options, (estate) => giveLast(io, estate, tenant, options));
  const sign = signerOf(io, options);
  return withEstate(io, options, async (estate) => {
    const { pageRows, pause } = options;
    const progress = startProgress(io, `${visible(tenant)}: sweeping, row`);
    const report = await sweepRetentionPlaced(estate, tenant, {
      sign,
      ...(pageRows === undefined ? {} : { pageRows }),
      ...(pause === undefined ? {} : { pause }),
      onProgress: ({ seen, all }) => progress.step(seen, all),
    }).finally(() => progress.end());
    return tell(io, report, options);
  });
}

function signerOf(io: Io, { sign, out }: SweepCommandOptions): NoteSigner {
  if (sign === undefined)
    throw new UsageError("who signs the receipt?", "say --sign FILE; `wardline keys audit` makes such a key");
  if (out !== undefined && existsSync(resolve(io.cwd, out)))
    throw new UsageError(`--out: ${out} is there already`);
  return readAuditKey(io, sign);
}

function tell(io: Io, report: SweepReport, { out, format }: SweepCommandOptions): ExitCode {
  const { receipt, outcome } = report;
  if (receipt !== null && out !== undefined) write(io, out, receipt);
  if (format === "json") io.out(document({ step: "sweep", ...report }));
  else if (receipt !== null && out === undefined) io.out(receipt);
  else io.out(sweepReportText(report, out ?? null));
  return outcome === "unfinished" ? exitCode.findings : exitCode.fine;
}

async function giveLast(
  io: Io,
  estate: Estate,
  tenant: string,
  { out }: SweepCommandOptions,
): Promise<ExitCode> {
  const spot = await placementOfTenant(estate.catalogue, tenant);
  const receipt = await lastRetentionReceipt(databaseAt(estate, spot), tenant);
  if (receipt === null) {
    io.err(`${visible(tenant)}: no sweep came to its end, or another one has begun since\n`);
    return exitCode.findings;
  }
  if (out === undefined) io.out(receipt);
  else write(io, out, receipt);
  return exitCode.fine;
}

const document = (it: object): string => `${JSON.stringify({ formatVersion: 1, ...it }, null, 2)}\n`;

function write(io: Io, out: string, receipt: string): void {
  try {
    writeFileSync(resolve(io.cwd, out), receipt, { flag: "wx" });
  } catch (error) {
    const { code = "no file" } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `the receipt cannot be written to ${out}: ${code}`,
      "say --last with another --out: it is kept in the database until the next sweep",
    );
  }
}
