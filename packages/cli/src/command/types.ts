/** `wardline types [folder]`: the tables, names and facts of the model as TypeScript. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import { writeFileAtomically } from "../files/write-file.ts";
import type { Io } from "../io.ts";
import { compilePolicies } from "../project/build-project.ts";
import { readProject } from "../project/project.ts";
import { visible } from "../report/visible.ts";
import { typesText } from "../types/types-text.ts";
import type { AddCommand } from "./shell.ts";

export interface TypesCommandOptions {
  readonly out: string;
  readonly check?: true;
  readonly anyPolicy?: true;
}

export const addTypes: AddCommand = (program, { io, end }) => {
  program
    .command("types")
    .description("write the tables, names and facts of the model as TypeScript")
    .argument("[folder]", "the project's folder", ".")
    .option("--out <file>", "the file to write; - for standard output", "wardline.types.ts")
    .option("--check", "write nothing; exit 1 if the file is not as it would be written")
    .option("--any-policy", "as if tenants could write any policy: every field may be masked and hidden")
    .action((folder: string, options: TypesCommandOptions) => {
      end(types(io, folder, options));
    });
};

function types(io: Io, folder: string, { out, check, anyPolicy }: TypesCommandOptions): ExitCode {
  if (out === "-" && check === true)
    throw new UsageError("--check compares a file", "name it with --out FILE");
  const project = readProject(io.cwd, folder);
  const policies = compilePolicies(io, project);
  if (policies === null) return exitCode.findings;
  const programs = [...policies.values()].map(({ program }) => program);
  if (programs.length === 0)
    throw new UsageError("the project has no policy", "what is masked and sealed is what policies say");
  const text = typesText(programs, { anyPolicy: anyPolicy === true });
  if (out === "-") {
    io.out(text);
    return exitCode.fine;
  }
  const path = resolve(io.cwd, out);
  const before = existsSync(path) ? readText(path, out) : undefined;
  if (check === true) {
    if (before === text) return exitCode.fine;
    const what = before === undefined ? "there is no" : "out of date:";
    io.err(`${what} ${visible(out)}\n  run \`wardline types\` with the same options, and no --check\n`);
    return exitCode.findings;
  }
  if (before !== text) writeFileAtomically(path, text);
  io.out(`${before === text ? "up to date" : "wrote"}: ${visible(out)}\n`);
  return exitCode.fine;
}

function readText(path: string, name: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`${visible(name)} cannot be read: ${(error as Error).message}`);
  }
}
