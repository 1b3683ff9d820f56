/** Puts the artefacts of one program into a bundle. Equal inputs give equal bytes; what can't be opened is never handed out. */
import { canonicalJson, serializeProgram, type Program, type SourceMap } from "@wardline/core";
import { fileNames, manifestName, signaturesName, type FileName } from "./file-names.ts";
import {
  bundleFormat,
  readManifest,
  roots,
  entrypoints,
  entrypointsWithLists,
  writeManifest,
  type FileDigest,
} from "./manifest.ts";
import type { WardlineMetadata } from "./manifest.ts";
import { openBundle } from "./open-bundle.ts";
import { signBundle, type Lifetime } from "./trust/bundle-signature.ts";
import type { Signer } from "./trust/jws.ts";
import { encodeText, sha256 } from "./web-platform.ts";

export interface BundleInput {
  readonly program: Program;
  readonly wasm: Uint8Array;
  /** The module answers lists too: it was compiled with `filter`. */
  readonly lists?: boolean;
  readonly rego: string;
  readonly sql: string;
  /** Where the atoms stand in the texts. */
  readonly sourceMap: SourceMap;
  /** The digest of the platform's files and packs (SHA-256, hexadecimal). */
  readonly platform: string;
  /** Chosen by who publishes; only ever goes up. */
  readonly revision: string;
  /** The version of the compiler. */
  readonly compiler: string;
  /** Who signs, and for how long. Without it the bundle has no signatures. */
  readonly signing?: { readonly signers: readonly Signer[]; readonly lifetime: Lifetime };
}

/** The files of the bundle by name, in a fixed order. Throws a TypeError if the program or a name is not one that loads. */
export async function buildBundle(input: BundleInput): Promise<Map<string, Uint8Array>> {
  const { program } = input;
  const contents: Readonly<Record<FileName, Uint8Array>> = {
    // What OPA loads as data; without a line's end, as the manifest.
    "data.json": encodeText(canonicalJson({ wardline_settings: program.settings ?? {} })),
    "ir.json": encodeText(serializeProgram(program)),
    "policy.rego": encodeText(input.rego),
    "policy.sql": encodeText(input.sql),
    "policy.wasm": input.wasm.slice(),
    "source-map.json": encodeText(`${canonicalJson(input.sourceMap)}\n`),
  };
  const digests: [string, FileDigest][] = [];
  for (const name of fileNames)
    digests.push([name, { sha256: await sha256(contents[name]), size: contents[name].length }]);
  const model = { name: program.model.name, sha256: await sha256(encodeText(canonicalJson(program.model))) };
  const files = Object.fromEntries(digests) as WardlineMetadata["files"];
  const manifest = await writeManifest({
    revision: input.revision,
    rego_version: 1,
    roots,
    metadata: {
      wardline: {
        format: bundleFormat,
        tenant: program.tenant,
        model,
        platform: input.platform,
        compiler: input.compiler,
        entrypoints: input.lists === true ? entrypointsWithLists : entrypoints,
        files,
      },
    },
  });
  const bundle = new Map([
    [manifestName, manifest],
    ...fileNames.map((name): [string, Uint8Array] => [name, contents[name]]),
  ]);
  const opened = await openBundle(bundle, { tenant: program.tenant });
  // Invariant: nothing leaves the build that a loader would refuse.
  if ("error" in opened) throw new TypeError(`${opened.error.code}: ${opened.error.message}`);
  return input.signing === undefined ? bundle : sign(bundle, input.signing);
}

async function sign(
  bundle: ReadonlyMap<string, Uint8Array>,
  { signers, lifetime }: NonNullable<BundleInput["signing"]>,
): Promise<Map<string, Uint8Array>> {
  const read = await readManifest(bundle.get(manifestName) as Uint8Array);
  if ("broken" in read) throw new TypeError(read.message);
  const signatures = await signBundle(bundle, read.manifest, lifetime, signers);
  const [manifest, ...files] = bundle;
  return new Map([manifest as [string, Uint8Array], [signaturesName, signatures], ...files]);
}
