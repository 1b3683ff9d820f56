/**
 * One transaction in one turn of the database: begun, entered into its tenant's context, and ended here and nowhere
 * else. Audit entries are appended last before the commit, once for all; those of refusals after a rollback, in a transaction
 * of their own.
 */
import type { KnownFacts } from "@wardline/core";
import type { QueryResult } from "kysely";
import type { AuditEntry, SqlSession } from "../contracts.ts";
import { ConnectionLost } from "../database/connection-lost.ts";
import { queryAll } from "../database/query-all.ts";
import { IsolationViolation } from "../errors.ts";
import { LimitLedger } from "../limits/limit-ledger.ts";
import type { AskedQuery } from "../raw/raw-query.ts";
import { checkedSession, type CheckedSession } from "./checked-session.ts";
import { Refusal } from "../write/refusal.ts";
import { offerContinuation } from "../challenge/offer.ts";
import { contextError, tellRefusal } from "./context-error.ts";
import { enteringSession, type EnteringSession } from "./entering-session.ts";
import { LateRecord } from "./late-record.ts";
import { claimsOf, identityOf, presentFacts, refuseRevoked, sameIdentity, type Identity } from "./options.ts";
import type { PreparedOptions } from "./prepared.ts";
import { noticesOf, type Notice } from "./notice.ts";
import { ReadRecord } from "./read-record.ts";
import { auditFailure } from "./record-alone.ts";
import { Savepoints } from "./savepoints.ts";
import { executeStatement, isWrite, refusalEntry } from "./statement.ts";

/** A transaction for several calls is entered `now`, one for a single call with its `first` statement. */
export type Entry = "now" | "first";

export class GuardedTransaction {
  readonly #options: PreparedOptions;
  /** Of the turn: what comes after the transaction's end goes here. */
  readonly #turn: SqlSession;
  /** For what begins, enters and ends the transaction. */
  readonly #session: EnteringSession;
  /** For everything else. */
  readonly #checked: CheckedSession;
  readonly #identity: Identity;
  /** What is to be put on record, in order. */
  #pending: AuditEntry[] = [];
  /** What is to be once it has ended. */
  readonly #late: LateRecord;
  readonly #savepoints = new Savepoints();
  #owed: ReadRecord | null = null;
  #state: "open" | "failed" | "ended" = "open";
  /** Whom its writes say to tell, once they are committed. */
  notices: readonly Notice[] = [];

  private constructor(options: PreparedOptions, turn: SqlSession, identity: Identity) {
    this.#options = options;
    this.#turn = turn;
    this.#identity = identity;
    const claims = claimsOf(options, identity, "gate");
    this.#session = enteringSession(turn, options.context, claims);
    const { finalCheck, guard, database } = options;
    // Invariant: nothing but the begin, the context, savepoints and the end of a transaction goes past the final check.
    const check = finalCheck(guard.program, database.schema);
    this.#checked = checkedSession(this.#session, check, identity.tenant);
    this.#late = new LateRecord(options, identity);
  }

  static async begin(options: PreparedOptions, turn: SqlSession, entry: Entry): Promise<GuardedTransaction> {
    const transaction = new GuardedTransaction(options, turn, identityOf(presentFacts(options)));
    if (entry === "first") return transaction;
    try {
      await transaction.#session.enter();
      return transaction;
    } catch (error) {
      await transaction.#undo();
      throw transaction.#named(error);
    }
  }

