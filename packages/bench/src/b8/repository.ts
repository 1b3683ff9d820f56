/** A signed repository with a bundle for each of many tenants, in a folder. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  buildBundle,
  compileRego,
  compileSql,
  compileWasm,
  generateKey,
  openKey,
  openMetadata,
  trustFormat,
  writeDocument,
  writeRepository,
  type BundleManifest,
  type NextState,
} from "@wardline/backends";
import { folderSource } from "@wardline/sdk";
import { compileVariants, programOf, tenantName } from "./policies.ts";

const day = 86_400;
const platform = "ab".repeat(32);
/** Bundles that are in memory at once while they are written. */
const batch = 500;

type NewBundle = NextState["bundles"] extends ReadonlyMap<string, infer T> ? T : never;

/** Gives the root that is to be trusted. */
export async function writeManyTenants(folder: string, count: number): Promise<Uint8Array> {
  const programs = compileVariants();
  // What the SDK checks the digest of and does not run: that of the text which the tenant's was made from.
  const artefacts = programs.map((program) => ({
    wasm: compileWasm(program),
    rego: compileRego(program),
    sql: compileSql(program),
  }));
  const { publicKey, signer } = await openKey(await generateKey());
  const now = Math.floor(Date.now() / 1000);
  const role = { keys: [publicKey.kid], threshold: 1 };
  const lasting = { notBefore: now - 60, expires: now + 30 * day };
  const validity = { ...lasting, signers: [signer] };
  const modelName = programs[0]?.model.name ?? "";
  const claims = {
    format: trustFormat,
    kind: "root",
    version: 1,
    not_before: lasting.notBefore,
    expires: lasting.expires,
    keys: [publicKey],
    roles: { root: role, snapshot: role, timestamp: role },
    releases: { [modelName]: role },
  } as const;
  const root = await writeDocument(claims, [signer]);
  const bundleOf = async (number: number, revision: number): Promise<NewBundle> => {
    const program = programOf(programs, number);
    const files = await buildBundle({
      program,
      ...(artefacts[number % artefacts.length] as (typeof artefacts)[number]),
      sourceMap: { atoms: program.atoms.map(() => []) },
      platform,
      revision: String(revision),
      compiler: "bench",
      signing: { signers: [signer], lifetime: { ...lasting, maxStaleness: null } },
    });
    const manifest = JSON.parse(new TextDecoder().decode(files.get(".manifest"))) as BundleManifest;
    return { files, manifest };
  };
  const tenants = Object.fromEntries(Array.from({ length: count }, (_, n) => [tenantName(n), role]));
  const publish = async (bundles: NextState["bundles"], isFirst: boolean): Promise<void> => {
    const source = folderSource(folder);
    const previous = isFirst ? null : await openMetadata({ source, root, seen: new Map(), now: null });
    if (previous !== null && "error" in previous) throw new Error(previous.error.message);
    const [first] = bundles.values();
    const { model } = (first as NewBundle).manifest.metadata.wardline;
    const release = { ...validity, model, platform, keys: [publicKey], tenants };
    const files = await writeRepository({
      previous,
      bundles,
      ...(isFirst ? { release } : {}),
      snapshot: validity,
      timestamp: validity,
    });
    for (const [path, bytes] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    }
  };
  for (let from = 0; from < count; from += batch) {
    const bundles = new Map<string, NewBundle>();
    for (let n = from; n < Math.min(count, from + batch); n += 1)
      bundles.set(tenantName(n), await bundleOf(n, 1));
    await publish(bundles, from === 0);
  }
  return root;
}
