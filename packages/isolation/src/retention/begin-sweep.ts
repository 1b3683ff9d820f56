/** How a run of a sweep begins: by the policy of now, on the tenant's record before any row goes. */
import { randomUUID } from "node:crypto";
import type { Settings } from "@wardline/core";
import { appendOperation } from "../audit/append-operation.ts";
import type { SqlSession } from "../contracts.ts";
import type { JobPlace } from "../keys/jobs/job-place.ts";
import { beginJob, readJob } from "../keys/jobs/job-record.ts";
import { databaseTime } from "../keys/registry-rows.ts";
import { SchemaMismatch } from "../errors.ts";
import { catalogueProblems } from "../schema/check-catalogue.ts";
import { qualify, quoteName } from "../schema/identifier.ts";
import type { StoredModel } from "../schema/table-plan.ts";
import { cutTimes, type Cut } from "./cut-times.ts";
import { expiredRows, type ExpiredRows } from "./expired-rows.ts";
import { refuseHeldRows } from "./refuse-held-rows.ts";
import type { RetainedEntity } from "./retained-entities.ts";
import type { SweepRun, SweepWorld, SweptRows } from "./sweep-options.ts";

export const sweepJob = { kind: "sweep", table: "" } as const;

/** One sweep from its beginning to its end, over however many runs. */
export interface SweepOperation {
  readonly id: string;
  readonly runs: readonly SweepRun[];
}

/** The rows of one entity, as this run deletes them. */
export interface SweepPart {
  readonly entity: RetainedEntity;
  readonly cut: Cut;
  readonly expired: ExpiredRows;
}

export async function sweepParts(
  session: SqlSession,
  { stored, settings }: { readonly stored: StoredModel; readonly settings: Settings },
  schema: string,
  swept: readonly RetainedEntity[],
): Promise<readonly SweepPart[]> {
  const problems = await catalogueProblems(session, stored, schema);
  if (problems.length > 0) throw new SchemaMismatch(problems);
  const cuts = await cutTimes(session, swept, settings.timezone ?? "UTC");
  return swept.map((entity, index) => {
    const cut = cuts[index] ?? null;
    return { entity, cut, expired: expiredRows(stored, schema, entity, cut) };
  });
}

/** The operation that was left off, or null. */
export async function leftOff(
  session: SqlSession,
  at: Pick<JobPlace, "tenant" | "schema">,
): Promise<SweepOperation | null> {
  const job = await readJob(session, at, sweepJob);
  return job === null || job.state === "done" ? null : (JSON.parse(job.target) as SweepOperation);
}

/** Null, with nothing done, where no row is to go and nothing was left off. Throws `retention/held` and SchemaMismatch. */
export async function beginSweep(
  session: SqlSession,
  place: JobPlace,
  world: SweepWorld,
  swept: readonly RetainedEntity[],
): Promise<{ readonly operation: SweepOperation; readonly parts: readonly SweepPart[] } | null> {
  const { tenant, operator, catalogue } = world;
  await refuseHeldRows(session, tenant, catalogue);
  const parts = await sweepParts(session, world, place.schema, swept);
  const before = await leftOff(session, place);
  if (before === null && !(await isAnyToGo(session, place, parts))) return null;
  const begunAt = new Date(await databaseTime(session)).toISOString();
  const run: SweepRun = { begunAt, operator, rows: parts.map(rowsOf) };
  const operation = { id: before?.id ?? randomUUID(), runs: [...(before?.runs ?? []), run] };
  await beginJob(session, place, sweepJob, JSON.stringify(operation));
  const reason = parts.map(({ entity, cut }) => `${entity.entity} over by ${cut ?? "never"}`).join("; ");
  await appendOperation(session, tenant, { operator, action: "retention.begin", entity: "tenant", reason });
  return { operation, parts };
}

function rowsOf({ entity: { entity, table, column, period }, cut }: SweepPart): SweptRows {
  return { entity, table: table.name, column, period, cut, deleted: 0 };
}

async function isAnyToGo(
  session: SqlSession,
  { tenant, schema }: Pick<JobPlace, "tenant" | "schema">,
  parts: readonly SweepPart[],
): Promise<boolean> {
  for (const { entity, expired } of parts) {
    const { rows } = await session.query(
      `SELECT FROM ${qualify(schema, entity.table.name)} AS t WHERE t.${quoteName(entity.table.tenant)} = $1 AND ${expired.isExpired} AND NOT ${expired.isReferred} LIMIT 1`,
      [tenant],
    );
    if (rows.length > 0) return true;
  }
  return false;
}
