/** What a command line says of policies of rows. */
import type { Program } from "@wardline/core";
import { RowSecurityRefused, type WantedRows } from "@wardline/sdk/operator";
import type { DbPlanOptions } from "../command/db.ts";
import { UsageError } from "../exit-code.ts";
import { visible } from "../report/visible.ts";

/** Throws {@link UsageError} for a tenant without a policy. */
export function wantedRows(
  { rowSecurity, tenant }: Pick<DbPlanOptions, "rowSecurity" | "tenant">,
  programs: readonly Program[],
): WantedRows {
  if (tenant !== undefined && rowSecurity !== "rows")
    throw new UsageError("--tenant: only policies of rows are one tenant's", "say --row-security rows too");
  if (tenant !== undefined && !programs.some((program) => program.tenant === tenant))
    throw new UsageError(`--tenant: the project has no policy of ${visible(tenant)}`);
  return {
    ...(rowSecurity === undefined ? {} : { rowSecurity }),
    ...(tenant === undefined ? {} : { tenant }),
  };
}

/** Rethrows what cannot be made, as what the command line lacks. */
export function refuseRows(error: unknown): never {
  if (!(error instanceof RowSecurityRefused)) throw error;
  throw new UsageError(
    `--row-security: ${error.message} (${error.code})`,
    error.code === "row-security/which-tenant" ? "say --tenant" : "build the bundles of one platform",
  );
}
