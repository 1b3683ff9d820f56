/** The process that signs: apart from the application, with a login that reads the audit tables and nothing else. */
import type { SqlSession } from "../../contracts.ts";
import type { NoteSigner } from "../checkpoint/note-key.ts";
import { findChanged } from "./find-changed.ts";
import { hashFile } from "./hash-file.ts";
import { inconsistent } from "./signer-error.ts";
import { hashFolder, openSignerState, type SignerState } from "./signer-state.ts";
import { signRound, type Round } from "./sign-round.ts";

export interface AuditSignerOptions {
  /** Of the signer alone; made if it is not there. */
  readonly folder: string;
  readonly key: NoteSigner;
  /** So many entries that were signed before are read again in each round, in turn; none without it. */
  readonly recheck?: number;
}

export class AuditSigner {
  readonly #state: SignerState;
  readonly #key: NoteSigner;
  readonly #recheck: number;
  readonly #known: Parameters<typeof signRound>[0]["known"] = new Map();
  /** The second look goes on after this place. */
  #looked: { readonly tenant: string; readonly seq: number } = { tenant: "", seq: 0 };

  private constructor(state: SignerState, { key, recheck = 0 }: AuditSignerOptions) {
    this.#state = state;
    this.#key = key;
    this.#recheck = recheck;
  }

  /** Throws {@link SignerError} where the folder is another process's, damaged, or of another key. */
  static async open(options: AuditSignerOptions): Promise<AuditSigner> {
    return new AuditSigner(await openSignerState(options.folder, options.key), options);
  }

  /** The number of the last checkpoint, 0 before the first. */
  get number(): number {
    return this.#state.history.last?.number ?? 0;
  }

  /** Signs what the chains are now. Throws {@link SignerError}; then nothing was signed. */
  async sign(session: SqlSession, now: number): Promise<Round> {
    await this.#lookAgain(session);
    return await signRound({ session, state: this.#state, signer: this.#key, now, known: this.#known });
  }

  close(): Promise<void> {
    return this.#state.release();
  }

  async #lookAgain(session: SqlSession): Promise<void> {
    const { heads } = this.#state.history;
    const tenants = [...heads.keys()].toSorted();
    const [first] = tenants;
    if (first === undefined) return;
    let left = this.#recheck;
    for (let turns = 0; left > 0 && turns <= tenants.length;) {
      const { tenant, seq } = this.#looked;
      const size = heads.get(tenant)?.size ?? 0;
      if (seq >= size) {
        const next = tenants.find((id) => id > tenant) ?? first;
        this.#looked = { tenant: next, seq: 0 };
        turns += 1;
        continue;
      }
      const upTo = Math.min(size, seq + left);
      const path = hashFile(hashFolder(this.#state.folder), tenant);
      const found = await findChanged(session, path, tenant, seq, upTo);
      if (found !== null) throw inconsistent(tenant, found);
      left -= upTo - seq;
      this.#looked = { tenant, seq: upTo };
    }
  }
}
