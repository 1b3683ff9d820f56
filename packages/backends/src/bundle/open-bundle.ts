/**
 * The way in for a bundle: whole or not at all. It believes no file before its digest is checked, and no digest before the
 * manifest's own. Without a signature this guards against accidents and mixing, not against someone who may write the folder.
 */
import { canonicalJson, loadProgram, serializeProgram, type Program } from "@wardline/core";
import {
  fileNames,
  manifestName,
  maxFileSize,
  maxManifestSize,
  parseJson,
  readManifest,
} from "./manifest.ts";
import type { BundleManifest, FileName } from "./manifest.ts";
import { decodeText, encodeText, sha256 } from "./web-platform.ts";

export type BundleErrorCode =
  | "bundle/missing-file"
  | "bundle/extra-file"
  | "bundle/too-large"
  | "bundle/bad-manifest"
  | "bundle/unknown-format"
  | "bundle/digest-mismatch"
  | "bundle/wrong-tenant"
  | "bundle/bad-program";

export interface BundleError {
  /** Stable. */
  readonly code: BundleErrorCode;
  readonly message: string;
}

export interface OpenBundle {
  readonly program: Program;
  readonly manifest: BundleManifest;
  /** The module, for whoever wants to run it; a copy of its own. */
  readonly wasm: Uint8Array;
}

export type OpenedBundle = OpenBundle | { readonly error: BundleError };

/** Checks and opens a bundle for a tenant. Never throws for what the files hold. */
export async function openBundle(
  files: ReadonlyMap<string, Uint8Array>,
  expected: { readonly tenant: string },
): Promise<OpenedBundle> {
  const taken = takeFiles(files);
  if ("error" in taken) return taken;
  const read = await readManifest(taken.manifest);
  if ("broken" in read) return failed(codeOf[read.broken], `${manifestName} ${read.message}`);
  const { manifest } = read;
  const { tenant, files: digests, model } = manifest.metadata.wardline;
  if (tenant !== expected.tenant)
    return failed("bundle/wrong-tenant", `is of ${tenant}, not of ${expected.tenant}`);
  for (const name of fileNames) {
    const bytes = taken.contents[name];
    if (bytes.length !== digests[name].size || (await sha256(bytes)) !== digests[name].sha256)
      return failed("bundle/digest-mismatch", `${name} is not what the manifest names`);
  }
  const program = openProgram(taken.contents["ir.json"]);
  if ("error" in program) return program;
  if (program.program.tenant !== tenant)
    return failed("bundle/wrong-tenant", `the program is of ${program.program.tenant}, not of ${tenant}`);
  const modelDigest = await sha256(encodeText(canonicalJson(program.program.model)));
  if (program.program.model.name !== model.name || modelDigest !== model.sha256)
    return failed("bundle/digest-mismatch", "the program's model is not what the manifest names");
  return { program: program.program, manifest, wasm: taken.contents["policy.wasm"] };
}

const codeOf = {
  shape: "bundle/bad-manifest",
  format: "bundle/unknown-format",
  digest: "bundle/digest-mismatch",
} as const;

interface Taken {
  readonly manifest: Uint8Array;
  readonly contents: Readonly<Record<FileName, Uint8Array>>;
}

/** Exactly the files of a bundle, copied: what is checked is what is used, whatever the caller does meanwhile. */
function takeFiles(files: ReadonlyMap<string, Uint8Array>): Taken | { readonly error: BundleError } {
  const known = new Set<string>([manifestName, ...fileNames]);
  for (const name of files.keys())
    if (!known.has(name))
      return failed("bundle/extra-file", `${JSON.stringify(name)} is no file of a bundle`);
  const copies: [string, Uint8Array][] = [];
  for (const name of known) {
    const bytes = files.get(name);
    if (bytes === undefined) return failed("bundle/missing-file", `${name} is missing`);
    const most = name === manifestName ? maxManifestSize : maxFileSize;
    if (bytes.length > most) return failed("bundle/too-large", `${name} has more than ${most} bytes`);
    copies.push([name, Uint8Array.from(bytes)]);
  }
  const { [manifestName]: manifest, ...contents } = Object.fromEntries(copies);
  return { manifest: manifest as Uint8Array, contents: contents as Record<FileName, Uint8Array> };
}

function openProgram(bytes: Uint8Array): { readonly program: Program } | { readonly error: BundleError } {
  const text = decodeText(bytes);
  const parsed = text === undefined ? undefined : parseJson(text);
  if (parsed === undefined) return failed("bundle/bad-program", "ir.json is not JSON");
  const loaded = loadProgram(parsed.value);
  if ("error" in loaded) return failed("bundle/bad-program", `ir.json: ${loaded.error}`);
  // One program has one text: a key that stands twice, for instance, could be read in two ways.
  if (serializeProgram(loaded.program) !== text)
    return failed("bundle/bad-program", "ir.json is not written as a program is");
  return loaded;
}

function failed(code: BundleErrorCode, message: string): { readonly error: BundleError } {
  return { error: { code, message } };
}
