/** Which policies of rows a schema should have: those that are asked for, or of the kind that stands there. */
import type { Program } from "@wardline/core";
import { rowReaderDdl, rowSecurityThere, type Catalogue } from "@wardline/isolation";
import { rowSecurityStatements, type RowSecurityMode } from "./row-security.ts";

export interface WantedRows {
  /** Left out, it stays what it is: policies that are there are brought up to the programs. */
  readonly rowSecurity?: RowSecurityMode;
  /** Whose tables they are, with `rows`; the one program's, or whose policies are there, if left out. */
  readonly tenant?: string;
}

/** Statements for a database in which nothing of it stands. Throws `RowSecurityRefused`. */
export function wantedRows(
  there: Pick<Catalogue, "functions">,
  schema: string,
  programs: readonly Program[],
  { rowSecurity, tenant }: WantedRows,
): readonly string[] {
  const present = rowSecurityThere(
    there,
    schema,
    programs.map((program) => program.tenant),
  );
  const mode = rowSecurity ?? present.kind;
  // What reads for policies may stand for another schema's.
  if (mode === "none") return present.hasReader ? rowReaderDdl() : [];
  const whose = tenant ?? present.tenant;
  const theirs = programs.filter((program) => mode !== "rows" || whose === null || program.tenant === whose);
  return rowSecurityStatements(theirs.length === 0 ? programs : theirs, mode, schema);
}
