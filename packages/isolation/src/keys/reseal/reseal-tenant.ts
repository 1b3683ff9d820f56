/**
 * Brings all that a tenant has sealed under its newest keys, then refuses the older ones. It can be cut off anywhere: run again, it goes
 * on, and adds no other version before the last one is everywhere.
 */
import type { SqlSession } from "../../contracts.ts";
import { drained, transactionsInside } from "../../placement/fence.ts";
import { withJobPlace, type JobPlace } from "../jobs/job-place.ts";
import { sealedTables } from "../jobs/sealed-tables.ts";
import { walkTable, type WalkReport } from "../jobs/walk-table.ts";
import type { KeyPurpose } from "../key-provider.ts";
import { KeyRing } from "../key-ring.ts";
import { databaseTime, operatorRegistry, settleTime } from "../registry-rows.ts";
import { beginReseal, newVersions } from "./begin-reseal.ts";
import { endReseal } from "./end-reseal.ts";
import type { PerPurpose, ResealOptions, ResealReport, ResealWorld } from "./reseal-options.ts";
import { cellPurposes, type ResealState } from "./reseal-state.ts";
import { resealTable } from "./reseal-table.ts";

const none: PerPurpose = { seal: [], index: [] };

/**
 * Throws KeyJobError, KeyRegistryError, and what the provider throws; what was done before stands. Cells that do not open are in the
 * report.
 */
export async function resealTenant(world: ResealWorld, options: ResealOptions = {}): Promise<ResealReport> {
  return withJobPlace(world.database, world.tenant, (place) => resealAt(place, world, options));
}

async function resealAt(place: JobPlace, world: ResealWorld, options: ResealOptions): Promise<ResealReport> {
  const { settle = settleTime, wait = true, onProgress } = options;
  const made = await newVersions(place, world, options);
  const begun = await place.transaction((session) => beginReseal(session, place, world, made, options));
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
  const done = new Map<string, number>();
  try {
    for (;;) {
      const isSettled = (await place.transaction(databaseTime)) >= settled.getTime();
      // Invariant: who entered before, and may have sealed under an older version what nobody sees yet, has come to an end.
      if (isSettled && mustSettle)
        await drained(() => place.transaction((session) => transactionsInside(session, world.tenant)));
      const walked = await walkTables(place, world, state, ring, options);
      for (const { table, done: rows } of walked) done.set(table, (done.get(table) ?? 0) + rows);
      const tables = walked.map((table) => ({ ...table, done: done.get(table.table) ?? 0 }));
      if (tables.some(({ complete }) => !complete))
        return { ...report, tables, outcome: "unfinished", until: null };
      // Invariant: nothing is retired but after a whole pass that began when nobody sealed under it any more.
      if (isSettled) {
        const ended = await place.transaction((session) =>
          endReseal(session, place, world, {
            state,
            operation,
            done: tables.reduce((sum, table) => sum + table.done, 0),
            settle,
            destroys: options.destroyRetired === true,
          }),
        );
        if (ended === null) continue;
        return { ...report, ...ended, tables, outcome: "done", until: null };
      }
      if (!(await waiting(settled))) return { ...report, tables, outcome: "waiting", until: settled };
    }
  } finally {
    ring.close();
  }
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
