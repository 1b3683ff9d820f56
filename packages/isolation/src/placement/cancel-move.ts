/** Takes a move back that has not left its source: the source writes again, and the target keeps nothing. */
import { changePlacement, locate } from "./catalogue.ts";
import { databaseAt, inOneDatabase, plansOf, type Estate } from "./estate.ts";
import { putFence, readFence } from "./fence.ts";
import type { MovePlan } from "./move-tenant.ts";
import { asOperator } from "./operator-session.ts";
import {
  endOperation,
  holdIn,
  leaveOperation,
  takeOperation,
  type Lease,
  type Operation,
} from "./operation-log.ts";
import { PlacementError } from "./placement-error.ts";
import { problemOf } from "./run-steps.ts";
import { deleteAll, tenantTables } from "./tenant-tables.ts";
import { inTransaction } from "./transaction.ts";

/** Throws `placement/wrong-state` where the source was left already: then only `resumeMove` ends it. */
export async function cancelMove(estate: Estate, tenant: string): Promise<void> {
  const { operation, lease } = await takeOperation<MovePlan>(estate.catalogue, tenant, "move");
  try {
    await takeBackMove(estate, operation, lease);
  } catch (error) {
    // It stays as it was, for whoever resumes it.
    await leaveOperation(estate.catalogue, lease, operation.problem ?? problemOf(error)).catch(
      () => undefined,
    );
    throw error;
  }
}

export async function takeBackMove(
  estate: Estate,
  operation: Operation<MovePlan>,
  lease: Lease,
): Promise<void> {
  const { tenant, plan } = operation;
  const { from, to, epoch, next } = plan;
  const { catalogue } = estate;
  await asOperator(databaseAt(estate, from), async (session) => {
    const fence = await readFence(session, tenant);
    if (fence !== null && fence.epoch > epoch)
      throw new PlacementError("placement/wrong-state", "the source was left already: resume the move");
    await putFence(session, tenant, { epoch, state: "active" });
  });
  await inTransaction(catalogue, async (session) => {
    await holdIn(session, lease);
    const now = await locate(session, tenant);
    if (now?.epoch === epoch && now.state === "moving")
      await changePlacement(session, now, { ...from, epoch, state: "active" });
  });
  // Only what the copy had put there: it began with empty tables of its own making.
  if (operation.done >= 2)
    await asOperator(databaseAt(estate, to), async (session) => {
      const fence = await readFence(session, tenant);
      const untouched = inOneDatabase(from, to)
        ? fence?.epoch === epoch
        : fence?.epoch === next && fence.state === "moved";
      if (untouched) await session.query(deleteAll(to.schema, tenantTables(plansOf(estate))), [tenant]);
    });
  await endOperation(catalogue, lease, "failed", operation.problem ?? "it was cancelled");
}
