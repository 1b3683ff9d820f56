/** One run of `audit prove`: a proof from the signer's folder, about its last checkpoint. No database is asked. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { proveFromState, SignerError } from "@wardline/isolation";
import type { ProveOptions } from "../command/audit.ts";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { readKeys } from "./inputs.ts";
import { proofFormat, type Proof } from "./proof.ts";

export function proveChain(io: Io, state: string, { tenant, entry, since, key }: ProveOptions): ExitCode {
  const folder = resolve(io.cwd, state);
  if (!existsSync(folder)) throw new UsageError(`there is no folder ${state}`);
  try {
    const [trusted] = readKeys(io, [key]);
    const proved = proveFromState(folder, trusted as NonNullable<typeof trusted>, {
      tenant,
      ...(entry === undefined ? {} : { entry }),
      ...(since === undefined ? {} : { since }),
    });
    if (proved === null) throw new UsageError(`no checkpoint names ${tenant}`);
    const proof: Proof = { format: proofFormat, ...proved };
    io.out(`${JSON.stringify(proof)}\n`);
    return exitCode.fine;
  } catch (error) {
    if (error instanceof RangeError)
      throw new UsageError(
        `the last checkpoint has no such entry of ${tenant}`,
        "sign again, or ask for less",
      );
    if (error instanceof SignerError) throw new UsageError(error.message);
    throw error;
  }
}
