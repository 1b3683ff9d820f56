/** All databases in which something of a tenant may be: where it lives, where it ever lived or was being moved to, and every cell's own. */
import type { SqlSession } from "../../contracts.ts";
import { tenantKeyStateTable } from "../../keys/registry-ddl.ts";
import { operationTable, spotTable } from "../catalogue-ddl.ts";
import { databaseAt, type Estate } from "../estate.ts";
import { asOperator } from "../operator-session.ts";
import type { Placement, Spot } from "../placement.ts";
import { isSiloSchema, siloName } from "../silo-name.ts";

export interface ShredDatabase {
  readonly cell: string;
  /** Null for the cell's own. */
  readonly database: string | null;
  readonly schemas: readonly string[];
  /** Whether the tenant lives there, as the catalogue says. */
  readonly isHome: boolean;
  /** The database was dropped. */
  readonly isGone: boolean;
  /** It is there, and has no registry of keys. */
  readonly isKeyless: boolean;
}

/** Elsewhere nothing is done. */
export function hasRegistry({ isGone, isKeyless }: Pick<ShredDatabase, "isGone" | "isKeyless">): boolean {
  return !isGone && !isKeyless;
}

/** Throws `placement/unknown-cell` where the tenant may be in a cell to which there is no way. */
export async function shredDatabases(
  estate: Estate,
  tenant: string,
  home: Placement,
): Promise<readonly ShredDatabase[]> {
  const spots = await estate.catalogue.turn(async (session) => [
    home,
    ...(await formerSpots(session, tenant)),
    ...(await poolSpots(session, tenant)).filter(({ cell }) => estate.cells.has(cell)),
  ]);
  const places = new Map<string, { spot: Spot; schemas: Set<string>; isHome: boolean }>();
  for (const spot of spots) {
    const key = JSON.stringify([spot.cell, spot.database]);
    const isHome = spot === home;
    const known = places.get(key) ?? { spot, schemas: new Set(), isHome };
    known.schemas.add(spot.schema);
    places.set(key, known);
  }
  const databases: ShredDatabase[] = [];
  for (const { spot, schemas, isHome } of places.values()) {
    const { cell, database } = spot;
    const found = isHome ? { isGone: false, isKeyless: false } : await lookAt(estate, spot);
    databases.push({ cell, database, schemas: [...schemas].toSorted(), isHome, ...found });
  }
  return databases;
}

export function registryOf(estate: Estate, { cell, database }: ShredDatabase) {
  return databaseAt(estate, { cell, database, schema: "public" });
}

/** As it is called in words. */
export function nameOf({ cell, database }: Pick<ShredDatabase, "cell" | "database">): string {
  return database === null ? cell : `${cell}, database ${database}`;
}

/** Of every operation that was ever begun for the tenant. */
async function formerSpots(session: SqlSession, tenant: string): Promise<readonly Spot[]> {
  const { rows } = await session.query(
    `SELECT DISTINCT s.spot ->> 'cell' AS cell, s.spot ->> 'database' AS database, s.spot ->> 'schema' AS schema
FROM ${operationTable} o, LATERAL (VALUES (o.plan -> 'from'), (o.plan -> 'to'), (o.plan -> 'spot')) AS s(spot)
WHERE o.tenant = $1 AND pg_catalog.jsonb_typeof(s.spot) = 'object'`,
    [tenant],
  );
  return rows.map(spotOf);
}

async function poolSpots(session: SqlSession, tenant: string): Promise<readonly Spot[]> {
  const { rows } = await session.query(
    `SELECT cell, NULL::text AS database, schema FROM ${spotTable} WHERE database = ''`,
    [],
  );
  return rows
    .map(spotOf)
    .filter(({ cell, schema }) => !isSiloSchema(schema) || schema === siloName("schema", tenant, cell));
}

function spotOf(row: Readonly<Record<string, unknown>>): Spot {
  return {
    cell: String(row["cell"]),
    database: typeof row["database"] === "string" ? row["database"] : null,
    schema: String(row["schema"]),
  };
}

/**
 * A database that was a tenant's own may have been dropped since, and one in which a first place was never finished has no registry. Whatever
 * else keeps it out of reach is thrown.
 */
async function lookAt(estate: Estate, spot: Spot): Promise<Pick<ShredDatabase, "isGone" | "isKeyless">> {
  try {
    return await asOperator(databaseAt(estate, spot), async (session) => {
      const { rows } = await session.query(`SELECT (pg_catalog.to_regclass($1) IS NULL)::text AS keyless`, [
        tenantKeyStateTable,
      ]);
      return { isGone: false, isKeyless: rows[0]?.["keyless"] === "true" };
    });
  } catch (error) {
    if (isNoDatabase(error)) return { isGone: true, isKeyless: false };
    throw error;
  }
}

function isNoDatabase(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause)
    if ((at as { readonly code?: unknown }).code === "3D000") return true;
  return false;
}
