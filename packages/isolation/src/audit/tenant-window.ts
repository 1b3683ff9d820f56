/** The window of one tenant in this process: see `audit-window.ts`. */
import type { AuditEntry } from "../contracts.ts";
import { auditFailed } from "./audit-entry.ts";
import { newEntry } from "./new-entry.ts";

/** How entries of the tenant are appended. */
export interface WindowSource {
  /** What the window's own entries say of policy and time. */
  said(): Pick<AuditEntry, "revision" | "bundle" | "at">;
  /** In a transaction of their own, all or none. Throws `audit/failed`, and tells operators itself. */
  record(entries: readonly AuditEntry[]): Promise<void>;
}

interface Held {
  readonly entry: AuditEntry;
  /** When it could be shown. */
  readonly since: number;
}

/** Milliseconds without an entry after which the window is closed: what has ended in order has lost nothing. */
const idleFor = 60_000;
/** Milliseconds until what failed is tried again, where nobody asks before. */
const retryAfter = 10_000;

export class TenantWindow {
  readonly #milliseconds: number;
  readonly #entries: number;
  readonly #now: () => number;
  /** Not on record yet, oldest first. */
  #held: Held[] = [];
  #source: WindowSource | null = null;
  /** The entry that opened it; null while none is open. */
  #id: string | null = null;
  /** Of entries that were recorded under it. */
  #recorded = 0;
  #isFailing = false;
  #isClosed = false;
  /** What goes to the database, one after the other. */
  #running: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(bounds: { readonly milliseconds: number; readonly entries: number }, now: () => number) {
    this.#milliseconds = bounds.milliseconds;
    this.#entries = bounds.entries;
    this.#now = now;
  }

  async add(entries: readonly AuditEntry[], source: WindowSource): Promise<void> {
    // More at once than may be lost: it is on record first.
    if (entries.length > this.#entries) return source.record(entries);
    this.#source = source;
    for (;;) {
      if (this.#isClosed) throw auditFailed();
      if (this.#id === null) await this.#alone(() => this.#open(source));
      else if (this.#hasRoomFor(entries.length)) break;
      else await this.#alone(() => this.#flush(source));
    }
    // Invariant: nothing is awaited between the look at the room and taking it.
    const since = this.#now();
    for (const entry of entries) this.#held.push({ entry: { ...entry, of: entry.of ?? this.#id }, since });
    if (this.#held.length >= this.#entries / 2) this.#flushLater();
    else if (this.#held.length === entries.length) this.#wait(this.#milliseconds / 2);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    try {
      await this.#running?.catch(() => undefined);
      await this.#end();
    } catch {
      // Operators were told; the window stays open in the record.
    }
  }

  #hasRoomFor(count: number): boolean {
    const [oldest] = this.#held;
    if (oldest === undefined) return !this.#isFailing;
    const isYoung = this.#now() - oldest.since < this.#milliseconds;
    return !this.#isFailing && isYoung && this.#held.length + count <= this.#entries;
  }

  /** One at a time; who asks meanwhile waits for the one that is under way, and looks again. */
  #alone(act: () => Promise<void>): Promise<void> {
    this.#running ??= act().finally(() => (this.#running = null));
    return this.#running;
  }

  async #open(source: WindowSource): Promise<void> {
    const opened = newEntry({
      ...windowSays,
      ...source.said(),
      action: "window.open",
      reason: `${this.#milliseconds}ms`,
      count: this.#entries,
    });
    await source.record([opened]);
    this.#id = opened.id;
    this.#recorded = 0;
    this.#wait(idleFor);
  }

  async #flush(source: WindowSource): Promise<void> {
    const sent = this.#held.map(({ entry }) => entry);
    if (sent.length > 0)
      try {
        await source.record(sent);
      } catch (error) {
        this.#isFailing = true;
        this.#wait(retryAfter);
        throw error;
      }
    this.#isFailing = false;
    this.#recorded += sent.length;
    this.#held.splice(0, sent.length);
    this.#wait(this.#held.length > 0 ? this.#milliseconds / 2 : idleFor);
  }

  /** With what is held: entries of a window come before its end. */
  async #end(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const source = this.#source;
    if (this.#id === null || source === null) return;
    const sent = this.#held.map(({ entry }) => entry);
    const [id, count] = [this.#id, this.#recorded + sent.length];
    const ended = newEntry({ ...windowSays, ...source.said(), action: "window.close", of: id, count });
    // Invariant: what comes from here on belongs to another window, and waits until that is open.
    this.#id = null;
    try {
      await source.record([...sent, ended]);
    } catch (error) {
      this.#id = id;
      this.#wait(retryAfter);
      throw error;
    }
    this.#held.splice(0, sent.length);
  }

  #wait(milliseconds: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => this.#flushLater(), milliseconds);
    // A process may end that has nothing to do but to close what is idle.
    if (this.#held.length === 0) this.#timer.unref();
  }

  #flushLater(): void {
    const source = this.#source;
    if (source === null || this.#isClosed) return;
    const isIdle = this.#held.length === 0;
    const done = this.#alone(() => (isIdle ? this.#end() : this.#flush(source)));
    // It was told, and whoever asks next is refused.
    done.catch(() => undefined);
  }
}

/** It is nobody's: its entries are of several. */
const windowSays = { kind: "operation", principal: { type: "", id: "" }, entity: "" } as const;
