/**
 * Statements that are sent together and answered together: Parse, Bind and Execute of each before one Sync. Nothing of it is
 * an answer before the server says that it is ready again: constraints and the commit itself may fail after the last row.
 */
import type { SqlResult, SqlStatement } from "@wardline/isolation";
import type { Connection, Submittable } from "pg";
import { serialize } from "pg-protocol";
import { encodeParameter } from "../wire/encode-parameter.ts";
import { cellParser } from "../wire/parse-cell.ts";
import { affectedBy, refuseQuietRollback } from "../wire/wire-values.ts";
import type { Field, PreparedStatement, PreparedStatements } from "./prepared-statements.ts";

interface Sent {
  readonly sql: string;
  readonly values: readonly (string | Buffer | null)[];
  prepared: PreparedStatement | null;
  fields: readonly Field[] | null;
  readonly rows: Record<string, unknown>[];
  tag: string | undefined;
}

/** What FETCH answers depends on its cursor and not on its text, so it is never kept. Nor is what runs but once. */
const preparable =
  /^\s*(select|with|insert|update|delete|merge|begin|commit|rollback|savepoint|release|set local)\b/i;

const executeAll = serialize.execute();
const describePortal = serialize.describe({ type: "P" });
const sync = serialize.sync();

export class Exchange implements Submittable {
  readonly #statements: readonly Sent[];
  readonly #prepared: PreparedStatements | null;
  /** What the server is preparing, in the order in which it says so; null for an unnamed statement. */
  readonly #preparing: (PreparedStatement | null)[] = [];
  #at = 0;
  #error: unknown = undefined;
  #failed = false;
  /** The texts of the command tags that came. */
  readonly tags: string[] = [];

  /** Named statements are kept in `prepared`; without it all are unnamed. Throws a TypeError for parameters that can't be sent. */
  constructor(statements: readonly SqlStatement[], prepared: PreparedStatements | null) {
    this.#prepared = prepared;
    this.#statements = statements.map(({ sql, parameters }) => ({
      sql,
      values: parameters.map(encodeParameter),
      prepared: null,
      fields: null,
      rows: [],
      tag: undefined,
    }));
  }

  submit(connection: Connection): void {
    const messages: Buffer[] = [];
    for (const name of this.#prepared?.giveUp() ?? []) messages.push(serialize.close({ type: "S", name }));
    const drafts = new Map<string, PreparedStatement>();
    for (const statement of this.#statements) this.#write(messages, statement, drafts);
    messages.push(sync);
    connection.stream.write(Buffer.concat(messages));
  }

  #write(messages: Buffer[], sent: Sent, drafts: Map<string, PreparedStatement>): void {
    const { sql, values } = sent;
    if (this.#prepared === null || !preparable.test(sql)) {
      messages.push(serialize.parse({ text: sql }));
      this.#preparing.push(null);
    } else {
      let prepared = this.#prepared.find(sql) ?? drafts.get(sql);
      if (prepared === undefined) {
        prepared = this.#prepared.draft(sql);
        drafts.set(sql, prepared);
        messages.push(serialize.parse({ name: prepared.name, text: sql }));
        this.#preparing.push(prepared);
      }
      sent.prepared = prepared;
      sent.fields = prepared.fields;
    }
    messages.push(serialize.bind({ statement: sent.prepared?.name ?? "", values: [...values] }));
    if (sent.fields === null) messages.push(describePortal);
    messages.push(executeAll);
  }

  /** Part of the connection's events, because pg tells only queries of its own. */
  handleParseComplete(): void {
    const prepared = this.#preparing.shift();
    if (prepared !== undefined && prepared !== null) this.#prepared?.keep(prepared);
  }

  handleRowDescription(message: { fields: readonly { name: string; dataTypeID: number }[] }): void {
    const sent = this.#current();
    sent.fields = message.fields.map(({ name, dataTypeID }) => ({ name, parse: cellParser(dataTypeID) }));
    if (sent.prepared !== null) sent.prepared.fields = sent.fields;
  }

  handleDataRow(message: { fields: readonly (string | null)[] }): void {
    const { fields, rows } = this.#current();
    if (this.#failed) return;
    try {
      if (fields?.length !== message.fields.length)
        throw new TypeError("a row has not the columns described");
      const row = Object.create(null) as Record<string, unknown>;
      for (const [index, { name, parse }] of fields.entries()) {
        const cell = message.fields[index] ?? null;
        row[name] = cell === null ? null : parse(cell);
      }
      rows.push(row);
    } catch (error) {
      this.#fail(error);
    }
  }

  handleCommandComplete(message: { text: string }): void {
    this.#complete(message.text);
  }

  handleEmptyQuery(): void {
    this.#complete("");
  }

  #complete(tag: string): void {
    const sent = this.#current();
    sent.tag = tag;
    this.tags.push(tag);
    if (sent.prepared !== null) sent.prepared.fields ??= [];
    this.#at++;
  }

  handlePortalSuspended(): void {
    this.#fail(new Error("the server did not give all rows"));
  }

  handleCopyInResponse(connection: Connection & { sendCopyFail(reason: string): void }): void {
    connection.sendCopyFail("not supported");
  }

  handleCopyData(): void {
    this.#fail(new Error("copying is not supported"));
  }

  /** An error of the server, which goes on to say when it is ready; or of the connection, which does not. */
  handleError(error: unknown): void {
    this.#fail(error);
  }

  handleReadyForQuery(): void {}

  /** The results in order, once the server is ready. Throws what went wrong. */
  results(): readonly SqlResult[] {
    if (this.#failed) throw this.#error;
    if (this.#at !== this.#statements.length) throw new Error("the server did not answer every statement");
    return this.#statements.map(({ sql, tag, rows }) => {
      refuseQuietRollback(sql, tag);
      return { rows, affected: affectedBy(tag ?? "") };
    });
  }

  #current(): Sent {
    const sent = this.#statements[this.#at];
    if (sent === undefined) throw new Error("the server answers what was not asked");
    return sent;
  }

  #fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#error = error;
  }
}
