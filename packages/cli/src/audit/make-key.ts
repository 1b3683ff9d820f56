/** Makes the key of a log of checkpoints. The public key is what there is to print. */
import { resolve } from "node:path";
import {
  createNoteSigner,
  formatNoteKey,
  KeyFileError,
  readNoteSigner,
  writeNoteSigner,
  type NoteSigner,
} from "@wardline/isolation";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";

export function makeAuditKey(io: Io, file: string, name: string): ExitCode {
  const signer = orUsage(() => {
    const made = createNoteSigner(name);
    writeNoteSigner(resolve(io.cwd, file), made);
    return made;
  });
  io.out(`${formatNoteKey(signer)}\n`);
  return exitCode.fine;
}

/** Throws {@link UsageError}, which shows nothing of the file. */
export function readAuditKey(io: Io, file: string): NoteSigner {
  return orUsage(() => readNoteSigner(resolve(io.cwd, file)));
}

function orUsage<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof KeyFileError) throw new UsageError(`${error.message} (${error.code})`);
    if (error instanceof TypeError) throw new UsageError(`--name: ${error.message}`);
    throw error;
  }
}
