/** Where the files of a repository come from: a folder, a web server, memory. Nothing that it gives is believed. */

export interface RepositorySource {
  /**
   * The file at a path that {@link paths} makes. A source reads no more than `maxSize` bytes. Rejects if it cannot tell,
   * for instance because nobody answers.
   */
  readonly read: (path: string, maxSize: number) => Promise<Uint8Array | "missing" | "too-large">;
  /**
   * Calls `onChange` whenever another timestamp may be there than when this was called, and `onTrouble` while it cannot tell; it goes
   * on by itself. Resolves to what ends it. A source without it is read when somebody asks.
   */
  readonly watch?: (onChange: () => void, onTrouble?: (error: Error) => void) => Promise<() => Promise<void>>;
}

/** Names are lower-case or checked before they come here, so that no path leads elsewhere. */
export const paths = {
  root: (version: number): string => `metadata/${version}.root.json`,
  release: (version: number, model: string): string => `metadata/${version}.release-${model}.json`,
  snapshot: (version: number): string => `metadata/${version}.snapshot.json`,
  timestamp: "metadata/timestamp.json",
  bundle: (tenant: string, revision: number): string => `bundles/${tenant}/${revision}.tar.gz`,
} as const;

/** The files of a map, over those of another source. */
export function mapSource(
  files: ReadonlyMap<string, Uint8Array>,
  under?: RepositorySource,
): RepositorySource {
  return {
    read: async (path, maxSize) => {
      const bytes = files.get(path);
      if (bytes === undefined) return under === undefined ? "missing" : under.read(path, maxSize);
      return bytes.length > maxSize ? "too-large" : bytes;
    },
  };
}
