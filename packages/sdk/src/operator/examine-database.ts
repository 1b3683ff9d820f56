/** Examines a database: holds its catalogue against what the model wants, and tries to cross from tenant to tenant. It leaves no change. */
import type { Program } from "@wardline/core";
import {
  examine,
  isSiloSchema,
  planTables,
  readCatalogue,
  tryToCross,
  type Catalogue,
  type Database,
  type DoctorFinding,
  type ServerFacts,
} from "@wardline/isolation";
import { storedModelOf } from "./schema-statements.ts";
import { RowSecurityRefused } from "./row-security.ts";
import { wantedRows } from "./wanted-rows.ts";
import { wantedCatalogue } from "./wanted-catalogue.ts";

export interface Examination {
  readonly server: ServerFacts;
  /** The schemas that were examined: the model's, and those of tenants that have one of their own. */
  readonly schemas: readonly string[];
  readonly findings: readonly DoctorFinding[];
}

/**
 * The programs are those of all tenants in the database, which an operator opened. Throws a TypeError unless they agree, and
 * what the driver throws where the database cannot be reached.
 */
export async function examineDatabase(
  database: Database,
  programs: readonly Program[],
): Promise<Examination> {
  const stored = storedModelOf(programs);
  const catalogue = await database.turn(readCatalogue);
  const silos = catalogue.schemas.map(({ name }) => name).filter(isSiloSchema);
  const schemas = [database.schema, ...silos];
  const wanted = await wantedCatalogue(
    stored,
    database.kind,
    schemas.map((schema) => ({ schema, rowSecurity: rowsOf(catalogue, schema, programs) })),
  );
  const tables = planTables(stored);
  const embedded = database.kind === "embedded";
  const examined = schemas.map((schema) => ({ catalogue, wanted, tables, schema, embedded }));
  const findings = examined.flatMap(examine);
  for (const at of examined) findings.push(...(await database.turn((session) => tryToCross(session, at))));
  return { server: catalogue.server, schemas, findings: distinct(findings) };
}

/** Policies that are of nobody's here are not declared by anything. */
function rowsOf(catalogue: Catalogue, schema: string, programs: readonly Program[]): readonly string[] {
  try {
    return wantedRows(catalogue, schema, programs, {});
  } catch (error) {
    if (!(error instanceof RowSecurityRefused)) throw error;
    return wantedRows(catalogue, schema, programs, { rowSecurity: "none" });
  }
}

/** What is not about one schema is found with each. */
function distinct(findings: readonly DoctorFinding[]): readonly DoctorFinding[] {
  const key = ({ code, object, message }: DoctorFinding) => JSON.stringify([code, object, message]);
  return [...new Map(findings.map((finding) => [key(finding), finding] as const)).values()];
}
