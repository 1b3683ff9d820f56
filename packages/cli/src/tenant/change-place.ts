/** One run of `tenant create` and of `tenant move`. */
import type { Destination } from "@wardline/isolation";
import {
  cancelMove,
  createTenant,
  moveTenant,
  planCreate,
  planMove,
  resumeCreate,
  resumeMove,
} from "@wardline/sdk/operator";
import { createSteps, moveStepNames } from "@wardline/isolation";
import type { DestinationOptions, MoveOptions } from "../command/tenant.ts";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { spotText, tellProgress, tellReceipt } from "./report.ts";
import { withEstate } from "./with-estate.ts";

export function createOne(io: Io, tenant: string, options: DestinationOptions): Promise<ExitCode> {
  const watch = { onProgress: tellProgress(io) };
  return withEstate(io, options, async (estate) => {
    if (options.resume === true) tellReceipt(io, await resumeCreate(estate, tenant, watch));
    else if (options.plan === true) {
      const { to } = await planCreate(estate, tenant, destinationOf(options));
      io.out(`to ${to.tier} in ${spotText(to)}\n${steps(createSteps)}`);
    } else tellReceipt(io, await createTenant(estate, tenant, destinationOf(options), watch));
    return exitCode.fine;
  });
}

export function moveOne(io: Io, tenant: string, options: MoveOptions): Promise<ExitCode> {
  const watch = { onProgress: tellProgress(io) };
  return withEstate(io, options, async (estate) => {
    if (options.cancel === true) {
      await cancelMove(estate, tenant);
      io.out("the move was taken back\n");
    } else if (options.resume === true) tellReceipt(io, await resumeMove(estate, tenant, watch));
    else if (options.plan === true) {
      const { from, to, next } = await planMove(estate, tenant, destinationOf(options));
      io.out(
        `from ${from.tier} in ${spotText(from)}\nto ${to.tier} in ${spotText(to)}, epoch ${next}\n${steps(moveStepNames)}`,
      );
    } else tellReceipt(io, await moveTenant(estate, tenant, destinationOf(options), watch));
    return exitCode.fine;
  });
}

function destinationOf({ to, cell }: DestinationOptions): Destination {
  if (to === undefined || cell === undefined)
    throw new UsageError("where to?", "say --to pool, schema or database, and --cell NAME");
  return { tier: to, cell };
}

function steps(names: readonly string[]): string {
  return names.map((name, index) => `  ${index + 1}. ${name}\n`).join("");
}
