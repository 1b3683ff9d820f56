/**
 * The tables of the catalogue, in a schema of its own: where each tenant lives, what was done about it, and how far each
 * place's tables are. An application may only ask for one tenant's place, by name; nobody may list them but an operator.
 */
import { applicationRole, catalogueSchema, qualify, quoteName, quoteText } from "../schema/identifier.ts";
import { placementStates, tiers } from "./placement.ts";

const named = (name: string): string => qualify(catalogueSchema, name);

export const cellTable = named("cell");
export const placementTable = named("placement");
export const spotTable = named("spot");
export const migrationTable = named("migration");
export const operationTable = named("operation");
export const tombstoneTable = named("tombstone");
/** Legal holds: those in force have no `released_at`. */
export const holdTable = named("hold");
/** `(tenant text)` → the tenant's placement, one row or none. */
export const locateFunction = named("locate");

const role = quoteName(applicationRole);
const text = 'text COLLATE pg_catalog."C"';
const oneOf = (words: readonly string[]): string => words.map(quoteText).join(", ");

/**
 * Statements that make the catalogue, to be run in order in one transaction, each by itself. Running them again changes
 * nothing.
 */
export function catalogueDdl(): readonly string[] {
  const tables = [
    cellTable,
    spotTable,
    placementTable,
    tombstoneTable,
    operationTable,
    migrationTable,
    holdTable,
  ];
  return [
    `DO $wardline$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ${quoteText(applicationRole)}) THEN
    CREATE ROLE ${role} NOLOGIN;
  END IF;
END
$wardline$`,
    `CREATE SCHEMA IF NOT EXISTS ${quoteName(catalogueSchema)}`,
    `REVOKE ALL ON SCHEMA ${quoteName(catalogueSchema)} FROM PUBLIC, ${role}`,
    `GRANT USAGE ON SCHEMA ${quoteName(catalogueSchema)} TO ${role}`,
    `CREATE TABLE IF NOT EXISTS ${cellTable} (
  name ${text} NOT NULL PRIMARY KEY CHECK (name <> ''),
  region ${text} NOT NULL CHECK (region <> '')
)`,
    // A spot is written '' where the cell's own database is meant: a key has no NULL.
    `CREATE TABLE IF NOT EXISTS ${spotTable} (
  cell ${text} NOT NULL REFERENCES ${cellTable} (name),
  database ${text} NOT NULL,
  schema ${text} NOT NULL CHECK (pg_catalog.octet_length(schema) BETWEEN 1 AND 63),
  version bigint NOT NULL DEFAULT 0 CHECK (version >= 0),
  problem ${text},
  PRIMARY KEY (cell, database, schema)
)`,
    `CREATE TABLE IF NOT EXISTS ${placementTable} (
  tenant ${text} NOT NULL PRIMARY KEY CHECK (tenant <> ''),
  tier ${text} NOT NULL CHECK (tier IN (${oneOf(tiers)})),
  cell ${text} NOT NULL,
  database ${text} NOT NULL,
  schema ${text} NOT NULL,
  epoch bigint NOT NULL CHECK (epoch >= 1),
  state ${text} NOT NULL CHECK (state IN (${oneOf(placementStates)})),
  FOREIGN KEY (cell, database, schema) REFERENCES ${spotTable} (cell, database, schema),
  CHECK ((tier = 'database') = (database <> ''))
)`,
    // Invariant: a place of its own is one tenant's.
    `CREATE UNIQUE INDEX IF NOT EXISTS placement_silo ON ${placementTable} (cell, database, schema) WHERE tier <> 'pool'`,
    `CREATE TABLE IF NOT EXISTS ${tombstoneTable} (
  tenant ${text} NOT NULL PRIMARY KEY,
  reason ${text} NOT NULL,
  at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()
)`,
    `CREATE TABLE IF NOT EXISTS ${operationTable} (
  id uuid NOT NULL PRIMARY KEY,
  kind ${text} NOT NULL,
  tenant ${text} NOT NULL,
  operator ${text} NOT NULL,
  plan jsonb NOT NULL,
  done integer NOT NULL DEFAULT 0 CHECK (done >= 0),
  state ${text} NOT NULL CHECK (state IN ('running', 'done', 'failed')),
  problem ${text},
  holder uuid,
  held_until timestamptz,
  begun timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
  ended timestamptz,
  receipt ${text}
)`,
    `CREATE UNIQUE INDEX IF NOT EXISTS operation_one_a_tenant ON ${operationTable} (tenant) WHERE state = 'running'`,
    `CREATE TABLE IF NOT EXISTS ${holdTable} (
  id uuid NOT NULL PRIMARY KEY,
  tenant ${text} NOT NULL CHECK (tenant <> ''),
  reason ${text} NOT NULL CHECK (reason <> ''),
  placed_by ${text} NOT NULL,
  placed_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
  released_by ${text},
  released_at timestamptz,
  CHECK ((released_by IS NULL) = (released_at IS NULL))
)`,
    `CREATE TABLE IF NOT EXISTS ${migrationTable} (
  version bigint NOT NULL PRIMARY KEY CHECK (version >= 1),
  digest ${text} NOT NULL,
  begun timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
  ended timestamptz
)`,
    ...tables.flatMap((table) => [
      `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`,
      `REVOKE ALL ON TABLE ${table} FROM PUBLIC, ${role}`,
    ]),
    `CREATE OR REPLACE FUNCTION ${locateFunction}(wanted text)
RETURNS TABLE (tier text, cell text, region text, database text, schema text, epoch text, state text, version text)
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = '' AS $wardline$
  SELECT p.tier, p.cell, c.region, p.database, p.schema, p.epoch::text, p.state, s.version::text
  FROM ${placementTable} p
  JOIN ${cellTable} c ON c.name = p.cell
  JOIN ${spotTable} s ON s.cell = p.cell AND s.database = p.database AND s.schema = p.schema
  WHERE p.tenant = wanted
$wardline$`,
    `REVOKE ALL ON FUNCTION ${locateFunction}(text) FROM PUBLIC, ${role}`,
    `GRANT EXECUTE ON FUNCTION ${locateFunction}(text) TO ${role}`,
  ];
}
