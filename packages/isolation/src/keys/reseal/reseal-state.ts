/** What a reseal of a tenant is to reach, and what of it was begun: read from the registry and from the record of the job. */
import type { SqlSession } from "../../contracts.ts";
import { SchemaMismatch } from "../../errors.ts";
import { catalogueProblems } from "../../schema/check-catalogue.ts";
import type { StoredModel } from "../../schema/table-plan.ts";
import type { JobPlace } from "../jobs/job-place.ts";
import { hasJobs } from "../jobs/open-jobs.ts";
import { readJob } from "../jobs/job-record.ts";
import type { KeyPurpose } from "../key-provider.ts";
import { KeyRegistryError } from "../key-registry-error.ts";
import { registryRows, tenantKeyState, type RegistryRow } from "../registry-rows.ts";
import type { ResealTarget } from "./reseal-table.ts";

/** Purposes whose versions stand in cells, so that versions below can be retired once no cell has one. */
export const cellPurposes = ["seal", "index"] as const;
export type CellPurpose = (typeof cellPurposes)[number];

export interface ResealState {
  readonly target: ResealTarget;
  /** The newest version of each purpose that has one. */
  readonly newest: Readonly<Partial<Record<KeyPurpose, number>>>;
  /** When the newest versions are sealed under. */
  readonly writesFrom: Date;
  /** Versions below the target that still open. */
  readonly below: Readonly<Record<CellPurpose, readonly number[]>>;
  /** Versions that open nothing and whose bytes are still there. */
  readonly retired: Readonly<Record<CellPurpose, readonly number[]>>;
  /** The operation that was left off, if one was. */
  readonly begun: Operation | null;
}

/** One reseal from its beginning to its end, over however many runs. */
export interface Operation {
  readonly id: string;
  /** Purposes to which it added a version. */
  readonly added: readonly KeyPurpose[];
  /** When, in milliseconds since 1970 by the clock of the machine that added them; undefined where it added none that stands in cells. */
  readonly at?: number;
  /** Table → rows that walks of it changed, in all runs; of one that was cut off the table's own record says so. */
  readonly done: Readonly<Record<string, number>>;
}

export const operationJob = { kind: "reseal", table: "" } as const;

/** Throws `keys/no-keys`, `keys/destroyed`, `keys/disabled`, and SchemaMismatch where the tables are not the model's. */
export async function resealState(
  session: SqlSession,
  at: Pick<JobPlace, "tenant" | "schema">,
  stored: StoredModel,
): Promise<ResealState> {
  const state = await tenantKeyState(session, at.tenant);
  if (state === "destroyed")
    throw new KeyRegistryError("keys/destroyed", "the keys of the tenant were destroyed");
  if (state === "disabled")
    throw new KeyRegistryError("keys/disabled", "the keys of the tenant are disabled");
  const problems = await catalogueProblems(session, stored, at.schema);
  if (problems.length > 0) throw new SchemaMismatch(problems);
  const rows = await registryRows(session, at.tenant);
  const current = (purpose: CellPurpose): RegistryRow => {
    const found = rows.find((row) => row.purpose === purpose && row.state === "current");
    if (found === undefined)
      throw new KeyRegistryError("keys/no-keys", `the tenant has no key for ${purpose}: make one first`);
    return found;
  };
  const [seal, index] = [current("seal"), current("index")];
  const versions = (of: RegistryRow["state"]) => ({
    seal: rows
      .filter(({ purpose, state: its }) => purpose === "seal" && its === of)
      .map(({ version }) => version),
    index: rows
      .filter(({ purpose, state: its }) => purpose === "index" && its === of)
      .map(({ version }) => version),
  });
  const job = (await hasJobs(session)) ? await readJob(session, at, operationJob) : null;
  return {
    target: { seal: seal.version, index: index.version },
    // Rows are in the order of versions.
    newest: Object.fromEntries(rows.map(({ purpose, version }) => [purpose, version])),
    writesFrom: new Date(Math.max(seal.writesFrom.getTime(), index.writesFrom.getTime())),
    below: versions("readable"),
    retired: versions("retired"),
    begun: job === null || job.state === "done" ? null : operationOf(job.target),
  };
}

/** One that was begun before rows were counted over runs has no counts. */
function operationOf(target: string): Operation {
  const operation = JSON.parse(target) as Omit<Operation, "done"> & Partial<Pick<Operation, "done">>;
  return { ...operation, done: operation.done ?? {} };
}
