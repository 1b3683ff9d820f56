/**
 * Stores rows whose keys may be taken, and finds out which were. A row that has the key and that the principal may not read
 * is told to nobody: it counts as taken, which is refused like any denial.
 */
import type { RowDocument } from "@wardline/core";
import { UnsupportedQuery } from "../errors.ts";
import { inOrder } from "../gate/asking.ts";
import { keyArray } from "../gate/wire-column.ts";
import { sql } from "../scope/text.ts";
import type { WriteFrame } from "./frame.ts";
import { lockRows, pickAgain, type Strength } from "./locked-rows.ts";
import type { InsertPlan } from "./plan-insert.ts";
import { storeRows, type IdentifiedRow } from "./store-rows.ts";

export interface Stored {
  readonly created: readonly IdentifiedRow[];
  /** What was created, as it is stored. */
  readonly stored: ReadonlyMap<string, RowDocument>;
  /** Their keys are those of rows that can be read; they are locked. */
  readonly existing: readonly IdentifiedRow[];
  /** Their keys are gone, and nothing more may be said. */
  readonly taken: readonly IdentifiedRow[];
}

/** How often a key may be taken by a row that is gone when it is looked at. */
const maxRounds = 4;

export async function storeUnlessTaken(
  frame: WriteFrame,
  plan: InsertPlan,
  rows: readonly IdentifiedRow[],
  strength: Strength,
): Promise<Stored> {
  const { entity, conflict } = plan;
  const { first, repeated } = firstOfEach(rows);
  if (repeated.length > 0 && conflict?.kind === "update")
    throw new UnsupportedQuery(
      "write/matched-twice",
      `two rows for ${entity.storage.table} have the same key`,
    );
  const created: IdentifiedRow[] = [];
  const all = new Map<string, RowDocument>();
  const existing: IdentifiedRow[] = [];
  const taken = conflict === null ? [...repeated] : [];
  let open = first;
  for (let round = 0; open.length > 0; round += 1) {
    if (round === maxRounds)
      throw new UnsupportedQuery("write/conflict", `a row of ${entity.name} was being written; try again`);
    const stored = await storeRows(frame, entity, open);
    for (const [id, row] of stored) all.set(id, row);
    created.push(...open.filter(({ id }) => stored.has(id)));
    const missing = open.filter(({ id }) => !stored.has(id));
    if (conflict === null || missing.length === 0) {
      taken.push(...missing);
      break;
    }
    const ids = missing.map(({ id }) => id);
    const locked = await lockRows(frame, entity, sql`= any(${keyArray(entity.keyType, ids)})`, strength);
    const now = await frame.renewed();
    const [readable] = await inOrder<[readonly string[]]>(
      now.session,
      pickAgain(now, plan, { where: null }, locked),
    );
    existing.push(...missing.filter(({ id }) => readable.includes(id)));
    taken.push(...missing.filter(({ id }) => locked.includes(id) && !readable.includes(id)));
    open = missing.filter(({ id }) => !locked.includes(id));
  }
  return { created, stored: all, existing, taken };
}

function firstOfEach(rows: readonly IdentifiedRow[]): {
  readonly first: readonly IdentifiedRow[];
  readonly repeated: readonly IdentifiedRow[];
} {
  const seen = new Set<string>();
  const first: IdentifiedRow[] = [];
  const repeated: IdentifiedRow[] = [];
  for (const row of rows) {
    (seen.has(row.id) ? repeated : first).push(row);
    seen.add(row.id);
  }
  return { first, repeated };
}
