/**
 * The high-rate mode: entries of reads and decisions are kept in the process for a moment and appended together. Invariant: of what was
 * shown, no more than `entries` of a tenant are not on record, and all of those were shown within `milliseconds`; and that there may be such
 * stands in the chain, by an entry that opens the window, before anything is shown under it.
 */
import type { AuditLevel } from "@wardline/core";
import type { AuditEntry } from "../contracts.ts";
import { auditFailed } from "./audit-entry.ts";
import { TenantWindow, type WindowSource } from "./tenant-window.ts";

export interface AuditWindowOptions {
  /** The tenants that choose it. */
  readonly tenants: readonly string[] | "all";
  /** The longest time within which what a crash loses was shown; 10 to 60,000. Default: 500. */
  readonly milliseconds?: number;
  /** The most entries of a tenant that a crash loses; 2 to 100,000. Default: 1,000. */
  readonly entries?: number;
  /** Of the duties that are recorded so; any other is on record before a row leaves. Default: `decision` and `fields`. */
  readonly levels?: readonly AuditLevel[];
}

export class AuditWindow {
  readonly #tenants: ReadonlySet<string> | "all";
  readonly #levels: ReadonlySet<AuditLevel>;
  readonly #bounds: { readonly milliseconds: number; readonly entries: number };
  readonly #now: () => number;
  readonly #open = new Map<string, TenantWindow>();
  #isClosed = false;

  /** `now` in milliseconds, of a clock that never goes back. Throws a RangeError for bounds that are none. */
  constructor(options: AuditWindowOptions, now: () => number = () => performance.now()) {
    const { tenants, milliseconds = 500, entries = 1_000, levels = ["decision", "fields"] } = options;
    if (!Number.isSafeInteger(milliseconds) || milliseconds < 10 || milliseconds > 60_000)
      throw new RangeError("a window of the audit log lasts 10 to 60,000 milliseconds");
    if (!Number.isSafeInteger(entries) || entries < 2 || entries > 100_000)
      throw new RangeError("a window of the audit log holds 2 to 100,000 entries");
    this.#tenants = tenants === "all" ? tenants : new Set(tenants);
    this.#levels = new Set(levels);
    this.#bounds = { milliseconds, entries };
    this.#now = now;
  }

  /** Whether duties of these levels are recorded so. */
  takes(tenant: string, levels: readonly AuditLevel[]): boolean {
    const isChosen = this.#tenants === "all" || this.#tenants.has(tenant);
    return isChosen && levels.every((level) => this.#levels.has(level));
  }

  /** What they tell of may be shown once this has resolved. Throws `audit/failed`; then it may not. */
  async add(tenant: string, entries: readonly AuditEntry[], source: WindowSource): Promise<void> {
    // A statement may have been under way when the window was closed.
    if (this.#isClosed) throw auditFailed();
    let own = this.#open.get(tenant);
    if (own === undefined) {
      own = new TenantWindow(this.#bounds, this.#now);
      this.#open.set(tenant, own);
    }
    await own.add(entries, source);
  }

  /** Puts on record what is held, and that the windows have ended. Never rejects: what could not be recorded was told to operators. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#open.values()].map((own) => own.close()));
  }
}
