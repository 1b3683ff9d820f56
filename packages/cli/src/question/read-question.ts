/** A tenant's program and a request, from the options of a command: a document, or words. */
import { compileProject, sourcesOf } from "@wardline/compiler/project";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { nearest } from "@wardline/compiler";
import { valueAt, type Finding, type Program, type SourceMap } from "@wardline/core";
import { Option, type Command } from "commander";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { byHeaderNotice, readProject, type Project } from "../project/project.ts";
import { formatPretty } from "../report/pretty.ts";
import { addQuestionOptions, askQuestion, questionName, type QuestionOptions } from "./question.ts";

export interface ReadOptions extends QuestionOptions {
  readonly tenant: string;
  /** A file with a request document, or `-` for standard input. */
  readonly request?: string;
}

/** Adds the options that say whose policy is asked, and what. */
export function addRequestOptions(command: Command): Command {
  return addQuestionOptions(
    command
      .requiredOption("--tenant <tenant>", "whose policy decides")
      .addOption(
        new Option("--request <file>", "a request document, or - for standard input").conflicts([
          "ask",
          "let",
          "given",
        ]),
      ),
  );
}

export type ReadQuestion =
  | { readonly program: Program; readonly sourceMap: SourceMap | null; readonly request: unknown }
  /** The errors that stand in the way were told. */
  | { readonly exit: ExitCode };

export async function readQuestion(io: Io, folder: string, options: ReadOptions): Promise<ReadQuestion> {
  const project = readTenantProject(io, folder, options.tenant);
  if (options.ask !== undefined) {
    const question = askQuestion(project, options.tenant, options);
    if (!("findings" in question)) return question;
    tell(io, question.findings, question.sources);
    const own = question.findings.every(({ labels }) => labels[0].span.file === questionName);
    return { exit: own ? exitCode.usage : exitCode.findings };
  }
  if (options.request === undefined)
    throw new UsageError("nothing is asked", "give --request FILE, or --ask with the request in words");
  const compiled = compileTenant(io, project, options.tenant);
  if (compiled === undefined) return { exit: exitCode.findings };
  const request = parseRequest(options.request, await readRequest(io, options.request));
  checkTenant(request, options.tenant);
  return { ...compiled, request };
}

/** The project of a folder, which must have the tenant. */
export function readTenantProject(io: Io, folder: string, tenant: string): Project {
  const project = readProject(io.cwd, folder);
  if (project.config === undefined) io.err(byHeaderNotice);
  if (project.tenants.has(tenant)) return project;
  const tenants = [...project.tenants.keys()];
  const near = nearest(tenant, tenants);
  throw new UsageError(
    `no tenant \`${tenant}\``,
    near === undefined ? `tenants: ${tenants.join(", ")}` : `did you mean \`${near}\`?`,
  );
}

/** What a tenant's policy compiles to; undefined after telling the errors that stand in the way. */
export function compileTenant(
  io: Io,
  project: Project,
  tenant: string,
): { readonly program: Program; readonly sourceMap: SourceMap | null } | undefined {
  const { policies, findings } = compileProject(project, { only: (name) => name === tenant });
  const compiled = policies.get(tenant);
  if (compiled?.program != null) return { program: compiled.program, sourceMap: compiled.sourceMap };
  tell(io, findings, sourcesOf(project));
  return undefined;
}

function tell(io: Io, findings: readonly Finding[], sources: ReadonlyMap<string, string>): void {
  io.err(formatPretty(findings, sources, false));
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
