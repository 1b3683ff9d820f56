/** What is wrong with a key's file is wrong with the command line that named it. */
import { KeyFileError } from "@wardline/isolation";
import { UsageError } from "../exit-code.ts";

/** Throws {@link UsageError} for a {@link KeyFileError}; it shows nothing of the file. `makes` is what makes such a file. */
export function orUsage<T>(work: () => T, makes?: string): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof KeyFileError)) throw error;
    const isNone = error.code === "keys/malformed" && makes !== undefined;
    throw new UsageError(
      `${error.message} (${error.code})`,
      ...(isNone ? [`\`${makes}\` makes such a key`] : []),
    );
  }
}
