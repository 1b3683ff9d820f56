/** Takes a shredding back that has destroyed nothing yet: the tenant is served again, or suspended, and its keys are what they were before. */
import { changePlacement, locate, placementOfTenant } from "../catalogue.ts";
import type { Estate } from "../estate.ts";
import { putFence, readFence } from "../fence.ts";
import { asOperator } from "../operator-session.ts";
import { endOperation, holdIn, leaveOperation, notePlan, takeOperation } from "../operation-log.ts";
import { PlacementError } from "../placement-error.ts";
import { raiseRowSecurity } from "../row-security.ts";
import { problemOf } from "../run-steps.ts";
import { inTransaction } from "../transaction.ts";
import { refuseShredded } from "./refuse-shredded.ts";
import { hasRegistry, registryOf } from "./shred-databases.ts";
import { enableKeys } from "./shred-registry.ts";
import { ShredRefused } from "./shred-refused.ts";
import type { ShredPlan } from "./shred-steps.ts";

/**
 * Throws `shred/begun` once the destruction has begun, `placement/no-operation` where no shredding was, and `placement/busy` while another
 * process is at it. Where the tenant would be let in again it is refused for what `reinstateTenant` is refused for, and the shredding can still
 * go on. Cut off, it is run again.
 */
export async function cancelShred(estate: Estate, tenant: string): Promise<void> {
  const { catalogue } = estate;
  const { operation, lease } = await takeOperation<ShredPlan>(catalogue, tenant, "shred");
  const { id, plan } = operation;
  try {
    if (plan.destroying === true)
      throw new ShredRefused(
        "shred/begun",
        "the destruction of the tenant's keys has begun: it only goes on",
      );
    const placement = await placementOfTenant(catalogue, tenant);
    // Invariant: whom an operator had taken out of service before is not let in by this.
    const isSuspended = (plan.before ?? placement.state) === "suspended";
    if (!isSuspended) {
      // In a database that was restored: others may know that it was shredded.
      await refuseShredded(estate, tenant);
      // What was changed or dropped meanwhile is put back before anybody is let in.
      await raiseRowSecurity(estate, tenant, placement);
    }
    await notePlan(catalogue, lease, { cancelling: true });
    let epoch = plan.epoch;
    for (const database of plan.databases) {
      if (!hasRegistry(database)) continue;
      await asOperator(registryOf(estate, database), async (session) => {
        await enableKeys(session, tenant, id);
        if (!database.isHome) return;
        epoch = Math.max(epoch, (await readFence(session, tenant))?.epoch ?? 0);
        await putFence(session, tenant, { epoch, state: isSuspended ? "moved" : "active" });
      });
    }
    await inTransaction(catalogue, async (session) => {
      await holdIn(session, lease);
      const now = await locate(session, tenant);
      if (now === null)
        throw new PlacementError("placement/unknown-tenant", "the catalogue has no such tenant");
      const state = isSuspended ? "suspended" : "active";
      await changePlacement(session, now, { ...now, epoch: Math.max(epoch, now.epoch), state });
    });
    await endOperation(catalogue, lease, "failed", "it was taken back");
  } catch (error) {
    await leaveOperation(catalogue, lease, operation.problem ?? problemOf(error)).catch(() => undefined);
    throw error;
  }
}
