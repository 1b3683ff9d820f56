/**
 * The way in for a bundle: whole or not at all. It believes no file before its digest is checked, and no digest before the
 * manifest's own. Without a release to hold its signatures to, this guards against accidents and mixing, not against
 * someone who may write the folder.
 */
import { canonicalJson, loadProgram, serializeProgram, type Program, type SourceMap } from "@wardline/core";
import { refuse, refusedOr, type BundleError } from "./bundle-error.ts";
import {
  depthOf,
  parseJson,
  readCanonicalFile,
  readCanonicalText,
  type TextCodes,
} from "./canonical-text.ts";
import {
  allNames,
  checkNames,
  fileNames,
  manifestName,
  maxFileSize,
  maxSizeOf,
  signaturesName,
} from "./file-names.ts";
import { readManifest, type BundleManifest } from "./manifest.ts";
import { readSourceMap } from "./source-map.ts";
import {
  checkBundleTime,
  checkClaims,
  digestsOf,
  openSignatures,
  type BundleClaims,
} from "./trust/bundle-signature.ts";
import type { Release } from "./trust/release.ts";
import { decodeText, encodeText, sha256 } from "./web-platform.ts";

export interface ExpectedBundle {
  readonly tenant: string;
  /** The verified release that the bundle must be one of; without it signatures are not looked at. */
  readonly signedFor?: {
    readonly release: Release;
    /** In seconds. Null where times do not matter: only for whoever publishes an old content again. */
    readonly now: number | null;
  };
}

export interface OpenBundle {
  readonly program: Program;
  readonly sourceMap: SourceMap;
  readonly manifest: BundleManifest;
  /** The module, for whoever wants to run it; a copy of its own. */
  readonly wasm: Uint8Array;
  /** What is signed; null where signatures were not looked at. */
  readonly claims: BundleClaims | null;
}

export type OpenedBundle = OpenBundle | { readonly error: BundleError };

/** Checks and opens a bundle for a tenant. Never throws for what the files hold. */
export function openBundle(
  files: ReadonlyMap<string, Uint8Array>,
  expected: ExpectedBundle,
): Promise<OpenedBundle> {
  return refusedOr(() => readBundle(files, expected));
}

/** As {@link openBundle}, but a refusal is thrown. */
export async function readBundle(
  given: ReadonlyMap<string, Uint8Array>,
  expected: ExpectedBundle,
): Promise<OpenBundle> {
  const files = takeFiles(given);
  const claims = await checkSigned(files, expected);
  const read = await readManifest(files.get(manifestName) as Uint8Array);
  if ("broken" in read) return refuse(codeOf[read.broken], `${manifestName} ${read.message}`);
  const { manifest } = read;
  const { tenant, files: digests, model } = manifest.metadata.wardline;
  if (tenant !== expected.tenant) refuse("bundle/wrong-tenant", `is of ${tenant}, not of ${expected.tenant}`);
  const there = await digestsOf(files);
  if (claims !== null && expected.signedFor !== undefined)
    checkClaims(claims, there, manifest, expected.signedFor.release);
  for (const name of fileNames) {
    const bytes = files.get(name) as Uint8Array;
    const found = there.find((file) => file.name === name)?.hash;
    if (bytes.length !== digests[name].size || found !== digests[name].sha256)
      refuse("bundle/digest-mismatch", `${name} is not what the manifest names`);
  }
  const program = readProgram(files.get("ir.json") as Uint8Array);
  if (program.tenant !== tenant)
    refuse("bundle/wrong-tenant", `the program is of ${program.tenant}, not of ${tenant}`);
  const modelDigest = await sha256(encodeText(canonicalJson(program.model)));
  if (program.model.name !== model.name || modelDigest !== model.sha256)
    refuse("bundle/digest-mismatch", "the program's model is not what the manifest names");
  checkData(files.get("data.json") as Uint8Array, program);
  const sourceMap = readSourceMap(
    readCanonicalFile(
      files.get("source-map.json") as Uint8Array,
      "source-map.json",
      maxFileSize,
      programCodes,
    ),
    program,
  );
  return { program, sourceMap, manifest, wasm: files.get("policy.wasm") as Uint8Array, claims };
}

const codeOf = {
  shape: "bundle/bad-manifest",
  depth: "bundle/too-deep",
  format: "bundle/unknown-format",
  digest: "bundle/digest-mismatch",
} as const;

const programCodes: TextCodes = {
  large: "bundle/too-large",
  deep: "bundle/too-deep",
  bad: "bundle/bad-program",
};

/** The claims, once their signatures hold and their time is now. Looked at before any other file is. */
async function checkSigned(
  files: ReadonlyMap<string, Uint8Array>,
  { tenant, signedFor }: ExpectedBundle,
): Promise<BundleClaims | null> {
  if (signedFor === undefined) return null;
  const signatures = files.get(signaturesName);
  if (signatures === undefined) return refuse("bundle/unsigned", `it has no ${signaturesName}`);
  const claims = await openSignatures(signatures, signedFor.release, tenant);
  if (claims.wardline.tenant !== tenant)
    refuse("bundle/wrong-tenant", `its signatures are for ${claims.wardline.tenant}, not for ${tenant}`);
  if (signedFor.now !== null) checkBundleTime(claims, signedFor.now);
  return claims;
}

/** Exactly the files of a bundle, copied: what is checked is what is used, whatever the caller does meanwhile. */
function takeFiles(files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Uint8Array> {
  checkNames(files.keys());
  const copies = new Map<string, Uint8Array>();
  for (const name of allNames) {
    const bytes = files.get(name);
    if (bytes === undefined) {
      if (name === signaturesName) continue;
      return refuse("bundle/missing-file", `${name} is missing`);
    }
    if (bytes.length > maxSizeOf(name))
      refuse("bundle/too-large", `${name} has more than ${maxSizeOf(name)} bytes`);
    copies.set(name, Uint8Array.from(bytes));
  }
  return copies;
}

/** Deeper than any program nests: its conditions are a list that refers to itself. */
const deepestProgram = 64;

function readProgram(bytes: Uint8Array): Program {
  const text = decodeText(bytes);
  if (text !== undefined && depthOf(text) > deepestProgram)
    return refuse("bundle/too-deep", `ir.json is nested more than ${deepestProgram} deep`);
  const parsed = text === undefined ? undefined : parseJson(text);
  if (parsed === undefined) return refuse("bundle/bad-program", "ir.json is not JSON");
  const loaded = loadProgram(parsed.value);
  if ("error" in loaded) return refuse("bundle/bad-program", `ir.json: ${loaded.error}`);
  // One program has one text: a key that stands twice, for instance, could be read in two ways.
  if (serializeProgram(loaded.program) !== text)
    return refuse("bundle/bad-program", "ir.json is not written as a program is");
  return loaded.program;
}

/** The settings that OPA loads are those of the program. */
function checkData(bytes: Uint8Array, { settings }: Program): void {
  const text = decodeText(bytes);
  if (text === undefined) return refuse("bundle/bad-program", "data.json is not UTF-8");
  const data = readCanonicalText(text, "data.json", programCodes);
  if (canonicalJson(data) !== canonicalJson({ wardline_settings: settings ?? {} }))
    refuse("bundle/bad-program", "data.json does not hold the program's settings");
}
