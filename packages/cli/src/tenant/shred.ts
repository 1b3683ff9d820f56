/** One run of `tenant shred`. Nothing is destroyed unless the tenant is named twice and somebody signs for it. */
import { existsSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { NoteSigner } from "@wardline/isolation";
import { cancelShred, planShred, shredTenant, type Shredding } from "@wardline/sdk/operator";
import { readAuditKey } from "../audit/make-key.ts";
import type { ShredOptions } from "../command/tenant.ts";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { visible } from "../report/visible.ts";
import { tellProgress } from "./report.ts";
import { planDocument, planText } from "./shred-text.ts";
import { withEstate } from "./with-estate.ts";

export function shredOne(io: Io, tenant: string, options: ShredOptions): Promise<ExitCode> {
  const audit = options.auditToo === true;
  if (options.plan === true)
    return withEstate(io, options, async (estate) => {
      const plan = await planShred(estate, tenant, { audit });
      io.out(options.format === "json" ? `${JSON.stringify(planDocument(plan), null, 2)}\n` : planText(plan));
      return exitCode.fine;
    });
  if (options.cancel === true)
    return withEstate(io, options, async (estate) => {
      await cancelShred(estate, tenant);
      io.out(`${visible(tenant)}: the shredding was taken back\n`);
      return exitCode.fine;
    });
  const sign = confirmed(io, tenant, options);
  return withEstate(io, options, async (estate) => {
    const shredding = await shredTenant(estate, tenant, {
      sign,
      audit,
      wait: options.wait,
      onProgress: tellProgress(io),
    });
    return tell(io, tenant, shredding, options);
  });
}

function confirmed(io: Io, tenant: string, { yes, sign, out }: ShredOptions): NoteSigner {
  if (yes !== tenant)
    throw new UsageError(
      yes === undefined
        ? "nothing brings back what is destroyed"
        : "--yes names another tenant than the one to be shredded",
      `look at it with --plan; then say --yes ${visible(tenant)}`,
    );
  if (sign === undefined)
    throw new UsageError("who signs the receipt?", "say --sign FILE; `wardline keys audit` makes such a key");
  if (out !== undefined && existsSync(resolve(io.cwd, out)))
    throw new UsageError(`--out: ${out} is there already`);
  return readAuditKey(io, sign);
}

function tell(io: Io, tenant: string, shredding: Shredding, { out, format }: ShredOptions): ExitCode {
  if (shredding.kind === "waiting") {
    const { step, until } = shredding;
    if (format === "json")
      io.out(`${JSON.stringify({ formatVersion: 1, state: "waiting", step, until }, null, 2)}\n`);
    else
      io.out(
        `${visible(tenant)}: not shredded yet; ${step === "destroy" ? "the provider destroys its keys" : "processes may hold its keys"} until ${until.toISOString()}: run it again then\n`,
      );
    return exitCode.findings;
  }
  const { operation, receipt, sha256 } = shredding;
  if (out !== undefined) writeReceipt(io, out, receipt);
  if (format === "json")
    io.out(`${JSON.stringify({ formatVersion: 1, state: "done", operation, sha256, receipt }, null, 2)}\n`);
  else if (out === undefined) io.out(receipt);
  else
    io.out(
      `${visible(tenant)}: shredded\n  operation ${operation}\n  receipt sha256:${sha256} in ${visible(out)}\n`,
    );
  return exitCode.fine;
}

function writeReceipt(io: Io, out: string, receipt: string): void {
  try {
    writeFileSync(resolve(io.cwd, out), receipt, { flag: "wx" });
  } catch (error) {
    const { code = "no file" } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `the tenant is shredded, and the receipt cannot be written to ${out}: ${code}`,
      "run it again with another --out: the receipt is the same",
    );
  }
}
