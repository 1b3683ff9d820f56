/** `wardline publish [folder]`: signs every tenant's bundle and puts them into a repository, all or none. */
import {
  addLifetimeOptions,
  addTimestampOption,
  wholeNumber,
  type LifetimeOptions,
} from "../release/times.ts";
import type { AddCommand } from "./shell.ts";

export interface PublishOptions extends LifetimeOptions {
  readonly to: string;
  readonly keys: string;
  readonly tenant?: readonly string[];
  readonly revision?: number;
  readonly lists?: boolean;
  readonly releaseDays: number;
  readonly timestampMinutes: number;
  readonly ca?: string;
  readonly credentials?: string;
}

export interface RefreshOptions {
  readonly keys: string;
  readonly ca?: string;
  readonly credentials?: string;
  readonly timestampMinutes: number;
}

export interface RollbackOptions extends LifetimeOptions, RefreshOptions {
  readonly tenant: string;
  readonly to: number;
}

const authorities = "the authorities that the server's certificate is checked against, in PEM";
const userOfNats = "a file .creds of the user at a server of NATS";

export const addPublish: AddCommand = (program, { io, end }) => {
  const command = program
    .command("publish")
    .description("check, build and sign every tenant's policy, and put them into a repository")
    .argument("[folder]", "the project's folder", ".")
    .requiredOption(
      "--to <repository>",
      "a folder, made if it is not there, postgres://…, nats://…/BUCKET, or env:NAME",
    )
    .requiredOption("--keys <folder>", "the folder of the keys")
    .option("--ca <file>", authorities)
    .option("--credentials <file>", userOfNats)
    .option("--tenant <tenant...>", "publish these tenants' bundles alone; what others have stays as it is")
    .option(
      "--revision <number>",
      "the revision of all bundles, higher than any before",
      wholeNumber(999_999_999),
    )
    .option("--lists", "modules that answer lists too, and are larger for that")
    .option("--release-days <number>", "for how many days a release holds", wholeNumber(3650), 90);
  addTimestampOption(addLifetimeOptions(command)).action(async (folder: string, options: PublishOptions) => {
    const { publish } = await import("../release/publish.ts");
    end(await publish(io, folder, options));
  });
};

export const addRefresh: AddCommand = (program, { io, end }) => {
  const command = program
    .command("refresh")
    .description("sign that a repository is still as it is, for readers to go on with it")
    .argument("<repository>", "a folder, postgres://…, nats://…/BUCKET, or env:NAME")
    .requiredOption("--keys <folder>", "the folder of the keys")
    .option("--ca <file>", authorities)
    .option("--credentials <file>", userOfNats);
  addTimestampOption(command).action(async (repository: string, options: RefreshOptions) => {
    const { refresh } = await import("../release/refresh.ts");
    end(await refresh(io, repository, options));
  });
};

export const addRollback: AddCommand = (program, { io, end }) => {
  const command = program
    .command("rollback")
    .description("publish an older bundle of a tenant again, under a new revision")
    .argument("<repository>", "a folder, postgres://…, nats://…/BUCKET, or env:NAME")
    .requiredOption("--tenant <tenant>", "whose bundle")
    .requiredOption("--to <revision>", "the revision whose content comes back", wholeNumber(999_999_999))
    .requiredOption("--keys <folder>", "the folder of the keys")
    .option("--ca <file>", authorities)
    .option("--credentials <file>", userOfNats);
  addTimestampOption(addLifetimeOptions(command)).action(
    async (repository: string, options: RollbackOptions) => {
      const { rollback } = await import("../release/rollback.ts");
      end(await rollback(io, repository, options));
    },
  );
};
