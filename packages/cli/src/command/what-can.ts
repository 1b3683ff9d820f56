/** `wardline what-can PRINCIPAL [folder]`: what a principal with some roles may do: always, sometimes, never. */
import { whatText } from "@wardline/compiler/access";
import type { Program } from "@wardline/core";
import { whatCan } from "@wardline/core/search";
import { Option } from "commander";
import { exitCode, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { compileTenant, readTenantProject } from "../question/read-question.ts";
import type { AddCommand } from "./shell.ts";
import { printAccess, requireName, type AccessOptions } from "./who-can.ts";

interface WhatCanOptions extends AccessOptions {
  readonly roles: readonly string[];
}

export const addWhatCan: AddCommand = (program, { io, end }) => {
  program
    .command("what-can")
    .description("say what a principal with some roles may do")
    .argument("<principal>", "a principal type of the model")
    .argument("[folder]", "the project's folder", ".")
    .requiredOption("--tenant <tenant>", "whose policy decides")
    .option("--roles <roles>", "the roles, with commas; none without it", namesIn, [])
    .addOption(new Option("--format <format>", "how to print").choices(["plain", "json"]).default("plain"))
    .action((principal: string, folder: string, options: WhatCanOptions) => {
      end(whatCanDo(io, principal, folder, options));
    });
};

function namesIn(text: string): readonly string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/** The model's roles, and those of the tenant that some rule asks for. */
function rolesOf({ model, atoms }: Program): readonly string[] {
  const asked = atoms.flatMap((atom) => (atom.kind === "role" ? atom.roles : []));
  return [...new Set([...model.roles.map((role) => role.name), ...asked])];
}

function whatCanDo(io: Io, principal: string, folder: string, options: WhatCanOptions): ExitCode {
  const compiled = compileTenant(io, readTenantProject(io, folder, options.tenant), options.tenant);
  if (compiled === undefined) return exitCode.findings;
  const { program } = compiled;
  requireName(
    "principal type",
    principal,
    program.tables.map((table) => table.principal),
  );
  for (const role of options.roles) requireName("role", role, rolesOf(program));
  printAccess(io, options, whatCan(program, principal, options.roles, { seed: 1 }), whatText);
  return exitCode.fine;
}
