/**
 * What a single select claims where the database has policies of rows that were made of the same program: exactly what it asks.
 * Elsewhere, and where a view looks into other rows than it shows, the statement is the driver's own.
 */
import type { GuardedView, KnownFacts, Program } from "@wardline/core";
import type { ContextClaims, Database, SqlSession } from "../contracts.ts";
import { controlSchema } from "../schema/identifier.ts";
import { rowFunctionPrefix, rowMarkerName } from "../schema/row-security-names.ts";
import type { GuardedDialectOptions } from "./options.ts";

export interface AskedTable {
  readonly entity: string;
  readonly action: string;
  /** Its view looks into no rows of entities but those that it shows. */
  readonly alone: boolean;
  /** It shows no row. */
  readonly never: boolean;
}

/** What was asked of a database, and until when "no" is believed: policies may be applied while it is open. */
interface Known {
  readonly has: Promise<boolean>;
  until: number;
}

const asked = new WeakMap<Database, WeakMap<Program, Known>>();
const again = 60_000;

/** The intent and the facts of a statement; null where it is the driver's own. */
export async function rowClaim(
  { guard, database }: Pick<GuardedDialectOptions, "guard" | "database">,
  facts: KnownFacts,
  tables: readonly AskedTable[],
): Promise<Pick<ContextClaims, "intent" | "facts"> | null> {
  const { rowSecurity } = guard;
  if (rowSecurity === undefined || !(await hasPolicies(database, guard))) return null;
  // A policy of another row would hide from a view what its rules and masks have to read.
  if (!tables.every(({ alone }) => alone)) return null;
  const claim = rowSecurity.claim(facts, tables);
  return claim && { intent: "query", facts: claim };
}

const entityTables = new WeakMap<Program, ReadonlySet<string>>();

/** What a statement asks of a view. */
export function askedTable(
  program: Program,
  action: string,
  { entity, select, residual }: GuardedView,
): AskedTable {
  const tables =
    entityTables.get(program) ??
    new Set(program.model.entities.flatMap(({ storage }) => storage?.table ?? []));
  entityTables.set(program, tables);
  return { entity, action, alone: tablesIn(select, tables) === 1, never: residual === "never" };
}

async function hasPolicies(
  database: Database,
  { program, rowSecurity }: GuardedDialectOptions["guard"],
): Promise<boolean> {
  const programs = asked.get(database) ?? new WeakMap<Program, Known>();
  asked.set(database, programs);
  const found = programs.get(program);
  if (found !== undefined && Date.now() < found.until) return found.has;
  const names = (rowSecurity?.kinds() ?? []).map((kind) => rowMarkerName(database.schema, kind));
  const has = database.turn((session) => hasMarker(session, database.schema, names));
  const known: Known = { has, until: Number.POSITIVE_INFINITY };
  programs.set(program, known);
  try {
    if (!(await has)) known.until = Date.now() + again;
  } catch (error) {
    programs.delete(program);
    throw error;
  }
  return has;
}

async function hasMarker(session: SqlSession, schema: string, names: readonly string[]): Promise<boolean> {
  const { rows } = await session.query(
    `SELECT p.proname::text AS name FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = $1 AND pg_catalog.starts_with(p.proname::text, $2)`,
    [controlSchema, rowFunctionPrefix(schema)],
  );
  return rows.some(({ name }) => names.includes(String(name)));
}

/** How often tables of entities stand in a tree of SQL. */
function tablesIn(tree: unknown, entities: ReadonlySet<string>): number {
  if (typeof tree !== "object" || tree === null) return 0;
  const own = "kind" in tree && tree.kind === "table" && "table" in tree && entities.has(String(tree.table));
  return Object.values(tree).reduce<number>((sum, part) => sum + tablesIn(part, entities), own ? 1 : 0);
}
