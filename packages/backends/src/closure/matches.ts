/** The entries that a decision found, in places that the next decision uses again. */
import type { ClosedEntry } from "./entry.ts";

export class Matches {
  readonly entries: ClosedEntry[] = [];
  count = 0;

  add(entry: ClosedEntry): void {
    this.entries[this.count] = entry;
    this.count += 1;
  }
}
