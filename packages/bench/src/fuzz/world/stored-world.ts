/** One world in tables of one database: filled, read back as it is, and put back as it was. */
import {
  auditDdl,
  databaseDdl,
  planTables,
  schemaSecurityDdl,
  securityDdl,
  type SqlSession,
  type TablePlan,
} from "@wardline/isolation";
import type { Program } from "@wardline/core";
import type { World } from "@wardline/core/testing";
import { worldContents, type Contents, type Seals } from "../../agree/world-database.ts";
import type { Place } from "./place.ts";

export interface SchemaOptions {
  readonly schema: string;
  readonly rowSecurity: boolean;
}

const guarded = new WeakSet<Place>();

/**
 * The planner leaves what is dear for the last: a policy's own comparisons, so that a caller's expression would run before
 * them wherever nothing but the order of conditions keeps it from a row.
 */
const dearComparisons = `DO $fuzz$
DECLARE
  function regprocedure;
BEGIN
  FOR function IN
    SELECT DISTINCT o.oprcode::regprocedure FROM pg_catalog.pg_amop a
    JOIN pg_catalog.pg_operator o ON o.oid = a.amopopr JOIN pg_catalog.pg_am m ON m.oid = a.amopmethod
    WHERE m.amname = 'btree' AND o.oprleft = o.oprright
      AND o.oprleft::regtype::text IN ('text', 'uuid', 'bigint', 'numeric', 'timestamp with time zone', 'date', 'inet')
    UNION SELECT 'textne(text, text)'::regprocedure UNION SELECT 'uuid_ne(uuid, uuid)'::regprocedure
  LOOP
    EXECUTE format('ALTER FUNCTION %s COST 100000', function);
  END LOOP;
END
$fuzz$`;

/** Makes a model's tables with all that guards them, or all but row-level security. */
export async function makeTables(place: Place, program: Program, options: SchemaOptions): Promise<void> {
  const { schema } = options;
  const plans = planTables(program);
  // What belongs to the whole database is made once.
  const security = guarded.has(place)
    ? schemaSecurityDdl(program, { schema })
    : [...securityDdl(program, guards(place, schema)), ...auditDdl()];
  await place.admin(async (session) => {
    await session.query("BEGIN", []);
    for (const statement of [...databaseDdl(program, { schema }), ...security])
      await session.query(statement, []);
    if (!guarded.has(place)) await session.query(dearComparisons, []);
    if (!options.rowSecurity)
      for (const { name } of plans) {
        await session.query(`ALTER TABLE ${relation(schema, name)} NO FORCE ROW LEVEL SECURITY`, []);
        await session.query(`ALTER TABLE ${relation(schema, name)} DISABLE ROW LEVEL SECURITY`, []);
      }
    await session.query("COMMIT", []);
  });
  guarded.add(place);
}

function guards({ name }: Place, schema: string) {
  return name === "postgres" ? { schema, login: true } : { schema, limits: null };
}

export async function dropTables(place: Place, schema: string): Promise<void> {
  await place.admin((session) => session.query(`DROP SCHEMA ${quote(schema)} CASCADE`, []));
}

/** Rows by table and key; each cell as text. */
export type State = ReadonlyMap<string, string>;

export interface StoredWorld {
  /** All rows of all tenants as they are now. */
  state(): Promise<State>;
  /** The rows as they were at first. */
  restore(): Promise<void>;
}

export async function storeWorld(
  place: Place,
  schema: string,
  program: Program,
  world: World,
  seals: Seals,
): Promise<StoredWorld> {
  const plans = planTables(program);
  const contents = worldContents(world, program, seals);
  const restore = () => place.admin((session) => refill(session, schema, plans, contents));
  const reading = plans.map((plan) => stateOf(schema, plan)).join(" UNION ALL ");
  await restore();
  return {
    async state() {
      const { rows } = await place.admin((session) => session.query(reading, []));
      return new Map(rows.map((row) => [row["k"] as string, row["v"] as string]));
    },
    restore,
  };
}

/** One statement in the database for all: `wardline` needs none of it, and it is quicker than many. */
async function refill(
  session: SqlSession,
  schema: string,
  plans: readonly TablePlan[],
  contents: readonly Contents[],
): Promise<void> {
  await session.query("BEGIN", []);
  // References may stand in a circle, as rows that were updated after they were made.
  await session.query("SET LOCAL session_replication_role = replica", []);
  for (const { name } of plans) await session.query(`DELETE FROM ${relation(schema, name)}`, []);
  for (const { table, columns, rows } of contents) {
    if (rows.length === 0) continue;
    const line = (row: number) =>
      `(${columns.map((_, at) => `$${row * columns.length + at + 1}`).join(", ")})`;
    await session.query(
      `INSERT INTO ${relation(schema, table)} (${columns.map(quote).join(", ")}) VALUES ${rows.map((_, at) => line(at)).join(", ")}`,
      rows.flat(),
    );
  }
  await session.query("COMMIT", []);
}

function stateOf(schema: string, plan: TablePlan): string {
  const keys = [...(plan.tenant === null ? [] : [plan.tenant]), ...plan.key].map(quote).join(", ");
  // Numbers as text: JSON would round them.
  const exact = plan.columns.filter(({ type }) => /^(numeric|bigint)/.test(type.type));
  const pairs = exact.map(({ name }) => `'${name.replaceAll("'", "''")}', t.${quote(name)}::text`);
  const texts = pairs.length === 0 ? "" : ` || pg_catalog.jsonb_build_object(${pairs.join(", ")})`;
  const table = `'${plan.name.replaceAll("'", "''")}'`;
  return `SELECT pg_catalog.jsonb_build_array(${table}, ${keys})::text AS k, (pg_catalog.to_jsonb(t)${texts})::text AS v FROM ${relation(schema, plan.name)} AS t`;
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function relation(schema: string, table: string): string {
  return `${quote(schema)}.${quote(table)}`;
}
