/**
 * Deletes the rows of a tenant that its policy does not keep any longer, page by page, while the application goes on. It can be cut off
 * anywhere: run again, it goes on, by the policy of then, and the receipt counts all runs.
 */
import { withJobPlace, type JobPlace } from "../keys/jobs/job-place.ts";
import { noteTarget } from "../keys/jobs/job-record.ts";
import { walkTable, type TableWork, type WalkReport } from "../keys/jobs/walk-table.ts";
import { beginSweep, sweepJob, type SweepOperation, type SweepPart } from "./begin-sweep.ts";
import { deleteRows } from "./delete-rows.ts";
import { endSweep } from "./end-sweep.ts";
import { refuseHeldRows } from "./refuse-held-rows.ts";
import { retainedEntities } from "./retained-entities.ts";
import type { SweepOptions, SweepReport, SweepWorld } from "./sweep-options.ts";

/**
 * Throws `retention/held`, KeyJobError (another job is at the tenant, or it is being moved) and SchemaMismatch; what was deleted before
 * stands, and is on record.
 */
export function sweepRetention(world: SweepWorld, options: SweepOptions): Promise<SweepReport> {
  return withJobPlace(world.database, world.tenant, (place) => sweepAt(place, world, options));
}

async function sweepAt(
  place: JobPlace,
  world: SweepWorld,
  { sign, ...walk }: SweepOptions,
): Promise<SweepReport> {
  const retained = retainedEntities(world.stored, world.settings);
  const { unswept } = retained;
  const { tenant } = world;
  const begun = await place.transaction((session) => beginSweep(session, place, world, retained.swept));
  if (begun === null) return { tenant, outcome: "nothing", deleted: {}, tables: [], unswept, receipt: null };
  const sweep = new Sweep(place, world, begun.operation);
  let tables: WalkReport[];
  let before: number;
  do {
    before = sweep.deleted;
    tables = [];
    for (const part of begun.parts) tables.push(await walkTable(place, sweep.workOf(part), walk));
    // In a ring, what went of one entity may have been all that kept a row of another that was looked at before it.
  } while (retained.isRing && sweep.deleted > before);
  const report = { tenant, deleted: deletedIn(sweep.operation), tables, unswept };
  if (tables.some(({ complete }) => !complete)) return { ...report, outcome: "unfinished", receipt: null };
  const receipt = await place.transaction((session) =>
    endSweep(session, place, world, sweep.operation, begun.parts, sign),
  );
  return { ...report, outcome: "done", receipt };
}

/** What a run has done so far. */
class Sweep {
  readonly #place: JobPlace;
  readonly #world: SweepWorld;
  #operation: SweepOperation;

  constructor(place: JobPlace, world: SweepWorld, operation: SweepOperation) {
    this.#place = place;
    this.#world = world;
    this.#operation = operation;
  }

  get operation(): SweepOperation {
    return this.#operation;
  }

  get deleted(): number {
    return Object.values(deletedIn(this.#operation)).reduce((sum, count) => sum + count, 0);
  }

  workOf({ entity, expired }: SweepPart): TableWork {
    const place = this.#place;
    const { tenant, catalogue } = this.#world;
    return {
      kind: "sweep",
      table: entity.table,
      target: `${this.#operation.id} ${this.#operation.runs.length}`,
      isPending: `${expired.isExpired} AND NOT ${expired.isReferred}`,
      // A key is all that is needed of a row.
      reads: ["NULL::text"],
      weight: "1",
      work: async (session, rows) => {
        // Invariant: no row goes while a legal hold is on record.
        await refuseHeldRows(session, tenant, catalogue);
        const outcome = await deleteRows(session, place, entity, expired, rows);
        const next = counted(this.#operation, entity.entity, outcome.changed);
        // Invariant: what went and that it is counted stand together or not at all.
        await noteTarget(session, place, sweepJob, JSON.stringify(next));
        this.#operation = next;
        return outcome;
      },
    };
  }
}

function counted(operation: SweepOperation, entity: string, more: number): SweepOperation {
  const last = operation.runs.length - 1;
  const runs = operation.runs.map((run, index) =>
    index < last
      ? run
      : {
          ...run,
          rows: run.rows.map((row) =>
            row.entity === entity ? { ...row, deleted: row.deleted + more } : row,
          ),
        },
  );
  return { ...operation, runs };
}

function deletedIn({ runs }: SweepOperation): Readonly<Record<string, number>> {
  const deleted: Record<string, number> = {};
  for (const { entity, deleted: count } of runs.flatMap((run) => run.rows))
    deleted[entity] = (deleted[entity] ?? 0) + count;
  return deleted;
}
