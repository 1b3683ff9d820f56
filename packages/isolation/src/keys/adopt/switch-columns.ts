/**
 * The third step of an adoption: one short transaction in which the sealed cells take the place of the plaintext, and the tables become
 * those of the new model. Either all of it stands or nothing. From then on no context is entered under the old model's policies.
 */
import type { Database, SqlSession } from "../../contracts.ts";
import { stateTable } from "../../context/ddl/state-ddl.ts";
import type { Catalogue } from "../../doctor/catalogue.ts";
import type { Applied } from "../../plan/apply-plan.ts";
import { quoteName } from "../../schema/identifier.ts";
import type { StoredModel } from "../../schema/table-plan.ts";
import { AdoptionError, type Hindrance } from "./adoption-error.ts";
import { adoptionFunction, overwritingTrigger } from "./adoption-ddl.ts";
import {
  isStale,
  placeOf,
  readAdoptedTables,
  type AdoptedColumn,
  type AdoptedTable,
} from "./adopted-table.ts";
import type { HeldSealers } from "../jobs/held-sealers.ts";
import { tenantKeyTable } from "../registry-ddl.ts";
import { adoptionTenants } from "./adopting-tenants.ts";
import { applyModel } from "./apply-model.ts";
import { catchUp, sealStale } from "./catch-up.ts";
import { hindrancesOf } from "./hindrances.ts";
import { recordAdoption } from "./record-adoption.ts";
import { withTablesLocked, type LockOptions } from "./with-tables-locked.ts";

export interface SwitchOptions extends LockOptions {
  readonly stored: StoredModel;
  /** What the database is to be with the new model. */
  readonly wanted: Catalogue;
  readonly sealers: HeldSealers;
  /** The revision of the first bundles of the new model. */
  readonly revision: number;
  /** Who does it, for the tenants' record. */
  readonly operator: string;
}

/** What came in before the lock was had is more than is done behind it: it is let go of, and that is sealed and recorded first. */
class TooManyLeft extends Error {}

/**
 * Throws `adopt/busy`, `adopt/refused`, `adopt/not-ready` and what `applyPlan` throws, with nothing switched. Gives what was run to make
 * the tables those of the model; null where everything was switched already.
 */
export async function switchColumns(
  database: Database,
  { stored, wanted, sealers, revision, operator, ...options }: SwitchOptions,
): Promise<Applied | null> {
  const { schema } = database;
  const patience = options.lockPatience ?? 60_000;
  const began = performance.now();
  const recorded = new Set<string>();
  for (;;) {
    const tables = await database.turn((session) => readAdoptedTables(session, stored, schema));
    const waiting = tables.filter(isWaiting);
    if (waiting.length === 0) return null;
    await catchUp(database, waiting, sealers.of, patience);
    await recordAdoption(database, { operator, action: "keys.adopt.switch", tables: waiting }, recorded);
    try {
      // Who has entered a context reads this table, so with it nobody is inside one: what an old policy asks of a column that has just
      // become bytes could be answered otherwise, and not be an error.
      const relations = [stateTable, ...waiting.map(({ relation }) => relation)];
      return await withTablesLocked(database, relations, options, async (session) => {
        const locked = (await readAdoptedTables(session, stored, schema)).filter(isWaiting);
        // Somebody else has just done it.
        if (locked.length === 0) return null;
        if (locked.length !== waiting.length) throw new TooManyLeft();
        const tenants = await adoptionTenants(session, locked);
        // Invariant: no tenant's cells are switched who does not have it on record.
        if (tenants.some((tenant) => !recorded.has(tenant))) throw new TooManyLeft();
        await refuse(session, locked);
        for (const table of locked) await fillRest(session, table, sealers);
        for (const table of locked)
          for (const column of table.adopted.filter(isBeside)) await exchange(session, table, column);
        await fence(session, tenants, revision);
        return applyModel(
          session,
          { wanted, schema },
          "the tables differ from the model in more than what is to be sealed: nothing was switched",
        );
      });
    } catch (error) {
      if (!(error instanceof TooManyLeft)) throw error;
      if (performance.now() - began > patience)
        throw new AdoptionError(
          "adopt/busy",
          "the application writes faster than its rows are sealed: nothing was switched, try again",
        );
    }
  }
}

/** From now on no context is entered under a policy of before, which would ask the columns as if they were text. */
async function fence(session: SqlSession, tenants: readonly string[], revision: number): Promise<void> {
  const { rows } = await session.query(
    `WITH t AS (
  SELECT r.id FROM pg_catalog.unnest($1::text[]) AS r(id) UNION SELECT k.tenant_id FROM ${tenantKeyTable} AS k UNION SELECT s.tenant FROM ${stateTable} AS s
)
INSERT INTO ${stateTable} AS s (tenant, revision_floor) SELECT t.id, $2::bigint FROM t
ON CONFLICT (tenant) DO UPDATE SET revision_floor = GREATEST(s.revision_floor, excluded.revision_floor)
RETURNING s.tenant, (s.revision_floor > $2::bigint)::text AS newer`,
    [tenants, String(revision)],
  );
  const newer = rows.filter((row) => row["newer"] === "true");
  if (newer.length > 0)
    throw new AdoptionError(
      "adopt/refused",
      "a later policy has been in force than the one that is named: nothing was switched",
      newer.slice(0, 20).map((row) => ({
        place: `tenant ${String(row["tenant"])}`,
        reason: `a bundle of a revision after ${revision} was seen`,
        cure: "name the revision of the first bundles of the new model, which are to be newer than any before",
      })),
    );
}

