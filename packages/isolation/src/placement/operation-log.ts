/**
 * Operations on tenants, kept in the catalogue: their plan, how far they are, and who is at it. One at a time for a tenant.
 * Who is at it holds a lease; whoever lost it must not go on, and is told so at its next step.
 */
import { randomUUID } from "node:crypto";
import type { Database, SqlSession } from "../contracts.ts";
import { operationTable } from "./catalogue-ddl.ts";
import { PlacementError } from "./placement-error.ts";

export type OperationKind = "create" | "move" | "export" | "restore" | "shred";

export interface Operation<Plan = unknown> {
  readonly id: string;
  readonly kind: OperationKind;
  readonly tenant: string;
  readonly operator: string;
  readonly plan: Plan;
  /** Steps that are done. */
  readonly done: number;
  readonly state: "running" | "done" | "failed";
  /** Why it stopped, as its last run said. */
  readonly problem: string | null;
  /** Canonical JSON; null until it is done. */
  readonly receipt: string | null;
}

/** A right to go on with an operation, until it runs out or somebody else has taken it. */
export interface Lease {
  readonly id: string;
  readonly holder: string;
  /** Milliseconds. */
  readonly life: number;
}

const usualLife = 60_000;
const columns = `id::text AS id, kind, tenant, operator, plan::text AS plan, done, state, problem, receipt`;
const until = (parameter: string): string =>
  `pg_catalog.clock_timestamp() + ${parameter}::float8 * interval '1 millisecond'`;

/** Begins an operation. Throws `placement/busy` where another one of the tenant is not at its end. */
export async function beginOperation<Plan>(
  catalogue: Database,
  { kind, tenant, operator, plan }: Pick<Operation<Plan>, "kind" | "tenant" | "operator" | "plan">,
  life = usualLife,
): Promise<{ readonly operation: Operation<Plan>; readonly lease: Lease }> {
  const lease = { id: randomUUID(), holder: randomUUID(), life };
  // An export that was cut off left nothing behind and needs nobody to go on with it.
  await catalogue.turn((session) =>
    session.query(
      `UPDATE ${operationTable} SET state = 'failed', problem = 'it was cut off', ended = pg_catalog.clock_timestamp()
WHERE tenant = $1 AND kind = 'export' AND state = 'running' AND (holder IS NULL OR held_until < pg_catalog.clock_timestamp())`,
      [tenant],
    ),
  );
  const { rows } = await catalogue.turn((session) =>
    session.query(
      `INSERT INTO ${operationTable} (id, kind, tenant, operator, plan, state, holder, held_until)
VALUES ($1, $2, $3, $4, $5::jsonb, 'running', $6, ${until("$7")}) ON CONFLICT DO NOTHING RETURNING ${columns}`,
      [lease.id, kind, tenant, operator, JSON.stringify(plan), lease.holder, String(life)],
    ),
  );
  const [row] = rows;
  if (row === undefined)
    throw new PlacementError(
      "placement/busy",
      "another operation of the tenant is not at its end: resume it, or cancel it",
    );
  return { operation: operationOf(row), lease };
}

/**
 * Takes over a tenant's operation of a kind that was left off. Throws `placement/no-operation`, and `placement/busy` while another
 * process is at it.
 */
export async function takeOperation<Plan>(
  catalogue: Database,
  tenant: string,
  kind: OperationKind,
  life = usualLife,
): Promise<{ readonly operation: Operation<Plan>; readonly lease: Lease }> {
  const holder = randomUUID();
  const found = await catalogue.turn(async (session) => {
    const taken = await session.query(
      `UPDATE ${operationTable} SET holder = $2, held_until = ${until("$3")}
WHERE tenant = $1 AND kind = $4 AND state = 'running' AND (holder IS NULL OR held_until < pg_catalog.clock_timestamp())
RETURNING ${columns}`,
      [tenant, holder, String(life), kind],
    );
    if (taken.rows[0] !== undefined) return taken.rows[0];
    const there = await session.query(
      `SELECT FROM ${operationTable} WHERE tenant = $1 AND kind = $2 AND state = 'running'`,
      [tenant, kind],
    );
    throw there.rows.length > 0
      ? new PlacementError("placement/busy", "another process is at the tenant's operation")
      : new PlacementError("placement/no-operation", `no ${kind} of the tenant was left off`);
  });
  const operation = operationOf<Plan>(found);
  return { operation, lease: { id: operation.id, holder, life } };
}

/** Says how many steps are done, and holds on. Throws `placement/lost-lease`. */
export async function advance(catalogue: Database, lease: Lease, done: number): Promise<void> {
  await change(catalogue, lease, `done = $3, held_until = ${until("$4")}, problem = NULL`, [
    done,
    String(lease.life),
  ]);
}

