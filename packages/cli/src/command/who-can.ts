/** `wardline who-can ACTION TYPE [folder]`: which principals and roles may do something: always, sometimes, never. */
import { nearest } from "@wardline/compiler";
import { whoText } from "@wardline/compiler/access";
import { whoCan, type Access } from "@wardline/core/search";
import type { Program } from "@wardline/core";
import { Option } from "commander";
import { accessLines } from "../access/access-text.ts";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { compileTenant, readTenantProject } from "../question/read-question.ts";
import type { AddCommand } from "./shell.ts";

export interface AccessOptions {
  readonly tenant: string;
  readonly format: "plain" | "json";
}

export const addWhoCan: AddCommand = (program, { io, end }) => {
  program
    .command("who-can")
    .description("say which principals and roles may do something")
    .argument("<action>", "the action, as in the model")
    .argument("<type>", "what it is done to")
    .argument("[folder]", "the project's folder", ".")
    .requiredOption("--tenant <tenant>", "whose policy decides")
    .addOption(new Option("--format <format>", "how to print").choices(["plain", "json"]).default("plain"))
    .action((action: string, type: string, folder: string, options: AccessOptions) => {
      end(whoCanDo(io, action, type, folder, options));
    });
};

function whoCanDo(io: Io, action: string, type: string, folder: string, options: AccessOptions): ExitCode {
  const compiled = compileTenant(io, readTenantProject(io, folder, options.tenant), options.tenant);
  if (compiled === undefined) return exitCode.findings;
  const { program } = compiled;
  requireName("action", action, actionsOf(program));
  requireName(
    "type",
    type,
    program.tables.filter((table) => table.action === action).map((table) => table.resource),
  );
  printAccess(io, options, whoCan(program, action, type, { seed: 1 }), whoText);
  return exitCode.fine;
}

/** Prints the answers, in the order of the model. */
export function printAccess(
  io: Io,
  { format }: AccessOptions,
  all: readonly Access[],
  labelOf: (access: Access) => string,
): void {
  if (format === "json") io.out(`${JSON.stringify({ formatVersion: 1, access: all }, null, 2)}\n`);
  else for (const line of accessLines(all, labelOf)) io.out(`${line}\n`);
}

function actionsOf({ model }: Program): readonly string[] {
  return model.actions.map((action) => action.name);
}

/** Throws a {@link UsageError} that names what was probably meant. */
export function requireName(kind: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  const near = nearest(name, known);
  throw new UsageError(
    `no ${kind} \`${name}\``,
    near === undefined ? `there are: ${[...new Set(known)].join(", ")}` : `did you mean \`${near}\`?`,
  );
}
