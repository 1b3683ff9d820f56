/** Reads the folders of grammar/corpus: the texts of a case, with the library's where it has none of its own. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { SourceFile } from "@wardline/core";
import { caseTexts, isCaseText } from "@wardline/core/testing";
import type { CaseFiles } from "@wardline/core/testing";
import { compile } from "../../src/index.ts";
import type { CompileInput, CompileResult } from "../../src/index.ts";

const root = fileURLToPath(new URL("../../../../grammar/corpus/", import.meta.url));

export interface CaseFolder {
  readonly name: string;
  readonly files: CaseFiles;
  /** The path of a file of the case, present or not. */
  path(file: string): string;
}

function filesOf(folder: string): CaseFiles {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
  return new Map(
    names
      .filter((name) => !existsSync(`${folder}${name}/`))
      .map((name) => [name, readFileSync(folder + name, "utf8")]),
  );
}

/** The cases of a kind, each a folder, in the order of their names. */
export function caseFolders(kind: "check" | "decisions"): readonly CaseFolder[] {
  return readdirSync(`${root}${kind}`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()
    .map((name) => ({
      name,
      files: filesOf(`${root}${kind}/${name}/`),
      path: (file) => `${root}${kind}/${name}/${file}`,
    }));
}

/** The files that belong to no case: neither texts nor one of those that are named. */
export function strays({ files }: CaseFolder, others: readonly string[]): readonly string[] {
  return [...files.keys()].filter(
    (file) => !isCaseText(file) && file !== "case.json" && !others.includes(file),
  );
}

/** What is compiled: the texts of a case. */
export const inputOf = (folder: CaseFolder): CompileInput =>
  caseTexts(folder.files, filesOf(`${root}library/`));

export interface CompiledCase extends CompileResult {
  readonly sources: readonly SourceFile[];
}

export function compileCase(folder: CaseFolder): CompiledCase {
  const input = inputOf(folder);
  return {
    ...compile(input),
    sources: [input.model, ...input.platform, ...(input.packs ?? []), input.policy],
  };
}
