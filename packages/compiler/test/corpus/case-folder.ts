/** Reads the folders of grammar/corpus: the texts of a case, with the library's where it has none of its own. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { SourceFile } from "@wardline/core";
import { compile } from "../../src/index.ts";
import type { CompileInput, CompileResult } from "../../src/index.ts";

const root = fileURLToPath(new URL("../../../../grammar/corpus/", import.meta.url));

export interface CaseFolder {
  readonly name: string;
  /** The path of a file of the case, present or not. */
  path(file: string): string;
  /** The text of a file of the case, or null. */
  read(file: string): string | null;
  readonly files: readonly string[];
}

/** The cases of a kind, each a folder, in the order of their names. */
export function caseFolders(kind: "check" | "decisions"): readonly CaseFolder[] {
  return readdirSync(`${root}${kind}`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const path = (file: string) => `${root}${kind}/${name}/${file}`;
      const read = (file: string) => (existsSync(path(file)) ? readFileSync(path(file), "utf8") : null);
      const files = readdirSync(path(""), { recursive: true, encoding: "utf8" });
      return { name, path, read, files: files.filter((file) => !existsSync(path(`${file}/`))).toSorted() };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

const isText = (file: string) => /^(?:model|policy|platform[a-z0-9-]*|packs\/[a-z0-9-]+)\.ward$/.test(file);

/** The files that belong to no case: neither texts nor one of those that are named. */
export function strays(folder: CaseFolder, others: readonly string[]): readonly string[] {
  return folder.files.filter((file) => !isText(file) && file !== "case.json" && !others.includes(file));
}

interface CaseOptions {
  /** The tenant for whom the policy is loaded; else `north`. */
  readonly tenant?: string;
}

/** What is compiled: the texts of a case. A case without a platform file of its own has the library's. */
export function inputOf(folder: CaseFolder): CompileInput {
  const library = (name: string) => ({ name, text: readFileSync(`${root}library/${name}`, "utf8") });
  const own = (name: string): SourceFile | null => {
    const text = folder.read(name);
    return text === null ? null : { name, text };
  };
  const below = (pattern: RegExp) =>
    folder.files.filter((file) => pattern.test(file)).flatMap((file) => own(file) ?? []);
  const platform = below(/^platform[a-z0-9-]*\.ward$/);
  const packs = below(/^packs\//);
  const { tenant = "north" } = JSON.parse(folder.read("case.json") ?? "{}") as CaseOptions;
  return {
    model: own("model.ward") ?? library("model.ward"),
    platform: platform.length > 0 ? platform : [library("platform.ward")],
    policy: own("policy.ward") ?? library("policy.ward"),
    packs,
    tenant,
  };
}

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
