/**
 * Moves a tenant between any two places. Until the source is left nothing has changed but that nobody writes, and it can be
 * cancelled; from then on it only goes forward. At no time do two places let the tenant write.
 */
import { locate, placementOfTenant } from "./catalogue.ts";
import { cellOf, databaseAt, spotFor, type Destination, type Estate } from "./estate.ts";
import { moveSteps } from "./move-steps.ts";
import { beginOperation, endOperation, takeOperation, type Lease, type Operation } from "./operation-log.ts";
import { cancelMove } from "./cancel-move.ts";
import { PlacementError } from "./placement-error.ts";
import { sameSpot, type Spot, type Tier } from "./placement.ts";
import type { TableImage } from "./read-rows.ts";
import { finishOperation, type Receipt } from "./receipt.ts";
import { checkRequirements } from "./requirements.ts";
import { raiseRowSecurity } from "./row-security.ts";
import { runSteps, type Watch } from "./run-steps.ts";
import { refuseShredded } from "./shred/refuse-shredded.ts";
import { checkTenantId } from "./silo-name.ts";

export interface MovePlan {
  readonly from: Spot & { readonly tier: Tier };
  readonly to: Spot & { readonly tier: Tier };
  /** The epoch at the source, and the one at the target. */
  readonly epoch: number;
  readonly next: number;
  /** What was copied, once it was compared. */
  readonly tables?: readonly TableImage[];
}

/** What would be done. Throws PlacementError where it would be refused. */
export async function planMove(estate: Estate, tenant: string, destination: Destination): Promise<MovePlan> {
  checkTenantId(tenant);
  await refuseShredded(estate, tenant);
  const cell = await cellOf(estate, destination.cell);
  checkRequirements(estate.settingsOf(tenant), destination.tier, cell);
  const placement = await placementOfTenant(estate.catalogue, tenant);
  const { tier, cell: home, database, schema, epoch, state } = placement;
  const from = { tier, cell: home, database, schema };
  const to = { ...spotFor(tenant, destination), tier: destination.tier };
  if (sameSpot(from, to)) throw new PlacementError("placement/same-place", "the tenant lives there already");
  if (state !== "active")
    throw new PlacementError("placement/wrong-state", `the tenant is ${state}, and only an active one moves`);
  databaseAt(estate, from);
  databaseAt(estate, to);
  estate.rowSecurityOf(tenant, to.tier, to.schema);
  return { from, to, epoch, next: epoch + 1 };
}

export interface MoveOptions extends Watch {
  /** Leaves a move that failed where it stopped, instead of opening the source again. */
  readonly leaveOnFailure?: boolean;
}

/** Moves a tenant. One that fails before the source is left is taken back; else `resumeMove` goes on with it. */
export async function moveTenant(
  estate: Estate,
  tenant: string,
  destination: Destination,
  options: MoveOptions = {},
): Promise<Receipt> {
  const plan = await planMove(estate, tenant, destination);
  const { operator, catalogue } = estate;
  const { operation, lease } = await beginOperation(catalogue, { kind: "move", tenant, operator, plan });
  // Invariant: the plan is of the placement that the tenant still has, now that no other operation can begin.
  const now = await catalogue.turn((session) => locate(session, tenant));
  if (now?.epoch !== plan.epoch || now.state !== "active") {
    await endOperation(catalogue, lease, "failed", "the tenant's place had changed meanwhile");
    throw new PlacementError("placement/wrong-state", "the tenant's place has changed meanwhile");
  }
  return runMove(estate, operation, lease, options);
}

/** Goes on with a move that was left off, whichever step it was in. */
export async function resumeMove(
  estate: Estate,
  tenant: string,
  options: MoveOptions = {},
): Promise<Receipt> {
  await refuseShredded(estate, tenant);
  const { operation, lease } = await takeOperation<MovePlan>(estate.catalogue, tenant, "move");
  return runMove(estate, operation, lease, options);
}

export async function runMove(
  estate: Estate,
  operation: Operation<MovePlan>,
  lease: Lease,
  options: MoveOptions,
): Promise<Receipt> {
  const { tenant, plan } = operation;
  const found: { tables: readonly TableImage[] } = { tables: plan.tables ?? [] };
  try {
    await runSteps(estate.catalogue, operation, lease, moveSteps(estate, operation, lease, found), options);
  } catch (error) {
    const stopped = error instanceof PlacementError && error.code === "placement/lost-lease";
    if (options.leaveOnFailure !== true && !stopped) await takeBack(estate, tenant);
    throw error;
  }
  const { epoch, next } = plan;
  return finishOperation(estate, operation, lease, plan.to, {
    epoch: next,
    before: epoch,
    tables: found.tables,
    rowSecurity: await raiseRowSecurity(estate, tenant, plan.to),
  });
}

/** What can't be taken back any more, or not now, is left to be resumed or cancelled. */
async function takeBack(estate: Estate, tenant: string): Promise<void> {
  try {
    await cancelMove(estate, tenant);
  } catch {
    // The operation's record says where it stopped.
  }
}
