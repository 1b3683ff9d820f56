/**
 * One transaction in one turn of the database: begun, entered into its tenant's context, and ended here and nowhere
 * else. Audit entries of writes are appended last before the commit; those of refusals after it has ended, in a
 * transaction of their own.
 */
import type { KnownFacts } from "@wardline/core";
import type { OperationNode, QueryResult } from "kysely";
import type { AuditEntry, SqlSession } from "../contracts.ts";
import { IsolationViolation } from "../errors.ts";
import { Refusal } from "../write/refusal.ts";
import {
  claimsOf,
  identityOf,
  presentFacts,
  refuseRevoked,
  sameIdentity,
  type GuardedDialectOptions,
  type Identity,
} from "./options.ts";
import { atPlace } from "./place.ts";
import { executeStatement, isWrite, refusalEntry } from "./statement.ts";

export class GuardedTransaction {
  readonly #options: GuardedDialectOptions;
  readonly #session: SqlSession;
  readonly #identity: Identity;
  readonly #writes: AuditEntry[] = [];
  readonly #refusals: AuditEntry[] = [];
  #state: "open" | "failed" | "ended" = "open";

  private constructor(options: GuardedDialectOptions, session: SqlSession, identity: Identity) {
    this.#options = options;
    this.#session = session;
    this.#identity = identity;
  }

  static async begin(given: GuardedDialectOptions, session: SqlSession): Promise<GuardedTransaction> {
    // Invariant: one transaction has one policy for its whole life, whatever is loaded meanwhile.
    const options = { ...given, guard: given.guard };
    const identity = identityOf(presentFacts(options));
    await session.query("begin", []);
    const transaction = new GuardedTransaction(options, session, identity);
    try {
      await options.context.enter(session, claimsOf(options, identity, "gate"));
    } catch (error) {
      await transaction.rollback();
      throw error;
    }
    return transaction;
  }

  /** Runs a statement. A write that fails is undone by itself; any other failure leaves only the rollback. */
  async execute(
    node: OperationNode,
    guarded: "by-savepoint" | "by-transaction",
  ): Promise<QueryResult<unknown>> {
    if (this.#state !== "open")
      throw new IsolationViolation("transaction/ended", "the transaction has failed or ended");
    const facts = presentFacts(this.#options);
    // Invariant: one transaction has one context for its whole life.
    if (!sameIdentity(identityOf(facts), this.#identity))
      throw new IsolationViolation("handle/no-context", "the context changed within a transaction");
    const savepoint = guarded === "by-savepoint" && isWrite(node);
    if (savepoint) await this.#run("savepoint wardline_write");
    try {
      const { result, entries } = await executeStatement(this.#options, this.#session, facts, node);
      if (savepoint) await this.#run("release savepoint wardline_write");
      this.#writes.push(...entries);
      return result;
    } catch (error) {
      // First of all: nothing that goes wrong from here on may leave a write that was refused to be committed.
      this.#state = "failed";
      if (error instanceof Refusal) this.#refusals.push(refusalEntry(this.#options, facts, error));
      if (savepoint) {
        await this.#run("rollback to savepoint wardline_write");
        await this.#run("release savepoint wardline_write");
        this.#state = "open";
      }
      throw error;
    }
  }

  /** Commits, or throws after everything has been undone. */
  async commit(): Promise<void> {
    if (this.#state === "ended")
      throw new IsolationViolation("transaction/ended", "the transaction has ended");
    try {
      if (this.#state === "failed")
        throw new IsolationViolation("transaction/ended", "a statement failed, so nothing is committed");
      refuseRevoked(this.#options);
      await this.#appendWrites();
      await this.#run("commit");
      this.#state = "ended";
    } catch (error) {
      await this.rollback();
      throw error;
    }
    await this.#recordRefusals();
  }

  /** Undoes everything. Harmless after the end. */
  async rollback(): Promise<void> {
    if (this.#state === "ended") return;
    this.#state = "ended";
    await this.#run("rollback");
    await this.#recordRefusals();
  }

  async #appendWrites(): Promise<void> {
    if (this.#writes.length === 0) return;
    try {
      await this.#options.audit.append(this.#session, this.#identity.tenant, this.#writes);
    } catch (error) {
      throw this.#auditFailure(error);
    }
  }

  async #recordRefusals(): Promise<void> {
    const entries = this.#refusals.splice(0);
    if (entries.length === 0) return;
    try {
      await this.#run("begin");
      const claims = claimsOf(this.#options, this.#identity, "gate");
      await this.#options.context.enter(this.#session, claims);
      await this.#options.audit.append(this.#session, this.#identity.tenant, entries);
      await this.#run("commit");
    } catch (error) {
      await this.#run("rollback").catch(() => undefined);
      throw this.#auditFailure(error);
    }
  }

  #auditFailure(error: unknown): IsolationViolation {
    this.#options.onOperatorError?.(error);
    return new IsolationViolation("audit/failed", "the audit log could not be written");
  }

  async #run(statement: string): Promise<void> {
    await this.#session.query(statement, []);
  }
}

/** One statement in a transaction and a turn of its own. */
export function executeAlone(
  options: GuardedDialectOptions,
  node: OperationNode,
): Promise<QueryResult<unknown>> {
  return atPlace(options, (placed) =>
    placed.database.turn(async (session) => {
      const transaction = await GuardedTransaction.begin(placed, session);
      try {
        const result = await transaction.execute(node, "by-transaction");
        await transaction.commit();
        return result;
      } catch (error) {
        await transaction.rollback();
        throw error;
      }
    }),
  );
}

/** Facts for whoever reads inside the context without a statement of a caller; everything is undone at the end. */
export function inContext<T>(
  options: GuardedDialectOptions,
  read: (session: SqlSession, facts: KnownFacts, schema: string) => Promise<T>,
): Promise<T> {
  return atPlace(options, (placed) =>
    placed.database.turn(async (session) => {
      const transaction = await GuardedTransaction.begin(placed, session);
      try {
        return await read(session, presentFacts(placed), placed.database.schema);
      } finally {
        await transaction.rollback();
      }
    }),
  );
}
