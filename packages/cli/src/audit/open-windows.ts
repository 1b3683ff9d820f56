/** Windows of the high-rate mode that have no end in a chain: of processes that still run, or that died and may have shown more than is on record. */
import type { AuditRow, ReadableEntry } from "@wardline/isolation";

export interface OpenWindow {
  readonly tenant: string;
  readonly seq: number;
  /** So many entries may be missing at most. */
  readonly most: number;
}

export class OpenWindows {
  readonly #open = new Map<string, OpenWindow>();

  /** Entries of a chain in their order. */
  see({ tenant, seq }: AuditRow, { kind, action, document }: ReadableEntry): void {
    if (kind !== "operation") return;
    const { id, of, count } = document;
    if (action === "window.open")
      this.#open.set(JSON.stringify([tenant, id]), { tenant, seq, most: Number(count) });
    if (action === "window.close") this.#open.delete(JSON.stringify([tenant, of]));
  }

  get found(): readonly OpenWindow[] {
    return [...this.#open.values()];
  }
}
