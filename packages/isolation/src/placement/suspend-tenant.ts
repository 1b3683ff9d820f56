/** Takes a tenant out of service where it lives, and back. Nothing of it is moved or changed. */
import { changePlacement, locate, placementOfTenant } from "./catalogue.ts";
import { databaseAt, type Estate } from "./estate.ts";
import { drain, expectFence, putFence } from "./fence.ts";
import { listOperations } from "./operation-log.ts";
import { asOperator } from "./operator-session.ts";
import { PlacementError } from "./placement-error.ts";
import type { PlacementState } from "./placement.ts";
import { refuseShredded } from "./shred/refuse-shredded.ts";
import { raiseRowSecurity } from "./row-security.ts";
import { inTransaction } from "./transaction.ts";

/** Nobody enters any more once it resolves, and nobody is inside. Throws `placement/wrong-state` for a tenant that is not active. */
export async function suspendTenant(estate: Estate, tenant: string): Promise<void> {
  const placement = await placementOfTenant(estate.catalogue, tenant);
  await putState(estate, tenant, "active", "suspended");
  const database = databaseAt(estate, placement);
  await asOperator(database, (session) =>
    putFence(session, tenant, { epoch: placement.epoch, state: "moved" }),
  );
  await drain(database, tenant);
}

/** Throws `placement/wrong-state` for a tenant that is not suspended. */
export async function reinstateTenant(estate: Estate, tenant: string): Promise<void> {
  const placement = await placementOfTenant(estate.catalogue, tenant);
  await refuseShredded(estate, tenant);
  if (placement.state !== "suspended") throw wrong(placement.state);
  // What was changed or dropped meanwhile is put back before anybody is let in.
  await raiseRowSecurity(estate, tenant, placement);
  // One that is being shredded is out of service for good, though nothing is destroyed yet.
  const running = (await listOperations(estate.catalogue, tenant)).find(({ state }) => state === "running");
  if (running?.kind === "shred") throw new PlacementError("placement/busy", "the tenant is being shredded");
  await asOperator(databaseAt(estate, placement), async (session) => {
    await expectFence(session, tenant, { epoch: placement.epoch, state: "moved" });
    await putFence(session, tenant, { epoch: placement.epoch, state: "active" });
  });
  await putState(estate, tenant, "suspended", "active");
}

async function putState(
  { catalogue }: Estate,
  tenant: string,
  from: PlacementState,
  to: PlacementState,
): Promise<void> {
  await inTransaction(catalogue, async (session) => {
    const now = await locate(session, tenant);
    // A suspension that was cut off is done again.
    if (now?.state === to) return;
    if (now?.state !== from || !(await changePlacement(session, now, { ...now, state: to })))
      throw wrong(now?.state ?? "moved");
  });
}

function wrong(state: PlacementState): PlacementError {
  return new PlacementError("placement/wrong-state", `the tenant is ${state}`);
}
