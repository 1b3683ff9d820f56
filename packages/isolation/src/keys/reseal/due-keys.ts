/** Which keys of a tenant are older than its policy lets a key be that seals new values. */
import type { Settings } from "@wardline/core";
import type { KeyPurpose } from "../key-provider.ts";
import type { RegistryRow } from "../registry-rows.ts";

export interface DueKey {
  readonly purpose: KeyPurpose;
  readonly version: number;
  readonly madeAt: Date;
  /** From when on it is too old. */
  readonly dueAt: Date;
  readonly isDue: boolean;
}

/** What is written under these is read through them alone. Keys of masks are not among them: a new one gives the same value another token. */
const rotating: ReadonlySet<KeyPurpose> = new Set(["seal", "index", "audit"]);

/** The newest key of each purpose, and whether it is due at a moment, in milliseconds. None where the policy does not say how old one may be. */
export function dueKeys(
  versions: Iterable<Pick<RegistryRow, "purpose" | "version" | "state" | "madeAt">>,
  { keys = {} }: Settings,
  now: number,
): readonly DueKey[] {
  const { rotate } = keys;
  if (rotate === undefined) return [];
  return [...versions].flatMap(({ purpose, version, state, madeAt }) => {
    if (state !== "current" || !rotating.has(purpose)) return [];
    const dueAt = new Date(madeAt.getTime() + rotate / 1000);
    return [{ purpose, version, madeAt, dueAt, isDue: now >= dueAt.getTime() }];
  });
}
