/** `wardline keys`: makes the keys that sign, and the root that says whose those of bundles are. */
import { Argument, Option } from "commander";
import { wholeNumber } from "../release/times.ts";
import type { DatabaseOptions } from "../database/open-database.ts";
import { addDatabaseOptions } from "./database-options.ts";
import { addKeysAdopt } from "./keys-adopt.ts";
import { addKeysReseal } from "./keys-reseal.ts";
import { many } from "./many.ts";
import type { AddCommand } from "./shell.ts";

export interface InitKeysOptions {
  readonly rootKeys: number;
  readonly threshold: number;
  readonly rootDays: number;
}

export interface KeysStatusOptions extends DatabaseOptions {
  readonly keys: string;
  readonly tenant?: string;
  readonly format: "plain" | "json";
}

export interface KeysRegistryOptions {
  readonly database: string;
  readonly ca?: string;
  readonly tenant: readonly string[];
}

/** The roles that `rotate` can give new keys. */
export const rotatable = ["root", "release", "snapshot", "timestamp"] as const;
export type Rotatable = (typeof rotatable)[number];

export const addKeys: AddCommand = (program, { io, end }) => {
  const keys = program
    .command("keys")
    .description("about the keys that sign bundles and contexts, and those of tenants")
    .helpCommand(false);
  keys
    .command("init")
    .description("make the keys of a project, and the root that says whose they are")
    .argument("<keys>", "the folder for the keys, which is new or empty")
    .argument("[folder]", "the project's folder", ".")
    .option("--root-keys <number>", "how many keys the root has", wholeNumber(16), 1)
    .option("--threshold <number>", "how many of them must sign a root", wholeNumber(16), 1)
    .option("--root-days <number>", "for how many days the root holds", wholeNumber(3650), 365)
    .action(async (folder: string, project: string, options: InitKeysOptions) => {
      const { initKeys } = await import("../release/init-keys.ts");
      end(await initKeys(io, folder, project, options));
    });
  keys
    .command("tenant")
    .description("make the key of another tenant")
    .argument("<keys>", "the folder of the keys")
    .argument("<tenant>", "the tenant")
    .option("--replace", "put it in place of the key that the tenant has")
    .action(async (folder: string, tenant: string, options: { readonly replace?: true }) => {
      const { makeTenantKey } = await import("../release/init-keys.ts");
      end(await makeTenantKey(io, folder, tenant, options.replace === true));
    });
  keys
    .command("context")
    .description("make the key that signs contexts of tenants, for an application and its database")
    .argument("<file>", "the file for the key, which is new")
    .option("--id <number>", "which key it is; another one than those in use", wholeNumber(0xffff_ffff), 1)
    .action(async (file: string, { id }: { readonly id: number }) => {
      const { makeContextKey } = await import("../database/context-key.ts");
      end(makeContextKey(io, file, id));
    });
  keys
    .command("audit")
    .description("make the key that signs checkpoints of audit logs, and print the public one")
    .argument("<file>", "the file for the key, which is new")
    .requiredOption("--name <log>", "what the log is called for good, such as audit.example.com/eu")
    .action(async (file: string, { name }: { readonly name: string }) => {
      const { makeAuditKey } = await import("../audit/make-key.ts");
      end(makeAuditKey(io, file, name));
    });
  keys
    .command("rotate")
    .description("give a role new keys, by a root that the old and the new root keys sign")
    .argument("<keys>", "the folder of the keys, with the private keys of the root")
    .addArgument(new Argument("<role>", "whose keys").choices(rotatable))
    .option("--root-days <number>", "for how many days the new root holds", wholeNumber(3650), 365)
    .action(async (folder: string, role: Rotatable, { rootDays }: { readonly rootDays: number }) => {
      const { rotateKeys } = await import("../release/rotate-keys.ts");
      end(await rotateKeys(io, folder, role, rootDays));
    });
  addDatabaseOptions(
    keys.command("status").description("say how the keys of tenants stand, in a database and outside of it"),
  )
    .requiredOption("--keys <file>", "what says which provider keeps the keys of tenants, or env:NAME")
    .option("--tenant <id>", "of this tenant alone")
    .addOption(new Option("--format <format>", "how to print it").choices(["plain", "json"]).default("plain"))
    .action(async (folder: string, options: KeysStatusOptions) => {
      const { printKeysStatus } = await import("../keys/keys-status.ts");
      end(await printKeysStatus(io, folder, options));
    });
  addKeysReseal(keys, { io, end });
  keys
    .command("registry")
    .description("print the wrapped keys of tenants as their database has them")
    .requiredOption("--database <where>", "an operator's login: postgres://…, a folder, or env:NAME")
    .option("--ca <file>", "the authorities that the server's certificate is checked against")
    .addOption(many("--tenant <id>", "the keys of this tenant"))
    .action(async (options: KeysRegistryOptions) => {
      const { printKeysRegistry } = await import("../keys/keys-registry.ts");
      end(await printKeysRegistry(io, options));
    });
  addKeysAdopt(keys, { io, end });
};
