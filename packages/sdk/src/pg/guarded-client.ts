/** One client of `pg`: statements one after the other, and transactions by the words that `pg` callers send. */
import { IsolationViolation } from "@wardline/isolation";
import type { ControlledTransaction } from "kysely";
import type { AnyTables, Session } from "../session.ts";
import { readPgQuery, runPgQuery, type PgQuery, type PgResult } from "./pg-query.ts";

type Command = Exclude<PgResult["command"], "SELECT">;

interface Control {
  readonly command: Command;
  /** Of a savepoint; null for the transaction. */
  readonly name: string | null;
}

export class GuardedClient {
  readonly #session: Session;
  #transaction: ControlledTransaction<AnyTables, string[]> | null = null;
  #isReleased = false;
  #last: Promise<unknown> = Promise.resolve();

  /** Made by {@link GuardedPool.connect} alone. */
  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * As {@link GuardedPool.query}; also BEGIN, COMMIT, ROLLBACK, SAVEPOINT, ROLLBACK TO and RELEASE, without any settings. Statements wait
   * for those that were asked for before.
   */
  async query<Row = Record<string, unknown>>(
    query: string | PgQuery,
    values?: readonly unknown[],
    ...more: readonly unknown[]
  ): Promise<PgResult<Row>> {
    const asked = readPgQuery(query, values, more);
    if (this.#isReleased)
      throw new IsolationViolation("handle/revoked", "the client was given back to its pool");
    const next = this.#last.then(async () => {
      const control = readControl(asked);
      if (control !== null) return this.#control(control);
      return runPgQuery(this.#transaction ?? this.#session.db, asked);
    });
    this.#last = next.catch(() => undefined);
    return next as Promise<PgResult<Row>>;
  }

  /** Ends the client: it takes no more queries, and once what was asked before has ended, what is open is undone. */
  async release(): Promise<void> {
    this.#isReleased = true;
    await this.#last;
    const open = this.#transaction;
    this.#transaction = null;
    await open?.rollback().execute();
  }

  async #control({ command, name }: Control): Promise<PgResult<unknown>> {
    const open = this.#transaction;
    if (command === "BEGIN") {
      if (open !== null) throw new IsolationViolation("transaction/ended", "a transaction is open already");
      this.#transaction = await this.#session.db.startTransaction().execute();
    } else if (open === null) throw new IsolationViolation("transaction/ended", "no transaction is open");
    else if (name === null) {
      this.#transaction = null;
      await (command === "COMMIT" ? open.commit() : open.rollback()).execute();
    } else if (command === "SAVEPOINT") this.#transaction = await open.savepoint(name).execute();
    else
      this.#transaction = await (
        command === "RELEASE" ? open.releaseSavepoint(name) : open.rollbackToSavepoint(name)
      ).execute();
    return { command, rowCount: 0, rows: [], fields: [] };
  }
}

const words: readonly (readonly [RegExp, Command])[] = [
  [/^(?:begin|start transaction)$/, "BEGIN"],
  [/^(?:commit|end)$/, "COMMIT"],
  [/^rollback$/, "ROLLBACK"],
  [/^savepoint ([a-z_][a-z0-9_]*)$/, "SAVEPOINT"],
  [/^rollback to (?:savepoint )?([a-z_][a-z0-9_]*)$/, "ROLLBACK"],
  [/^release (?:savepoint )?([a-z_][a-z0-9_]*)$/, "RELEASE"],
];

/** Null for everything else, which is a statement and is read by Postgres's grammar. */
function readControl({ text, values = [] }: PgQuery): Control | null {
  if (values.length > 0 || text.length > 200) return null;
  const plain = text.trim().replace(/;$/, "").trim().replaceAll(/\s+/g, " ").toLowerCase();
  for (const [pattern, command] of words) {
    const found = pattern.exec(plain);
    if (found !== null) return { command, name: found[1] ?? null };
  }
  return null;
}
