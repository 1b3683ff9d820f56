import type { BundleError } from "@wardline/backends";
import { BundleRejected } from "@wardline/sdk";
import { exitCode, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { visible } from "../report/visible.ts";

/** Tells which check of a signature or digest failed, and that nothing came of it. */
export function reportRefusal(
  io: Io,
  { code, message }: Pick<BundleError, "message"> & { readonly code: string },
  so: string,
): ExitCode {
  io.err(`error[${code}]: ${visible(message)}\n  ${so}\n`);
  return exitCode.integrity;
}

/** Runs something that reads bundles; what it refuses is reported. */
export async function orRefusal(io: Io, so: string, run: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof BundleRejected) return reportRefusal(io, error, so);
    throw error;
  }
}
