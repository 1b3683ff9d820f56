/** The snapshot: the digest of every release and every bundle of one moment, so that moments cannot be mixed. */
import { decode } from "@wardline/core";
import { digest } from "../manifest.ts";
import { byTenant } from "./release.ts";
import type { Root } from "./root.ts";
import {
  checkSignatures,
  checkTime,
  claimDecoders,
  claimsOf,
  readDocument,
  type Claims,
} from "./signed-document.ts";

/** A file by its digest; `size` in bytes. */
export interface FileReference {
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly size: number;
}

export interface DocumentReference extends FileReference {
  readonly version: number;
}

export interface BundleReference extends FileReference {
  /** The model that the bundle is for. */
  readonly model: string;
  readonly revision: number;
}

export interface Snapshot extends Claims {
  readonly kind: "snapshot";
  /** By model. */
  readonly releases: Readonly<Record<string, DocumentReference>>;
  /** By tenant: the digest of the archive. */
  readonly bundles: Readonly<Record<string, BundleReference>>;
}

const size = decode.integer(1, 2 ** 40);

export const documentReference = decode.record<DocumentReference>({
  sha256: digest,
  size,
  version: claimDecoders.version,
});

const shape = decode.record<Snapshot>({
  ...claimsOf("snapshot"),
  releases: decode.dictionary(documentReference),
  bundles: byTenant(
    decode.record<BundleReference>({
      sha256: digest,
      size,
      model: decode.name,
      revision: claimDecoders.version,
    }),
  ),
});

export const maxSnapshotSize = 16 * 1024 * 1024;

export async function openSnapshot(bytes: Uint8Array, root: Root, now: number | null): Promise<Snapshot> {
  const document = readDocument(bytes, "snapshot", shape, maxSnapshotSize);
  await checkSignatures(document, root.keys, [{ role: root.roles.snapshot, unmet: "trust/threshold" }]);
  if (now !== null) checkTime(document.claims, now);
  return document.claims;
}
