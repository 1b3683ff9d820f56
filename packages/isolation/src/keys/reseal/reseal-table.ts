/**
 * What resealing does to the rows of one table: each cell that is sealed under a version below the target is opened and sealed under the
 * newest, and each blind index that is below, or missing, is made anew. A text never leaves the page that it was opened for.
 */
import type { Sealer } from "../../contracts.ts";
import { SealBroken } from "../../errors.ts";
import { quoteName } from "../../schema/identifier.ts";
import type { ColumnPlan } from "../../schema/table-plan.ts";
import { compareAndSet, type RowChange } from "../jobs/compare-and-set.ts";
import type { SealerOf } from "../jobs/held-sealers.ts";
import type { JobPlace } from "../jobs/job-place.ts";
import { KeyRegistryError } from "../key-registry-error.ts";
import type { PendingRow } from "../jobs/read-page.ts";
import type { SealedColumn, SealedTable } from "../jobs/sealed-tables.ts";
import type { CellFault, PageOutcome, TableWork } from "../jobs/walk-table.ts";

/** The least versions that cells and blind indexes are to have. */
export interface ResealTarget {
  readonly seal: number;
  readonly index: number;
}

/** `sealerOf` is asked at each page. */
export function resealTable(
  place: Pick<JobPlace, "tenant" | "schema">,
  sealed: SealedTable,
  target: ResealTarget,
  sealerOf: SealerOf,
): TableWork {
  const { table, columns } = sealed;
  const stored = columns.flatMap(({ column, index }) => (index === null ? [column] : [column, index]));
  const plans = stored.map((name) => table.columns.find((column) => column.name === name) as ColumnPlan);
  return {
    kind: "reseal",
    table,
    target: `seal ${target.seal}, index ${target.index}`,
    isPending: columns.map((column) => pendingCondition(column, target)).join(" OR "),
    reads: stored.map((name) => `pg_catalog.encode(t.${quoteName(name)}, 'hex')`),
    weight: stored.map((name) => `COALESCE(pg_catalog.octet_length(t.${quoteName(name)}), 0)`).join(" + "),
    async work(session, rows): Promise<PageOutcome> {
      const sealer = await sealerOf(session, place.tenant);
      const faults: CellFault[] = [];
      const changes = rows.flatMap((row): readonly RowChange[] => {
        const becomes = resealRow(sealer, columns, target, row, faults);
        return becomes === null ? [] : [{ key: row.key, was: row.values, becomes }];
      });
      const changed = await compareAndSet(session, place, table, { compared: plans, set: plans }, changes);
      return { changed, faults };
    },
  };
}

/** True of a row whose cell or index is not what it is to be. Bytes are compared as numbers are: they are big-endian. */
function pendingCondition({ column, index }: SealedColumn, target: ResealTarget): string {
  const cell = `t.${quoteName(column)}`;
  const below = `(${cell} IS NOT NULL AND (pg_catalog.substr(${cell}, 1, 3) <> '\\x574c53'::bytea OR pg_catalog.substr(${cell}, 5, 4) < ${bytesOf(target.seal)}))`;
  if (index === null) return below;
  const beside = `t.${quoteName(index)}`;
  return `${below} OR (${cell} IS NULL) <> (${beside} IS NULL) OR (${beside} IS NOT NULL AND pg_catalog.substr(${beside}, 1, 4) < ${bytesOf(target.index)})`;
}

function bytesOf(version: number): string {
  return `'\\x${hexOf(version)}'::bytea`;
}

function hexOf(version: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(version);
  return bytes.toString("hex");
}

/** The row's values as they are to be, or null where nothing of it changes. */
function resealRow(
  sealer: Sealer,
  columns: readonly SealedColumn[],
  target: ResealTarget,
  { key, values }: PendingRow,
  faults: CellFault[],
): readonly (string | null)[] | null {
  const becomes = [...values];
  let at = 0;
  for (const { table, column, index } of columns) {
    const [cellAt, indexAt] = [at, at + 1];
    at += index === null ? 1 : 2;
    const cell = values[cellAt] ?? null;
    const beside = index === null ? null : (values[indexAt] ?? null);
    if (cell === null) {
      if (index !== null) becomes[indexAt] = null;
      continue;
    }
    const isBelow = cell.slice(8, 16) < hexOf(target.seal);
    const lacksIndex = index !== null && (beside === null || beside.slice(0, 8) < hexOf(target.index));
    const isForeign = !cell.startsWith("574c53");
    if (!isBelow && !lacksIndex && !isForeign) continue;
    const row = key.length === 1 ? (key[0] as string) : JSON.stringify(key);
    try {
      const text = sealer.open({ table, column, row }, cell);
      if (isBelow) becomes[cellAt] = reached(target.seal, 8, sealer.seal({ table, column, row }, text));
      if (lacksIndex) becomes[indexAt] = reached(target.index, 0, sealer.blindIndex({ table, column }, text));
    } catch (error) {
      if (!(error instanceof SealBroken) || error.code === "seal/no-key") throw error;
      faults.push({ table, column, row, code: error.code });
    }
  }
  return becomes.some((value, place) => value !== values[place]) ? becomes : null;
}

/** Invariant: what is written is at the target, or a walk would never end. */
function reached(version: number, place: number, hex: string): string {
  if (hex.slice(place, place + 8) < hexOf(version))
    throw new KeyRegistryError("keys/not-settled", `version ${version} is not sealed under yet`);
  return hex;
}
