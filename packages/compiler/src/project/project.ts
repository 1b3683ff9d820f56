/** The texts of a project, by what each of them is loaded as. Where they come from is the caller's to know. */
import type { SourceFile } from "@wardline/core";
import type { LintLevels } from "../lint/lint-code.ts";
import type { ConfigFile } from "./config-file.ts";

export interface Project {
  /** Null where there are packs alone, which need none. */
  readonly model: SourceFile | null;
  readonly platform: readonly SourceFile[];
  readonly packs: readonly SourceFile[];
  /** Tenant → policy. */
  readonly tenants: ReadonlyMap<string, SourceFile>;
  readonly lints: LintLevels;
}

/** Why files make no project, and the cure. */
export interface ProjectProblem {
  readonly problem: string;
  readonly help: string | undefined;
}

/** The project that a configuration names. `read` gives the file of a name in it, or throws. */
export function projectByConfig(config: ConfigFile, read: (file: string) => SourceFile): Project {
  return {
    model: read(config.model),
    platform: config.platform.map(read),
    packs: config.packs.map(read),
    tenants: new Map([...config.tenants].map(([tenant, file]) => [tenant, read(file)])),
    lints: config.lints,
  };
}

/** The project that files make by their own headers, each taken at its word. `configName` is for the words of the cure. */
export function projectByHeader(files: readonly SourceFile[], configName: string): Project | ProjectProblem {
  const named = (kind: string) => files.filter((file) => header(file)?.[0] === kind);
  const [model = null, ...more] = named("model");
  const packs = named("pack");
  if ((model === null && packs.length < files.length) || more.length > 0)
    return {
      problem: `${model === null ? "no" : "more than one"} file begins with \`model\``,
      help: `name the files in a ${configName}`,
    };
  const tenants = new Map<string, SourceFile>();
  for (const file of named("policy")) {
    const name = header(file)?.[1] ?? "";
    if (tenants.has(name)) return { problem: `two files begin with \`policy ${name}\``, help: undefined };
    tenants.set(name, file);
  }
  return { model, platform: named("platform"), packs, tenants, lints: {} };
}

/** The first words of a file, past comments; only to sort files. The compiler reads the header itself. */
function header(file: SourceFile): readonly [string, string | undefined] | undefined {
  const match = /^(?:\s|\/\/[^\n]*\n)*(model|platform|policy|pack)\b(?:\s+(\w+))?/.exec(file.text);
  return match === null ? undefined : [match[1] as string, match[2]];
}

/** All files of a project, each once. */
export function filesOf(project: Project): readonly SourceFile[] {
  const model = project.model === null ? [] : [project.model];
  const all = [...model, ...project.platform, ...project.packs, ...project.tenants.values()];
  return [...new Map(all.map((file) => [file.name, file])).values()];
}

/** All texts of a project, by file name. */
export function sourcesOf(project: Project): ReadonlyMap<string, string> {
  return new Map(filesOf(project).map((file) => [file.name, file.text]));
}

/** The project with other texts in its files. A file whose text is the same is the same, so that it is not parsed anew. */
export function withTexts<P extends Project>(project: P, texts: ReadonlyMap<string, string>): P {
  return withFiles(project, (file) => {
    const text = texts.get(file.name) ?? file.text;
    return text === file.text ? file : { name: file.name, text };
  });
}

/** The project with the file that `put` gives in the place of each. */
export function withFiles<P extends Project>(project: P, put: (file: SourceFile) => SourceFile): P {
  return {
    ...project,
    model: project.model === null ? null : put(project.model),
    platform: project.platform.map(put),
    packs: project.packs.map(put),
    tenants: new Map([...project.tenants].map(([tenant, file]) => [tenant, put(file)])),
  };
}
