/** `wardline tenant sweep`: deletes what a tenant's policy does not keep any longer. */
import { Option, type Command } from "commander";
import { wholeNumber } from "../release/times.ts";
import type { Shell } from "./shell.ts";
import type { PlacesOptions } from "./tenant.ts";

export interface SweepCommandOptions extends PlacesOptions {
  readonly plan?: true;
  readonly sign?: string;
  readonly out?: string;
  readonly last?: true;
  readonly pageRows?: number;
  readonly pause?: number;
  readonly format: "plain" | "json";
}

export function addTenantSweep(command: Command, { io, end }: Shell): void {
  command
    .option("--plan", "say what would go, and change nothing")
    .option("--sign <file>", "the key that signs the receipt, of `keys audit`")
    .option("--out <file>", "where the receipt goes, a new file; standard output without it")
    .option("--last", "give the receipt of the last sweep again")
    .option("--page-rows <number>", "rows of a page", wholeNumber(10_000))
    .option("--pause <milliseconds>", "between two pages", wholeNumber(60_000))
    .addOption(new Option("--format <format>", "how to print it").choices(["plain", "json"]).default("plain"))
    .action(async (name: string, options: SweepCommandOptions) => {
      const { sweepOne } = await import("../tenant/sweep.ts");
      end(await sweepOne(io, name, options));
    });
}
