/** `wardline build [folder]`: one bundle folder for each tenant. With any error nothing is written. */
import { resolve } from "node:path";
import type { BundleInput } from "@wardline/backends";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import { writeFolder } from "../files/write-folder.ts";
import type { Io } from "../io.ts";
import { buildPolicy, compilePolicies, platformDigest } from "../project/build-project.ts";
import { readProject } from "../project/project.ts";
import {
  addLifetimeOptions,
  clockSkew,
  lifetimeFrom,
  presentSecond,
  secondOf,
  type LifetimeOptions,
} from "../release/times.ts";
import { many } from "../report/finding-report.ts";
import type { AddCommand } from "./shell.ts";

export interface BuildOptions extends LifetimeOptions {
  readonly out: string;
  readonly revision: string;
  readonly lists?: boolean;
  /** The folder of the keys; without it nothing is signed. */
  readonly keys?: string;
  readonly at?: string;
}

export const addBuild: AddCommand = (program, { io, end }) => {
  const command = program
    .command("build")
    .description("compile every tenant's policy to a bundle folder")
    .argument("[folder]", "the project's folder", ".")
    .option("--out <folder>", "where the bundles go", "dist")
    .option("--revision <number>", "the revision that the bundles carry", "1")
    .option("--lists", "modules that answer lists too, and are larger for that")
    .option("--keys <folder>", "sign with the tenants' keys in this folder")
    .option("--at <time>", "sign as of this time, 2026-01-05T12:00:00Z, instead of now");
  addLifetimeOptions(command).action(async (folder: string, options: BuildOptions) => {
    end(await build(io, folder, options));
  });
};

async function build(io: Io, folder: string, options: BuildOptions): Promise<ExitCode> {
  const project = readProject(io.cwd, folder);
  if (project.config === undefined)
    throw new UsageError(
      "a build needs a wardline.config.json",
      "it says which tenant each policy belongs to",
    );
  if (!/^[1-9]\d{0,14}$/.test(options.revision))
    throw new UsageError("--revision must be a whole number from 1");
  if (options.at !== undefined && options.keys === undefined)
    throw new UsageError("--at says when bundles are signed", "name the keys with --keys");
  const policies = compilePolicies(io, project);
  if (policies === null) return exitCode.findings;
  const platform = platformDigest(io, project);
  const files = new Map<string, Uint8Array>();
  for (const [tenant, policy] of policies) {
    const signing = await signingOf(io, tenant, options);
    const built = await buildPolicy(policy, platform, { ...options, signing });
    for (const [name, bytes] of built.files) files.set(`${tenant}/${name}`, bytes);
  }
  writeFolder(resolve(io.cwd, options.out), files);
  io.out(`${many(policies.size, "bundle")} in ${options.out}: ${[...policies.keys()].join(", ")}\n`);
  return exitCode.fine;
}

async function signingOf(
  io: Io,
  tenant: string,
  options: BuildOptions,
): Promise<BundleInput["signing"] | undefined> {
  if (options.keys === undefined) return undefined;
  const { keyFiles, readKey } = await import("../release/key-folder.ts");
  const { signer } = await readKey(resolve(io.cwd, options.keys), keyFiles.tenant(tenant));
  const begin = options.at === undefined ? presentSecond() - clockSkew : secondOf("--at", options.at);
  return { signers: [signer], lifetime: lifetimeFrom(begin, options) };
}
