/** What is wrong with a key's file is wrong with the command line that named it. */
import { KeyFileError } from "@wardline/isolation";
import { UsageError } from "../exit-code.ts";

/** Throws {@link UsageError} for a {@link KeyFileError}; it shows nothing of the file. */
export function orUsage<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof KeyFileError)) throw error;
    throw new UsageError(`${error.message} (${error.code})`);
  }
}
