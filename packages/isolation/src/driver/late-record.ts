/**
 * What a transaction puts on record after its end, in a transaction of its own: refusals, once everything else was undone, and what a later
 * policy kept from the record while the turn was held.
 */
import type { AuditEntry, SqlSession } from "../contracts.ts";
import { ConnectionLost } from "../database/connection-lost.ts";
import { checkedSession } from "./checked-session.ts";
import { passedPolicy } from "./context-error.ts";
import { enteringSession } from "./entering-session.ts";
import { claimsOf, type Identity } from "./options.ts";
import type { PreparedOptions } from "./prepared.ts";
import { auditFailure, recordFor } from "./record-alone.ts";

export class LateRecord {
  readonly #options: PreparedOptions;
  readonly #identity: Identity;
  #owed: readonly AuditEntry[] = [];

  constructor(options: PreparedOptions, identity: Identity) {
    this.#options = options;
    this.#identity = identity;
  }

  /** In order. */
  get owed(): readonly AuditEntry[] {
    return this.#owed;
  }

  owe(entries: readonly AuditEntry[]): void {
    this.#owed = [...this.#owed, ...entries];
  }

  /** What was owed stands, since it was committed with the transaction. */
  forget(): void {
    this.#owed = [];
  }

  /** Throws `audit/failed`. Where a later policy is in force by now they are owed. */
  async afterRollback(turn: SqlSession, entries: readonly AuditEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const record = (session: SqlSession): Promise<void> => this.#recordIn(session, entries);
    try {
      await record(turn).catch((error: unknown) => {
        if (!(error instanceof ConnectionLost)) throw error;
        return this.#options.database.turn(record);
      });
    } catch (error) {
      // Whoever looks for the later policy needs a turn of the database, and this one is still held.
      if (passedPolicy(error) === undefined) throw auditFailure(this.#options, error);
      this.owe(entries);
    }
  }

  /** Puts on record what is owed, once the turn is over. Throws `audit/failed`. */
  async rest(): Promise<void> {
    const entries = this.#owed;
    this.#owed = [];
    if (entries.length > 0) await recordFor(this.#options, this.#identity, entries);
  }

  async #recordIn(session: SqlSession, entries: readonly AuditEntry[]): Promise<void> {
    const { context, audit, held, finalCheck, guard, database } = this.#options;
    const entering = enteringSession(session, context, claimsOf(this.#options, this.#identity, "gate"));
    const check = finalCheck(guard.program, database.schema);
    try {
      await entering.enter();
      const { tenant } = this.#identity;
      await audit.append(checkedSession(entering, check, tenant), tenant, entries, held.audit);
      await session.query("commit", []);
    } catch (error) {
      await session.query("rollback", []).catch(() => undefined);
      throw error;
    }
  }
}
