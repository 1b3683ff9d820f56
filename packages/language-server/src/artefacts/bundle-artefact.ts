/** The bundle of a policy as `wardline build` makes it, unsigned: its files, and each of them to take along. */
import {
  buildBundle,
  compileRego,
  compileSql,
  compileWasm,
  packBundle,
  UnsupportedInSql,
} from "@wardline/backends";
import type { Project } from "@wardline/compiler/project";
import { canonicalJson, serializeProgram, type SourceFile } from "@wardline/core";
import { isRefused, programOf } from "../access/program-of.ts";
import type { Refused } from "../protocol/requests.ts";
import { version } from "../version.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import { base64, bytesOf, sha256 } from "./digest.ts";

export interface BundleArtefact {
  readonly files: readonly BundledFile[];
  /** All of them in one archive, `.tar.gz`. */
  readonly archive: BundledFile;
  /** The manifest, laid out for people. */
  readonly manifest: string;
}

export interface BundledFile {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly sha256: string;
}

export interface FileArtefact {
  readonly name: string;
  readonly base64: string;
}

/** The revision that `wardline build` gives where nobody says another. */
const revision = "1";

export async function bundleArtefact(snapshot: Snapshot, tenant: string): Promise<BundleArtefact | Refused> {
  const built = await bundleOf(snapshot, tenant);
  if (isRefused(built)) return built;
  const described = async (name: string, bytes: Uint8Array): Promise<BundledFile> => ({
    name,
    size: bytes.length,
    sha256: await sha256(bytes),
  });
  const manifest: unknown = JSON.parse(new TextDecoder().decode(built.files.get(".manifest")));
  return {
    files: await Promise.all([...built.files].map(([name, bytes]) => described(name, bytes))),
    archive: await described(archiveName(tenant), packBundle(built.files)),
    manifest: JSON.stringify(manifest, null, 2),
  };
}

/** One file of the bundle, or its archive, by name. */
export async function fileArtefact(
  snapshot: Snapshot,
  tenant: string,
  name: string,
): Promise<FileArtefact | Refused> {
  const built = await bundleOf(snapshot, tenant);
  if (isRefused(built)) return built;
  const bytes = name === archiveName(tenant) ? packBundle(built.files) : built.files.get(name);
  return bytes === undefined
    ? { refused: `The bundle has no file ${name}.` }
    : { name, base64: base64(bytes) };
}

/** The checked policy as JSON, laid out for people. */
export function irArtefact(snapshot: Snapshot, tenant: string): { readonly text: string } | Refused {
  const compiled = programOf(snapshot, tenant);
  if (isRefused(compiled)) return compiled;
  return { text: JSON.stringify(JSON.parse(serializeProgram(compiled.program)), null, 2) };
}

function archiveName(tenant: string): string {
  return `${tenant}.tar.gz`;
}

async function bundleOf(
  snapshot: Snapshot,
  tenant: string,
): Promise<{ readonly files: ReadonlyMap<string, Uint8Array> } | Refused> {
  const compiled = programOf(snapshot, tenant);
  if (isRefused(compiled)) return compiled;
  const { program, sourceMap } = compiled;
  try {
    const files = await buildBundle({
      program,
      sourceMap,
      platform: await platformDigest(snapshot.project),
      wasm: compileWasm(program),
      rego: compileRego(program),
      sql: compileSql(program),
      revision,
      compiler: version,
    });
    return { files };
  } catch (error) {
    if (error instanceof UnsupportedInSql)
      return { refused: `This policy cannot be built: ${error.message}.` };
    throw error;
  }
}

/** The digest of the platform's files and of the packs: equal texts under equal names. */
async function platformDigest({ platform, packs }: Project): Promise<string> {
  const digest = (text: string) => sha256(bytesOf(text));
  const listed = (files: readonly SourceFile[]) =>
    Promise.all(files.map(async ({ name, text }) => ({ name, sha256: await digest(text) })));
  return digest(canonicalJson({ platform: await listed(platform), packs: await listed(packs) }));
}
