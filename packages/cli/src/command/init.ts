/** `wardline init [folder]`: the files of a new project, and a first decision. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { isReservedWord } from "@wardline/compiler";
import { exitCode, UsageError, type ExitCode } from "../exit-code.ts";
import { firstQuestion, projectFiles } from "../init/templates.ts";
import type { Io } from "../io.ts";
import { decide } from "./decide.ts";
import type { AddCommand } from "./shell.ts";
import { test } from "./test.ts";

export interface InitOptions {
  readonly model?: string;
  readonly tenant: string;
}

export const addInit: AddCommand = (program, { io, end }) => {
  program
    .command("init")
    .description("write a new project: model, platform, one tenant with tests, a workflow for GitHub Actions")
    .argument("[folder]", "where the files go", ".")
    .option("--model <name>", "the model's name (default: the folder's)")
    .option("--tenant <name>", "the first tenant's name", "first_tenant")
    .addHelpText("after", "\nThe model begins blank. Making it from a live Postgres is not carried out yet.")
    .action(async (folder: string, options: InitOptions) => {
      end(await init(io, folder, options));
    });
};

async function init(io: Io, folder: string, options: InitOptions): Promise<ExitCode> {
  const home = resolve(io.cwd, folder);
  const model = checkedName("--model", options.model ?? nameFrom(basename(home)));
  const tenant = checkedName("--tenant", options.tenant);
  if (["platform", model].includes(tenant))
    throw new UsageError(`a tenant cannot be called \`${tenant}\` here`, "its file is called like it");
  const files = projectFiles({ model, tenant });
  const present = [...files.keys()].filter((name) => existsSync(join(home, name)));
  if (present.length > 0)
    throw new UsageError(
      `${present.join(", ")} ${present.length === 1 ? "is" : "are"} there already`,
      "nothing was written",
    );
  writeNew(home, files);
  const where = relative(io.cwd, home) || ".";
  for (const name of files.keys()) io.out(`wrote ${join(where, name)}\n`);
  const tested = await test(io, [where], { format: "pretty", out: [] });
  if (tested !== exitCode.fine) return tested;
  io.out(
    `\nwardline decide${where === "." ? "" : ` ${where}`} --tenant ${tenant} --ask '${firstQuestion}'\n`,
  );
  return decide(io, where, {
    tenant,
    ask: firstQuestion,
    let: [],
    given: [],
    format: "pretty",
    exitDecision: false,
  });
}

/** A folder's name as a name of the language. */
function nameFrom(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^[_0-9]+|_+$/g, "");
  return name === "" || isReservedWord(name) || name === "platform" ? "app" : name;
}

function checkedName(option: string, name: string): string {
  if (/^[a-z][a-z0-9_]*$/.test(name) && !isReservedWord(name) && name !== "platform") return name;
  throw new UsageError(
    `\`${name}\` is no name for ${option}`,
    "names are lower_snake, and no words of the language",
  );
}

/** Writes files that must not be there yet, all or none. */
function writeNew(home: string, files: ReadonlyMap<string, string>): void {
  const written: string[] = [];
  try {
    for (const [name, text] of files) {
      const path = join(home, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text, { flag: "wx" });
      written.push(path);
    }
  } catch (error) {
    for (const path of written) rmSync(path, { force: true });
    throw new UsageError(`the files cannot be written: ${(error as Error).message}`, "nothing was written");
  }
}
