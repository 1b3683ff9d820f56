/** `wardline audit`: signs, exports, verifies and asks tenants' audit chains, apart from the application. */
import { Command, InvalidArgumentError, Option } from "commander";
import { wholeNumber } from "../release/times.ts";
import { many } from "./many.ts";
import type { AddCommand } from "./shell.ts";

export interface AuditDatabaseOptions {
  readonly database: string;
  readonly ca?: string;
}

export interface VerifyAuditOptions {
  readonly checkpoints: readonly string[];
  readonly key: readonly string[];
  readonly tenant: readonly string[];
  readonly notOlderThan?: number;
  readonly at?: string;
  readonly format: "plain" | "json";
}

export interface CheckpointOptions extends AuditDatabaseOptions {
  readonly key: string;
  readonly state: string;
  readonly anchor: readonly string[];
  readonly anchorCa?: string;
  readonly every?: number;
  readonly recheck: number;
  readonly format: "plain" | "json";
}

export interface ExportAuditOptions extends AuditDatabaseOptions {
  readonly tenant: readonly string[];
  readonly out: string;
  readonly format: "jsonl" | "ocsf" | "cloudevents";
  readonly after?: number;
}

/** A word that no entry has would find nothing, as if nothing had happened. */
const entryKinds = ["write", "refusal", "challenge", "read", "decision", "violation", "operation"] as const;
const entryOutcomes = ["permit", "deny", "challenge"] as const;

export const countable = ["rule", "action", "principal", "entity", "outcome", "kind"] as const;

export interface QueryAuditOptions {
  readonly database?: string;
  readonly ca?: string;
  readonly export?: string;
  readonly tenant: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly principal?: string;
  readonly action?: string;
  readonly entity?: string;
  readonly rule?: string;
  readonly kind?: string;
  readonly outcome?: string;
  readonly countBy?: (typeof countable)[number];
  readonly limit: number;
  readonly keys?: string;
  readonly registry?: string;
  readonly operator?: string;
  readonly reason?: string;
  readonly format: "plain" | "json";
}

export interface ProveOptions {
  readonly tenant: string;
  readonly entry?: number;
  readonly since?: number;
  readonly key: string;
}

