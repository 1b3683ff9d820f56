/** `wardline tenant`: where tenants live, and what is done about it. */
import { type Command, Option } from "commander";
import type { AddCommand } from "./shell.ts";
import { addTenantSweep } from "./tenant-sweep.ts";

export interface PlacesOptions {
  readonly places: string;
  readonly project: string;
  readonly keys?: string;
}

export interface ListOptions extends PlacesOptions {
  readonly format: "plain" | "json";
}

export interface DestinationOptions extends PlacesOptions {
  readonly to?: "pool" | "schema" | "database";
  readonly cell?: string;
  readonly plan?: true;
  readonly resume?: true;
}

export interface MoveOptions extends DestinationOptions {
  readonly cancel?: true;
}

export interface ExportOptions extends PlacesOptions {
  readonly out: string;
  readonly sign?: string;
}

export interface RestoreOptions extends PlacesOptions {
  readonly from?: string;
  readonly trust?: string;
  readonly rehearse?: true;
  readonly resume?: true;
  readonly cancel?: true;
}

export interface ShredOptions extends PlacesOptions {
  readonly plan?: true;
  readonly yes?: string;
  readonly sign?: string;
  readonly out?: string;
  readonly auditToo?: true;
  readonly cancel?: true;
  readonly wait: boolean;
  readonly format: "plain" | "json";
}

export interface HoldOptions extends PlacesOptions {
  readonly reason: string;
}

export interface ReleaseOptions extends PlacesOptions {
  readonly hold?: string;
}

export interface ReceiptOptions {
  readonly key: string;
  readonly format: "plain" | "json";
}

export const addTenant: AddCommand = (program, { io, end }) => {
  const tenant = program.command("tenant").description("about where tenants live").helpCommand(false);
  addPlaces(tenant.command("list").description("list all tenants and their places"))
    .addOption(new Option("--format <format>", "how to print it").choices(["plain", "json"]).default("plain"))
    .action(async (options: ListOptions) => {
      const { listTenants } = await import("../tenant/list-tenants.ts");
      end(await listTenants(io, options));
    });
  addDestination(named(tenant, "create", "give a tenant its first place")).action(
    async (name: string, options: DestinationOptions) => {
      const { createOne } = await import("../tenant/change-place.ts");
      end(await createOne(io, name, options));
    },
  );
  addDestination(named(tenant, "move", "move a tenant to another place"))
    .option("--cancel", "take back a move that was cut off before it left the old place")
    .action(async (name: string, options: MoveOptions) => {
      const { moveOne } = await import("../tenant/change-place.ts");
      end(await moveOne(io, name, options));
    });
  addPlaces(named(tenant, "export", "write an archive of all that a tenant has"))
    .requiredOption("--out <folder>", "the archive, which is new")
    .option("--sign <file>", "a private Ed25519 key (PEM) that signs it")
    .action(async (name: string, options: ExportOptions) => {
      const { exportOne } = await import("../tenant/archives.ts");
      end(await exportOne(io, name, options));
    });
  addPlaces(named(tenant, "restore", "put a tenant's rows back from an archive"))
    .option("--from <folder>", "the archive")
    .option("--trust <file>", "the public Ed25519 key (PEM) that must have signed it")
    .option("--rehearse", "load and compare it beside the living data, and change nothing")
    .option("--resume", "go on with a restore that was cut off")
    .option("--cancel", "drop what was rehearsed")
    .action(async (name: string, options: RestoreOptions) => {
      const { restoreOne } = await import("../tenant/archives.ts");
      end(await restoreOne(io, name, options));
    });
  addPlaces(named(tenant, "shred", "destroy a tenant's keys for good, wherever it is or was"))
    .option("--plan", "say what would be covered and what not, and do nothing")
    .option("--yes <tenant>", "the tenant's id again: nothing brings back what is destroyed")
    .option("--sign <file>", "the key that signs the receipt, of `keys audit`")
    .option("--out <file>", "where the receipt goes, a new file; standard output without it")
    .option("--audit-too", "destroy the key of the tenant's audit log as well")
    .option("--cancel", "take back one that has destroyed nothing yet")
    .option("--no-wait", "do not wait until no process holds a key, but say until when")
    .addOption(plainOrJson())
    .action(async (name: string, options: ShredOptions) => {
      const { shredOne } = await import("../tenant/shred.ts");
      end(await shredOne(io, name, options));
    });
  addTenantSweep(
    addPlaces(named(tenant, "sweep", "delete what a tenant's policy does not keep any longer")),
    {
      io,
      end,
    },
  );
  tenant
    .command("receipt")
    .description("check the receipt of a shredding or a sweep, without a database")
    .argument("<file>", "the receipt")
    .requiredOption("--key <key>", "the key that must have signed it, or a file that holds it")
    .addOption(plainOrJson())
    .action(async (file: string, options: ReceiptOptions) => {
      const { checkReceipt } = await import("../tenant/check-receipt.ts");
      end(checkReceipt(io, file, options));
    });
  addPlaces(named(tenant, "hold", "put a legal hold on record: nothing of the tenant is shredded"))
    .requiredOption("--reason <text>", "why; it stands in the catalogue alone")
    .action(async (name: string, options: HoldOptions) => {
      const { holdOne } = await import("../tenant/holds.ts");
      end(await holdOne(io, name, options));
    });
  addPlaces(named(tenant, "release", "take legal holds back"))
    .option("--hold <id>", "this one alone; all of the tenant without it")
    .action(async (name: string, options: ReleaseOptions) => {
      const { releaseOne } = await import("../tenant/holds.ts");
      end(await releaseOne(io, name, options));
    });
};

function plainOrJson(): Option {
  return new Option("--format <format>", "how to print it").choices(["plain", "json"]).default("plain");
}

function named(tenant: Command, name: string, description: string): Command {
  return tenant.command(name).description(description).argument("<tenant>", "the tenant's id");
}

function addPlaces(command: Command): Command {
  return command
    .requiredOption("--places <file>", "the file that says where the catalogue and the cells are")
    .option("--project <folder>", "the project's folder", ".")
    .option("--keys <file>", "the provider of tenants' keys, instead of the one that places name");
}

function addDestination(command: Command): Command {
  return addPlaces(command)
    .addOption(new Option("--to <tier>", "how far apart").choices(["pool", "schema", "database"]))
    .option("--cell <name>", "the cell")
    .option("--plan", "say what would be done, and do nothing")
    .option("--resume", "go on with what was cut off");
}
