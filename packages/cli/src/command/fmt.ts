/** `wardline fmt [paths]`: write policies in the one style. */
import { filesOf } from "@wardline/compiler/project";
import { relative, resolve } from "node:path";
import { formatText } from "@wardline/compiler";
import type { Finding, SourceFile, TextEdit } from "@wardline/core";
import pc from "picocolors";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import { writeTexts } from "../files/write-texts.ts";
import type { Io } from "../io.ts";
import { findConfig } from "../project/config.ts";
import { folderOf, readProject } from "../project/project.ts";
import { readSource, wardFiles } from "../project/source.ts";
import { many } from "../report/finding-report.ts";
import { formatPretty } from "../report/pretty.ts";
import { unifiedDiff } from "../report/unified-diff.ts";
import { visible } from "../report/visible.ts";
import type { AddCommand } from "./shell.ts";

export interface FmtOptions {
  readonly check?: true;
  readonly diff?: true;
}

export const addFmt: AddCommand = (program, { io, end }) => {
  program
    .command("fmt")
    .description("write policies in the one style")
    .argument("[paths...]", "folders or files, or - for standard input; the project's files without any")
    .option("--check", "write nothing; exit 1 if a file is not formatted")
    .option("--diff", "write nothing; print what would change")
    .action(async (paths: readonly string[], options: FmtOptions) => {
      end(paths.includes("-") ? await formatInput(io, paths) : fmt(io, paths, options));
    });
};

interface Change {
  readonly file: SourceFile;
  readonly text: string;
  readonly edits: readonly TextEdit[];
}

function fmt(io: Io, paths: readonly string[], options: FmtOptions): ExitCode {
  const files = paths.length === 0 ? ownFiles(io.cwd) : filesAt(io.cwd, paths);
  const changes: Change[] = [];
  const errors: Finding[] = [];
  for (const file of files) {
    const formatted = formatText(file);
    if ("findings" in formatted) errors.push(...formatted.findings);
    else if (formatted.text !== file.text) changes.push({ file, ...formatted });
  }
  const dry = options.check === true || options.diff === true;
  if (!dry) {
    const before = new Map(files.map(({ name, text }) => [name, text]));
    writeTexts(io.cwd, before, new Map(changes.map(({ file, text }) => [file.name, text])));
  }
  if (options.diff === true) for (const change of changes) io.out(diffOf(change, io.color));
  else
    for (const { file } of changes)
      io.out(`${options.check === true ? "not formatted" : "formatted"}: ${visible(file.name)}\n`);
  if (errors.length > 0) {
    io.err(formatPretty(errors, new Map(files.map(({ name, text }) => [name, text])), false));
    const broken = new Set(errors.map(({ labels }) => labels[0].span.file)).size;
    io.err(`${many(broken, "file")} left alone: what does not parse is not formatted\n`);
    return exitCode.findings;
  }
  return options.check === true && changes.length > 0 ? exitCode.findings : exitCode.fine;
}

/** Formats standard input to standard output. What does not parse goes out as it came, so that a pipe loses nothing. */
async function formatInput(io: Io, paths: readonly string[]): Promise<ExitCode> {
  if (paths.length > 1) throw new UsageError("`-` stands alone");
  const source = { name: "standard input", text: await io.stdin() };
  const formatted = formatText(source);
  if ("text" in formatted) {
    io.out(formatted.text);
    return exitCode.fine;
  }
  io.out(source.text);
  io.err(formatPretty(formatted.findings, new Map([[source.name, source.text]]), false));
  return exitCode.findings;
}

function ownFiles(cwd: string): readonly SourceFile[] {
  return findConfig(cwd) === undefined ? filesAt(cwd, ["."]) : filesOf(readProject(cwd, "."));
}

/** The `.ward` files of folders, and files whatever they are called; each once. */
function filesAt(cwd: string, paths: readonly string[]): readonly SourceFile[] {
  const names = paths.flatMap((path) => {
    const full = resolve(cwd, path);
    if (folderOf(cwd, path) !== full) return [full];
    const found = wardFiles(full).map((name) => resolve(full, name));
    if (found.length === 0) throw new UsageError(`no .ward file in ${relative(cwd, full) || "."}`);
    return found;
  });
  return [...new Set(names)].map((name) => readSource(cwd, name));
}

function diffOf({ file, edits }: Change, color: boolean): string {
  const colors = pc.createColors(color);
  const paint = (line: string) => {
    if (line.startsWith("@")) return colors.cyan(line);
    if (line.startsWith("+++") || line.startsWith("---")) return colors.bold(line);
    if (line.startsWith("+")) return colors.green(line);
    return line.startsWith("-") ? colors.red(line) : line;
  };
  const diff = unifiedDiff(file.name.replaceAll("\n", " "), file.text, edits);
  return `${diff.trimEnd().split("\n").map(paint).join("\n")}\n`;
}
