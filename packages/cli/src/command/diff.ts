/** `wardline diff BEFORE [AFTER]`: what access changes between two versions. */
import {
  diffProjects,
  gates,
  passGate,
  type Gate,
  type GateResult,
  type ProjectDiff,
} from "@wardline/compiler/access";
import { compileProject, type CompiledProject, sourcesOf } from "@wardline/compiler/project";
import { InvalidArgumentError, Option } from "commander";
import { diffText } from "../diff/diff-text.ts";
import { readVersions } from "../diff/read-version.ts";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { startProgress } from "../progress.ts";
import { byHeaderNotice, type Project } from "../project/project.ts";
import { hasErrors } from "../report/finding-report.ts";
import { formatVersion } from "../report/json.ts";
import { addOutputOptions, writeReport, type OutputOptions } from "../report/outputs.ts";
import { formatPretty } from "../report/pretty.ts";
import { visible } from "../report/visible.ts";
import { version } from "../version.ts";
import type { AddCommand } from "./shell.ts";

const diffFormats = ["pretty", "plain", "json"] as const;

export interface DiffCommandOptions extends OutputOptions<(typeof diffFormats)[number]> {
  readonly tenant?: string;
  readonly gate: readonly Gate[];
}

export const addDiff: AddCommand = (program, { io, end }) => {
  const command = program
    .command("diff")
    .description("say what access changes between two versions, each change with a request that shows it")
    .argument("<before>", "a folder, or a commit of git")
    .argument("[after]", "a folder, or a commit of git", ".")
    .option("--tenant <tenant>", "compare this tenant's policy alone")
    .addOption(
      new Option("--gate <gate>", `exit 4 unless this holds; may be given several times: ${gates.join(", ")}`)
        .argParser(addGate)
        .default([], "none"),
    );
  addOutputOptions(command, diffFormats).action(
    async (before: string, after: string, options: DiffCommandOptions) => {
      end(await diff(io, before, after, options));
    },
  );
};

function addGate(value: string, before: readonly Gate[]): readonly Gate[] {
  const gate = gates.find((known) => known === value);
  if (gate === undefined) throw new InvalidArgumentError(`Gates: ${gates.join(", ")}.`);
  return [...before, gate];
}

async function diff(io: Io, before: string, after: string, options: DiffCommandOptions): Promise<ExitCode> {
  const versions = readVersions(io.cwd, before, after);
  const projects = [versions.before, versions.after];
  if (projects.some(({ config }) => config === undefined)) io.err(byHeaderNotice);
  const { tenant } = options;
  if (tenant !== undefined && projects.every(({ tenants }) => !tenants.has(tenant)))
    throw new UsageError(`no tenant \`${tenant}\` in either version`);
  const only = (name: string) => tenant === undefined || name === tenant;
  const [one, other] = projects.map((project) => compileProject(project, { only })) as [
    CompiledProject,
    CompiledProject,
  ];
  if (tellErrors(io, versions.before, one) || tellErrors(io, versions.after, other)) return exitCode.findings;
  const progress = startProgress(io, "comparing policy");
  const found = diffProjects(one.programs, other.programs, progress.step);
  progress.end();
  const results = options.gate.map((gate) => passGate(gate, found));
  await writeReport(io, options, (format) => {
    if (format === "json") return Promise.resolve(formatJson(before, after, found, results));
    const lines = diffText(found, results).map((line) => `${visible(line)}\n`);
    return Promise.resolve(lines.join(""));
  });
  return results.every(({ passed }) => passed) ? exitCode.fine : exitCode.gate;
}

function tellErrors(io: Io, project: Project, { findings }: CompiledProject): boolean {
  if (!hasErrors(findings)) return false;
  const errors = findings.filter(({ severity }) => severity === "error");
  io.err(
    `${formatPretty(errors, sourcesOf(project), false)}\na version with an error has no access to compare\n`,
  );
  return true;
}

function formatJson(
  before: string,
  after: string,
  { tenants, added, removed }: ProjectDiff,
  gates: readonly GateResult[],
): string {
  const document = {
    formatVersion,
    tool: { name: "wardline", version },
    before,
    after,
    tenants: tenants.map(({ tenant, differences, onlyInOne, model, tried }) => ({
      tenant,
      differences,
      only_in_one: onlyInOne,
      model,
      tried,
    })),
    added,
    removed,
    gates,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
