/** `wardline keys adopt`: plaintext that stands in a database becomes sealed. */
import { Option, type Command } from "commander";
import type { DatabaseOptions } from "../database/open-database.ts";
import { wholeNumber } from "../release/times.ts";
import { addDatabaseOptions } from "./database-options.ts";
import type { Shell } from "./shell.ts";

export interface KeysAdoptOptions extends DatabaseOptions {
  readonly keys: string;
  readonly operator: string;
  readonly plan?: true;
  readonly switch?: true;
  readonly revision?: string;
  readonly dropPlaintext?: true;
  readonly rewrite?: true;
  readonly abort?: true;
  readonly pageRows?: number;
  readonly pause?: number;
  readonly patience: number;
  readonly format: "plain" | "json";
}

export function addKeysAdopt(keys: Command, { io, end }: Shell): void {
  addDatabaseOptions(
    keys.command("adopt").description("seal what stands in plaintext in columns that the policies seal"),
  )
    .requiredOption("--keys <file>", "what says which provider keeps the keys of tenants, or env:NAME")
    .option("--operator <name>", "who does it, for the tenants' record", "operator")
    .option("--plan", "say how far each column is and what stands in the way, and change nothing")
    .option("--switch", "put the sealed cells in the place of the plaintext, for the new model")
    .option(
      "--revision <number>",
      "with --switch: the revision of the first bundles of the new model; no policy below it is let in any more",
    )
    .option("--drop-plaintext", "after the switch: compare every cell with its plaintext, and drop that")
    .option("--rewrite", "then write the tables anew, which locks each for as long as that takes")
    .option("--abort", "before the switch: take back what was begun")
    .option("--page-rows <number>", "rows of a page", wholeNumber(10_000))
    .option("--pause <milliseconds>", "between two pages", wholeNumber(60_000))
    .option(
      "--patience <seconds>",
      "for how long a step tries to get at tables that others hold",
      wholeNumber(86_400),
      60,
    )
    .addOption(new Option("--format <format>", "how to print it").choices(["plain", "json"]).default("plain"))
    .action(async (folder: string, options: KeysAdoptOptions) => {
      const { adoptColumns } = await import("../keys/keys-adopt.ts");
      end(await adoptColumns(io, folder, options));
    });
}
