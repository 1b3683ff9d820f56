/** Makes the key of a log of checkpoints. The public key is what there is to print. */
import { resolve } from "node:path";
import {
  createNoteSigner,
  formatNoteKey,
  readNoteSigner,
  writeNoteSigner,
  type NoteSigner,
} from "@wardline/isolation";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { orUsage } from "../keys/key-file-usage.ts";

export function makeAuditKey(io: Io, file: string, name: string): ExitCode {
  const signer = makeSigner(name);
  orUsage(() => writeNoteSigner(resolve(io.cwd, file), signer));
  io.out(`${formatNoteKey(signer)}\n`);
  return exitCode.fine;
}

/** Throws {@link UsageError}, which shows nothing of the file. */
export function readAuditKey(io: Io, file: string): NoteSigner {
  return orUsage(() => readNoteSigner(resolve(io.cwd, file)), "wardline keys audit FILE --name LOG");
}

function makeSigner(name: string): NoteSigner {
  try {
    return createNoteSigner(name);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(`--name: ${error.message}`);
  }
}
