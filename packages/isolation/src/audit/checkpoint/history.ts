/**
 * Follows the records of a log in their order and holds each to the ones before it: who signed it, that it goes on from its
 * predecessor, and that no chain shrank, vanished or changed without growing. It keeps one head a tenant.
 */
import { checkpointDigest, parseCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { openNote, type NoteRefused } from "./note.ts";
import type { NoteKey } from "./note-key.ts";
import type { CheckpointRecord } from "./record.ts";
import { TenantTree, type TenantHead } from "./tenant-tree.ts";

export type CheckpointFault =
  | NoteRefused
  /** Another log's, or signed by a key of another name. */
  | "wrong_log"
  /** Two checkpoints with one number that say different things: different readers were shown different logs. */
  | "split_view"
  /** One is missing before it. */
  | "gap"
  /** It does not name the one before it. */
  | "broken_link"
  /** It is older than the one before it. */
  | "time"
  /** The heads beside it are not those that were signed. */
  | "heads"
  /** A chain has fewer entries than before, or is gone. */
  | "shrunk"
  /** A chain has as many entries as before and another root. */
  | "rewritten";

export interface FaultyCheckpoint {
  readonly fault: CheckpointFault;
  /** Which one, where it says so. */
  readonly number: number | null;
  /** Whose chain it is about. */
  readonly tenant: string | null;
}

/** A checkpoint that was believed, and the chains that changed with it. */
export interface SeenCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly changed: readonly TenantHead[];
  /** It is one that was seen before. */
  readonly isRepeated: boolean;
}

export class CheckpointHistory {
  readonly #keys: readonly NoteKey[];
  readonly #tree = new TenantTree();
  readonly #digests = new Map<number, string>();
  #last: Checkpoint | null = null;
  #first = 0;

  constructor(keys: readonly NoteKey[]) {
    this.#keys = keys;
  }

  /** The newest that was believed. */
  get last(): Checkpoint | null {
    return this.#last;
  }

  /** The chains as the newest has them. */
  get heads(): ReadonlyMap<string, TenantHead> {
    return this.#tree.heads;
  }

  /** Believes a record, or says why not; one that is not believed changes nothing. */
  add(record: CheckpointRecord): SeenCheckpoint | FaultyCheckpoint {
    const opened = openNote(record.note, this.#keys);
    if ("refused" in opened) return faulty(opened.refused, claimedNumber(record.note));
    const checkpoint = parseCheckpoint(opened.text);
    if (checkpoint === null) return faulty("malformed", null);
    const { number } = checkpoint;
    if (opened.by.some(({ name }) => name !== checkpoint.log)) return faulty("wrong_log", number);
    const last = this.#last;
    if (last !== null && checkpoint.log !== last.log) return faulty("wrong_log", number);
    const digest = checkpointDigest(opened.text);
    if (last !== null && number <= last.number) return this.#again(checkpoint, digest);
    const fault = this.#follows(checkpoint, record);
    if (fault !== null) return faulty(fault, number);
    const changed = record.heads.filter(({ tenant, size }) => this.heads.get(tenant)?.size !== size);
    const wrong = this.#accept(checkpoint, record);
    if (wrong !== null) return wrong;
    this.#digests.set(number, digest);
    if (last === null) this.#first = number;
    this.#last = checkpoint;
    return { checkpoint, changed, isRepeated: false };
  }

  /** Takes the heads of the record, unless they are not those that were signed or a chain did not only grow. */
  #accept(checkpoint: Checkpoint, record: CheckpointRecord): FaultyCheckpoint | null {
    const before = new Map(record.heads.map((head) => [head.tenant, this.heads.get(head.tenant)]));
    const count = this.heads.size;
    this.#tree.update(record.heads);
    const fault = this.#judge(checkpoint, record, before, count);
    if (fault === null) return null;
    this.#tree.replace([...this.heads.values()].filter(({ tenant }) => !before.has(tenant)));
    this.#tree.update([...before.values()].filter((head) => head !== undefined));
    return fault;
  }

  #judge(
    { number, tenants, root }: Checkpoint,
    { isFull, heads }: CheckpointRecord,
    before: ReadonlyMap<string, TenantHead | undefined>,
    count: number,
  ): FaultyCheckpoint | null {
    const known = [...before.values()].filter((head) => head !== undefined);
    if (isFull && known.length < count) {
      const gone = [...this.heads.keys()].find((tenant) => !before.has(tenant)) ?? null;
      // Invariant: nobody is told that a chain is gone by heads that were not signed.
      const signed = new TenantTree();
      signed.replace(heads);
      const isSigned = signed.heads.size === tenants && signed.root() === root;
      return isSigned ? faulty("shrunk", number, gone) : faulty("heads", number);
    }
    if (this.heads.size !== tenants || this.#tree.root() !== root) return faulty("heads", number);
    for (const was of known) {
      const now = this.heads.get(was.tenant) as TenantHead;
      if (now.size < was.size) return faulty("shrunk", number, was.tenant);
      if (now.size === was.size && now.root !== was.root) return faulty("rewritten", number, was.tenant);
    }
    return null;
  }

  #again(checkpoint: Checkpoint, digest: string): SeenCheckpoint | FaultyCheckpoint {
    const { number } = checkpoint;
    if (number < this.#first) return faulty("gap", number);
    return this.#digests.get(number) === digest
      ? { checkpoint, changed: [], isRepeated: true }
      : faulty("split_view", number);
  }

  #follows({ number, previous, time }: Checkpoint, { isFull }: CheckpointRecord): CheckpointFault | null {
    const last = this.#last;
    // A reader may begin later, with one that has all heads.
    if (last === null) return isFull ? null : "gap";
    if (number !== last.number + 1) return "gap";
    if (previous !== this.#digests.get(last.number)) return "broken_link";
    return time < last.time ? "time" : null;
  }
}

function faulty(
  fault: CheckpointFault,
  number: number | null,
  tenant: string | null = null,
): FaultyCheckpoint {
  return { fault, number, tenant };
}

/** Only to be told: nobody vouches for it. */
function claimedNumber(note: string): number | null {
  const number = Number(/^number (\d{1,15})$/m.exec(note)?.[1]);
  return Number.isSafeInteger(number) ? number : null;
}
