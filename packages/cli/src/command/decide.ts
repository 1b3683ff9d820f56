import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { compileClosures } from "@wardline/backends";
import type { Decision, Program, RequestDocument, Rule } from "@wardline/core";
import { exitCode, UsageError } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { compileProject, sourcesOf } from "../project/compile-project.ts";
import { readProject } from "../project/project.ts";
import { hasErrors, printFindings } from "../report/report.ts";

export interface DecideOptions {
  readonly tenant: string;
  /** A file with a request document, or `-` for standard input. */
  readonly request: string;
  readonly format: "pretty" | "json";
  readonly exitDecision: boolean;
}

/** `wardline decide [folder] --tenant T --request FILE`: one decision, by the engine that applications run. */
export async function decide(io: Io, folder: string, options: DecideOptions): Promise<number> {
  const project = readProject(io.cwd, folder);
  if (!project.tenants.has(options.tenant))
    throw new UsageError(
      `no tenant \`${options.tenant}\``,
      `tenants: ${[...project.tenants.keys()].join(", ")}`,
    );
  const { programs, findings } = compileProject(project, options.tenant);
  const program = programs.get(options.tenant);
  if (program === undefined || hasErrors(findings)) {
    printFindings({ ...io, out: io.err }, "pretty", findings, sourcesOf(project));
    return exitCode.findings;
  }
  const request = parseRequest(options.request, await readRequest(io, options.request));
  const decision = compileClosures(program).decide(request);
  io.out(
    options.format === "json" ? `${JSON.stringify(decision, null, 2)}\n` : formatDecision(program, decision),
  );
  return options.exitDecision && decision.outcome !== "permit" ? exitCode.denied : exitCode.fine;
}

async function readRequest(io: Io, name: string): Promise<string> {
  if (name === "-") return io.stdin();
  try {
    return readFileSync(resolve(io.cwd, name), "utf8");
  } catch {
    throw new UsageError(`there is no request file ${name}`);
  }
}

function parseRequest(name: string, text: string): RequestDocument {
  try {
    return JSON.parse(text) as RequestDocument;
  } catch (error) {
    throw new UsageError(`${name} is not JSON: ${(error as Error).message}`, "see docs/spec/request.md");
  }
}

/** A decision as a few lines for people. */
export function formatDecision(program: Program, decision: Decision): string {
  const rules = decision.rules.map((id) => {
    const rule = program.rules.find((r: Rule) => r.id === id) as Rule;
    return `  by ${id} (${rule.file}:${rule.line})${rule.because === null ? "" : `: ${rule.because}`}`;
  });
  const obligations = decision.obligations.map((obligation) => `  with ${JSON.stringify(obligation)}`);
  const head = decision.reason === null ? decision.outcome : `${decision.outcome}: ${decision.reason}`;
  return `${[head, ...rules, ...obligations].join("\n")}\n`;
}
