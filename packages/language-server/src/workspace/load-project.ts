/** A project as the workspace has it at a moment: by its configuration, by headers, or one file alone. Files that are not there are told, and the others stand. */
import {
  configName,
  projectByHeader,
  readConfig,
  type ConfigFile,
  type Project,
} from "@wardline/compiler/project";
import type { SourceFile } from "@wardline/core";
import type { ReadText } from "./project-source.ts";
import { snapshotOf, type Snapshot } from "./snapshot.ts";
import { folderOfUri, nameOfUri, uriOfName } from "./uri.ts";

/** What is wrong with a configuration or the files that it names. `at`: the text in it that is meant, the whole file without. */
export interface ConfigProblem {
  readonly problem: string;
  readonly help: string | undefined;
  readonly at?: { readonly key: string; readonly value?: string };
}

export interface LoadedProject {
  readonly snapshot: Snapshot;
  /** The configuration; null for a project by headers. */
  readonly config: string | null;
  readonly folder: string;
  /** Why the files make no project; the snapshot is then empty or of what there is. */
  readonly problem: ConfigProblem | null;
  /** Files that the configuration names and that cannot be read. */
  readonly missing: readonly ConfigProblem[];
  /** The files whose findings are told here; the others are told by another project. */
  readonly told: ReadonlySet<string>;
  readonly uriOf: (file: string) => string;
  /** Undefined for what is no file of the project. */
  readonly nameOf: (uri: string) => string | undefined;
}

/** Gives texts by URI. */
export interface Texts {
  readonly textOf: (uri: string) => ReadText;
  readonly fileOf: (uri: string, name: string) => SourceFile | { readonly problem: string };
}

const nothing: Project = { model: null, platform: [], packs: [], tenants: new Map(), lints: {} };

function loaded(
  folder: string,
  config: string | null,
  project: Project,
  more: Partial<Pick<LoadedProject, "problem" | "missing" | "told">> & {
    /** A file that stands elsewhere than its name says. */
    readonly own?: { readonly name: string; readonly uri: string };
  } = {},
): LoadedProject {
  const snapshot = snapshotOf(project);
  const { own } = more;
  const uriOf = (name: string) => (name === own?.name ? own.uri : uriOfName(folder, name));
  const uris = new Map(snapshot.files.map((name) => [uriOf(name), name]));
  return {
    snapshot,
    config,
    folder,
    problem: more.problem ?? null,
    missing: more.missing ?? [],
    told: more.told ?? new Set(snapshot.files),
    uriOf,
    nameOf: (uri) => uris.get(uri),
  };
}

function byConfig(uri: string, texts: Texts): LoadedProject {
  const folder = folderOfUri(uri);
  const found = texts.textOf(uri);
  if ("problem" in found)
    return loaded(folder, uri, nothing, { problem: { problem: found.problem, help: undefined } });
  // A mark of the order of bytes is no part of JSON; its place stays.
  const config = readConfig(configName, found.text.replace(/^\uFEFF/, " "));
  if ("problem" in config) return loaded(folder, uri, nothing, { problem: config });
  return byFiles(uri, folder, config, texts);
}

function byFiles(uri: string, folder: string, config: ConfigFile, texts: Texts): LoadedProject {
  const missing: ConfigProblem[] = [];
  const read = (key: string, file: string): readonly SourceFile[] => {
    const at = uriOfName(folder, file);
    const found = texts.fileOf(at, nameOfUri(folder, at));
    if (!("problem" in found)) return [found];
    missing.push({ problem: found.problem, help: undefined, at: { key, value: file } });
    return [];
  };
  const project: Project = {
    model: read("model", config.model)[0] ?? null,
    platform: config.platform.flatMap((file) => read("platform", file)),
    packs: config.packs.flatMap((file) => read("packs", file)),
    tenants: new Map(
      [...config.tenants].flatMap(([tenant, file]) => read(tenant, file).map((source) => [tenant, source])),
    ),
    lints: config.lints,
  };
  return loaded(folder, uri, project, { missing });
}

function byHeader(folder: string, uris: readonly string[], texts: Texts): LoadedProject {
  const files = uris.flatMap((uri) => {
    const file = texts.fileOf(uri, nameOfUri(folder, uri));
    return "problem" in file ? [] : [file];
  });
  const project = projectByHeader(files, configName);
  return "problem" in project
    ? loaded(folder, null, nothing, { problem: project })
    : loaded(folder, null, project);
}

/** A file that a project's configuration does not name, with the project's model, platform and packs. */
function beside(project: LoadedProject, uri: string, texts: Texts): LoadedProject {
  const { folder } = project;
  const file = texts.fileOf(uri, nameOfUri(folder, uri));
  if ("problem" in file) return loaded(folder, null, nothing);
  const own = ofHeader(file);
  const shared = project.snapshot.project;
  const joined: Project =
    own.model !== null || shared.model === null
      ? own
      : {
          ...shared,
          platform: [...shared.platform, ...own.platform],
          packs: [...shared.packs, ...own.packs],
          tenants: own.tenants,
        };
  return loaded(folder, project.config, joined, {
    told: new Set([file.name]),
    own: { name: file.name, uri },
  });
}

/** `problem`: why it is in no project with others. */
function alone(uri: string, texts: Texts, problem: ConfigProblem | null): LoadedProject {
  const folder = folderOfUri(uri);
  const file = texts.fileOf(uri, nameOfUri(folder, uri));
  if ("problem" in file) return loaded(folder, null, nothing);
  const own = ofHeader(file);
  const needsModel = own.platform.length > 0 || own.tenants.size > 0;
  const found = projectByHeader([file], configName);
  return loaded(folder, null, own, {
    problem: problem ?? (needsModel && "problem" in found ? found : null),
  });
}

/** One file by what its header says; what says nothing is taken as a tenant's policy, which may do least. */
function ofHeader(file: SourceFile): Project {
  const [, kind, name = ""] =
    /^(?:\s|\/\/[^\n]*\n)*(model|platform|pack|policy)\b(?:\s+(\w+))?/.exec(file.text) ?? [];
  if (kind === "model") return { ...nothing, model: file };
  if (kind === "platform") return { ...nothing, platform: [file] };
  if (kind === "pack") return { ...nothing, packs: [file] };
  return { ...nothing, tenants: new Map([[name, file]]) };
}

export const loadProject = { byConfig, byHeader, beside, alone };

/** True if two were loaded of the same files in the same way; a file whose text is the same is the same object. */
export function isSameProject(a: LoadedProject, b: LoadedProject): boolean {
  const [mine, other] = [a.snapshot.project, b.snapshot.project];
  const files = (one: Project) => [one.model, ...one.platform, ...one.packs, ...one.tenants.values()];
  const words = (one: LoadedProject) => {
    const { platform, packs, tenants, lints } = one.snapshot.project;
    const shape = [platform.length, packs.length, [...tenants.keys()], lints];
    return JSON.stringify([one.folder, one.config, one.problem, one.missing, [...one.told], shape]);
  };
  const [all, others] = [files(mine), files(other)];
  return (
    all.length === others.length && all.every((file, at) => file === others[at]) && words(a) === words(b)
  );
}
