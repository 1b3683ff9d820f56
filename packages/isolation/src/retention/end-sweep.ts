/** How a sweep ends: with a signed receipt that is kept with the job, and its digest on the tenant's record, all in one transaction. */
import { appendOperation } from "../audit/append-operation.ts";
import { lockHead } from "../audit/append-as-operator.ts";
import type { NoteSigner } from "../audit/checkpoint/note-key.ts";
import type { Database, SqlSession } from "../contracts.ts";
import type { JobPlace } from "../keys/jobs/job-place.ts";
import { moveJob, noteTarget, readJob } from "../keys/jobs/job-record.ts";
import { hasJobs } from "../keys/jobs/open-jobs.ts";
import { databaseTime } from "../keys/registry-rows.ts";
import { modelDigest } from "../placement/estate.ts";
import { asOperator } from "../placement/operator-session.ts";
import { digestOfReceipt } from "../placement/signed-receipt.ts";
import { sweepJob, type SweepOperation, type SweepPart } from "./begin-sweep.ts";
import { countRows } from "./count-rows.ts";
import { retainedEntities } from "./retained-entities.ts";
import { retentionReceiptFormat, signRetentionReceipt } from "./retention-receipt.ts";
import type { SweepWorld } from "./sweep-options.ts";

export async function endSweep(
  session: SqlSession,
  place: JobPlace,
  { stored, settings, tenant, operator }: SweepWorld,
  operation: SweepOperation,
  parts: readonly SweepPart[],
  sign: NoteSigner,
): Promise<string> {
  const kept: Record<string, number> = {};
  for (const part of parts) {
    const { referred } = await countRows(session, place, part);
    if (referred > 0) kept[part.entity.entity] = referred;
  }
  const { id, runs } = operation;
  const receipt = signRetentionReceipt(
    {
      format: retentionReceiptFormat,
      operation: id,
      tenant,
      at: new Date(await databaseTime(session)).toISOString(),
      model: modelDigest(stored),
      runs,
      kept,
      unswept: retainedEntities(stored, settings).unswept,
      chain: await lockHead(session, tenant),
    },
    sign,
  );
  const reason = `sha256:${digestOfReceipt(receipt)}`;
  await appendOperation(session, tenant, {
    id,
    operator,
    action: "retention.sweep",
    entity: "tenant",
    reason,
  });
  await noteTarget(session, place, sweepJob, JSON.stringify({ ...operation, receipt }));
  const rowsDone = runs.flatMap(({ rows }) => rows).reduce((sum, { deleted }) => sum + deleted, 0);
  await moveJob(session, place, sweepJob, { state: "done", cursor: null, rowsAll: 0, rowsSeen: 0, rowsDone });
  return receipt;
}

/** The receipt of the tenant's last sweep that came to its end, for whoever was cut off before it was written down; null if there is none. */
export function lastRetentionReceipt(database: Database, tenant: string): Promise<string | null> {
  return asOperator(database, async (session) => {
    if (!(await hasJobs(session))) return null;
    const job = await readJob(session, { tenant, schema: database.schema }, sweepJob);
    if (job?.state !== "done") return null;
    const { receipt } = JSON.parse(job.target) as { readonly receipt?: string };
    return receipt ?? null;
  });
}
