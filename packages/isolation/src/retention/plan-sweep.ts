/** What a sweep of a tenant would do, told without doing it. */
import { asOperator, snapshot } from "../placement/operator-session.ts";
import { hasJobs } from "../keys/jobs/open-jobs.ts";
import { leftOff, sweepParts } from "./begin-sweep.ts";
import { countRows } from "./count-rows.ts";
import { heldIn } from "./refuse-held-rows.ts";
import { retainedEntities } from "./retained-entities.ts";
import type { SweepPlan, SweepWorld } from "./sweep-options.ts";

/** Throws SchemaMismatch and `placement/not-operator`. */
export async function planRetention(world: Omit<SweepWorld, "operator">): Promise<SweepPlan> {
  const { database, catalogue, stored, settings, tenant } = world;
  const at = { tenant, schema: database.schema };
  const { swept, unswept } = retainedEntities(stored, settings);
  const isHeldElsewhere = (await catalogue?.turn((session) => heldIn(session, tenant))) === true;
  return asOperator(
    database,
    async (session) => {
      const parts = await sweepParts(session, world, at.schema, swept);
      const entities = [];
      for (const part of parts) {
        const { entity, table, column, period } = part.entity;
        const counts = await countRows(session, at, part);
        entities.push({ entity, table: table.name, column, period, cut: part.cut, ...counts });
      }
      const resumes = (await hasJobs(session)) && (await leftOff(session, at)) !== null;
      const isHeld = isHeldElsewhere || (await heldIn(session, tenant));
      return { tenant, resumes, isHeld, entities, unswept };
    },
    snapshot,
  );
}
