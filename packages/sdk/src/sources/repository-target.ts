/** A repository that can be published to. Readers see the state before a publication or the one after it. */
import type { RepositorySource } from "@wardline/backends";

/** Files by path, in the order in which they are to be written: the timestamp, which names the others, is the last. */
export type RepositoryFiles = ReadonlyMap<string, Uint8Array>;

export interface RepositoryTarget {
  /** As an operator names it, without secrets. */
  readonly name: string;
  readonly source: RepositorySource;
  /**
   * Runs `publish`, which reads what is there and gives what is to be there to `write`: all of it counts, or none, and only where nobody else has
   * published since it began. `present`: there must be a repository. Throws {@link SourceError}, and what `publish` throws.
   */
  readonly publication: <T>(
    expected: "present" | "new or present",
    publish: (write: (files: RepositoryFiles) => Promise<void>) => Promise<T>,
  ) => Promise<T>;
  readonly close: () => Promise<void>;
}
