/** The keys of one tenant as a sealer uses them: for each purpose what is written with, and all that may be read with. */
import type { KeyObject } from "node:crypto";
import { deriveIndexKeys, type IndexKeys } from "./blind-index.ts";
import type { KeyPurpose } from "../keys/key-provider.ts";
import { deriveMaskKeys, type MaskKeys } from "./masks.ts";
import { deriveAuditEntryKeys, deriveCellKeys, type AuditEntryKeys, type CellKeys } from "./sealing-keys.ts";

export interface KeyVersions<Keys> {
  readonly current: Keys;
  /** By version; the current one is among them. What is below the minimum version is not. */
  readonly readable: ReadonlyMap<number, Keys>;
}

export interface TenantKeys {
  readonly seal: KeyVersions<CellKeys>;
  readonly index: KeyVersions<IndexKeys>;
  readonly mask: KeyVersions<MaskKeys>;
}

export type AuditKeys = KeyVersions<AuditEntryKeys>;

/** Key-encryption keys of one purpose, see `deriveKek`. */
export interface KekVersions {
  readonly current: number;
  readonly keks: ReadonlyMap<number, KeyObject>;
}

/** Derives once what sealers use. Throws a RangeError where a current version has no key. */
export function deriveTenantKeys(
  keks: Readonly<Record<Exclude<KeyPurpose, "audit">, KekVersions>>,
): TenantKeys {
  return {
    seal: versions(keks.seal, deriveCellKeys),
    index: versions(keks.index, deriveIndexKeys),
    mask: versions(keks.mask, deriveMaskKeys),
  };
}

export function deriveAuditKeys(keks: KekVersions): AuditKeys {
  return versions(keks, deriveAuditEntryKeys);
}

function versions<Keys>(
  { current, keks }: KekVersions,
  derive: (kek: KeyObject, version: number) => Keys,
): KeyVersions<Keys> {
  const readable = new Map([...keks].map(([version, kek]) => [version, derive(kek, version)]));
  const keys = readable.get(current);
  if (keys === undefined) throw new RangeError("the current version of a key is not among its versions");
  return { current: keys, readable };
}