const isBeside = ({ state }: AdoptedColumn): boolean => state === "beside";
const isWaiting = ({ adopted }: AdoptedTable): boolean => adopted.some(({ state }) => state !== "switched");

/** Looked at again behind the lock, where nobody can change it any more. */
async function refuse(session: SqlSession, tables: readonly AdoptedTable[]): Promise<void> {
  const found: Hindrance[] = [];
  for (const table of tables) {
    const unfilled = table.adopted.filter(({ state }) => state === "plaintext");
    if (unfilled.length > 0)
      throw new AdoptionError(
        "adopt/not-ready",
        `${unfilled.map(({ plan }) => placeOf(table, plan.name)).join(", ")}: nothing has been sealed yet: run \`wardline keys adopt\` first`,
      );
    found.push(...(await hindrancesOf(session, table)));
    for (const column of table.adopted.filter(isBeside))
      found.push(...(await brokenTriggers(session, table, column)));
  }
  if (found.length > 0)
    throw new AdoptionError("adopt/refused", "something stands in the way: nothing was switched", found);
}

/** Without its triggers nobody knows what was written meanwhile. */
async function brokenTriggers(
  session: SqlSession,
  table: AdoptedTable,
  { names, plan }: AdoptedColumn,
): Promise<readonly Hindrance[]> {
  const { rows } = await session.query(
    `SELECT g.tgname::text AS name FROM pg_catalog.pg_trigger g JOIN pg_catalog.pg_proc p ON p.oid = g.tgfoid
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE g.tgrelid = $1::pg_catalog.oid AND g.tgenabled = 'A' AND n.nspname = 'wardline' AND p.proname = '${adoptionFunction}'`,
    [table.oid],
  );
  const there = new Set(rows.map((row) => String(row["name"])));
  return [names.onInsert, names.onUpdate]
    .filter((name) => !there.has(name))
    .map((name) => ({
      place: placeOf(table, plan.name),
      reason: `its trigger ${name} is gone or off: what was written without it is not known`,
      cure: "run `wardline keys adopt --abort`, and begin anew",
    }));
}

async function fillRest(session: SqlSession, table: AdoptedTable, sealers: HeldSealers): Promise<void> {
  // No provider is asked for keys while others wait for the tables.
  const { found, changed } = await sealStale(session, table, async (_, tenant) => {
    const sealer = sealers.held(tenant);
    if (sealer === undefined) throw new TooManyLeft();
    return sealer;
  });
  if (changed < found) throw new TooManyLeft();
  // Invariant: no row that has plaintext is without a sealed cell when its plaintext steps aside.
  const left = table.adopted
    .filter(isBeside)
    .map((column) => isStale(column))
    .join(" OR ");
  const { rows } = await session.query(`SELECT FROM ${table.relation} AS t WHERE ${left} LIMIT 1`, []);
  if (rows.length > 0) throw new TooManyLeft();
}

async function exchange(
  session: SqlSession,
  table: AdoptedTable,
  { plan, index, names, found }: AdoptedColumn,
): Promise<void> {
  const { relation } = table;
  const alter = `ALTER TABLE ${relation}`;
  const [column, sealed, aside] = [plan.name, names.sealed, names.aside].map(quoteName) as [
    string,
    string,
    string,
  ];
  const statements = [
    ...[names.onInsert, names.onUpdate].map((name) => `DROP TRIGGER ${quoteName(name)} ON ${relation}`),
    `DROP INDEX IF EXISTS ${quoteName(table.schema)}.${quoteName(names.stale)}`,
    `${alter} RENAME COLUMN ${column} TO ${aside}`,
    `${alter} RENAME COLUMN ${sealed} TO ${column}`,
    ...(index === null
      ? []
      : [`${alter} RENAME COLUMN ${quoteName(names.index)} TO ${quoteName(index.name)}`]),
    ...(found.required ? [`${alter} ALTER COLUMN ${aside} DROP NOT NULL`] : []),
    `${alter} ALTER COLUMN ${aside} SET STATISTICS 0`,
    // The constraint that it fulfils was proven before, so no row is looked at.
    ...(plan.optional ? [] : [`${alter} ALTER COLUMN ${column} SET NOT NULL`]),
    `${alter} DROP CONSTRAINT IF EXISTS ${quoteName(names.filled)}`,
    // What is changed or deleted from now on is not to be read in the plaintext.
    ...overwritingTrigger(
      relation,
      names.onReplace,
      `UPDATE ON ${relation} FOR EACH ROW WHEN (OLD.${column} IS DISTINCT FROM NEW.${column})`,
      { [names.aside]: null },
    ),
  ];
  for (const statement of statements) await session.query(statement, []);
  // Rights on a column follow it to its new name.
  const { rows } = await session.query(
    `SELECT DISTINCT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(r.rolname) END AS role
FROM pg_catalog.pg_attribute t CROSS JOIN LATERAL pg_catalog.aclexplode(t.attacl) AS a LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
WHERE t.attrelid = $1::pg_catalog.oid AND t.attname::text = $2 AND (a.grantee = 0 OR r.oid IS NOT NULL)`,
    [table.oid, names.aside],
  );
  for (const row of rows)
    await session.query(`REVOKE ALL (${aside}) ON TABLE ${relation} FROM ${String(row["role"])}`, []);
}
