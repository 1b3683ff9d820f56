/**
 * What stands beside a column while its plaintext becomes sealed, by name alone: so whoever finds one of these, after whatever
 * cut a run off, knows what it is and whose.
 */
import { createHash } from "node:crypto";
import { headerLength, overhead } from "../../seal/envelope.ts";

export interface AdoptionNames {
  /** The sealed cells, before they take the column's place. */
  readonly sealed: string;
  /** Their blind indexes. */
  readonly index: string;
  /** The plaintext, after the sealed cells have taken its place. */
  readonly aside: string;
  /** Finds the rows whose sealed cell is not there yet. */
  readonly stale: string;
  /** Says that each row has a sealed cell, where each has a value. */
  readonly filled: string;
  readonly onInsert: string;
  readonly onUpdate: string;
  readonly onReplace: string;
}

/** `table`, `column`: the stored names. */
export function adoptionNames(table: string, column: string): AdoptionNames {
  const digest = createHash("sha256")
    .update(JSON.stringify(["wardline/adopt/1", table, column]))
    .digest("hex")
    .slice(0, 16);
  const column_ = (kind: string): string => `wardline_${kind}_${digest}`;
  // Triggers of one kind run in the order of their names: after ours no other changes the row.
  const trigger = (when: string): string => `~wardline_adopt_${when}_${digest}`;
  return {
    sealed: column_("sealed"),
    index: column_("bidx"),
    aside: column_("plain"),
    stale: column_("stale"),
    filled: column_("filled"),
    onInsert: trigger("insert"),
    onUpdate: trigger("update"),
    onReplace: trigger("replace"),
  };
}

/** Whether a column of this name is one of ours. */
export function isAdoptionColumn(name: string): boolean {
  return /^wardline_(?:sealed|bidx|plain)_[0-9a-f]{16}$/.test(name);
}

/** A pattern of SQL: the names of columns whose cells wait for their switch. */
export const waitingColumn = "^wardline_sealed_[0-9a-f]{16}$";

/** Whether a column of this name holds the plaintext of one that is sealed by now. */
export function isAsideColumn(name: string): boolean {
  return /^wardline_plain_[0-9a-f]{16}$/.test(name);
}

export function isAdoptionTrigger(name: string): boolean {
  return /^~wardline_adopt_(?:insert|update|replace)_[0-9a-f]{16}$/.test(name);
}

/**
 * What stands for a sealed cell that is still to be made, in a column in which each row must have one: hex. It has the form of an
 * envelope under version 0, which no key has, so it never opens.
 */
export const unsealedYet = `574c5302${"00".repeat(headerLength - 4)}${"00".repeat(overhead - headerLength)}`;
