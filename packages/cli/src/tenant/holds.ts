/** One run of `tenant hold` and of `tenant release`. */
import { holdTenant, releaseTenant } from "@wardline/sdk/operator";
import type { HoldOptions, ReleaseOptions } from "../command/tenant.ts";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { visible } from "../report/visible.ts";
import { withEstate } from "./with-estate.ts";

export function holdOne(io: Io, tenant: string, options: HoldOptions): Promise<ExitCode> {
  if (options.reason.trim() === "") throw new UsageError("--reason: a hold has a reason");
  return withEstate(io, options, async (estate) => {
    const { id } = await holdTenant(estate, tenant, options.reason);
    io.out(`${visible(tenant)}: held\n  hold ${id}\n`);
    return exitCode.fine;
  });
}

export function releaseOne(io: Io, tenant: string, options: ReleaseOptions): Promise<ExitCode> {
  return withEstate(io, options, async (estate) => {
    for (const { id } of await releaseTenant(estate, tenant, options.hold ?? null))
      io.out(`${visible(tenant)}: released\n  hold ${id}\n`);
    return exitCode.fine;
  });
}
