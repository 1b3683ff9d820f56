/**
 * Brings all that a tenant has sealed under its newest keys, then refuses the older ones. It can be cut off anywhere: run again, it goes
 * on, and adds no other version before the last one is everywhere.
 */
import { drained, transactionsInside } from "../../placement/fence.ts";
import { withSealers, type HeldSealers } from "../jobs/held-sealers.ts";
import { withJobPlace, type JobPlace } from "../jobs/job-place.ts";
import { noteTarget } from "../jobs/job-record.ts";
import { sealedTables } from "../jobs/sealed-tables.ts";
import { walkTable, type WalkReport } from "../jobs/walk-table.ts";
import type { KeyPurpose } from "../key-provider.ts";
import { databaseTime, settleTime } from "../registry-rows.ts";
import { beginReseal, newVersions, type Begun } from "./begin-reseal.ts";
import { endReseal } from "./end-reseal.ts";
import type { PerPurpose, ResealOptions, ResealReport, ResealWorld } from "./reseal-options.ts";
import { cellPurposes, operationJob, type Operation } from "./reseal-state.ts";
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
  const clock = ownClock(operation);
  /** Null once the moment has come, by the database's clock, and so many milliseconds after the versions were added by this machine's. */
  const waiting = async (until: Date, after: number): Promise<Date | null> => {
    const now = await place.transaction(databaseTime);
    const left = Math.max(until.getTime() - now, clock.left(after));
    if (left <= 0) return null;
    const moment = new Date(now + left);
    if (!wait) return moment;
    await onProgress?.({ kind: "waiting", until: moment });
    await new Promise((resolve) => setTimeout(resolve, left + 1));
    return waiting(until, after);
  };
  const early = await waiting(state.writesFrom, settle);
  if (early !== null) return { ...report, tables: [], outcome: "waiting", until: early };
  const counts = new Map(Object.entries(operation.done));
  return withSealers(world.keys, async (sealers) => {
    for (;;) {
      const isSettled =
        (await place.transaction(databaseTime)) >= settled.getTime() &&
        (!mustSettle || clock.left(2 * settle) <= 0);
      // Invariant: who entered before, and may have sealed under an older version what nobody sees yet, has come to an end.
      if (isSettled && mustSettle)
        await drained(() => place.transaction((session) => transactionsInside(session, world.tenant)));
      const tables = await walkTables(place, world, begun, counts, sealers, options);
      if (tables.some(({ complete }) => !complete))
        return { ...report, tables, outcome: "unfinished", until: null };
      // Invariant: nothing is retired but after a whole pass that began when nobody sealed under it any more.
      if (isSettled) {
        const ended = await place.transaction((session) =>
          endReseal(session, place, world, {
            state,
            operation,
            done: sumOf(counts),
            settle,
            destroys: options.destroyRetired === true,
          }),
        );
        if (ended === null) continue;
        return { ...report, ...ended, tables, outcome: "done", until: null };
      }
      const later = await waiting(settled, 2 * settle);
      if (later !== null) return { ...report, tables, outcome: "waiting", until: later };
    }
  });
}

/**
 * Invariant: the database's clock and this machine's agree, or this process has itself waited for all of it: a clock that jumps would have
 * keys retired under which a process that does not know of it still seals.
 */
function ownClock({ at }: Operation): { readonly left: (milliseconds: number) => number } {
  const began = performance.now();
  return {
    left: (milliseconds) =>
      at === undefined
        ? 0
        : Math.min(at + milliseconds - Date.now(), milliseconds - (performance.now() - began)),
  };
}

async function walkTables(
  place: JobPlace,
  { stored }: ResealWorld,
  { state, operation }: Begun,
  counts: Map<string, number>,
  sealers: HeldSealers,
  { onProgress, ...walk }: ResealOptions,
): Promise<readonly WalkReport[]> {
  const reports: WalkReport[] = [];
  for (const table of sealedTables(stored)) {
    const report = await walkTable(place, resealTable(place, table, state.target, sealers.of), {
      ...walk,
      onProgress: (progress) => onProgress?.({ kind: "rows", ...progress }),
    });
    const done = (counts.get(report.table) ?? 0) + report.done;
    if (report.done > 0) {
      counts.set(report.table, done);
      const target = JSON.stringify({ ...operation, done: Object.fromEntries(counts) });
      await place.transaction((session) => noteTarget(session, place, operationJob, target));
    }
    reports.push({ ...report, done });
  }
  return reports;
}

const sumOf = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);
