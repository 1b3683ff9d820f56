/** Where reports go: one format to standard output, others to files. */
import { resolve } from "node:path";
import { InvalidArgumentError, Option, type Command } from "commander";
import { refuseSource } from "../files/no-source.ts";
import { writeFileAtomically } from "../files/write-file.ts";
import type { Io } from "../io.ts";
import type { ReportFormat } from "./formats.ts";

export interface OutputFile<Format extends ReportFormat> {
  readonly format: Format;
  readonly file: string;
}

export interface OutputOptions<Format extends ReportFormat = ReportFormat> {
  readonly format: Format;
  readonly out: readonly OutputFile<Format>[];
}

/** Adds `--format` and `--out` to a command. */
export function addOutputOptions(command: Command, formats: readonly ReportFormat[]): Command {
  return command
    .addOption(new Option("--format <format>", "how to print the report").choices(formats).default("pretty"))
    .addOption(
      new Option("--out <format:file>", "write the report to a file too; may be given several times")
        .argParser((value: string, before: readonly OutputFile<ReportFormat>[]) =>
          addOutput(formats, value, before),
        )
        .default([], "none"),
    );
}

function addOutput(
  formats: readonly ReportFormat[],
  value: string,
  before: readonly OutputFile<ReportFormat>[],
): readonly OutputFile<ReportFormat>[] {
  const [, name, file] = /^([a-z]+):(.+)$/s.exec(value) ?? [];
  const format = formats.find((known) => known === name);
  if (format === undefined || file === undefined)
    throw new InvalidArgumentError(
      `It is FORMAT:FILE, such as json:report.json. Formats: ${formats.join(", ")}.`,
    );
  if (before.some((other) => other.file === file))
    throw new InvalidArgumentError(`${file} is written already.`);
  return [...before, { format, file }];
}

/** Prints a report and writes its files. */
export async function writeReport<Format extends ReportFormat>(
  io: Io,
  options: OutputOptions<Format>,
  render: (format: Format, color: boolean) => Promise<string>,
): Promise<void> {
  const text = await render(options.format, io.color);
  if (text !== "") io.out(text);
  for (const { format, file } of options.out) {
    const path = resolve(io.cwd, file);
    refuseSource("--out", file);
    writeFileAtomically(path, await render(format, false));
  }
}
