/**
 * Brings the rows of a tenant in one table to a target, page by page in the order of their keys, while the application goes on
 * writing; then looks at them all again until a pass finds nothing that is not there. Whatever it is cut off by, running it again
 * goes on.
 */
import type { SqlSession } from "../../contracts.ts";
import type { TenantTable } from "../../placement/tenant-tables.ts";
import { qualify, quoteName } from "../../schema/identifier.ts";
import type { KeyJobKind, KeyJobState } from "./job-ddl.ts";
import type { JobPlace } from "./job-place.ts";
import { beginJob, moveJob } from "./job-record.ts";
import { readPage, type PendingRow } from "./read-page.ts";

export interface TableWork {
  readonly kind: KeyJobKind;
  readonly table: TenantTable;
  /** What the rows are brought to. Work that was left off for another target begins anew. */
  readonly target: string;
  /** A condition over the row, which is called `t`: whether it is not at the target. It holds constants only. */
  readonly isPending: string;
  /** Expressions over `t` of type text: what is read of a pending row. */
  readonly reads: readonly string[];
  /** An expression over `t`: about how many bytes it is that are read of a row. */
  readonly weight: string;
  /** Does a page, in the transaction in which it was read and in which the cursor moves. Rows that it leaves come again. */
  readonly work: (session: SqlSession, rows: readonly PendingRow[]) => Promise<PageOutcome>;
}

export interface PageOutcome {
  /** Rows that are at the target now. */
  readonly changed: number;
  readonly faults: readonly CellFault[];
}

/** A cell that cannot be brought to the target. It stays as it is. */
export interface CellFault {
  readonly table: string;
  readonly column: string;
  /** The row's key; a key of several columns as JSON. */
  readonly row: string;
  /** Why: a code, never a value. */
  readonly code: string;
}

export interface WalkProgress {
  readonly table: string;
  readonly state: KeyJobState;
  /** Rows that were looked at in this pass, and how many there were when the job began. */
  readonly seen: number;
  readonly all: number;
  /** Rows that were changed since the job began. */
  readonly done: number;
}

export interface WalkOptions {
  /** Rows of a page. Default: 500. */
  readonly pageRows?: number;
  /** Milliseconds between two pages, to spare the database. Default: none. */
  readonly pause?: number;
  /** Milliseconds that it waits for rows which others hold, without being able to change one. Default: a minute. */
  readonly patience?: number;
  /** One pass and no more: whoever asks for it finds by other means what comes in meanwhile. It is never told as complete. */
  readonly once?: boolean;
  /** Called after each page, whose work stands by then. */
  readonly onProgress?: (progress: WalkProgress) => void | Promise<void>;
}

export interface WalkReport {
  readonly table: string;
  /** Whether the last pass found every row at the target. */
  readonly complete: boolean;
  /** Rows of the last pass. */
  readonly rows: number;
  /** Rows that were changed, in earlier runs of the job too. */
  readonly done: number;
  /** Rows that the last pass found and could not bring to the target. */
  readonly left: number;
  /** Of these, cells that are at fault; the first thousand. */
  readonly faults: readonly CellFault[];
}

const mostFaults = 1000;
/** Rows that are never at the target, whatever is done to them, as where a trigger changes them back, end it. */
const mostPasses = 50;
const wait = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time));

export async function walkTable(
  place: JobPlace,
  work: TableWork,
  options: WalkOptions = {},
): Promise<WalkReport> {
  const name = { kind: work.kind, table: work.table.name };
  const begun = await place.transaction(async (session) => {
    const job = await beginJob(session, place, name, work.target);
    return job.cursor === null ? { ...job, rowsAll: await countRows(session, place, work.table) } : job;
  });
  const { rowsAll } = begun;
  const patience = options.patience ?? 60_000;
  let at: Standing = { ...begun, state: "running" };
  let stalledFrom: number | null = null;
  for (let pass = 1; ; pass += 1) {
    const isWhole = at.cursor === null;
    const { found, changed, faults, faulty, end } = await walkOnce(place, work, { ...at, rowsAll }, options);
    at = { ...end, cursor: null, state: "verifying" };
    const report = {
      table: name.table,
      rows: end.rowsSeen,
      done: end.rowsDone,
      left: found - changed,
      faults,
    };
    // Invariant: complete is said only of a whole pass that found every row at the target.
    if (found === 0 && isWhole) {
      await place.transaction((session) => moveJob(session, place, name, { ...at, rowsAll, state: "done" }));
      return { ...report, complete: true };
    }
    if (options.once === true) {
      await place.transaction((session) => moveJob(session, place, name, { ...at, rowsAll, state: "done" }));
      return { ...report, complete: false };
    }
    stalledFrom = changed > 0 || found === 0 ? null : (stalledFrom ?? performance.now());
    const isStuck = stalledFrom !== null && (found === faulty || performance.now() - stalledFrom >= patience);
    if (isStuck || pass >= mostPasses) {
      await place.transaction((session) =>
        moveJob(session, place, name, { ...at, rowsAll, state: "running" }),
      );
      return { ...report, complete: false };
    }
    if (stalledFrom !== null) await wait(Math.min(50 * 2 ** Math.min(pass, 6), patience / 4));
    at = { ...at, rowsSeen: 0 };
  }
}

interface Standing {
  readonly state: KeyJobState;
  readonly cursor: readonly string[] | null;
  readonly rowsSeen: number;
  readonly rowsDone: number;
}

interface Pass {
  /** Rows that were not at the target, those of them that are now, and those with a cell at fault. */
  readonly found: number;
  readonly changed: number;
  readonly faulty: number;
  readonly faults: readonly CellFault[];
  readonly end: Standing;
}

async function walkOnce(
  place: JobPlace,
  work: TableWork,
  from: Standing & { readonly rowsAll: number },
  { pageRows = 500, pause = 0, onProgress }: WalkOptions,
): Promise<Pass> {
  const name = { kind: work.kind, table: work.table.name };
  const { rowsAll } = from;
  const faults: CellFault[] = [];
  let [at, found, changed, faulty] = [from as Standing, 0, 0, 0];
  for (;;) {
    const page = await place.transaction(async (session) => {
      const { last, seen, pending } = await readPage(session, place, work, at.cursor, pageRows);
      if (last === null) return null;
      const outcome = pending.length === 0 ? nothing : await work.work(session, pending);
      const to: Standing = {
        state: at.state,
        cursor: last,
        rowsSeen: at.rowsSeen + seen,
        rowsDone: at.rowsDone + outcome.changed,
      };
      await moveJob(session, place, name, { ...to, rowsAll });
      return { to, outcome, pending: pending.length };
    });
    if (page === null) return { found, changed, faulty, faults, end: at };
    at = page.to;
    found += page.pending;
    changed += page.outcome.changed;
    faulty += new Set(page.outcome.faults.map(({ row }) => row)).size;
    faults.push(...page.outcome.faults.slice(0, mostFaults - faults.length));
    await onProgress?.({
      table: name.table,
      state: at.state,
      seen: at.rowsSeen,
      all: Math.max(rowsAll, at.rowsSeen),
      done: at.rowsDone,
    });
    if (pause > 0) await wait(pause);
  }
}

const nothing: PageOutcome = { changed: 0, faults: [] };

async function countRows(
  session: SqlSession,
  { tenant, schema }: JobPlace,
  table: TenantTable,
): Promise<number> {
  const { rows } = await session.query(
    `SELECT pg_catalog.count(*)::text AS n FROM ${qualify(schema, table.name)} WHERE ${quoteName(table.tenant)} = $1`,
    [tenant],
  );
  return Number(rows[0]?.["n"]);
}
