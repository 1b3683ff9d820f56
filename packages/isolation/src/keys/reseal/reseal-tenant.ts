/**
 * Brings all that a tenant has sealed under its newest keys, then refuses the older ones. It can be cut off anywhere: run again, it goes
 * on, and adds no other version before the last one is everywhere.
 */
import { randomUUID } from "node:crypto";
import { appendOperation } from "../../audit/append-operation.ts";
import type { Database, SqlSession } from "../../contracts.ts";
import type { StoredModel } from "../../schema/table-plan.ts";
import { drained, transactionsInside } from "../../placement/fence.ts";
import { withJobPlace, type JobPlace } from "../jobs/job-place.ts";
import { beginJob, moveJob } from "../jobs/job-record.ts";
import { sealedTables } from "../jobs/sealed-tables.ts";
import { walkTable, type WalkOptions, type WalkProgress, type WalkReport } from "../jobs/walk-table.ts";
import type { KeyProvider, KeyPurpose } from "../key-provider.ts";
import { KeyRing } from "../key-ring.ts";
import {
  addVersion,
  databaseTime,
  destroyRetired,
  operatorRegistry,
  retireBelow,
  settleTime,
} from "../registry-rows.ts";
import { expectNowhereElse } from "./nowhere-else.ts";
import {
  cellPurposes,
  operationJob,
  resealState,
  type CellPurpose,
  type Operation,
  type ResealState,
} from "./reseal-state.ts";
import { resealTable, type ResealTarget } from "./reseal-table.ts";

export interface ResealWorld {
  /** An operator's way to the place where the tenant is. */
  readonly database: Database;
  readonly stored: StoredModel;
  readonly keys: KeyProvider;
  readonly tenant: string;
  /** Who does it, for the record. */
  readonly operator: string;
}

export interface ResealOptions extends Omit<WalkOptions, "onProgress"> {
  /**
   * Purposes to which a version is added first, unless a reseal was left off: then that one is brought to its end. Default: none. Versions
   * of `mask` and `audit` stand in no cell, and older ones stay readable.
   */
  readonly rotate?: readonly KeyPurpose[];
  /** Takes the bytes of retired versions away at the end. */
  readonly destroyRetired?: boolean;
  /** Without it the run ends where it would have to wait for processes to know of a version; run again later, it goes on. Default: true. */
  readonly wait?: boolean;
  /** Milliseconds; see `addVersion`. Shorter than the usual only where no process holds keys for longer. */
  readonly settle?: number;
  readonly onProgress?: (progress: ResealProgress) => void | Promise<void>;
}

export type ResealProgress =
  | { readonly kind: "added"; readonly purpose: KeyPurpose; readonly version: number }
  /** Every process will know of the versions by then. */
  | { readonly kind: "waiting"; readonly until: Date }
  | ({ readonly kind: "rows" } & WalkProgress);

export type PerPurpose = Readonly<Record<CellPurpose, readonly number[]>>;

export interface ResealReport {
  readonly tenant: string;
  readonly target: ResealTarget;
  readonly added: Readonly<Partial<Record<KeyPurpose, number>>>;
  readonly tables: readonly WalkReport[];
  /** Versions that open nothing from now on, and those of them whose bytes are gone. */
  readonly retired: PerPurpose;
  readonly destroyed: PerPurpose;
  /** `unfinished`: cells are left that could not be sealed anew, and nothing was retired. `waiting`: it is too early, see `until`. */
  readonly outcome: "done" | "unfinished" | "waiting";
  readonly until: Date | null;
}

/**
 * Throws KeyJobError, KeyRegistryError, and what the provider throws; what was done before stands. Cells that do not open are in the
 * report.
 */
export async function resealTenant(world: ResealWorld, options: ResealOptions = {}): Promise<ResealReport> {
  return withJobPlace(world.database, world.tenant, (place) => resealAt(place, world, options));
}

async function resealAt(place: JobPlace, world: ResealWorld, options: ResealOptions): Promise<ResealReport> {
  const { settle = settleTime, wait = true, onProgress } = options;
  const begun = await place.transaction((session) => beginReseal(session, place, world, options));
  const { state, operation, added } = begun;
  for (const [purpose, version] of Object.entries(added) as [KeyPurpose, number][])
    await onProgress?.({ kind: "added", purpose, version });
  const report = { tenant: world.tenant, target: state.target, added, retired: none, destroyed: none };
  const mustSettle = cellPurposes.some((purpose) => state.below[purpose].length > 0);
  const settled = new Date(state.writesFrom.getTime() + (mustSettle ? settle : 0));
  const waiting = async (until: Date): Promise<boolean> => {
    const now = await place.transaction(databaseTime);
    const left = until.getTime() - now;
    if (left <= 0) return true;
    if (!wait) return false;
    await onProgress?.({ kind: "waiting", until });
    await new Promise((resolve) => setTimeout(resolve, left + 1));
    return waiting(until);
  };
  if (!(await waiting(state.writesFrom)))
    return { ...report, tables: [], outcome: "waiting", until: state.writesFrom };
  const ring = new KeyRing({ provider: world.keys });
  let done = 0;
  try {
    for (;;) {
      const isSettled = (await place.transaction(databaseTime)) >= settled.getTime();
      // Invariant: who entered before, and may have sealed under an older version what nobody sees yet, has come to an end.
      if (isSettled && mustSettle)
        await drained(() => place.transaction((session) => transactionsInside(session, world.tenant)));
      const tables = await walkTables(place, world, state, ring, options);
      done += tables.reduce((sum, table) => sum + table.done, 0);
      if (tables.some(({ complete }) => !complete))
        return { ...report, tables, outcome: "unfinished", until: null };
      // Invariant: nothing is retired but after a whole pass that began when nobody sealed under it any more.
      if (isSettled) {
        const ended = await place.transaction((session) =>
          endReseal(session, place, world, {
            state,
            operation,
            done,
            settle,
            destroys: options.destroyRetired === true,
          }),
        );
        return { ...report, ...ended, tables, outcome: "done", until: null };
      }
      if (!(await waiting(settled))) return { ...report, tables, outcome: "waiting", until: settled };
    }
  } finally {
    ring.close();
  }
}

