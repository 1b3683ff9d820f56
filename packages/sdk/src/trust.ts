/** What an application trusts: a root, and what was seen already. */
import { maxRootSize } from "@wardline/backends";
import type { VersionStore } from "@wardline/isolation";
import { BundleRejected } from "./bundle-rejected.ts";
import { readSmallFile } from "./read-small-file.ts";

export interface TrustPolicy {
  /**
   * The root's metadata, or the file that holds it. It comes with the application, never from the repository: whoever can
   * change it decides what is trusted. Later roots are followed from it.
   */
  readonly root: Uint8Array | string;
  /** Where the highest versions that were seen are kept. Default: a table in the database, which `createSchema` makes. */
  readonly seen?: VersionStore;
}

/** The bytes of the trusted root. Throws {@link BundleRejected}. */
export async function readTrustedRoot({ root }: TrustPolicy): Promise<Uint8Array> {
  if (typeof root !== "string") return Uint8Array.from(root);
  const bytes = await readSmallFile(root, maxRootSize);
  if (bytes === "missing") throw new BundleRejected("trust/missing-document", `there is no root at ${root}`);
  if (bytes === "too-large") throw new BundleRejected("trust/too-large", `the root at ${root} is too large`);
  return bytes;
}
