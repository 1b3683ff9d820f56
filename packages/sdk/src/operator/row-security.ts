/**
 * Policies of rows in the database: what the platform asks of every tenant's rows where tenants share tables, and what a tenant's
 * own policy asks where the tables are its own.
 */
import { compileRowSecurity } from "@wardline/backends";
import type { Program } from "@wardline/core";
import {
  contextReader,
  dropRowSecurityDdl,
  rowSecurityDdl,
  type Database,
  type RowSecurityKind,
  type RowSecurityThere,
  type WantedRowSecurity,
} from "@wardline/isolation";
import { rowSecurityKind } from "../row-security-kind.ts";
import { storedModelOf } from "./schema-statements.ts";
import { inTransaction } from "./transaction.ts";

export type RowSecurityMode = RowSecurityThere["kind"];

/** Policies of rows cannot be made of these programs. `code` says why. */
export class RowSecurityRefused extends Error {
  override readonly name = "RowSecurityRefused";
  readonly code: "row-security/platforms-differ" | "row-security/which-tenant";

  constructor(code: RowSecurityRefused["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Puts the policies of rows in the place of those that stand in the database's schema, in one transaction; `none` takes them away.
 * The tables are guarded already. `guardrails`: the programs are those of all tenants in it. `rows`: the one of the tenant whose
 * schema or database it is. Throws {@link RowSecurityRefused} with nothing done, and `UnsupportedInSql` where what may be read
 * cannot be said in SQL.
 */
export async function applyRowSecurity(
  database: Database,
  programs: readonly Program[],
  mode: RowSecurityMode,
): Promise<void> {
  const statements = rowSecurityStatements(programs, mode, database.schema);
  await inTransaction(database, async (session) => {
    for (const statement of statements) await session.query(statement, []);
  });
}

/** In order, each by itself; running them again changes nothing. */
export function rowSecurityStatements(
  programs: readonly Program[],
  mode: RowSecurityMode,
  schema: string,
): readonly string[] {
  return mode === "none"
    ? dropRowSecurityDdl(storedModelOf(programs), schema)
    : wantedRowSecurity(programs, mode, schema).statements;
}

/** Throws as {@link applyRowSecurity} does. */
export function wantedRowSecurity(
  programs: readonly Program[],
  mode: RowSecurityKind["kind"],
  schema: string,
): WantedRowSecurity {
  const stored = storedModelOf(programs);
  const program = mode === "rows" ? onlyOne(programs) : alike(programs);
  const layer = mode === "rows" ? "all" : "platform";
  const { policies } = compileRowSecurity(program, { schema, context: contextReader, layer });
  const of = rowSecurityKind(program, mode);
  return { of, policies, statements: rowSecurityDdl(stored, policies, { schema, of }) };
}

function onlyOne(programs: readonly Program[]): Program {
  const [program, ...others] = programs;
  if (program === undefined || others.length > 0)
    throw new RowSecurityRefused(
      "row-security/which-tenant",
      "rows obey one tenant's policy where the tables are that tenant's own: say whose",
    );
  return program;
}

function alike(programs: readonly Program[]): Program {
  const [first, ...others] = programs as readonly [Program, ...Program[]];
  const { digest } = rowSecurityKind(first, "guardrails");
  const other = others.find((program) => rowSecurityKind(program, "guardrails").digest !== digest);
  if (other !== undefined)
    throw new RowSecurityRefused(
      "row-security/platforms-differ",
      `the policies of ${JSON.stringify(first.tenant)} and ${JSON.stringify(other.tenant)} were built with other platforms: build both anew`,
    );
  return first;
}
