/** `wardline build [folder]`: one bundle folder for each tenant. With any error nothing is written. */
import { resolve } from "node:path";
import type { Program } from "@wardline/core";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import { writeFolder } from "../files/write-folder.ts";
import type { Io } from "../io.ts";
import { compileProject } from "../project/compile-project.ts";
import { readProject, sourcesOf } from "../project/project.ts";
import { hasErrors, many, summarize } from "../report/finding-report.ts";
import { formatPretty } from "../report/pretty.ts";
import { version } from "../version.ts";
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
  const { programs, findings } = compileProject(project);
  if (hasErrors(findings)) {
    io.err(formatPretty(findings, sourcesOf(project), false));
    io.err(`nothing was built: ${summarize(findings)}\n`);
    return exitCode.findings;
  }
  const backends = await import("@wardline/backends");
  const files = new Map<string, Uint8Array>();
  for (const [tenant, program] of programs) {
    const bundle = await backends.buildBundle({
      program,
      ...artefactsOf(backends, program),
      revision: options.revision,
      compiler: version,
    });
    for (const [name, bytes] of bundle) files.set(`${tenant}/${name}`, bytes);
  }
  writeFolder(resolve(io.cwd, options.out), files);
  io.out(`${many(programs.size, "bundle")} in ${options.out}: ${[...programs.keys()].join(", ")}\n`);
  return exitCode.fine;
}

/** Compiles a program to every target, or says which rule one of them cannot carry out. */
function artefactsOf(backends: typeof import("@wardline/backends"), program: Program) {
  try {
    return {
      wasm: backends.compileWasm(program),
      rego: backends.compileRego(program),
      sql: backends.compileSql(program),
    };
  } catch (error) {
    if (!(error instanceof backends.BeyondTarget || error instanceof backends.UnsupportedInSql)) throw error;
    throw new UsageError(`the policy of \`${program.tenant}\` cannot be built: ${error.message}`);
  }
}
