/** `wardline config print`: the configuration in effect, and where each value comes from. */
import { configName } from "@wardline/compiler/project";
import { relative } from "node:path";
import { diagnostics, lintCodes } from "@wardline/compiler";
import { Option } from "commander";
import { exitCode, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { readProject, type Project } from "../project/project.ts";
import { visible } from "../report/visible.ts";
import type { AddCommand } from "./shell.ts";

export interface ConfigPrintOptions {
  readonly format: "pretty" | "plain" | "json";
}

/** A value of the configuration in effect. */
export interface EffectiveValue {
  readonly key: string;
  readonly value: string;
  /** A file, the first line of a file, or `default`. */
  readonly from: string;
}

export const addConfig: AddCommand = (program, { io, end }) => {
  const config = program
    .command("config")
    .description("about the configuration of a project")
    .helpCommand(false);
  config
    .command("print")
    .description("print the configuration in effect, and where each value comes from")
    .argument("[folder]", "the project's folder", ".")
    .addOption(
      new Option("--format <format>", "how to print it")
        .choices(["pretty", "plain", "json"])
        .default("pretty"),
    )
    .action((folder: string, options: ConfigPrintOptions) => {
      end(printConfig(io, folder, options));
    });
};

function printConfig(io: Io, folder: string, { format }: ConfigPrintOptions): ExitCode {
  const project = readProject(io.cwd, folder);
  const values = effectiveValues(io.cwd, project);
  const config = project.config === undefined ? null : relative(io.cwd, project.config.path);
  if (format === "json") {
    io.out(`${JSON.stringify({ formatVersion: 1, config, values }, null, 2)}\n`);
    return exitCode.fine;
  }
  io.out(visible(config === null ? `no ${configName} here or above` : `configuration: ${config}`));
  io.out("\n");
  const width = (part: "key" | "value") => Math.max(...values.map((value) => value[part].length));
  const [keys, texts] = [width("key"), width("value")];
  for (const { key, value, from } of values)
    io.out(
      format === "plain"
        ? `${visible(`${key} is ${value}, from ${from}`)}\n`
        : `${visible(`${key.padEnd(keys)}  ${value.padEnd(texts)}  ${from}`)}\n`,
    );
  return exitCode.fine;
}

/** Every value that a check of the project goes by. */
function effectiveValues(cwd: string, project: Project): readonly EffectiveValue[] {
  const { config } = project;
  const name = config === undefined ? "" : relative(cwd, config.path);
  const from = (key: string, file?: string) => {
    if (config === undefined) return file === undefined ? "default" : `the first line of ${file}`;
    return config.given.has(key) ? name : "default";
  };
  const list = (key: "platform" | "packs"): readonly EffectiveValue[] =>
    project[key].length === 0
      ? [{ key, value: "none", from: from(key) }]
      : project[key].map((file, index) => ({
          key: `${key}[${index}]`,
          value: file.name,
          from: from(key, file.name),
        }));
  const tenants = [...project.tenants].map(([tenant, file]) => ({
    key: `tenants.${tenant}`,
    value: file.name,
    from: from("tenants", file.name),
  }));
  const lints = lintCodes.map((code) => {
    const level = config?.lints[code];
    return {
      key: `lints.${code}`,
      value: level ?? diagnostics[code].severity,
      from: level === undefined ? "default" : name,
    };
  });
  return [
    { key: "model", value: project.model?.name ?? "none", from: from("model", project.model?.name) },
    ...list("platform"),
    ...list("packs"),
    ...(tenants.length === 0 ? [{ key: "tenants", value: "none", from: from("tenants") }] : tenants),
    ...lints,
  ];
}
