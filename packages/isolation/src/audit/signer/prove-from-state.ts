/** Proofs about the last checkpoint, made from the signer's folder alone. */
import { CheckpointHistory } from "../checkpoint/history.ts";
import type { NoteKey } from "../checkpoint/note-key.ts";
import { parseRecord } from "../checkpoint/record.ts";
import { proveTenant, type TenantProof } from "../checkpoint/tenant-tree.ts";
import { proveConsistency, proveInclusion, rootOf } from "../tree/prove.ts";
import { hashFile, readHashes, readLeaves } from "./hash-file.ts";
import { SignerError } from "./signer-error.ts";
import { followJournal, hashFolder, recordsAfter } from "./signer-state.ts";

export interface StateProof {
  /** The checkpoint's note. */
  readonly note: string;
  readonly tenant: TenantProof;
  readonly entry: { readonly seq: number; readonly hash: string; readonly path: readonly string[] } | null;
  readonly since: { readonly size: number; readonly root: string; readonly path: readonly string[] } | null;
}

/**
 * Null where the last checkpoint knows no such tenant. Throws a RangeError for a place that the chain does not have, and
 * {@link SignerError} where the folder is damaged or another key's.
 */
export function proveFromState(
  folder: string,
  key: NoteKey,
  asked: { readonly tenant: string; readonly entry?: number; readonly since?: number },
): StateProof | null {
  const history = new CheckpointHistory([key]);
  followJournal(folder, history);
  const { last } = history;
  const tenant = proveTenant(history.heads.values(), asked.tenant);
  if (last === null || tenant === null) return null;
  const [record] = recordsAfter(folder, last.number - 1);
  const note = parseRecord(record?.line ?? "")?.note;
  const path = hashFile(hashFolder(folder), asked.tenant);
  const { size, root } = tenant.head;
  const leaves = readLeaves(path, size);
  if (note === undefined || rootOf(leaves) !== root)
    throw new SignerError("audit/signer-state", `${folder} does not hold what was signed`);
  return { note, tenant, entry: entryOf(), since: sinceOf() };

  function entryOf(): StateProof["entry"] {
    if (asked.entry === undefined) return null;
    const place = asked.entry - 1;
    const way = proveInclusion(leaves, place, size);
    const [hash] = [...readHashes(path, place, place + 1)][0] as readonly [string];
    return { seq: asked.entry, hash, path: way };
  }

  function sinceOf(): StateProof["since"] {
    if (asked.since === undefined) return null;
    return {
      size: asked.since,
      root: rootOf(leaves, asked.since),
      path: proveConsistency(leaves, asked.since, size),
    };
  }
}
