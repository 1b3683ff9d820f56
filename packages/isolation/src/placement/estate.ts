/** What an operator needs to act on tenants' places: the catalogue, a way to every cell, and the model of the tables. */
import { createHash } from "node:crypto";
import { canonicalJson, type Settings } from "@wardline/core";
import type { Database } from "../contracts.ts";
import type { KeyProvider } from "../keys/key-provider.ts";
import { quoteName } from "../schema/identifier.ts";
import { planTables, type StoredModel, type TablePlan } from "../schema/table-plan.ts";
import { atSchema } from "./at-schema.ts";
import { listCells, type CellEntry } from "./catalogue.ts";
import type { Cells } from "./cells.ts";
import { PlacementError } from "./placement-error.ts";
import type { Spot, Tier } from "./placement.ts";
import type { WantedRowSecurity } from "./row-security.ts";
import type { ShredLedger } from "./shred/file-ledger.ts";
import { siloName } from "./silo-name.ts";

export interface Estate {
  readonly catalogue: Database;
  /** Operators' logins: owners of the tables who bypass row-level security. */
  readonly cells: Cells;
  readonly stored: StoredModel;
  /** Makes the model's tables, their guards, the context's and the audit chain's in the schema of a database; repeatable. */
  readonly prepare: (database: Database) => Promise<void>;
  /**
   * The policies of rows that belong to a tenant's place: what the platform asks of everybody's in a pool, else what the tenant's own
   * policy asks. Throws where they cannot be made.
   */
  readonly rowSecurityOf: (tenant: string, tier: Tier, schema: string) => WantedRowSecurity;
  /** The provider of tenants' keys: a tenant that is placed gets them. Without it keys are made by whoever places it. */
  readonly keys?: KeyProvider;
  /** The operator's list of tenants that were shredded, which no backup of a database takes back. */
  readonly ledger?: ShredLedger;
  /** The settings of a tenant's policy, which may be none; null for a tenant without a policy. */
  readonly settingsOf: (tenant: string) => Settings | null;
  /** Who does it, for the record. */
  readonly operator: string;
}

/** Where a tenant is to live. The pool's schema is `public` if left out; a place of one's own has a name made of the id. */
export interface Destination {
  readonly tier: Tier;
  readonly cell: string;
  readonly schema?: string;
}

export function spotFor(tenant: string, { tier, cell, schema = "public" }: Destination): Spot {
  switch (tier) {
    case "pool":
      return { cell, database: null, schema };
    case "schema":
      return { cell, database: null, schema: siloName("schema", tenant, cell) };
    case "database":
      return { cell, database: siloName("database", tenant, cell), schema: "public" };
  }
}

/** A database for a spot. Throws `placement/unknown-cell`. */
export function databaseAt(estate: Estate, spot: Spot): Database {
  const database = estate.cells.database(spot.cell, spot.database);
  if (database === undefined)
    throw new PlacementError("placement/unknown-cell", `there is no way to the cell ${spot.cell} here`);
  return atSchema(database, spot.schema);
}

/** Whether two spots are in one database. */
export function inOneDatabase(a: Spot, b: Spot): boolean {
  return a.cell === b.cell && a.database === b.database;
}

/** The cell as the catalogue has it. Throws `placement/unknown-cell`. */
export async function cellOf(estate: Estate, name: string): Promise<CellEntry> {
  const cells = await estate.catalogue.turn(listCells);
  const found = cells.find((cell) => cell.name === name);
  if (found === undefined)
    throw new PlacementError("placement/unknown-cell", `the catalogue knows no cell ${name}`);
  return found;
}

export function plansOf(estate: Estate): readonly TablePlan[] {
  return planTables(estate.stored);
}

/** SHA-256, hex, of the model and of what is sealed: what decides the tables. */
export function modelDigest(stored: StoredModel): string {
  const { model, sealed } = stored;
  return createHash("sha256").update(canonicalJson({ model, sealed }), "utf8").digest("hex");
}

/** Makes a tenant's database on a server that does not have it; an embedded one is made as it is opened. Repeatable. */
export async function makeDatabase(estate: Estate, spot: Spot): Promise<void> {
  const main = estate.cells.database(spot.cell, null);
  if (spot.database === null || main === undefined || main.kind === "embedded") return;
  const name = spot.database;
  await main.turn(async (session) => {
    const { rows } = await session.query(`SELECT FROM pg_catalog.pg_database WHERE datname = $1`, [name]);
    if (rows.length === 0) await session.query(`CREATE DATABASE ${quoteName(name)} TEMPLATE template0`, []);
    await session.query(`REVOKE ALL ON DATABASE ${quoteName(name)} FROM PUBLIC`, []);
    await session.query(`GRANT CONNECT ON DATABASE ${quoteName(name)} TO wardline_app`, []);
  });
}