const none: PerPurpose = { seal: [], index: [] };

interface Begun {
  readonly state: ResealState;
  readonly operation: Operation;
  readonly added: Readonly<Partial<Record<KeyPurpose, number>>>;
}

async function beginReseal(
  session: SqlSession,
  place: JobPlace,
  { stored, keys, tenant, operator }: ResealWorld,
  { rotate = [], settle }: ResealOptions,
): Promise<Begun> {
  const before = await resealState(session, place, stored);
  const added: Partial<Record<KeyPurpose, number>> = {};
  const isNew = before.begun === null;
  if (isNew)
    for (const purpose of new Set(rotate))
      added[purpose] = await addVersion(session, keys, tenant, purpose, settle);
  const operation = before.begun ?? { id: randomUUID(), added: Object.keys(added) as KeyPurpose[] };
  await beginJob(session, place, operationJob, JSON.stringify(operation));
  if (Object.keys(added).length > 0)
    await appendOperation(session, tenant, {
      operator,
      action: "keys.rotate",
      entity: "tenant",
      reason: `added ${Object.entries(added)
        .map(([purpose, version]) => `${purpose} ${version}`)
        .join(", ")}`,
    });
  return { state: await resealState(session, place, stored), operation, added };
}

async function walkTables(
  place: JobPlace,
  { stored, tenant }: ResealWorld,
  { target }: ResealState,
  ring: KeyRing,
  { onProgress, ...walk }: ResealOptions,
): Promise<readonly WalkReport[]> {
  const sealerIn = async (session: SqlSession) => {
    const source = { inTransaction: true, read: () => operatorRegistry(session, tenant) };
    return (await ring.of(tenant, source)).cells;
  };
  const reports: WalkReport[] = [];
  for (const table of sealedTables(stored))
    reports.push(
      await walkTable(place, resealTable(place, table, target, sealerIn), {
        ...walk,
        onProgress: (progress) => onProgress?.({ kind: "rows", ...progress }),
      }),
    );
  return reports;
}

interface Ending {
  readonly state: ResealState;
  readonly operation: Operation;
  /** Rows that were changed. */
  readonly done: number;
  readonly settle: number;
  readonly destroys: boolean;
}

/** All in one transaction: the minimum rises, it is on record, and the operation is at its end. */
async function endReseal(
  session: SqlSession,
  place: JobPlace,
  { tenant, operator, stored }: ResealWorld,
  { state, operation, done, settle, destroys }: Ending,
): Promise<{ readonly retired: PerPurpose; readonly destroyed: PerPurpose }> {
  const retired = { seal: [] as readonly number[], index: [] as readonly number[] };
  const destroyed = { seal: [] as readonly number[], index: [] as readonly number[] };
  // Invariant: no cell of the tenant is left behind anywhere in the database whose keys these are.
  await expectNowhereElse(session, place, sealedTables(stored), state.target);
  for (const purpose of cellPurposes) {
    if (state.below[purpose].length > 0)
      retired[purpose] = await retireBelow(session, tenant, purpose, state.target[purpose], settle);
    if (destroys) destroyed[purpose] = await destroyRetired(session, tenant, purpose);
  }
  const changed = [retired, destroyed].some((of) => of.seal.length + of.index.length > 0);
  if (done > 0 || changed || operation.added.length > 0)
    await appendOperation(session, tenant, {
      operator,
      id: operation.id,
      action: "keys.reseal",
      entity: "tenant",
      reason: [
        `seal ${state.target.seal}, index ${state.target.index}`,
        `${done} rows sealed anew`,
        `retired: ${listOf(retired)}`,
        `destroyed: ${listOf(destroyed)}`,
      ].join("; "),
    });
  const counts = { rowsAll: 0, rowsSeen: 0, rowsDone: done };
  await moveJob(session, place, operationJob, { state: "done", cursor: null, ...counts });
  return { retired, destroyed };
}

function listOf(versions: PerPurpose): string {
  const all = cellPurposes.flatMap((purpose) => versions[purpose].map((version) => `${purpose} ${version}`));
  return all.length === 0 ? "none" : all.join(", ");
}
