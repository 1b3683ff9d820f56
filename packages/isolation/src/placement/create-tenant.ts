/** Gives a tenant its first place, and its keys. */
import { newFirstKeys, storeFirstKeys } from "../keys/registry-rows.ts";
import { insertPlacement, locate, recordSpot } from "./catalogue.ts";
import { cellOf, databaseAt, makeDatabase, spotFor, type Destination, type Estate } from "./estate.ts";
import { putFence, readFence } from "./fence.ts";
import { latestVersion } from "./migrations.ts";
import { asOperator } from "./operator-session.ts";
import {
  abandonOperation,
  beginOperation,
  takeOperation,
  type Lease,
  type Operation,
} from "./operation-log.ts";
import { PlacementError } from "./placement-error.ts";
import type { Placement, Spot } from "./placement.ts";
import { finishOperation, type Receipt } from "./receipt.ts";
import { checkRequirements } from "./requirements.ts";
import { raiseRowSecurity } from "./row-security.ts";
import { problemOf, runSteps, type Step, type Watch } from "./run-steps.ts";
import { refuseShredded } from "./shred/refuse-shredded.ts";
import { checkTenantId } from "./silo-name.ts";
import { inTransaction } from "./transaction.ts";

export interface CreatePlan {
  readonly to: Spot & { readonly tier: Placement["tier"] };
  readonly epoch: number;
}

/** What would be done. Throws PlacementError where it would be refused. */
export async function planCreate(
  estate: Estate,
  tenant: string,
  destination: Destination,
): Promise<CreatePlan> {
  checkTenantId(tenant);
  const cell = await cellOf(estate, destination.cell);
  checkRequirements(estate.settingsOf(tenant), destination.tier, cell);
  const to = { ...spotFor(tenant, destination), tier: destination.tier };
  databaseAt(estate, to);
  estate.rowSecurityOf(tenant, to.tier, to.schema);
  await refuseShredded(estate, tenant);
  await estate.catalogue.turn(async (session) => {
    if ((await locate(session, tenant)) !== null)
      throw new PlacementError("placement/exists", "the tenant has a place already: move it instead");
  });
  return { to, epoch: 1 };
}

export const createSteps = ["make tables", "open the place", "enter the catalogue"] as const;

/** Places a tenant for the first time. What a pool holds of the tenant already is its own from then on. */
export async function createTenant(
  estate: Estate,
  tenant: string,
  destination: Destination,
  watch: Watch = {},
): Promise<Receipt> {
  const plan = await planCreate(estate, tenant, destination);
  const { operator, catalogue } = estate;
  const begun = await beginOperation(catalogue, { kind: "create", tenant, operator, plan });
  try {
    return await runCreate(estate, begun.operation, begun.lease, watch);
  } catch (error) {
    // All of it can be done again from the beginning.
    await abandonOperation(catalogue, tenant, "create", problemOf(error));
    throw error;
  }
}

/** Goes on with one that was left off. */
export async function resumeCreate(estate: Estate, tenant: string, watch: Watch = {}): Promise<Receipt> {
  await refuseShredded(estate, tenant);
  const { operation, lease } = await takeOperation<CreatePlan>(estate.catalogue, tenant, "create");
  return runCreate(estate, operation, lease, watch);
}

export async function runCreate(
  estate: Estate,
  operation: Operation<CreatePlan>,
  lease: Lease,
  watch: Watch,
): Promise<Receipt> {
  const { tenant, plan } = operation;
  const { to } = plan;
  const steps: readonly Step[] = [
    {
      name: createSteps[0],
      run: async () => {
        await makeDatabase(estate, to);
        await estate.prepare(databaseAt(estate, to));
        await raiseRowSecurity(estate, tenant, to);
      },
    },
    {
      name: createSteps[1],
      run: async () => {
        // What was changed or dropped since it was made is put back before anybody is let in.
        await raiseRowSecurity(estate, tenant, to);
        const database = databaseAt(estate, to);
        // Invariant: a provider that is slow, or does not answer, holds no transaction open.
        const made = estate.keys === undefined ? [] : await newFirstKeys(database, estate.keys, tenant);
        await asOperator(database, async (session) => {
          await storeFirstKeys(session, tenant, made);
          const found = await readFence(session, tenant);
          if (found !== null && found.epoch > plan.epoch)
            throw new PlacementError("placement/wrong-state", "the place knows a later epoch of the tenant");
          await putFence(session, tenant, { epoch: plan.epoch, state: "active" });
        });
      },
    },
    {
      name: createSteps[2],
      run: () =>
        inTransaction(estate.catalogue, async (session) => {
          await recordSpot(session, to, await latestVersion(session));
          const there = await locate(session, tenant);
          // What was cut off after this step was done.
          if (there?.epoch === plan.epoch && there.schema === to.schema && there.cell === to.cell) return;
          await insertPlacement(session, tenant, to.tier, to, plan.epoch);
        }),
    },
  ];
  await runSteps(estate.catalogue, operation, lease, steps, watch);
  return finishOperation(estate, operation, lease, to, {
    epoch: plan.epoch,
    rowSecurity: await raiseRowSecurity(estate, tenant, to),
  });
}
