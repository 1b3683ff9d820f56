/**
 * The manifest of a bundle: what OPA reads of it, and under `metadata.wardline` whose bundle it is and the digest of every
 * file. It is written in one way only, and carries a digest of itself: no byte of it can be changed by accident.
 */
import { canonicalJson, decode, valueAt } from "@wardline/core";
import { shown } from "./bundle-error.ts";
import { depthOf, parseJson } from "./canonical-text.ts";
import { maxFileSize, type FileName } from "./file-names.ts";
import { decodeText, encodeText, sha256 } from "./web-platform.ts";

export const bundleFormat = "wardline/bundle/2";

export interface FileDigest {
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** In bytes. */
  readonly size: number;
}

export interface WardlineMetadata {
  readonly format: typeof bundleFormat;
  readonly tenant: string;
  /** The model's name, and the digest of its canonical JSON: bundles of one process must agree in it. */
  readonly model: { readonly name: string; readonly sha256: string };
  /** The digest of the platform's files and packs that the bundle was made with. */
  readonly platform: string;
  /** The version of the compiler. */
  readonly compiler: string;
  /** The entry points of the module. */
  readonly entrypoints: readonly ["wardline/decision", "wardline/allow", ..."wardline/filter"[]];
  readonly files: Readonly<Record<FileName, FileDigest>>;
  /** The digest of the canonical JSON of the manifest without this key. */
  readonly sha256: string;
}

/** Source: OPA's bundle format, "The .manifest file". */
export interface BundleManifest {
  readonly revision: string;
  readonly rego_version: 1;
  readonly roots: readonly ["wardline", "wardline_settings"];
  readonly metadata: { readonly wardline: WardlineMetadata };
}

/** A manifest before it is digested. */
export type ManifestDraft = Omit<BundleManifest, "metadata"> & {
  readonly metadata: { readonly wardline: Omit<WardlineMetadata, "sha256"> };
};

/**
 * What the module answers. They do not stand where OPA would look for them: an OPA that was built without an engine for
 * modules would refuse the bundle, and one with it finds the same answers in the Rego.
 */
export const entrypoints: WardlineMetadata["entrypoints"] = Object.freeze([
  "wardline/decision",
  "wardline/allow",
]);

/** The same of a module that answers lists too. */
export const entrypointsWithLists: WardlineMetadata["entrypoints"] = Object.freeze([
  ...entrypoints,
  "wardline/filter",
] as const);

export const roots: BundleManifest["roots"] = Object.freeze(["wardline", "wardline_settings"]);

export async function writeManifest(draft: ManifestDraft): Promise<Uint8Array> {
  const metadata = { wardline: { ...draft.metadata.wardline, sha256: await digestOf(draft) } };
  return encodeText(manifestText({ ...draft, metadata }));
}

function digestOf(draft: ManifestDraft): Promise<string> {
  return sha256(encodeText(canonicalJson(draft)));
}

function manifestText(manifest: BundleManifest): string {
  // Without a line's end: so its digest is also the one that OPA makes of a manifest.
  return canonicalJson(manifest);
}

/** A manifest, or which promise of it is broken and how. */
export type ReadManifest =
  | { readonly manifest: BundleManifest }
  | { readonly broken: "shape" | "depth" | "format" | "digest"; readonly message: string };

export async function readManifest(bytes: Uint8Array): Promise<ReadManifest> {
  const text = decodeText(bytes);
  if (text === undefined) return { broken: "shape", message: "is not UTF-8" };
  if (depthOf(text) > 8) return { broken: "depth", message: "is nested more than 8 deep" };
  const parsed = parseJson(text);
  if (parsed === undefined) return { broken: "shape", message: "is not JSON" };
  const format = valueAt(parsed.value, ["metadata", "wardline", "format"]);
  if (format !== bundleFormat && typeof format === "string")
    return { broken: "format", message: `is of format ${shown(format)}, not ${bundleFormat}` };
  try {
    const manifest = manifestShape(parsed.value, decode.root);
    const { sha256: claimed, ...wardline } = manifest.metadata.wardline;
    if (claimed !== (await digestOf({ ...manifest, metadata: { wardline } })))
      return { broken: "digest", message: "does not have the digest that it names" };
    if (text !== manifestText(manifest))
      return { broken: "shape", message: "is not written as a manifest is" };
    return { manifest };
  } catch (error) {
    if (error instanceof decode.Refusal) return { broken: "shape", message: error.message };
    throw error;
  }
}

/** A SHA-256 in lower-case hexadecimal. */
export const digest: decode.Decoder<string> = (value, at) =>
  typeof value === "string" && /^[0-9a-f]{64}$/.test(value)
    ? value
    : decode.refuse(at, "must be a SHA-256 in hexadecimal");

const fileDigest = decode.record<FileDigest>({ sha256: digest, size: decode.integer(0, maxFileSize) });

/** A list that is always the same. */
const fixed =
  <T extends readonly string[]>(list: T): decode.Decoder<T> =>
  (value, at) =>
    canonicalJson(value) === canonicalJson(list) ? list : decode.refuse(at, `must be ${canonicalJson(list)}`);

const wardlineShape = decode.record<WardlineMetadata>({
  format: decode.literal(bundleFormat),
  tenant: decode.line,
  model: decode.record({ name: decode.name, sha256: digest }),
  platform: digest,
  compiler: decode.line,
  entrypoints: (value, at) =>
    canonicalJson(value) === canonicalJson(entrypointsWithLists)
      ? entrypointsWithLists
      : fixed(entrypoints)(value, at),
  files: decode.record<WardlineMetadata["files"]>({
    "data.json": fileDigest,
    "ir.json": fileDigest,
    "policy.rego": fileDigest,
    "policy.sql": fileDigest,
    "policy.wasm": fileDigest,
    "source-map.json": fileDigest,
  }),
  sha256: digest,
});

const manifestShape = decode.record<BundleManifest>({
  revision: (value, at) =>
    typeof value === "string" && /^[1-9]\d{0,14}$/.test(value)
      ? value
      : decode.refuse(at, "must be a whole number from 1"),
  rego_version: (value, at) => (value === 1 ? 1 : decode.refuse(at, "must be 1")),
  roots: fixed(roots),
  metadata: decode.record({ wardline: wardlineShape }),
});
