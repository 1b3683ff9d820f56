/**
 * Follows a tenant's chain row by row, in constant space, and stops at the first row that does not go on from the ones before
 * it. It believes no hash that it has not made itself.
 */
import { entryHash, genesisHash } from "../chain.ts";
import type { AuditHead, AuditRow } from "../export-audit.ts";

/** How the first wrong row is wrong; why that is, other rows say. */
export interface ChainBreak {
  readonly kind:
    | "malformed"
    | "wrong_tenant"
    /** Its number is higher, or lower, than the one that follows. */
    | "ahead"
    | "behind"
    /** Its hash is not made of its bytes. */
    | "hash"
    /** It follows something else. */
    | "link";
  /** The place in the chain that the row stands in, from 1. */
  readonly seq: number;
  /** The hash of what stands before that place. */
  readonly prev: string;
  /** Null where the row cannot be read. */
  readonly row: AuditRow | null;
}

export class ChainFollower {
  readonly tenant: string;
  /** How an entry of the tenant ends: the keys of its canonical form are sorted, and `tenant` is the last. */
  readonly #ending: string;
  #seq = 0;
  #hash: string;

  constructor(tenant: string, from: AuditHead = { seq: 0, hash: genesisHash(tenant) }) {
    this.tenant = tenant;
    this.#ending = `,"tenant":${JSON.stringify(tenant)}}`;
    this.#seq = from.seq;
    this.#hash = from.hash;
  }

  /** As far as it was followed. */
  get head(): AuditHead {
    return { seq: this.#seq, hash: this.#hash };
  }

  /** Takes the next row, or says how it is wrong and takes nothing. */
  push(row: AuditRow | null): ChainBreak | null {
    const seq = this.#seq + 1;
    if (row !== null && this.#follows(row, seq)) {
      this.#seq = seq;
      this.#hash = row.hash;
      return null;
    }
    const kind = row === null || !isRow(row) ? "malformed" : this.#wrong(row, seq);
    if (kind !== null) return { kind, seq, prev: this.#hash, row };
    this.#seq = seq;
    this.#hash = (row as AuditRow).hash;
    return null;
  }

  /** Whether it is what {@link #wrong} finds nothing in; asked of millions of rows. Two equal hashes are of the right form. */
  #follows(row: AuditRow, seq: number): boolean {
    return (
      row.seq === seq &&
      row.prevHash === this.#hash &&
      row.tenant === this.tenant &&
      Number.isSafeInteger(row.at) &&
      row.entry.endsWith(this.#ending) &&
      row.entry.isWellFormed() &&
      entryHash(row.prevHash, row.at, row.entry) === row.hash
    );
  }

  #wrong(row: AuditRow, seq: number): ChainBreak["kind"] | null {
    if (row.tenant !== this.tenant) return "wrong_tenant";
    if (row.seq !== seq) return row.seq > seq ? "ahead" : "behind";
    if (entryHash(row.prevHash, row.at, row.entry) !== row.hash) return "hash";
    if (row.prevHash !== this.#hash) return "link";
    return tenantOf(row) === this.tenant ? null : "wrong_tenant";
  }
}

const hashPattern = /^[0-9a-f]{64}$/;

/** Whether it has the form of a row of an export. */
export function isRow(row: AuditRow): boolean {
  const texts: readonly unknown[] = [row.tenant, row.entry, row.prevHash, row.hash];
  if (!Number.isSafeInteger(row.seq) || !Number.isSafeInteger(row.at)) return false;
  if (!texts.every((text) => typeof text === "string")) return false;
  return hashPattern.test(row.prevHash) && hashPattern.test(row.hash) && row.entry.isWellFormed();
}

/** The tenant that an entry names, if it does. */
export function tenantOf({ entry }: AuditRow): unknown {
  try {
    const document: unknown = JSON.parse(entry);
    return typeof document === "object" && document !== null && "tenant" in document
      ? document.tenant
      : undefined;
  } catch {
    return undefined;
  }
}
