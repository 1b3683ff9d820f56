/** Compiles every tenant's policy of a project to a bundle. The bytes depend on the texts alone, not on where they are built. */
import { compileProject, sourcesOf } from "@wardline/compiler/project";
import { createHash } from "node:crypto";
import { relative, resolve, sep } from "node:path";
import type { BundleInput, BundleManifest } from "@wardline/backends";
import { canonicalJson, type Program, type SourceFile, type SourceMap } from "@wardline/core";
import { UsageError } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { hasErrors, summarize } from "../report/finding-report.ts";
import { formatPretty } from "../report/pretty.ts";
import { version } from "../version.ts";
import { type Project } from "./project.ts";

export interface CompiledPolicy {
  readonly program: Program;
  readonly sourceMap: SourceMap;
}

export interface BuiltBundle {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly manifest: BundleManifest;
}

/** The programs by tenant, with file names as from the project's folder; null after findings with errors were shown. */
export function compilePolicies(io: Io, project: Project): ReadonlyMap<string, CompiledPolicy> | null {
  const { policies, findings } = compileProject(project);
  if (hasErrors(findings)) {
    io.err(formatPretty(findings, sourcesOf(project), false));
    io.err(`nothing was built: ${summarize(findings)}\n`);
    return null;
  }
  const nameOf = namesFrom(io, project);
  const compiled = new Map<string, CompiledPolicy>();
  for (const [tenant, { program, sourceMap }] of policies)
    if (program !== null && sourceMap !== null)
      compiled.set(tenant, {
        program: { ...program, rules: program.rules.map((rule) => ({ ...rule, file: nameOf(rule.file) })) },
        sourceMap: {
          atoms: sourceMap.atoms.map((places) =>
            places.map((place) => ({ ...place, file: nameOf(place.file) })),
          ),
        },
      });
  return compiled;
}

export interface BundleOptions {
  readonly revision: string;
  /** The module answers lists too. */
  readonly lists?: boolean | undefined;
  readonly signing?: BundleInput["signing"] | undefined;
}

/** The bundle of one policy. Throws a {@link UsageError} if a target cannot carry a rule of it. */
export async function buildPolicy(
  { program, sourceMap }: CompiledPolicy,
  platform: string,
  { revision, lists = false, signing }: BundleOptions,
): Promise<BuiltBundle> {
  const backends = await import("@wardline/backends");
  const files = await backends.buildBundle({
    program,
    sourceMap,
    platform,
    ...artefactsOf(backends, program, lists),
    lists,
    revision,
    compiler: version,
    ...(signing === undefined ? {} : { signing }),
  });
  return { files, manifest: manifestOf(files) };
}

/** The manifest of a bundle that was built or opened just now. */
export function manifestOf(files: ReadonlyMap<string, Uint8Array>): BundleManifest {
  return JSON.parse(new TextDecoder().decode(files.get(".manifest"))) as BundleManifest;
}

/** The digest of the platform's files and of the packs: equal texts under equal names from the project's folder. */
export function platformDigest(io: Io, { platform, packs, ...project }: Project): string {
  const nameOf = namesFrom(io, project);
  const digest = (text: string): string => createHash("sha256").update(text).digest("hex");
  const listed = (files: readonly SourceFile[]) =>
    files.map((file) => ({ name: nameOf(file.name), sha256: digest(file.text) }));
  return digest(canonicalJson({ platform: listed(platform), packs: listed(packs) }));
}

/** Compiles a program to every target, or says which rule one of them cannot carry out. */
function artefactsOf(backends: typeof import("@wardline/backends"), program: Program, lists: boolean) {
  try {
    return {
      wasm: backends.compileWasm(program, { filter: lists }),
      rego: backends.compileRego(program),
      sql: backends.compileSql(program),
    };
  } catch (error) {
    if (!(error instanceof backends.UnsupportedInSql)) throw error;
    throw new UsageError(`the policy of \`${program.tenant}\` cannot be built: ${error.message}`);
  }
}

function namesFrom({ cwd }: Io, { folder }: Pick<Project, "folder">): (name: string) => string {
  return (name) => relative(folder, resolve(cwd, name)).split(sep).join("/");
}
