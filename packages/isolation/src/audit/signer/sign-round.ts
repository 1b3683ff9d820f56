/**
 * One round of the signer: reads what was appended to every chain since the last checkpoint, holds it against what was signed, and signs.
 * It signs nothing where any chain does not go on from there: each new tree contains the last one by the way it is made, and the first
 * new entry must follow the last one that was signed.
 */
import type { SqlSession } from "../../contracts.ts";
import { genesisHash } from "../chain.ts";
import { checkpointDigest, formatCheckpoint, type Checkpoint } from "../checkpoint/checkpoint.ts";
import type { NoteSigner } from "../checkpoint/note-key.ts";
import { formatRecord, type CheckpointRecord } from "../checkpoint/record.ts";
import { TenantTree, type TenantHead } from "../checkpoint/tenant-tree.ts";
import { parseNote, signNote } from "../checkpoint/note.ts";
import { readChain, readHeads, type ChainHead } from "../read-chain.ts";
import { GrowingTree } from "../tree/growing-tree.ts";
import { emptyRoot, entryLeafHash } from "../tree/merkle-hash.ts";
import { ChainFollower, type ChainBreak } from "../verify/chain-follower.ts";
import { WhyBroken, type Broken } from "../verify/why-broken.ts";
import { appendHashes, hashFile, readHashes } from "./hash-file.ts";
import { findChanged } from "./find-changed.ts";
import { appendRecordLine } from "./record-file.ts";
import { inconsistent, SignerError } from "./signer-error.ts";
import { hashFolder, journalFile, type SignerState } from "./signer-state.ts";

/** How far a chain was signed, in memory: its tree's edge and the hash of its last entry. */
interface Signed {
  readonly tree: GrowingTree;
  readonly last: string;
}

export interface RoundOptions {
  readonly session: SqlSession;
  readonly state: SignerState;
  readonly signer: NoteSigner;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Kept by the caller from round to round, so that no chain is read twice. */
  readonly known: Map<string, Signed>;
}

export interface Round {
  readonly checkpoint: Checkpoint;
  readonly record: CheckpointRecord;
  /** New entries in all chains. */
  readonly entries: number;
}

/** So many checkpoints with changes alone come between two with all heads. */
const fullEvery = 500;

/** Throws {@link SignerError} and has then signed nothing. */
export async function signRound(options: RoundOptions): Promise<Round> {
  const { session, state, signer, now, known } = options;
  const { last } = state.history;
  if (last !== null && now < last.time)
    throw new SignerError("audit/clock", "the clock is behind the last checkpoint: nothing was signed");
  const missing = new Set(state.history.heads.keys());
  const changed: TenantHead[] = [];
  const grown = new Map<string, Signed>();
  let entries = 0;
  for await (const head of readHeads(session)) {
    missing.delete(head.tenant);
    const before = state.history.heads.get(head.tenant) ?? null;
    const next = await follow(options, head, before);
    if (next === null) continue;
    grown.set(head.tenant, next);
    entries += head.seq - (before?.size ?? 0);
    changed.push({ tenant: head.tenant, size: head.seq, root: next.tree.root() });
  }
  for (const tenant of missing) throw inconsistent(tenant, { seq: 1, reason: "truncated" });
  const tree = new TenantTree();
  tree.replace(state.history.heads.values());
  tree.update(changed);
  const isFull = last === null || state.sinceFull >= fullEvery;
  const checkpoint: Checkpoint = {
    log: signer.name,
    number: (last?.number ?? 0) + 1,
    time: now,
    tenants: tree.heads.size,
    root: tree.root(),
    previous: last === null ? null : checkpointDigest(formatCheckpoint(last)),
  };
  const note = signNote(formatCheckpoint(checkpoint), signer);
  const record = { note, isFull, heads: isFull ? [...tree.heads.values()] : changed };
  // Invariant: what is written is believed by whoever follows the log.
  const seen = state.history.add(record);
  if ("fault" in seen || parseNote(note) === null)
    throw new SignerError("audit/signer-state", "the checkpoint would not be believed: nothing was signed");
  appendRecordLine(journalFile(state.folder), formatRecord(record));
  state.sinceFull = isFull ? 1 : state.sinceFull + 1;
  for (const [tenant, signed] of grown) known.set(tenant, signed);
  return { checkpoint, record, entries };
}

