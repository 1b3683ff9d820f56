/** The next state of a repository: which files are new. What was there stays as it is, but for the timestamp. */
import { packBundle } from "../archive/archive.ts";
import type { BundleManifest } from "../manifest.ts";
import { sha256 } from "../web-platform.ts";
import type { Signer } from "../trust/jws.ts";
import type { PublicKey, Role } from "../trust/public-key.ts";
import type { Release } from "../trust/release.ts";
import { trustFormat, writeDocument, type Claims } from "../trust/signed-document.ts";
import type { BundleReference, DocumentReference, Snapshot } from "../trust/snapshot.ts";
import type { Timestamp } from "../trust/timestamp.ts";
import type { Metadata } from "./open-metadata.ts";
import { paths } from "./source.ts";

/** When a document begins and ceases to hold, in seconds since 1970. */
export interface Validity {
  readonly notBefore: number;
  readonly expires: number;
}

export interface NextState {
  /** What is there now; null where nothing is. */
  readonly previous: Pick<Metadata, "timestamp" | "snapshot" | "releases"> | null;
  /** A release to put in place of the one for its model; left out where that one stays. */
  readonly release?: Validity & {
    readonly model: { readonly name: string; readonly sha256: string };
    readonly platform: string;
    readonly keys: readonly PublicKey[];
    readonly tenants: Readonly<Record<string, Role>>;
    readonly signers: readonly Signer[];
  };
  /** Signed bundles that are new, by tenant. */
  readonly bundles: ReadonlyMap<
    string,
    { readonly files: ReadonlyMap<string, Uint8Array>; readonly manifest: BundleManifest }
  >;
  /** Tenants that have no bundle any more. */
  readonly withdrawn?: ReadonlySet<string>;
  /** Left out where nothing changes but the timestamp. */
  readonly snapshot?: Validity & { readonly signers: readonly Signer[] };
  readonly timestamp: Validity & { readonly signers: readonly Signer[] };
}

/** New files by path, in the order in which they are to be written: the timestamp last, which makes them all visible. */
export async function writeRepository(next: NextState): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const references: Record<string, DocumentReference> = { ...next.previous?.snapshot.releases };
  const bundles: Record<string, BundleReference> = Object.fromEntries(
    Object.entries(next.previous?.snapshot.bundles ?? {}).filter(
      ([tenant]) => next.withdrawn?.has(tenant) !== true,
    ),
  );
  for (const [tenant, { files: contents, manifest }] of next.bundles) {
    const archive = packBundle(contents);
    const revision = Number(manifest.revision);
    files.set(paths.bundle(tenant, revision), archive);
    const { model } = manifest.metadata.wardline;
    Object.defineProperty(bundles, tenant, {
      value: { ...(await referenceTo(archive)), model: model.name, revision },
      enumerable: true,
      configurable: true,
    });
  }
  if (next.release !== undefined) {
    const { signers, model, platform, keys, tenants } = next.release;
    const version = (references[model.name]?.version ?? 0) + 1;
    const release: Release = { ...claims("release", version, next.release), model, platform, keys, tenants };
    const bytes = await writeDocument(release, signers);
    files.set(paths.release(version, model.name), bytes);
    references[model.name] = { ...(await referenceTo(bytes)), version };
  }
  const snapshot = await snapshotOf(next, references, bundles, files);
  const timestamp: Timestamp = {
    ...claims("timestamp", (next.previous?.timestamp.version ?? 0) + 1, next.timestamp),
    snapshot,
  };
  files.set(paths.timestamp, await writeDocument(timestamp, next.timestamp.signers));
  return files;
}

/** The reference to the snapshot that is to be the present one; a new one is put among the files. */
async function snapshotOf(
  { previous, snapshot: wanted }: NextState,
  releases: Snapshot["releases"],
  bundles: Snapshot["bundles"],
  files: Map<string, Uint8Array>,
): Promise<DocumentReference> {
  if (wanted === undefined) {
    if (previous === null || files.size > 0) throw new TypeError("what changes needs a new snapshot");
    return previous.timestamp.snapshot;
  }
  const version = (previous?.snapshot.version ?? 0) + 1;
  const snapshot: Snapshot = { ...claims("snapshot", version, wanted), releases, bundles };
  const bytes = await writeDocument(snapshot, wanted.signers);
  files.set(paths.snapshot(version), bytes);
  return { ...(await referenceTo(bytes)), version };
}

function claims<Kind extends Claims["kind"]>(kind: Kind, version: number, { notBefore, expires }: Validity) {
  return { format: trustFormat, kind, version, not_before: notBefore, expires } as const;
}

async function referenceTo(bytes: Uint8Array): Promise<{ readonly sha256: string; readonly size: number }> {
  return { sha256: await sha256(bytes), size: bytes.length };
}
