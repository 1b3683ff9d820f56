import {
  BeyondTarget,
  buildBundle,
  compileRego,
  compileSql,
  compileWasm,
  UnsupportedInSql,
} from "@wardline/backends";
import type { Program } from "@wardline/core";
import { exitCode, UsageError } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { compileProject, sourcesOf } from "../project/compile-project.ts";
import { readProject } from "../project/project.ts";
import { hasErrors, printFindings, summarize } from "../report/report.ts";
import { version } from "../version.ts";
import { writeFolder } from "./write-folder.ts";
import { resolve } from "node:path";

export interface BuildOptions {
  readonly out: string;
  readonly revision: string;
}

/** Compiles a program to every target, or says which rule one of them cannot carry out. */
function artefactsOf(program: Program) {
  try {
    return { wasm: compileWasm(program), rego: compileRego(program), sql: compileSql(program) };
  } catch (error) {
    if (!(error instanceof BeyondTarget || error instanceof UnsupportedInSql)) throw error;
    throw new UsageError(`the policy of \`${program.tenant}\` cannot be built: ${error.message}`);
  }
}

/** `wardline build [folder] --out DIR`: one bundle folder for each tenant. With any error nothing is written. */
export async function build(io: Io, folder: string, options: BuildOptions): Promise<number> {
  const project = readProject(io.cwd, folder);
  if (project.byHeader)
    throw new UsageError(
      "a build needs a wardline.config.json",
      "it says which tenant each policy belongs to",
    );
  if (!/^[1-9]\d{0,14}$/.test(options.revision))
    throw new UsageError("--revision must be a whole number from 1");
  const { programs, findings } = compileProject(project);
  if (hasErrors(findings)) {
    printFindings({ ...io, out: io.err }, "pretty", findings, sourcesOf(project));
    io.err(`nothing was built: ${summarize(findings)}\n`);
    return exitCode.findings;
  }
  const files = new Map<string, Uint8Array>();
  for (const [tenant, program] of programs) {
    const bundle = await buildBundle({
      program,
      ...artefactsOf(program),
      revision: options.revision,
      compiler: version,
    });
    for (const [name, bytes] of bundle) files.set(`${tenant}/${name}`, bytes);
  }
  writeFolder(resolve(io.cwd, options.out), files);
  io.out(
    `${programs.size} bundle${programs.size === 1 ? "" : "s"} in ${options.out}: ${[...programs.keys()].join(", ")}\n`,
  );
  return exitCode.fine;
}
