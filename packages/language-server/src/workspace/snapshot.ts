/** A project at one moment: its texts, and what the compiler makes of them, made when it is asked for. Never throws on any text. */
import {
  compile,
  parseOnce,
  platformLimits,
  tenantLimits,
  type CompileResult,
  type ParsedFile,
} from "@wardline/compiler";
import { checkProject, filesOf, type CheckedProject, type Project } from "@wardline/compiler/project";
import type { Finding, Settings, SourceFile } from "@wardline/core";

/** What a file of a project is loaded as. */
export type FileRole =
  | { readonly kind: "model" | "platform" | "pack" }
  | { readonly kind: "policy"; readonly tenant: string };

export interface Snapshot {
  readonly project: Project;
  /** Names of all files, in the order of the project. */
  readonly files: readonly string[];
  readonly text: (file: string) => string | undefined;
  /** The file itself, the same object as long as its text is the same. */
  readonly source: (file: string) => SourceFile | undefined;
  /** Undefined for a file that the project does not have. */
  readonly roleOf: (file: string) => FileRole | undefined;
  readonly parsed: (file: string) => ParsedFile | undefined;
  /** All findings of the project, lints among them: those of `wardline check`. */
  readonly findings: () => readonly Finding[];
  /** The settings in force for a tenant, of all files that have any. */
  readonly settings: (tenant: string) => Settings | undefined;
  /** A tenant's policy, compiled without lints; undefined for a tenant that the project does not have. */
  readonly compiled: (tenant: string) => CompileResult | undefined;
}

/** The project at this moment. A snapshot never changes; what was edited needs another. */
export function snapshotOf(project: Project): Snapshot {
  const sources = new Map(filesOf(project).map((source) => [source.name, source]));
  const roles = rolesIn(project);
  const compiled = new Map<string, CompileResult>();
  let checked: CheckedProject | null = null;
  const checkOnce = () => (checked ??= checkProject(project, { lint: true }));
  return {
    project,
    files: [...sources.keys()],
    text: (file) => sources.get(file)?.text,
    source: (file) => sources.get(file),
    roleOf: (file) => roles.get(file),
    parsed: (file) => {
      const source = sources.get(file);
      return source === undefined ? undefined : parseOnce(source, limitsOf(roles.get(file)));
    },
    findings: () => checkOnce().findings,
    settings: (tenant) => checkOnce().settings.get(tenant),
    compiled: (tenant) => {
      const { model, platform, packs, tenants } = project;
      const policy = tenants.get(tenant);
      if (model === null || policy === undefined) return undefined;
      return kept(compiled, tenant, () => compile({ model, platform, packs, policy, tenant }));
    },
  };
}

function kept<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const before = known.get(key);
  if (before !== undefined) return before;
  const value = make();
  known.set(key, value);
  return value;
}

/** A tenant or anyone may have written a policy or a pack. */
export function limitsOf(role: FileRole | undefined) {
  return role?.kind === "model" || role?.kind === "platform" ? platformLimits : tenantLimits;
}

function rolesIn({ model, platform, packs, tenants }: Project): ReadonlyMap<string, FileRole> {
  const of = (files: readonly SourceFile[], kind: "model" | "platform" | "pack") =>
    files.map((file) => [file.name, { kind }] as const);
  return new Map<string, FileRole>([
    ...of(packs, "pack"),
    ...of(platform, "platform"),
    ...of(model === null ? [] : [model], "model"),
    ...[...tenants].map(([tenant, file]) => [file.name, { kind: "policy", tenant } as const] as const),
  ]);
}
