/** A caller's savepoints within one transaction. Their names never become text: what is sent is a name of ours. */
import { IsolationViolation } from "../errors.ts";

interface Savepoint {
  readonly given: string;
  readonly name: string;
  /** How many entries were to be put on record when it was set. */
  readonly entries: number;
}

export class Savepoints {
  #open: Savepoint[] = [];

  set(given: string, entries: number): string {
    const name = `wardline_caller_${this.#open.length + 1}`;
    this.#open.push({ given, name, entries });
    return name;
  }

  /** The last one of that name. Those set after it are gone. Throws `query/transaction-setting` where there is none. */
  back(given: string): Savepoint {
    const at = this.#find(given);
    this.#open = this.#open.slice(0, at + 1);
    return this.#open[at] as Savepoint;
  }

  release(given: string): string {
    const at = this.#find(given);
    const { name } = this.#open[at] as Savepoint;
    this.#open = this.#open.slice(0, at);
    return name;
  }

  #find(given: string): number {
    const at = this.#open.findLastIndex((savepoint) => savepoint.given === given);
    if (at < 0)
      throw new IsolationViolation("query/transaction-setting", "the transaction has no such savepoint");
    return at;
  }
}