/** Holds on. Throws `placement/lost-lease`. */
export async function renew(catalogue: Database, lease: Lease): Promise<void> {
  await change(catalogue, lease, `held_until = ${until("$3")}`, [String(lease.life)]);
}

/** The same, in the caller's transaction. */
export async function notePlanIn(
  session: SqlSession,
  lease: Lease,
  found: Readonly<Record<string, unknown>>,
): Promise<void> {
  await changeIn(session, lease, "plan = plan || $3::jsonb", [JSON.stringify(found)]);
}

/** Lets go of an operation that stopped; it can be taken over at once. */
export async function leaveOperation(catalogue: Database, lease: Lease, problem: string): Promise<void> {
  await change(catalogue, lease, "holder = NULL, held_until = NULL, problem = $3", [problem]);
}

/** Adds to the plan what a step found out, for the steps after it. Throws `placement/lost-lease`. */
export async function notePlan(
  catalogue: Database,
  lease: Lease,
  found: Readonly<Record<string, unknown>>,
): Promise<void> {
  await change(catalogue, lease, "plan = plan || $3::jsonb", [JSON.stringify(found)]);
}

/** Keeps the receipt of an operation whose steps are done, and gives the one that is kept: the first that was made. */
export async function keepReceipt(catalogue: Database, lease: Lease, receipt: string): Promise<string> {
  const row = await change(catalogue, lease, "receipt = COALESCE(receipt, $3)", [receipt]);
  return String(row["receipt"]);
}

export async function endOperation(
  catalogue: Database,
  lease: Lease,
  state: "done" | "failed",
  problem: string | null,
): Promise<void> {
  await change(
    catalogue,
    lease,
    `state = $3, problem = $4, holder = NULL, held_until = NULL, ended = pg_catalog.clock_timestamp()`,
    [state, problem],
  );
}

/** Gives up an operation that left nothing behind, unless somebody else is at it. Never rejects. */
export async function abandonOperation(
  catalogue: Database,
  tenant: string,
  kind: OperationKind,
  problem: string,
): Promise<void> {
  try {
    const { lease } = await takeOperation(catalogue, tenant, kind);
    await endOperation(catalogue, lease, "failed", problem);
  } catch {
    // Its record says where it stopped.
  }
}

/** Operations of a tenant, or of all, the last first. */
export async function listOperations(catalogue: Database, tenant?: string): Promise<readonly Operation[]> {
  const { rows } = await catalogue.turn((session) =>
    session.query(
      `SELECT ${columns} FROM ${operationTable} WHERE $1::text IS NULL OR tenant = $1 ORDER BY begun DESC, id LIMIT 1000`,
      [tenant ?? null],
    ),
  );
  return rows.map((row) => operationOf(row));
}

async function change(
  catalogue: Database,
  lease: Lease,
  set: string,
  parameters: readonly unknown[],
): Promise<Readonly<Record<string, unknown>>> {
  return catalogue.turn((session) => changeIn(session, lease, set, parameters));
}

async function changeIn(
  session: SqlSession,
  lease: Lease,
  set: string,
  parameters: readonly unknown[],
): Promise<Readonly<Record<string, unknown>>> {
  const { rows } = await session.query(
    `UPDATE ${operationTable} SET ${set} WHERE id = $1 AND holder = $2 AND state = 'running' RETURNING receipt`,
    [lease.id, lease.holder, ...parameters],
  );
  const [row] = rows;
  // Invariant: whoever lost the lease changes nothing more.
  if (row === undefined)
    throw new PlacementError("placement/lost-lease", "another process has taken over the operation");
  return row;
}

/** Holds on within a transaction: what else is in it stands only if the lease does. Throws `placement/lost-lease`. */
export async function holdIn(session: SqlSession, lease: Lease): Promise<void> {
  await changeIn(session, lease, `held_until = ${until("$3")}`, [String(lease.life)]);
}

function operationOf<Plan>(row: Readonly<Record<string, unknown>>): Operation<Plan> {
  return {
    id: String(row["id"]),
    kind: row["kind"] as OperationKind,
    tenant: String(row["tenant"]),
    operator: String(row["operator"]),
    plan: JSON.parse(String(row["plan"])) as Plan,
    done: Number(row["done"]),
    state: row["state"] as Operation["state"],
    problem: typeof row["problem"] === "string" ? row["problem"] : null,
    receipt: typeof row["receipt"] === "string" ? row["receipt"] : null,
  };
}
