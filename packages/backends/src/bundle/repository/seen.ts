/**
 * The highest version that was ever seen of each thing. It is kept outside the repository, so that whoever controls the
 * repository cannot show an older state, not even to a process that has just begun.
 */
import { refuse, type BundleError } from "../bundle-error.ts";
import type { Role } from "../trust/public-key.ts";

export interface SeenVersion {
  readonly version: number;
  /** Of what had this version: a version never has two contents. */
  readonly sha256: string;
}

/** Name → version. Names are `root`, `timestamp@…`, `snapshot@…`, `release:MODEL@…` and `bundle:TENANT`. */
export type SeenVersions = ReadonlyMap<string, SeenVersion>;

export interface SeenStore {
  readonly read: () => Promise<SeenVersions>;
  /**
   * Keeps the versions, all or none, and resolves to true. Resolves to false and keeps nothing where a version is lower than
   * the one that is kept, or equal with another digest: someone else has seen more meanwhile.
   */
  readonly raise: (versions: SeenVersions) => Promise<boolean>;
}

/** A store that lasts as long as the process. */
export function seenInMemory(): SeenStore {
  const kept = new Map<string, SeenVersion>();
  return {
    read: () => Promise.resolve(new Map(kept)),
    raise: (versions) => {
      for (const [name, { version, sha256 }] of versions) {
        const before = kept.get(name);
        if (before === undefined || version > before.version) continue;
        if (version < before.version || sha256 !== before.sha256) return Promise.resolve(false);
      }
      for (const [name, version] of versions) kept.set(name, version);
      return Promise.resolve(true);
    },
  };
}

/** Refuses what is older than what was seen, or another thing under the same version. */
export function checkSeen(
  seen: SeenVersions,
  name: string,
  now: SeenVersion,
  lower: BundleError["code"],
  what: string,
): void {
  const before = seen.get(name);
  if (before === undefined || now.version > before.version) return;
  if (now.version < before.version)
    refuse(lower, `${what} has version ${now.version}, and ${before.version} was seen already`);
  if (now.sha256 !== before.sha256)
    refuse("trust/same-version", `${what} has version ${now.version}, which was seen with another content`);
}

/** Who may sign is part of the name: after a key was lost and replaced, versions that its finder signed do not count. */
export function seenName(kind: string, { keys }: Role): string {
  return `${kind}@${keys.map((kid) => kid.slice(0, 16)).join("+")}`;
}