/** The chain's tree with what is new in it, its hashes on the disk; null where nothing is. */
async function follow(
  { session, state, known }: RoundOptions,
  head: ChainHead,
  before: TenantHead | null,
): Promise<Signed | null> {
  const { tenant } = head;
  const size = before?.size ?? 0;
  const path = hashFile(hashFolder(state.folder), tenant);
  if (head.seq < size) throw inconsistent(tenant, { seq: head.seq + 1, reason: "truncated" });
  if (before !== null && head.seq === size) {
    // Without the rest of what was signed, which nothing new goes on from.
    const last = known.get(tenant)?.last ?? lastHash(path, tenant, size);
    if (head.hash !== last) throw await changedBefore(session, path, tenant, size);
    return null;
  }
  const signed = known.get(tenant) ?? restore(path, tenant, before);
  known.set(tenant, signed);
  if (head.seq === 0) {
    if (head.hash !== signed.last) throw inconsistent(tenant, { seq: 1, reason: "wrong_tenant" });
    return signed;
  }
  const tree = GrowingTree.from(signed.tree.edge());
  const follower = new ChainFollower(tenant, { seq: size, hash: signed.last });
  let written = size;
  for await (const rows of readChain(session, tenant, { after: size, upTo: head.seq })) {
    for (const row of rows) {
      const found = follower.push(row);
      if (found !== null) {
        // Where the first new entry follows another one, it is what was signed that was changed.
        if (found.kind === "link" && found.seq === size + 1 && size > 0)
          throw await changedBefore(session, path, tenant, size);
        throw inconsistent(tenant, await whyBroken(session, found, head));
      }
      tree.append(entryLeafHash(row.hash));
    }
    appendHashes(
      path,
      written,
      rows.map(({ hash }) => hash),
    );
    written += rows.length;
  }
  const { seq, hash } = follower.head;
  if (seq < head.seq) throw inconsistent(tenant, { seq: seq + 1, reason: "truncated" });
  if (hash !== head.hash) throw inconsistent(tenant, { seq, reason: "rewritten" });
  return { tree, last: hash };
}

async function whyBroken(
  session: SqlSession,
  found: ChainBreak,
  { tenant, seq }: ChainHead,
): Promise<Broken> {
  const why = new WhyBroken(found);
  for await (const rows of readChain(session, tenant, { upTo: seq })) for (const row of rows) why.look(row);
  return why.answer(tenant, seq);
}

async function changedBefore(
  session: SqlSession,
  path: string,
  tenant: string,
  size: number,
): Promise<SignerError> {
  const found = await findChanged(session, path, tenant, 0, size);
  return inconsistent(tenant, found ?? { seq: size, reason: "rewritten" });
}

function lastHash(path: string, tenant: string, size: number): string {
  if (size === 0) return genesisHash(tenant);
  for (const [last] of readHashes(path, size - 1, size)) return last as string;
  throw new RangeError("hashes are missing");
}

/** From the hashes on the disk, which must be those that were signed. */
function restore(path: string, tenant: string, before: TenantHead | null): Signed {
  const tree = new GrowingTree();
  let last = genesisHash(tenant);
  try {
    for (const page of readHashes(path, 0, before?.size ?? 0))
      for (const stored of page) {
        tree.append(entryLeafHash(stored));
        last = stored;
      }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  if (tree.root() !== (before?.root ?? emptyRoot))
    throw new SignerError(
      "audit/signer-state",
      `${path}: the hashes of ${tenant} are not those that were signed`,
    );
  return { tree, last };
}
