/** Copies all that a tenant has between two places: in one transaction of the target, from one moment of the source. */
import { exportAudit } from "../audit/export-audit.ts";
import type { SqlSession } from "../contracts.ts";
import type { TablePlan } from "../schema/table-plan.ts";
import { continueChain } from "./copy-audit.ts";
import { carryKeys, readKeys } from "./copy-keys.ts";
import { databaseAt, inOneDatabase, type Estate } from "./estate.ts";
import { expectFence, type Fence } from "./fence.ts";
import { asOperator, snapshot } from "./operator-session.ts";
import { PlacementError } from "./placement-error.ts";
import type { Spot } from "./placement.ts";
import { readRows } from "./read-rows.ts";
import type { Tell } from "./run-steps.ts";
import { carryState, readState } from "./tenant-state.ts";
import { columnList, deleteAll, insertAll, rowsIn, sharedTables, tenantTables } from "./tenant-tables.ts";
import { Staging } from "./write-rows.ts";

export interface Journey {
  readonly tenant: string;
  readonly plans: readonly TablePlan[];
  readonly from: Spot;
  readonly to: Spot;
  /** What the target's database must have for the tenant for the copy to be made. */
  readonly fence: Fence;
  /** Whether rows that belong to no tenant come along: into a place of the tenant's own. */
  readonly withShared: boolean;
}

/** What the target had of the tenant before is replaced; nothing is, if anything fails. Can be run again. */
export async function copyTenant(estate: Estate, journey: Journey, tell: Tell): Promise<void> {
  const { from, to } = journey;
  if (inOneDatabase(from, to)) return copyWithin(estate, journey);
  await asOperator(
    databaseAt(estate, from),
    (source) => asOperator(databaseAt(estate, to), (target) => copyAcross(source, target, journey, tell)),
    snapshot,
  );
}

async function copyWithin(estate: Estate, journey: Journey): Promise<void> {
  const { tenant, plans, from, to, fence, withShared } = journey;
  await asOperator(databaseAt(estate, to), async (session) => {
    await expectFence(session, tenant, fence);
    await session.query(deleteAll(to.schema, tenantTables(plans)), [tenant]);
    for (const plan of sharedTables(plans))
      await settleShared(session, plan, to.schema, rowsIn(from.schema)(plan), withShared);
    await session.query(insertAll(to.schema, tenantTables(plans), rowsIn(from.schema)), [tenant]);
  });
}

async function copyAcross(
  source: SqlSession,
  target: SqlSession,
  { tenant, plans, from, to, fence, withShared }: Journey,
  tell: Tell,
): Promise<void> {
  await expectFence(target, tenant, fence);
  await target.query(deleteAll(to.schema, tenantTables(plans)), [tenant]);
  const staging = await Staging.open(target, tenant, to.schema, plans);
  for (const plan of plans) {
    let rows = 0;
    for await (const page of readRows(source, from.schema, plan, tenant)) {
      await staging.add(plan, page);
      rows += page.length;
      await tell(plan.name, rows, null);
    }
  }
  for (const plan of sharedTables(plans))
    await settleShared(target, plan, to.schema, staging.placeOf(plan), withShared);
  await staging.settle(tenantTables(plans));
  await continueChain(target, await exportAudit(source, tenant));
  await carryKeys(target, tenant, await readKeys(source, tenant));
  await carryState(target, tenant, await readState(source, tenant));
}

/** Throws `placement/shared-differs` where a row is missing, or is another one. */
async function settleShared(
  session: SqlSession,
  plan: TablePlan,
  schema: string,
  from: string,
  mayInsert: boolean,
): Promise<void> {
  if (mayInsert)
    await session.query(
      insertAll(schema, [plan], () => from, " ON CONFLICT DO NOTHING"),
      [],
    );
  const { rows } = await session.query(
    `SELECT FROM (SELECT ${columnList(plan)} FROM ${from} EXCEPT SELECT ${columnList(plan)} FROM ${rowsIn(schema)(plan)}) AS d LIMIT 1`,
    [],
  );
  if (rows.length > 0)
    throw new PlacementError(
      "placement/shared-differs",
      `rows of ${plan.name}, which belong to no tenant, are missing or differ at the new place`,
    );
}
