/** A project as it was in a commit. */
import { configName } from "@wardline/compiler/project";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import type { SourceFile } from "@wardline/core";
import { UsageError } from "../exit-code.ts";
import { parseConfig } from "../project/config.ts";
import { readProject, type Project } from "../project/project.ts";
import { commitOf, git } from "./run-git.ts";

/**
 * The project that a folder held in a commit. Names of files begin with the ref: `main:policy/north.ward`. Throws
 * {@link UsageError} where git does not know the ref, or the commit has no project there.
 */
export function projectAt(folder: string, ref: string): Project {
  const top = realpathSync(git(folder, ["rev-parse", "--show-toplevel"]).trimEnd());
  const commit = commitOf(top, ref);
  if (commit === null)
    throw new UsageError(
      `\`${ref}\` is no folder, and git knows no commit of that name`,
      "give a folder, a branch, a tag or a commit",
    );
  const copy = realpathSync(mkdtempSync(join(tmpdir(), "wardline-ref-")));
  try {
    copyTexts(top, commit, copy);
    const inside = relative(top, realpathSync(folder));
    mkdirSync(join(copy, inside), { recursive: true });
    return named(readProject(copy, inside === "" ? "." : inside, copy), ref, top);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`in ${ref}: ${error.message}`, error.help);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Writes the policies and configurations of a commit to a folder, and whatever files the configurations name. */
function copyTexts(top: string, commit: string, copy: string): void {
  const files = new Map(
    git(top, ["ls-tree", "-r", "-z", "--full-tree", commit])
      .split("\0")
      .flatMap((entry) => {
        const [, mode, name] = /^(\d+) blob \S+\t(.*)$/s.exec(entry) ?? [];
        // A link leads to wherever its text says; what it names was not part of the commit.
        return name === undefined || mode === "120000" ? [] : [[name, entry] as const];
      }),
  );
  const configs = [...files.keys()].filter((name) => name === configName || name.endsWith(`/${configName}`));
  const wanted = new Set([...files.keys()].filter((name) => name.endsWith(".ward")));
  for (const name of configs) wanted.add(name);
  for (const [name, bytes] of blobs(top, commit, configs))
    for (const file of filesNamed(name, bytes.toString("utf8"))) if (files.has(file)) wanted.add(file);
  for (const [name, bytes] of blobs(top, commit, [...wanted])) {
    mkdirSync(dirname(join(copy, name)), { recursive: true });
    writeFileSync(join(copy, name), bytes);
  }
}

/** The files that a configuration names, from the root of the repository. None where it is wrong: reading it says so. */
function filesNamed(name: string, text: string): readonly string[] {
  try {
    const { model, platform, packs, tenants } = parseConfig(name, text);
    return [model, ...platform, ...packs, ...tenants.values()].map((file) =>
      relative("/", resolve("/", dirname(name), file)),
    );
  } catch {
    return [];
  }
}

/** The contents of files of a commit, by name. A name with a line break, which git's protocol cannot say, is left out. */
function blobs(top: string, commit: string, names: readonly string[]): ReadonlyMap<string, Buffer> {
  const asked = names.filter((name) => !name.includes("\n"));
  const answer = execFileSync("git", ["cat-file", "--batch"], {
    cwd: top,
    input: asked.map((name) => `${commit}:${name}\n`).join(""),
    maxBuffer: 2 ** 28,
    stdio: ["pipe", "pipe", "pipe"],
  });
  let at = 0;
  return new Map(
    asked.map((name) => {
      const head = answer.indexOf("\n", at);
      const size = Number(answer.toString("utf8", at, head).split(" ").at(-1));
      at = head + 1 + size + 1;
      return [name, answer.subarray(head + 1, head + 1 + size)] as const;
    }),
  );
}

function named(project: Project, ref: string, top: string): Project {
  const rename = (file: SourceFile): SourceFile => ({ ...file, name: `${ref}:${file.name}` });
  return {
    ...project,
    folder: top,
    model: project.model === null ? null : rename(project.model),
    platform: project.platform.map(rename),
    packs: project.packs.map(rename),
    tenants: new Map([...project.tenants].map(([tenant, file]) => [tenant, rename(file)])),
  };
}
