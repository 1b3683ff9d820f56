/** A relation of a world: which ids stand in pairs. */
import type { WireScalar } from "@wardline/core";
import type { Pairs } from "../closure/members.ts";

export class Relation implements Pairs {
  readonly #pairs = new Map<WireScalar, Set<WireScalar>>();

  hasPair(from: WireScalar, to: WireScalar): boolean {
    return this.#pairs.get(from)?.has(to) === true;
  }

  add(from: string, to: string): void {
    const known = this.#pairs.get(from);
    if (known === undefined) this.#pairs.set(from, new Set([to]));
    else known.add(to);
  }

  /** False if there was no such pair. */
  remove(from: string, to: string): boolean {
    const known = this.#pairs.get(from);
    if (known === undefined || !known.delete(to)) return false;
    if (known.size === 0) this.#pairs.delete(from);
    return true;
  }

  /** Removes every pair with this id at one of its ends. */
  forget(id: string, end: "from" | "to"): void {
    if (end === "from") this.#pairs.delete(id);
    else for (const from of this.#pairs.keys()) this.remove(String(from), id);
  }
}