export const addAudit: AddCommand = (program, { io, end }) => {
  const audit = program
    .command("audit")
    .description("sign, export, verify and ask audit logs")
    .helpCommand(false);
  audit
    .command("verify")
    .description("check an export or a proof, without a database")
    .argument("<file>", "an export of `audit export`, or a proof of `audit prove`")
    .addOption(many("--checkpoints <path>", "records of an anchor: a file, or a folder of them"))
    .addOption(many("--key <key>", "a key that is trusted to sign checkpoints, or a file that holds it"))
    .addOption(many("--tenant <id>", "the export must be of this tenant, and of no other that is not named"))
    .option("--not-older-than <duration>", "how old the newest checkpoint may be: 90s, 30m, 2h, 7d", duration)
    .option("--at <time>", "verify as of this time instead of now")
    .addOption(plainOrJson())
    .action(async (file: string, options: VerifyAuditOptions) => {
      const { verifyAuditFile } = await import("../audit/verify-file.ts");
      end(await verifyAuditFile(io, file, options));
    });
  const query = audit
    .command("query")
    .description("find entries, or count them")
    .option("--export <file>", "an export to look through instead of a database");
  databaseOptions(query, false)
    .addOption(many("--tenant <id>", "entries of this tenant; of all without it"))
    .option("--since <time>", "appended at this time or later")
    .option("--until <time>", "appended before this time")
    .option("--principal <id>", "whose act it was, where that stands in clear or is opened")
    .option("--action <name>", "of this action")
    .option("--entity <name>", "on this entity")
    .option("--rule <id>", "decided by this rule")
    .addOption(new Option("--kind <kind>", "of this kind").choices(entryKinds))
    .addOption(new Option("--outcome <outcome>", "with this outcome").choices(entryOutcomes))
    .addOption(new Option("--count-by <what>", "count by this instead").choices(countable))
    .option("--limit <number>", "no more entries than this", wholeNumber(1_000_000_000), 1000)
    .option("--keys <file>", "open what is sealed: what says which provider keeps the keys, or env:NAME")
    .option(
      "--registry <where>",
      "where the tenants' wrapped keys are: a database, or a file of `keys registry`",
    )
    .option("--operator <name>", "who opens it, for the tenants' record")
    .option("--reason <word>", "why, for the tenants' record, where it stands in clear: ticket-4711", word)
    .addOption(plainOrJson())
    .action(async (options: QueryAuditOptions) => {
      const { queryAudit } = await import("../audit/query.ts");
      end(await queryAudit(io, options));
    });
  const toExport = audit.command("export").description("write chains out of a database");
  databaseOptions(toExport, true)
    .requiredOption("--out <file>", "the file to write, which is new; - for standard output")
    .addOption(many("--tenant <id>", "the chain of this tenant; all without it"))
    .addOption(
      new Option("--format <format>", "the form; jsonl alone can be verified")
        .choices(["jsonl", "ocsf", "cloudevents"])
        .default("jsonl"),
    )
    .option("--after <seq>", "only entries after this number, for one tenant", wholeNumber(2 ** 32))
    .action(async (options: ExportAuditOptions) => {
      const { exportAuditFile } = await import("../audit/export-file.ts");
      end(await exportAuditFile(io, options));
    });
  const checkpoint = audit.command("checkpoint").description("sign what all chains are now, and anchor it");
  databaseOptions(checkpoint, true)
    .requiredOption("--key <file>", "the key that signs, of `keys audit`")
    .requiredOption("--state <folder>", "the signer's own folder")
    .addOption(many("--anchor <where>", "a file, an https address, or s3://bucket/prefix?region=…"))
    .option("--anchor-ca <file>", "the authorities that anchors' certificates are checked against")
    .option("--every <seconds>", "go on, and sign so often", wholeNumber(86_400))
    .option("--recheck <entries>", "how many signed entries to look at again each time", count, 1000)
    .addOption(plainOrJson())
    .action(async (options: CheckpointOptions) => {
      const { runCheckpoints } = await import("../audit/checkpoint.ts");
      end(await runCheckpoints(io, options));
    });
  audit
    .command("prove")
    .description("write a proof about one tenant's chain that verifies by itself")
    .argument("<state>", "the signer's folder")
    .requiredOption("--tenant <id>", "whose chain")
    .requiredOption("--key <key>", "the public key of the log, or a file that holds it")
    .option("--entry <seq>", "that this entry is in it", wholeNumber(2 ** 32))
    .option("--since <size>", "that it goes on from its first so many entries", wholeNumber(2 ** 32))
    .action(async (state: string, options: ProveOptions) => {
      const { proveChain } = await import("../audit/prove.ts");
      end(proveChain(io, state, options));
    });
};

function databaseOptions(command: Command, isNeeded: boolean): Command {
  const option = new Option("--database <where>", "the auditor's login: postgres://…, a folder, or env:NAME");
  return command
    .addOption(isNeeded ? option.makeOptionMandatory() : option)
    .option("--ca <file>", "the authorities that the server's certificate is checked against");
}

function plainOrJson(): Option {
  return new Option("--format <format>", "how to print it").choices(["plain", "json"]).default("plain");
}

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds. */
function duration(text: string): number {
  const [, number, unit = ""] = /^([1-9]\d{0,6})([smhd])$/.exec(text) ?? [];
  if (number === undefined) throw new InvalidArgumentError("A duration is 90s, 30m, 2h or 7d.");
  return Number(number) * (units[unit] as number);
}

/** It stands in clear in a chain for good, so it is no sentence in which somebody could be named. */
function word(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._/-]{0,59}$/.test(text))
    throw new InvalidArgumentError("It is one word, such as the number of a ticket.");
  return text;
}

function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It is a whole number from 0.");
  return Number(text);
}
