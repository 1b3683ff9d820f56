/** The document of a proof: all that is needed to verify one statement about one chain, but the key. */
import type { TenantProof } from "@wardline/isolation";

export const proofFormat = "wardline/audit-proof/1";

export interface Proof {
  readonly format: typeof proofFormat;
  /** The checkpoint's note. */
  readonly note: string;
  /** The chain, and the way from its leaf to the root of the checkpoint. */
  readonly tenant: TenantProof;
  /** An entry by its number and stored hash, and the way from its leaf to the root of the chain. */
  readonly entry: { readonly seq: number; readonly hash: string; readonly path: readonly string[] } | null;
  /** An earlier tree of the chain, and that the present one goes on from it. */
  readonly since: { readonly size: number; readonly root: string; readonly path: readonly string[] } | null;
}
