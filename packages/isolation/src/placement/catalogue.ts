/** Reads and writes the catalogue. Every change is one statement or one transaction, and refuses what does not fit. */
import type { Database, SqlSession } from "../contracts.ts";
import {
  catalogueDdl,
  cellTable,
  locateFunction,
  placementTable,
  spotTable,
  tombstoneTable,
} from "./catalogue-ddl.ts";
import { PlacementError } from "./placement-error.ts";
import { placementStates, tiers, type Placement, type Spot, type Tier } from "./placement.ts";
import { checkPlainName, checkTenantId } from "./silo-name.ts";
import { inTransaction } from "./transaction.ts";

export interface CellEntry {
  readonly name: string;
  readonly region: string;
}

/** Makes the tables of the catalogue. Running it again changes nothing. */
export async function createCatalogue(catalogue: Database): Promise<void> {
  await inTransaction(catalogue, async (session) => {
    for (const statement of catalogueDdl()) await session.query(statement, []);
  });
}

/** Adds a cell. It is refused if it stands there in another region: what is placed in it was checked against that. */
export async function addCell(catalogue: Database, { name, region }: CellEntry): Promise<void> {
  checkPlainName("cell", name);
  checkPlainName("region", region);
  await catalogue.turn(async (session) => {
    const { rows } = await session.query(
      `INSERT INTO ${cellTable} AS c (name, region) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET region = c.region RETURNING region`,
      [name, region],
    );
    if (rows[0]?.["region"] !== region)
      throw new PlacementError("placement/exists", `the cell ${name} is in another region`);
  });
}

export async function listCells(session: SqlSession): Promise<readonly CellEntry[]> {
  const { rows } = await session.query(`SELECT name, region FROM ${cellTable} ORDER BY name`, []);
  return rows.map((row) => ({ name: String(row["name"]), region: String(row["region"]) }));
}

/** A tenant's placement, or null. What an application may ask, too. */
export async function locate(session: SqlSession, tenant: string): Promise<Placement | null> {
  const { rows } = await session.query(`SELECT * FROM ${locateFunction}($1)`, [tenant]);
  return rows[0] === undefined ? null : placementOf(tenant, rows[0]);
}

/** The same, for an operator; throws `placement/unknown-tenant`. */
export async function placementOfTenant(catalogue: Database, tenant: string): Promise<Placement> {
  checkTenantId(tenant);
  const found = await catalogue.turn((session) => locate(session, tenant));
  if (found === null)
    throw new PlacementError("placement/unknown-tenant", "the catalogue places no tenant of this id");
  return found;
}

/** All placements, by tenant. */
export async function listPlacements(session: SqlSession): Promise<readonly Placement[]> {
  const { rows } = await session.query(
    `SELECT p.tenant, p.tier, p.cell, c.region, p.database, p.schema, p.epoch::text AS epoch, p.state, s.version::text AS version
FROM ${placementTable} p
JOIN ${cellTable} c ON c.name = p.cell
JOIN ${spotTable} s ON s.cell = p.cell AND s.database = p.database AND s.schema = p.schema
ORDER BY p.tenant`,
    [],
  );
  return rows.map((row) => placementOf(String(row["tenant"]), row));
}

