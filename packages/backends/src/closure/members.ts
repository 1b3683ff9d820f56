/** Sets and relations as rules ask them. What a request brings is copied, each value read once, into lists used again. */
import type { WireScalar } from "@wardline/core";

/** A set of values, or the ids of all ancestors. */
export interface Members {
  readonly has: (value: WireScalar) => boolean;
  readonly isEmpty: () => boolean;
  /** The place of a value, from 0 to `count`; only for what a request brings. */
  readonly items: readonly WireScalar[];
  readonly count: number;
}

/** A relation: which ids stand in pairs. */
export interface Pairs {
  readonly hasPair: (from: WireScalar, to: WireScalar) => boolean;
}

/** A list that a request brings. Its places are kept and filled anew, so that a decision need not allocate. */
export class ListMembers implements Members, Pairs {
  readonly items: WireScalar[] = [];
  count = 0;

  has(value: WireScalar): boolean {
    const { items, count } = this;
    for (let i = 0; i < count; i += 1) if (items[i] === value) return true;
    return false;
  }

  isEmpty(): boolean {
    return this.count === 0;
  }

  /** Of a relation: its places hold `from` and `to` in turn. */
  hasPair(from: WireScalar, to: WireScalar): boolean {
    const { items, count } = this;
    for (let i = 0; i < count; i += 2) if (items[i] === from && items[i + 1] === to) return true;
    return false;
  }

  add(value: WireScalar): void {
    this.items[this.count] = value;
    this.count += 1;
  }
}
