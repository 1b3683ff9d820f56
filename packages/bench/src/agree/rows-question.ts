/** Asks lists of row-level security too, where that is wanted: of the policies, the databases and the connections that are given. */
import type { Program } from "@wardline/core";
import type { Case, GeneratedList } from "@wardline/core/testing";
import type { SqlDatabase } from "@wardline/database-testing";
import { createGuardedWorlds, type GuardedWorlds } from "./guarded-tables.ts";
import type { RowMismatch } from "./list-check.ts";
import { checkRows, type RowSecurityMaker } from "./row-security.ts";
import type { Tally } from "./tally.ts";

export interface RowEngines {
  /** Where the views are asked, by the name that reports give it. */
  readonly databases: Readonly<Record<string, SqlDatabase>>;
  /** How row-level security is made; left out, it is not asked. */
  readonly rowSecurity?: RowSecurityMaker;
  /** Of so many policies one is made into it; all if left out. */
  readonly rowSecurityOneIn?: number;
  /** The connections of applications to those databases, of which then only these are asked; left out, the role is taken on. */
  readonly applications?: Readonly<Record<string, SqlDatabase>>;
}

export interface AskedDatabase {
  readonly name: string;
  /** The schema that holds the case's world there. */
  readonly schemaOf: () => Promise<string>;
}

/** The first row of a list that differs, or undefined where all are alike or none was asked. */
export type RowsQuestion = (
  made: Case,
  program: Program,
  database: AskedDatabase,
  list: GeneratedList,
  tally?: Tally,
) => Promise<RowMismatch | undefined>;

/** What reports call it. */
export function rowsTarget(database: string): string {
  return `rls on ${database}`;
}

export function createRowsQuestion(engines: RowEngines): RowsQuestion {
  const guarded = new Map<string, GuardedWorlds>();
  const worldsOf = (name: string): GuardedWorlds => {
    const known = guarded.get(name);
    if (known !== undefined) return known;
    const operator = engines.databases[name] as SqlDatabase;
    const made = createGuardedWorlds({ operator, application: engines.applications?.[name] ?? null });
    guarded.set(name, made);
    return made;
  };
  return async (made, program, { name, schemaOf }, list, tally) => {
    const { rowSecurity, rowSecurityOneIn = 1, applications } = engines;
    if (rowSecurity === undefined || (applications !== undefined && !(name in applications)))
      return undefined;
    const skip = (reason: string): undefined => {
      tally?.skip(rowsTarget(name), reason, list.rows.length);
      return undefined;
    };
    if (made.seed % rowSecurityOneIn !== 0) return skip(`one policy in ${rowSecurityOneIn} is made into it`);
    const schema = await schemaOf();
    const security = rowSecurity(program, schema);
    const tables = await worldsOf(name).put(program, security, schema);
    const found = await checkRows(program, security, tables, list);
    if ("skipped" in found) return skip(found.skipped);
    if (found.length === 0) tally?.agreed(rowsTarget(name), list.rows.length);
    return found[0];
  };
}
