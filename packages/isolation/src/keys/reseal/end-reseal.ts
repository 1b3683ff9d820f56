/** How a reseal ends: older keys are refused, and that is on the tenant's record. */
import { appendOperation } from "../../audit/append-operation.ts";
import type { SqlSession } from "../../contracts.ts";
import type { JobPlace } from "../jobs/job-place.ts";
import { moveJob } from "../jobs/job-record.ts";
import { sealedTables } from "../jobs/sealed-tables.ts";
import { destroyRetired, retireBelow } from "../registry-rows.ts";
import { expectNowhereElse, isLeftHere } from "./nowhere-else.ts";
import type { PerPurpose, ResealWorld } from "./reseal-options.ts";
import { cellPurposes, operationJob, type Operation, type ResealState } from "./reseal-state.ts";

export interface Ending {
  readonly state: ResealState;
  readonly operation: Operation;
  /** Rows that were changed. */
  readonly done: number;
  readonly settle: number;
  readonly destroys: boolean;
}

/**
 * All in one transaction: the minimum rises, it is on record, and the operation is at its end. Null, with nothing done, where rows have
 * come since that are below: a restore put them back.
 */
export async function endReseal(
  session: SqlSession,
  place: JobPlace,
  { tenant, operator, stored }: ResealWorld,
  { state, operation, done, settle, destroys }: Ending,
): Promise<{ readonly retired: PerPurpose; readonly destroyed: PerPurpose } | null> {
  const retired = { seal: [] as readonly number[], index: [] as readonly number[] };
  const destroyed = { seal: [] as readonly number[], index: [] as readonly number[] };
  // Invariant: no cell of the tenant is left behind anywhere in the database whose keys these are.
  if (await isLeftHere(session, place, sealedTables(stored), state.target)) return null;
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
