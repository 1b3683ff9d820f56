/** `wardline decide [folder]`: one decision, as the program means it. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { evaluate, inputProblems, valueAt, type Decision, type Program, type Rule } from "@wardline/core";
import { Option } from "commander";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { compileProject } from "../project/compile-project.ts";
import { byHeaderNotice, readProject, sourcesOf } from "../project/project.ts";
import { hasErrors } from "../report/finding-report.ts";
import { formatPretty } from "../report/pretty.ts";
import { visible } from "../report/visible.ts";
import type { AddCommand } from "./shell.ts";

export interface DecideOptions {
  readonly tenant: string;
  /** A file with a request document, or `-` for standard input. */
  readonly request: string;
  readonly format: "pretty" | "plain" | "json";
  readonly exitDecision: boolean;
}

export const addDecide: AddCommand = (program, { io, end }) => {
  program
    .command("decide")
    .description("answer one request")
    .argument("[folder]", "the project's folder", ".")
    .requiredOption("--tenant <tenant>", "whose policy decides")
    .requiredOption("--request <file>", "a request document, or - for standard input")
    .addOption(
      new Option("--format <format>", "how to print the decision")
        .choices(["pretty", "plain", "json"])
        .default("pretty"),
    )
    .option("--exit-decision", "exit 5 unless the answer is permit", false)
    .action(async (folder: string, options: DecideOptions) => {
      end(await decide(io, folder, options));
    });
};

export async function decide(io: Io, folder: string, options: DecideOptions): Promise<ExitCode> {
  const project = readProject(io.cwd, folder);
  if (project.config === undefined) io.err(byHeaderNotice);
  if (!project.tenants.has(options.tenant))
    throw new UsageError(
      `no tenant \`${options.tenant}\``,
      `tenants: ${[...project.tenants.keys()].join(", ")}`,
    );
  const { programs, findings } = compileProject(project, {
    only: (tenant) => tenant === options.tenant,
  });
  const program = programs.get(options.tenant);
  if (program === undefined || hasErrors(findings)) {
    io.err(formatPretty(findings, sourcesOf(project), false));
    return exitCode.findings;
  }
  const request = parseRequest(options.request, await readRequest(io, options.request));
  checkTenant(request, options.tenant);
  const decision = evaluate(program, request);
  if (options.format === "json") io.out(`${JSON.stringify(decision, null, 2)}\n`);
  else {
    io.out(formatDecision(program, decision));
    if (decision.reason === "invalid_input")
      for (const { path, problem } of inputProblems(program, request))
        io.out(`${visible(`  ${path}: ${problem}`)}\n`);
  }
  return options.exitDecision && decision.outcome !== "permit" ? exitCode.denied : exitCode.fine;
}

async function readRequest(io: Io, name: string): Promise<string> {
  if (name === "-") return io.stdin();
  try {
    return readFileSync(resolve(io.cwd, name), "utf8");
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new UsageError(
      missing ? `there is no request file ${name}` : `the request file ${name} cannot be read`,
    );
  }
}

function parseRequest(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new UsageError(`${name} is not JSON: ${(error as Error).message}`, "see docs/spec/request.md");
  }
}

/** A request names its tenant; another tenant's policy has no say in it. */
function checkTenant(request: unknown, tenant: string): void {
  const asked = valueAt(request, ["tenant", "id"]);
  if (typeof asked === "string" && asked !== tenant)
    throw new UsageError(`the request is for tenant \`${asked}\`, and --tenant says \`${tenant}\``);
}

/** A decision as a few lines for people. */
export function formatDecision(program: Program, decision: Decision): string {
  const rules = decision.rules.map((id) => {
    const rule = program.rules.find((r: Rule) => r.id === id) as Rule;
    return `  by ${id} (${rule.file}:${rule.line})${rule.because === null ? "" : `: ${rule.because}`}`;
  });
  const obligations = decision.obligations.map((obligation) => `  with ${JSON.stringify(obligation)}`);
  const head = decision.reason === null ? decision.outcome : `${decision.outcome}: ${decision.reason}`;
  return [head, ...rules, ...obligations].map((line) => `${visible(line)}\n`).join("");
}
