/** `wardline build [folder]`: one bundle folder for each tenant. With any error nothing is written. */
import { resolve } from "node:path";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import { writeFolder } from "../files/write-folder.ts";
import type { Io } from "../io.ts";
import { buildPolicy, compilePolicies, platformDigest } from "../project/build-project.ts";
import { readProject } from "../project/project.ts";
import { many } from "../report/finding-report.ts";
import type { AddCommand } from "./shell.ts";

export interface BuildOptions {
  readonly out: string;
  readonly revision: string;
}

export const addBuild: AddCommand = (program, { io, end }) => {
  program
    .command("build")
    .description("compile every tenant's policy to a bundle folder")
    .argument("[folder]", "the project's folder", ".")
    .option("--out <folder>", "where the bundles go", "dist")
    .option("--revision <number>", "the revision that the bundles carry", "1")
    .action(async (folder: string, options: BuildOptions) => {
      end(await build(io, folder, options));
    });
};

export async function build(io: Io, folder: string, options: BuildOptions): Promise<ExitCode> {
  const project = readProject(io.cwd, folder);
  if (project.config === undefined)
    throw new UsageError(
      "a build needs a wardline.config.json",
      "it says which tenant each policy belongs to",
    );
  if (!/^[1-9]\d{0,14}$/.test(options.revision))
    throw new UsageError("--revision must be a whole number from 1");
  const policies = compilePolicies(io, project);
  if (policies === null) return exitCode.findings;
  const platform = platformDigest(io, project);
  const files = new Map<string, Uint8Array>();
  for (const [tenant, policy] of policies) {
    const built = await buildPolicy(policy, platform, options.revision);
    for (const [name, bytes] of built.files) files.set(`${tenant}/${name}`, bytes);
  }
  writeFolder(resolve(io.cwd, options.out), files);
  io.out(`${many(policies.size, "bundle")} in ${options.out}: ${[...policies.keys()].join(", ")}\n`);
  return exitCode.fine;
}
