/** Why the first wrong row of a chain is wrong, by a second look at all of its rows, one by one and in constant space. */
import { entryHash } from "../chain.ts";
import type { AuditRow } from "../export-audit.ts";
import { isRow, tenantOf, type ChainBreak } from "./chain-follower.ts";

export type AuditFault =
  /** The bytes of the entry, or a hash beside them, are not what was appended. */
  | "edited"
  /** Entries are missing before the one that now stands there; or an entry was replaced as well. */
  | "deleted"
  /** The entry stands in the place of another. */
  | "swapped"
  /** Two entries claim one place. */
  | "forked"
  /** The chain ends before the given head. */
  | "truncated"
  /** The entry, or the whole chain up to it, was replaced and hashed anew. A head or a checkpoint shows it. */
  | "rewritten"
  /** The entry, or the chain, belongs to another tenant. */
  | "wrong_tenant"
  /** The row is no row of an export. */
  | "malformed";

export interface Broken {
  /** The first place in the chain where something is wrong, from 1. */
  readonly seq: number;
  readonly reason: AuditFault;
}

/** Is shown every row of the chain, the wrong one too, and then says why it is wrong. */
export class WhyBroken {
  readonly #found: ChainBreak;
  #rows = 0;
  #isThere = false;
  #isDisplaced = false;
  #isForked = false;
  #isSwapped = false;

  constructor(found: ChainBreak) {
    this.#found = found;
  }

  look(other: AuditRow | null): void {
    this.#rows += 1;
    const { kind, row, seq, prev } = this.#found;
    if (row === null || other === null) return;
    // The wrong row itself is the one in its place.
    const isItself = this.#rows === seq;
    if (kind === "ahead") this.#isThere ||= other.seq === seq;
    if (kind === "hash" && !isItself && isRow(other))
      this.#isDisplaced ||= [row.at, other.at].some(
        (at) => entryHash(row.prevHash, at, other.entry) === row.hash,
      );
    if (kind === "link") {
      this.#isForked ||= other.prevHash === row.prevHash && other.seq < row.seq;
      this.#isSwapped ||= !isItself && other.prevHash === prev && other.seq > row.seq;
    }
  }

  /** `head`: how many entries the chain is said to have. */
  answer(tenant: string, head: number): Broken {
    const { kind, row, seq } = this.#found;
    switch (kind) {
      case "malformed":
      case "wrong_tenant":
        return { seq, reason: kind };
      case "ahead":
        return { seq, reason: this.#isThere ? "swapped" : "deleted" };
      case "behind":
        return { seq, reason: "forked" };
      case "hash":
        return { seq, reason: this.#isDisplaced ? "swapped" : "edited" };
      case "link":
        if (row === null || tenantOf(row) !== tenant) return { seq, reason: "wrong_tenant" };
        if (this.#isForked) return { seq, reason: "forked" };
        if (this.#isSwapped) return { seq, reason: "swapped" };
        // As many entries as the head counts, and none that was moved: the one before was replaced.
        return seq > 1 && head === this.#rows
          ? { seq: seq - 1, reason: "rewritten" }
          : { seq, reason: "deleted" };
    }
  }
}