/** Puts a spot on record. `version` is that of its tables, for one that is new; it is left as it is for one that is known. */
export async function recordSpot(session: SqlSession, spot: Spot, version: number): Promise<void> {
  await session.query(
    `INSERT INTO ${spotTable} (cell, database, schema, version) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
    [spot.cell, spot.database ?? "", spot.schema, String(version)],
  );
}

/** Forgets a spot whose tables are gone, unless somebody is placed there. */
export async function forgetSpot(session: SqlSession, spot: Spot): Promise<void> {
  await session.query(
    `DELETE FROM ${spotTable} s WHERE s.cell = $1 AND s.database = $2 AND s.schema = $3 AND NOT EXISTS (
  SELECT FROM ${placementTable} p WHERE p.cell = s.cell AND p.database = s.database AND p.schema = s.schema)`,
    [spot.cell, spot.database ?? "", spot.schema],
  );
}

/** Places a tenant for the first time. Throws `placement/exists`, also where the spot is another tenant's own. */
export async function insertPlacement(
  session: SqlSession,
  tenant: string,
  tier: Tier,
  spot: Spot,
  epoch: number,
): Promise<void> {
  const { rows } = await session.query(
    `INSERT INTO ${placementTable} (tenant, tier, cell, database, schema, epoch, state)
VALUES ($1, $2, $3, $4, $5, $6, 'active') ON CONFLICT DO NOTHING RETURNING tenant`,
    [tenant, tier, spot.cell, spot.database ?? "", spot.schema, String(epoch)],
  );
  if (rows.length === 0)
    throw new PlacementError("placement/exists", "the tenant, or another one, is placed there already");
}

/** Changes a placement that has this epoch and this state; resolves to whether it had. */
export async function changePlacement(
  session: SqlSession,
  before: Pick<Placement, "tenant" | "epoch" | "state">,
  after: Pick<Placement, "tier" | "cell" | "database" | "schema" | "epoch" | "state">,
): Promise<boolean> {
  const { rows } = await session.query(
    `UPDATE ${placementTable} SET tier = $4, cell = $5, database = $6, schema = $7, epoch = $8, state = $9
WHERE tenant = $1 AND epoch = $2 AND state = $3 RETURNING tenant`,
    [
      before.tenant,
      String(before.epoch),
      before.state,
      after.tier,
      after.cell,
      after.database ?? "",
      after.schema,
      String(after.epoch),
      after.state,
    ],
  );
  return rows.length === 1;
}

/** Says that a tenant's data was destroyed for good: it is placed and restored nowhere any more. */
export async function putTombstone(catalogue: Database, tenant: string, reason: string): Promise<void> {
  checkTenantId(tenant);
  await catalogue.turn((session) => tombstoneIn(session, tenant, reason));
}

/** The same, in the caller's transaction. */
export async function tombstoneIn(session: SqlSession, tenant: string, reason: string): Promise<void> {
  await session.query(
    `INSERT INTO ${tombstoneTable} (tenant, reason) VALUES ($1, $2) ON CONFLICT (tenant) DO NOTHING`,
    [tenant, reason],
  );
}

export interface Tombstone {
  readonly tenant: string;
  readonly reason: string;
  readonly since: Date;
}

/** Tenants whose data was destroyed for good, by name. */
export async function listTombstones(session: SqlSession): Promise<readonly Tombstone[]> {
  const { rows } = await session.query(
    `SELECT tenant, reason, (EXTRACT(epoch FROM at) * 1000)::float8 AS since FROM ${tombstoneTable} ORDER BY tenant`,
    [],
  );
  return rows.map((row) => ({
    tenant: String(row["tenant"]),
    reason: String(row["reason"]),
    since: new Date(Number(row["since"])),
  }));
}

/** Throws `placement/tombstone`. */
export async function refuseBuried(session: SqlSession, tenant: string): Promise<void> {
  const { rows } = await session.query(`SELECT FROM ${tombstoneTable} WHERE tenant = $1`, [tenant]);
  if (rows.length > 0)
    throw new PlacementError(
      "placement/tombstone",
      "the tenant has a tombstone: its data was destroyed for good and does not come back",
    );
}

function placementOf(tenant: string, row: Readonly<Record<string, unknown>>): Placement {
  const tier = tiers.find((word) => word === row["tier"]);
  const state = placementStates.find((word) => word === row["state"]);
  const epoch = Number(row["epoch"]);
  const version = Number(row["version"]);
  // Invariant: what is not understood is no place to go to.
  if (tier === undefined || state === undefined || !Number.isSafeInteger(epoch) || epoch < 1)
    throw new TypeError("the catalogue holds a placement that this version does not know");
  return {
    tenant,
    tier,
    cell: String(row["cell"]),
    region: String(row["region"]),
    database: row["database"] === "" ? null : String(row["database"]),
    schema: String(row["schema"]),
    epoch,
    state,
    version,
  };
}