  /** The facts of now. Throws where the transaction is over, the handle was revoked, or somebody else asks. */
  presentFacts(): KnownFacts {
    if (this.#state !== "open")
      throw new IsolationViolation("transaction/ended", "the transaction has failed or ended");
    const facts = presentFacts(this.#options);
    // Invariant: one transaction has one context for its whole life.
    if (!sameIdentity(identityOf(facts), this.#identity))
      throw new IsolationViolation("handle/no-context", "the context changed within a transaction");
    return facts;
  }

  get isOpen(): boolean {
    return this.#state === "open";
  }

  /** The options with the policy that the transaction has. */
  get options(): PreparedOptions {
    return this.#options;
  }

  /** Runs a statement. A write that fails is undone by itself; any other failure leaves only the rollback. */
  async execute(
    query: AskedQuery,
    guarded: "by-savepoint" | "by-transaction",
    ledger: LimitLedger = new LimitLedger(),
  ): Promise<QueryResult<unknown>> {
    const facts = this.presentFacts();
    const options = this.#options;
    const within = guarded === "by-savepoint";
    const writes = isWrite(query.copy());
    if (within && writes) await this.#run("savepoint wardline_write");
    this.#owed = null;
    try {
      const answer = await executeStatement(options, this.#checked, facts, query, ledger, (owed) => {
        this.#owed = new ReadRecord(options, facts, owed, within);
      });
      const result = await this.#onRecord(answer.result, within, writes);
      if (within && writes) await this.#run("release savepoint wardline_write");
      this.#pending.push(...answer.entries);
      return result;
    } catch (error) {
      // First of all: nothing that goes wrong from here on may leave a write that was refused to be committed.
      this.#state = "failed";
      if (error instanceof Refusal) {
        const entry = refusalEntry(options, facts, query, error);
        this.#pending.push(entry);
        // What stands in a transaction of the caller's is one with the rest of it, and so not resumed alone.
        if (!within) offerContinuation(options, facts, error, entry.id);
      }
      if (within && writes) {
        await this.#run("rollback to savepoint wardline_write", "release savepoint wardline_write");
        this.#state = "open";
      }
      if (within) await this.owed?.failure(error);
      throw this.#named(error);
    }
  }

  /** What is still to be on record before the result is shown, once the transaction has ended. */
  get owed(): ReadRecord | null {
    return this.#owed;
  }

  async #onRecord(
    result: QueryResult<unknown>,
    within: boolean,
    writes: boolean,
  ): Promise<QueryResult<unknown>> {
    const owed = this.#owed;
    if (owed === null) return result;
    const rows = result.rows as Record<string, unknown>[];
    if (within) return { ...result, rows: await owed.result(rows) };
    if (!writes) return result;
    await owed.tell(rows);
    // Nothing of a write alone is shown before it is committed.
    this.#pending.push(...owed.entries(rows));
    this.#owed = null;
    return result;
  }

  /** Runs something that reads for a caller; its failure leaves only the rollback. */
  async read<T>(act: (session: CheckedSession, facts: KnownFacts) => Promise<T>): Promise<T> {
    const facts = this.presentFacts();
    try {
      return await act(this.#checked, facts);
    } catch (error) {
      this.#state = "failed";
      throw this.#named(error);
    }
  }

  /** Carries out what is no statement of a caller, with its entries; a failure leaves only the rollback. `entryOf`: of a refusal. */
  async carryOut<T>(
    act: (
      session: CheckedSession,
      facts: KnownFacts,
    ) => Promise<{
      readonly value: T;
      readonly entries: readonly AuditEntry[];
    }>,
    entryOf: (error: unknown) => AuditEntry | null,
  ): Promise<T> {
    const facts = this.presentFacts();
    try {
      const { value, entries } = await act(this.#checked, facts);
      this.#pending.push(...entries);
      return value;
    } catch (error) {
      this.#state = "failed";
      const entry = entryOf(error);
      if (entry !== null) this.#pending.push(entry);
      throw this.#named(error);
    }
  }

  async savepoint(name: string): Promise<void> {
    this.presentFacts();
    await this.#run(`savepoint ${this.#savepoints.set(name, this.#pending.length)}`);
  }

  /** Undoes what came after the savepoint, a failure too, and forgets to record its writes. Refusals stay on record. */
  async rollbackTo(given: string): Promise<void> {
    if (this.#state === "ended")
      throw new IsolationViolation("transaction/ended", "the transaction has ended");
    const { name, entries } = this.#savepoints.back(given);
    await this.#run(`rollback to savepoint ${name}`);
    this.#pending = this.#pending.filter((entry, at) => at < entries || !isOfWrite(entry));
    this.#state = "open";
  }

  async releaseSavepoint(given: string): Promise<void> {
    this.presentFacts();
    await this.#run(`release savepoint ${this.#savepoints.release(given)}`);
  }

  /** Commits, or throws after everything has been undone. */
  async commit(): Promise<void> {
    if (this.#state === "ended")
      throw new IsolationViolation("transaction/ended", "the transaction has ended");
    try {
      if (this.#state === "failed")
        throw new IsolationViolation("transaction/ended", "a statement failed, so nothing is committed");
      refuseRevoked(this.#options);
      // Invariant: refusals too are on record before anything is stored, so that `audit/failed` means that nothing was.
      await this.#append();
      if (this.#session.begun()) await this.#commit();
      this.#state = "ended";
      this.#late.forget();
      this.notices = noticesOf(this.#identity.tenant, this.#pending);
    } catch (error) {
      await this.rollback();
      throw error;
    }
  }

  /** Undoes everything. Harmless after the end. */
  async rollback(): Promise<void> {
    if (this.#state === "ended") return;
    this.#state = "ended";
    await this.#undo();
    const refusals = this.#pending.filter((entry) => !isOfWrite(entry));
    this.#pending = [];
    await this.#late.afterRollback(this.#turn, refusals);
  }

  /** Cuts the connection, which undoes everything. False where that can't be done. */
  cut(): boolean {
    if (this.#turn.abort === undefined) return false;
    this.#turn.abort();
    return true;
  }

  async #commit(): Promise<void> {
    try {
      await this.#run("commit");
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      this.#options.onOperatorError?.(error);
      throw new IsolationViolation(
        "database/unknown-outcome",
        "the connection was lost while the transaction committed: it may stand or not",
      );
    }
  }

  async #undo(): Promise<void> {
    try {
      // Past what enters, which may be what failed.
      if (this.#session.begun()) await this.#turn.query("rollback", []);
    } catch (error) {
      // A connection that is gone has taken its transaction with it.
      if (!(error instanceof ConnectionLost)) throw error;
    }
  }

  async #append(): Promise<void> {
    const entries = [...this.#pending, ...this.#late.owed];
    if (entries.length === 0) return;
    const { audit, held } = this.#options;
    try {
      await audit.append(this.#checked, this.#identity.tenant, entries, held.audit);
    } catch (error) {
      throw auditFailure(this.#options, error);
    }
  }

  /** What a later policy that came between kept from the record: it is put there with the commit, or by {@link recordRest}. */
  owe(entries: readonly AuditEntry[]): void {
    this.#late.owe(entries);
  }

  /** For whoever holds the turn, once it is over: see {@link LateRecord}. Throws `audit/failed`. */
  recordRest(): Promise<void> {
    return this.#late.rest();
  }

  /** A refused context by its code, so that whoever routes can look for another place. */
  #named(error: unknown): unknown {
    const refused = contextError(error);
    tellRefusal(this.#options, refused, error);
    return refused ?? error;
  }

  async #run(...statements: readonly string[]): Promise<void> {
    await queryAll(
      this.#session,
      statements.map((sql) => ({ sql, parameters: [] })),
    );
  }
}

/** What is undone with its transaction, and then not on record. */
function isOfWrite({ kind }: AuditEntry): boolean {
  return kind === "write" || kind === "read";
}
