/** `wardline help [topic]`: about a command, or what a finding's code means. */
import { nearest } from "@wardline/compiler";
import type { DoctorLint } from "@wardline/isolation";
import type { Command } from "commander";
import pc from "picocolors";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import type { AddCommand } from "./shell.ts";

export const addHelp: AddCommand = (program, { io, end }) => {
  program.helpCommand(false);
  program
    .command("help")
    .description("tell about a command, or about a finding by its code")
    .argument("[topic...]", "a command, or a code such as name/unknown")
    .action(async (topic: readonly string[]) => {
      const command = commandAt(program, topic);
      if (command === undefined) end(await helpCode(io, topic.join(" "), program));
      else command.outputHelp();
    });
};

/** The command of these words, or undefined. */
function commandAt(program: Command, words: readonly string[]): Command | undefined {
  return words.reduce<Command | undefined>(
    (command, word) => command?.commands.find((known) => known.name() === word),
    program,
  );
}

/** Prints the page of a code, which may be given without its area. */
async function helpCode(io: Io, topic: string, program: Command): Promise<ExitCode> {
  const { diagnosticPages, renderPage } = await import("@wardline/compiler/diagnostics");
  const { doctorLints } = await import("@wardline/isolation");
  const lint = doctorLints.find(({ code }) => code === topic);
  if (lint !== undefined) {
    io.out(doctorText(lint, io.color));
    return exitCode.fine;
  }
  const codes = Object.keys(diagnosticPages) as (keyof typeof diagnosticPages)[];
  const meant = codes.filter((code) => code === topic || code.endsWith(`/${topic}`));
  for (const [index, code] of meant.entries())
    io.out(`${index === 0 ? "" : "\n"}${asText(renderPage(code), io.color)}`);
  if (meant.length > 0) return exitCode.fine;
  const short = codes.map((code) => code.slice(code.indexOf("/") + 1));
  const near = nearest(topic, [
    ...program.commands.map((command) => command.name()),
    ...codes,
    ...short,
    ...doctorLints.map(({ code }) => code),
  ]);
  throw new UsageError(
    `there is no command and no finding \`${topic}\``,
    near === undefined
      ? "`wardline help` lists the commands, and a report shows the code of each finding"
      : `did you mean \`wardline help ${near}\`?`,
  );
}

function doctorText({ code, severity, summary, why, cure }: DoctorLint, color: boolean): string {
  const level = severity === "info" ? "Hint" : `${severity.charAt(0).toUpperCase()}${severity.slice(1)}`;
  return `${pc.createColors(color).bold(code)}\n\n${level}. ${summary}\n\n${why}\n\nWhat to do: ${cure}.\n`;
}

/** A page for a terminal: headings stand out, what is shown is indented, links are left out. */
function asText(page: string, color: boolean): string {
  const colors = pc.createColors(color);
  let inside = false;
  const lines = page.split("\n").flatMap((line) => {
    if (line.startsWith("```")) {
      inside = !inside;
      return [];
    }
    if (inside) return [line === "" ? "" : `    ${line}`];
    if (line.startsWith("[")) return [];
    const [, heading] = /^#+ (.*)$/.exec(line) ?? [];
    return [heading === undefined ? line.replaceAll("**", "") : colors.bold(heading)];
  });
  return `${lines
    .join("\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trimEnd()}\n`;
}
