/** Every command line that the documents show is one that the program takes, and every command and option is told about. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { buildProgram } from "../src/cli.ts";
import { exitCode } from "../src/exit-code.ts";
import { completionScripts } from "../src/completion/scripts.ts";

const root = new URL("../../../", import.meta.url).pathname;
const read = (name: string) => readFileSync(join(root, name), "utf8");
const pages = [
  "README.md",
  ...readdirSync(join(root, "docs"), { encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
  ...readdirSync(join(root, "docs/guides"), { encoding: "utf8" }).map((name) => `docs/guides/${name}`),
  ...readdirSync(join(root, "examples"), { encoding: "utf8" }).map((name) => `examples/${name}/README.md`),
];

/** The program, with commands that do nothing. */
function idle(): Command {
  const io = {
    cwd: root,
    out: () => {},
    err: () => {},
    stdin: () => Promise.resolve(""),
    color: false,
    interactive: false,
    onInterrupt: () => () => {},
  };
  const program = buildProgram({ io, end: () => {} });
  for (const command of everyCommand(program)) if (command.commands.length === 0) command.action(() => {});
  return program;
}

function everyCommand(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

/** The command lines of a page: in shell and YAML blocks, and in quotes where they have no dots for what is left out. */
function commandLines(page: string): readonly string[] {
  const blocks = [...page.matchAll(/^```(?:sh|yaml|yml)\n([^]*?)^```$/gm)].flatMap(([, text]) =>
    (text as string).split("\n"),
  );
  const quoted = [...page.matchAll(/`(wardline [^`\n]*)`/g)].map(([, text]) => text as string);
  return [...blocks, ...quoted].flatMap((line) => {
    const [, words] = /(?:^|[^@./\w])wardline (?!completion\b.*\))([^#\n]*)/.exec(line) ?? [];
    return words === undefined || words.includes("…") ? [] : [words.trim()];
  });
}

/** A line of a shell as words. Redirections and pipes are the shell's. */
function wordsOf(line: string): readonly string[] {
  const [command = ""] = line.split(/ (?:>|\||&&|2>)/);
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? "");
}

const lines = pages.flatMap((page) => commandLines(read(page)).map((line) => [page, line] as const));

test("the documents show command lines", () => {
  expect(lines.filter(([page]) => page === "README.md").length).toBeGreaterThan(2);
  expect(lines.filter(([page]) => page === "docs/cli.md").length).toBeGreaterThan(10);
});

test.each(lines)("%s: wardline %s", async (_, line) => {
  // A page names arguments in capitals or brackets.
  const words = wordsOf(line)
    .filter((word) => !word.startsWith("["))
    .map((word) => (word === "SHELL" ? "bash" : word === "N" ? "1" : word))
    .map((word) => (word === "FORMAT:FILE" ? "json:x" : word));
  const asked = words.join(" ");
  const required = idle();
  for (const command of everyCommand(required)) command.exitOverride();
  const parse = required.parseAsync(words, { from: "user" });
  const error = await parse.then(
    () => undefined,
    (thrown: Error) => thrown.message,
  );
  // In running text a command may stand without what it needs.
  if (error?.includes("required option") === true && !asked.includes("--")) return;
  expect(error).toBeUndefined();
});

describe("the page of the command line", () => {
  const page = read("docs/cli.md");
  const commands = everyCommand(idle()).filter(
    (command) => command.parent !== null && command.commands.length === 0 && command.name() !== "complete",
  );
  const nameOf = (command: Command): string =>
    command.parent?.parent == null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;

  test.each(commands.map((command) => [nameOf(command), command] as const))(
    "has a part for %s, with all of its options",
    (name, command) => {
      const [, part] = new RegExp(`^## ${name}\n([^]*?)(?=^## |$(?![^]))`, "m").exec(page) ?? [];
      expect(part, `## ${name}`).toBeDefined();
      for (const option of command.options) expect(part).toContain(option.long);
      expect(page).toContain(`| [\`${name}\`](#${name.replaceAll(" ", "-")}) |`);
    },
  );

  test("names every exit code", () => {
    const [, table] = /## Exit codes\n([^]*?)\n## /.exec(page) ?? [];
    const codes = [...(table ?? "").matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(codes).toEqual(Object.values(exitCode));
  });

  test("names every code that the studio refuses with", () => {
    const folder = join(root, "packages/cli/src/studio");
    const sources = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
    const codes = [...sources.join("\n").matchAll(/code: "(studio\/[a-z-]+)"/g)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(10);
    for (const code of codes) expect(page).toContain(`\`${code}\``);
  });

  test("shows how each shell takes its script, as the script itself says", () => {
    for (const shell of ["bash", "zsh"] as const) {
      const line = `source <(wardline completion ${shell})`;
      expect(page).toContain(line);
      expect(completionScripts[shell]).toContain(line);
    }
  });
});
