/** `wardline db`: makes a database what the policies need. */
import { Option } from "commander";
import type { DatabaseOptions } from "../database/open-database.ts";
import { addDatabaseOptions } from "./database-options.ts";
import type { AddCommand } from "./shell.ts";

export interface DbPlanOptions extends DatabaseOptions {
  readonly rowSecurity?: "none" | "guardrails" | "rows";
  readonly tenant?: string;
  readonly format: "plain" | "json";
  readonly migration?: true;
}

export interface DbApplyOptions extends DbPlanOptions {
  readonly contextKey?: string;
  readonly rotateCluster?: true;
}

const format = () =>
  new Option("--format <format>", "how to print it").choices(["plain", "json"]).default("plain");

const rowSecurity = () =>
  new Option(
    "--row-security <kind>",
    "policies of rows: the platform's, for tables that tenants share; a tenant's own; none (default: what is there)",
  ).choices(["none", "guardrails", "rows"]);
const tenant = () => new Option("--tenant <id>", "whose tables they are, with --row-security rows");

export const addDb: AddCommand = (program, { io, end }) => {
  const db = program.command("db").description("make a database what the policies need").helpCommand(false);
  addDatabaseOptions(
    db.command("plan").description("print the statements that a database lacks, and run none"),
  )
    .option("--migration", "print statements that settle what is refused and keep every value, instead")
    .addOption(rowSecurity())
    .addOption(tenant())
    .addOption(format())
    .action(async (folder: string, options: DbPlanOptions) => {
      const { printPlan } = await import("../database/db-plan.ts");
      end(await printPlan(io, folder, options));
    });
  addDatabaseOptions(
    db
      .command("apply")
      .description(
        "run the statements that a database lacks, in one transaction that reads back what it did",
      ),
  )
    .option(
      "--context-key <file>",
      "the key that signs contexts, to be installed; `wardline keys context` makes it",
    )
    .option("--rotate-cluster", "the database is a copy: void all keys and contexts of the original")
    .addOption(rowSecurity())
    .addOption(tenant())
    .addOption(format())
    .action(async (folder: string, options: DbApplyOptions) => {
      const { applyPlan } = await import("../database/db-apply.ts");
      end(await applyPlan(io, folder, options));
    });
};
