/** `wardline keys reseal`: what tenants have sealed comes under their newest keys. */
import { InvalidArgumentError, Option, type Command } from "commander";
import { wholeNumber } from "../release/times.ts";
import type { Shell } from "./shell.ts";

/** `wardline keys reseal` adds versions to these. */
const rotatedPurposes = ["seal", "index", "mask", "audit"] as const;
export type RotatedPurpose = (typeof rotatedPurposes)[number];

export interface KeysResealOptions {
  readonly database?: string;
  readonly schema: string;
  readonly ca?: string;
  readonly places?: string;
  readonly keys?: string;
  readonly tenant?: string;
  readonly operator: string;
  readonly rotate?: readonly RotatedPurpose[];
  readonly due?: true;
  readonly destroyRetired?: true;
  readonly plan?: true;
  readonly wait: boolean;
  readonly pageRows?: number;
  readonly pause?: number;
  readonly format: "plain" | "json";
}

export function addKeysReseal(keys: Command, { io, end }: Shell): void {
  keys
    .command("reseal")
    .description("seal what tenants have under their newest keys, then refuse the older ones")
    .argument("[folder]", "the project's folder", ".")
    .option(
      "--database <where>",
      "postgres://user:password@host:port/name, the folder of an embedded database, or env:NAME",
    )
    .option("--schema <name>", "where the model's tables are", "public")
    .option("--ca <file>", "the authorities that the server's certificate is checked against")
    .option(
      "--places <file>",
      "instead of a database: the file that says where the catalogue and the cells are",
    )
    .option("--keys <file>", "what says which provider keeps the keys of tenants, or env:NAME")
    .option("--tenant <id>", "this tenant alone, instead of all that have keys there")
    .option("--operator <name>", "who does it, for the tenants' record; places name their own", "operator")
    .option("--rotate <purposes>", "first add a key for these: seal, index, mask, audit", purposes)
    .option(
      "--due",
      "first add a key for what is older than the tenant's policy says (`keys: { rotate: … }`)",
    )
    .option("--destroy-retired", "at the end take the bytes of keys that open nothing any more away")
    .option("--plan", "say what would be done, and change nothing")
    .option(
      "--no-wait",
      "end where it would have to wait for processes to know of a key; run again later, it goes on",
    )
    .option("--page-rows <number>", "rows of a page", wholeNumber(10_000))
    .option("--pause <milliseconds>", "between two pages", wholeNumber(60_000))
    .addOption(new Option("--format <format>", "how to print it").choices(["plain", "json"]).default("plain"))
    .action(async (folder: string, options: KeysResealOptions) => {
      const { resealTenants } = await import("../keys/keys-reseal.ts");
      end(await resealTenants(io, folder, options));
    });
}

function purposes(given: string): readonly RotatedPurpose[] {
  return given.split(",").map((word) => {
    const found = rotatedPurposes.find((known) => known === word.trim());
    if (found === undefined)
      throw new InvalidArgumentError(`a list of ${rotatedPurposes.join(", ")} with commas.`);
    return found;
  });
}
