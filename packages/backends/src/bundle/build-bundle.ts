/** Puts the artefacts of one program into a bundle. Equal inputs give equal bytes; what can't be opened is never handed out. */
import { canonicalJson, serializeProgram, type Program } from "@wardline/core";
import {
  bundleFormat,
  fileNames,
  manifestName,
  wasmEntries,
  writeManifest,
  type FileDigest,
} from "./manifest.ts";
import type { FileName, WardlineMetadata } from "./manifest.ts";
import { openBundle } from "./open-bundle.ts";
import { encodeText, sha256 } from "./web-platform.ts";

export interface BundleInput {
  readonly program: Program;
  readonly wasm: Uint8Array;
  readonly rego: string;
  readonly sql: string;
  /** Chosen by who publishes; only ever goes up. */
  readonly revision: string;
  /** The version of the compiler. */
  readonly compiler: string;
}

/** The files of the bundle by name, in a fixed order. Throws a TypeError if the program or a name is not one that loads. */
export async function buildBundle(input: BundleInput): Promise<Map<string, Uint8Array>> {
  const { program } = input;
  const contents: Readonly<Record<FileName, Uint8Array>> = {
    "ir.json": encodeText(serializeProgram(program)),
    "policy.rego": encodeText(input.rego),
    "policy.sql": encodeText(input.sql),
    "policy.wasm": input.wasm.slice(),
  };
  const digests: [string, FileDigest][] = [];
  for (const name of fileNames)
    digests.push([name, { sha256: await sha256(contents[name]), size: contents[name].length }]);
  const model = { name: program.model.name, sha256: await sha256(encodeText(canonicalJson(program.model))) };
  const files = Object.fromEntries(digests) as WardlineMetadata["files"];
  const manifest = await writeManifest({
    revision: input.revision,
    rego_version: 1,
    roots: ["wardline"],
    wasm: wasmEntries,
    metadata: {
      wardline: { format: bundleFormat, tenant: program.tenant, model, compiler: input.compiler, files },
    },
  });
  const bundle = new Map([
    [manifestName, manifest],
    ...fileNames.map((name): [string, Uint8Array] => [name, contents[name]]),
  ]);
  const opened = await openBundle(bundle, { tenant: program.tenant });
  // Invariant: nothing leaves the build that a loader would refuse.
  if ("error" in opened) throw new TypeError(`${opened.error.code}: ${opened.error.message}`);
  return bundle;
}
