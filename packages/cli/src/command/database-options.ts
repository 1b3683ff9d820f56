/** The options of commands that work on a database. */
import type { Command } from "commander";

export function addDatabaseOptions(command: Command): Command {
  return command
    .argument("[folder]", "the project's folder", ".")
    .requiredOption(
      "--database <where>",
      "postgres://user:password@host:port/name, the folder of an embedded database, or env:NAME",
    )
    .option("--schema <name>", "where the model's tables are", "public")
    .option("--ca <file>", "the authorities that the server's certificate is checked against");
}
