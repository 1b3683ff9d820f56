/**
 * A migration of every place's tables. Each place is migrated in a transaction of its own, which also says so in its database, so
 * that a run that was cut off goes on where it was; one that failed leaves its place, and the tenants there, behind.
 */
import { createHash } from "node:crypto";
import { canonicalJson } from "@wardline/core";
import type { Database, SqlSession } from "../contracts.ts";
import { controlSchema, qualify } from "../schema/identifier.ts";
import { sqlState } from "../write/refusal.ts";
import { migrationTable, spotTable } from "./catalogue-ddl.ts";
import type { Cells } from "./cells.ts";
import { asOperator } from "./operator-session.ts";
import { PlacementError } from "./placement-error.ts";
import type { Spot } from "./placement.ts";
import { inTransaction } from "./transaction.ts";

export interface Migration {
  /** One more than the last; from 1. */
  readonly version: number;
  /** Run in order in one transaction, for the schema of a place. Equal schemas must have equal statements. */
  readonly statements: (schema: string) => readonly string[];
}

export interface MigratedSpot extends Spot {
  /** Null if the place has the version now. A code of the database, or a sentence of ours. */
  readonly problem: string | null;
}

export interface MigrationReport {
  readonly version: number;
  readonly spots: readonly MigratedSpot[];
  /** True if every place of the catalogue has the version. */
  readonly complete: boolean;
}

interface KnownSpot extends Spot {
  readonly version: number;
}

const versionTable = qualify(controlSchema, "schema_version");

/** The highest version that was ever migrated to; 0 before the first. New tables are made as of it. */
export async function latestVersion(session: SqlSession): Promise<number> {
  const { rows } = await session.query(
    `SELECT COALESCE(pg_catalog.max(version), 0)::text AS version FROM ${migrationTable}`,
    [],
  );
  return Number(rows[0]?.["version"]);
}

/**
 * Migrates every place that is not at the version yet; again, if it did not come to its end. Throws `placement/other-migration` where
 * the version had other statements, or is not the next one. What fails at a place is told in the report.
 */
export async function migratePlacements(
  catalogue: Database,
  cells: Cells,
  migration: Migration,
  onProgress: (spot: MigratedSpot, done: number, all: number) => void = () => undefined,
): Promise<MigrationReport> {
  const { version } = migration;
  await registerMigration(catalogue, migration);
  const spots = (await catalogue.turn(listSpots)).filter((spot) => spot.version < version);
  const migrated: MigratedSpot[] = [];
  for (const spot of spots) {
    const problem = await migrateSpot(cells, spot, migration);
    await catalogue.turn((session) => record(session, spot, version, problem));
    const { cell, database, schema } = spot;
    const done = { cell, database, schema, problem };
    migrated.push(done);
    onProgress(done, migrated.length, spots.length);
  }
  const behind = (await catalogue.turn(listSpots)).some((spot) => spot.version < version);
  if (!behind)
    await catalogue.turn((session) =>
      session.query(
        `UPDATE ${migrationTable} SET ended = pg_catalog.clock_timestamp() WHERE version = $1 AND ended IS NULL`,
        [String(version)],
      ),
    );
  return { version, spots: migrated, complete: !behind };
}

async function registerMigration(catalogue: Database, { version, statements }: Migration): Promise<void> {
  if (!Number.isSafeInteger(version) || version < 1)
    throw new PlacementError(
      "placement/other-migration",
      "the version of a migration is a whole number from 1",
    );
  const digest = createHash("sha256")
    .update(canonicalJson([...statements("schema")]), "utf8")
    .digest("hex");
  await inTransaction(catalogue, async (session) => {
    // One at a time: two new versions at once must not both be the next.
    await session.query(`LOCK TABLE ${migrationTable} IN EXCLUSIVE MODE`, []);
    const latest = await latestVersion(session);
    if (version > latest + 1)
      throw new PlacementError("placement/other-migration", `the next version is ${latest + 1}`);
    const { rows } = await session.query(
      `INSERT INTO ${migrationTable} AS m (version, digest) VALUES ($1, $2)
ON CONFLICT (version) DO UPDATE SET digest = m.digest RETURNING digest`,
      [String(version), digest],
    );
    if (rows[0]?.["digest"] !== digest)
      throw new PlacementError(
        "placement/other-migration",
        `the version ${version} was begun with other statements: give those, or the next version`,
      );
  });
}

/** Resolves to what went wrong, or null. */
async function migrateSpot(cells: Cells, spot: KnownSpot, migration: Migration): Promise<string | null> {
  const database = cells.at(spot);
  if (database === undefined) return "there is no way to the cell here";
  try {
    await asOperator(database, async (session) => {
      await session.query(
        `CREATE TABLE IF NOT EXISTS ${versionTable} (schema text COLLATE pg_catalog."C" NOT NULL PRIMARY KEY, version bigint NOT NULL)`,
        [],
      );
      await session.query(`REVOKE ALL ON TABLE ${versionTable} FROM PUBLIC`, []);
      // Invariant: the row is locked, so that two runs never migrate one place at once.
      await session.query(
        `INSERT INTO ${versionTable} (schema, version) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
        [spot.schema, String(spot.version)],
      );
      const { rows } = await session.query(
        `SELECT version::text AS version FROM ${versionTable} WHERE schema = $1 FOR UPDATE`,
        [spot.schema],
      );
      const present = Number(rows[0]?.["version"]);
      if (present >= migration.version) return;
      if (present !== migration.version - 1)
        throw new PlacementError(
          "placement/other-migration",
          `the place has the version ${present}: migrate it to ${migration.version - 1} first`,
        );
      for (const statement of migration.statements(spot.schema)) await session.query(statement, []);
      await session.query(`UPDATE ${versionTable} SET version = $2 WHERE schema = $1`, [
        spot.schema,
        String(migration.version),
      ]);
    });
    return null;
  } catch (error) {
    if (error instanceof PlacementError) return error.message;
    return sqlState(error) ?? "it was cut off";
  }
}

async function listSpots(session: SqlSession): Promise<readonly KnownSpot[]> {
  const { rows } = await session.query(
    `SELECT cell, database, schema, version::text AS version FROM ${spotTable} ORDER BY cell, database, schema`,
    [],
  );
  return rows.map((row) => ({
    cell: String(row["cell"]),
    database: row["database"] === "" ? null : String(row["database"]),
    schema: String(row["schema"]),
    version: Number(row["version"]),
  }));
}

async function record(
  session: SqlSession,
  spot: Spot,
  version: number,
  problem: string | null,
): Promise<void> {
  await session.query(
    `UPDATE ${spotTable} SET problem = $5, version = CASE WHEN $5::text IS NULL THEN GREATEST(version, $4::bigint) ELSE version END
WHERE cell = $1 AND database = $2 AND schema = $3`,
    [spot.cell, spot.database ?? "", spot.schema, String(version), problem],
  );
}
