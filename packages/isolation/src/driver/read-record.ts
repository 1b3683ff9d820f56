/**
 * What goes on record of one statement that reads what a duty says to audit, and who is told of it. Invariant: it is committed, in a transaction of its own,
 * before a row leaves the process; where that fails no row does.
 */
import { auditLevels, type AuditLevel, type KnownFacts } from "@wardline/core";
import type { AuditEntry } from "../contracts.ts";
import { newEntry } from "../audit/new-entry.ts";
import { IsolationViolation } from "../errors.ts";
import type { Column } from "../scope/relation.ts";
import { identityOf, saidBy } from "./options.ts";
import type { PreparedOptions } from "./prepared.ts";
import { tellBefore, type Notice } from "./notice.ts";
import { holdEntries } from "./hold-entries.ts";
import { recordEntries } from "./record-alone.ts";

/** What one view of a statement owes. */
export interface ReadDuty {
  readonly entity: string;
  readonly action: string;
  readonly level: AuditLevel;
  /** That grant in the view. */
  readonly rules: readonly string[];
}

/** Whom one view of a statement says to tell. */
export interface ReadNotice {
  readonly entity: string;
  readonly action: string;
  readonly whom: string;
  readonly rules: readonly string[];
}

/** What was asked, for its digest and, where a duty says `full`, for the sealed part. */
export interface AskedRead {
  readonly duties: readonly ReadDuty[];
  readonly notices: readonly ReadNotice[];
  readonly columns: readonly Column[];
  readonly sql: string;
  readonly parameters: readonly unknown[];
  /** Random in the parameters: it says nothing of what was asked. */
  readonly marker: string;
}

/** The most ids of one entry. */
const maxIds = 1_000;
/** The most characters of a statement, or of its values, that an entry keeps. */
const maxAsked = 20_000;

export class ReadRecord {
  readonly #options: PreparedOptions;
  readonly #known: KnownFacts;
  readonly #duties: readonly ReadDuty[];
  readonly #asked: AskedRead;
  /** While a transaction of the caller's is open. */
  readonly #aside: boolean;
  readonly #intents = new Map<ReadDuty, string>();

  /** Throws `audit/one-session` where nothing can be committed beside the transaction that is open. */
  constructor(options: PreparedOptions, known: KnownFacts, asked: AskedRead, aside: boolean) {
    if (aside && asked.duties.length > 0 && options.database.kind === "embedded")
      throw new IsolationViolation(
        "audit/one-session",
        "an embedded database has one session, so what must be on record by itself is not read in a transaction or a stream",
      );
    this.#options = options;
    this.#known = known;
    this.#duties = strongest(asked.duties);
    this.#asked = asked;
    this.#aside = aside;
  }

  /** Before anything of a stream is shown. */
  async intent(): Promise<void> {
    const entries = this.#duties.map((duty) => this.#entry(duty, "intent", []));
    for (const [at, duty] of this.#duties.entries()) this.#intents.set(duty, (entries[at] as AuditEntry).id);
    await this.#commit(entries);
  }

  /** Before a page of a stream is shown: which rows it shows, where that is to be known. */
  async page(rows: readonly Record<string, unknown>[]): Promise<void> {
    await this.tell(rows);
    await this.#commit(this.#duties.flatMap((duty) => this.#idEntries(duty, rows)));
  }

  /** Tells whom duties say to tell. Throws `access/not-carried-out` where that fails: then nothing may be shown. */
  async tell(rows: readonly Record<string, unknown>[]): Promise<void> {
    for (const { entity, action, whom, rules } of this.#asked.notices) {
      const { tenant } = this.#known;
      const at = saidBy(this.#options, this.#known).at;
      const notice: Notice = {
        tenant: tenant.id,
        principal: this.#principal(),
        whom,
        action,
        entity,
        ids: this.#keysIn(entity, rows),
        ruleIds: rules,
        at,
      };
      await tellBefore(this.#options, notice);
    }
  }

  #principal(): Notice["principal"] {
    const { type, id } = this.#known.principal;
    return { type, id };
  }

  /** After a stream, `count` rows of which were shown. `later` is given what a later policy that came between keeps from the record. */
  async completion(count: number, later: (entries: readonly AuditEntry[]) => void): Promise<void> {
    const entries = this.#duties.map((duty) => this.#entry(duty, "completion", [], { count }));
    try {
      await this.#commit(entries);
    } catch (error) {
      if (!(error instanceof IsolationViolation) || error.code !== "policy/rolled-back") throw error;
      later(entries);
    }
  }

  /** Puts a whole result on record, or into the window of the tenant, and gives the rows as they may be shown then. */
  async result(rows: readonly Record<string, unknown>[]): Promise<Record<string, unknown>[]> {
    await this.tell(rows);
    await this.#hold(this.entries(rows));
    return this.shown(rows);
  }

  /** Rows without what only the record wanted. */
  shown(rows: readonly Record<string, unknown>[]): Record<string, unknown>[] {
    const hidden = this.#asked.columns.flatMap((column) => (column.hidden === true ? [column.name] : []));
    return rows.map((row) => {
      for (const name of hidden) delete row[name];
      return row;
    });
  }

  /** The statement failed, and its error may tell of rows as well. Where that is not on record, the caller learns no more. */
  async failure(error: unknown): Promise<void> {
    if (error instanceof IsolationViolation && error.code === "audit/failed") return;
    if (this.#duties.length === 0) return;
    await this.#hold(
      this.#duties.map((duty) => this.#entry(duty, "completion", [], { count: 0, reason: "failed" })),
    );
  }

  /** What is to be said of a whole result. */
  entries(rows: readonly Record<string, unknown>[]): readonly AuditEntry[] {
    return this.#duties.flatMap((duty) => {
      const ids = this.#idsOf(duty, rows);
      if (ids.length <= maxIds) return [this.#entry(duty, "completion", ids, { count: rows.length })];
      return [...this.#idEntries(duty, rows), this.#entry(duty, "completion", [], { count: rows.length })];
    });
  }

  #idEntries(duty: ReadDuty, rows: readonly Record<string, unknown>[]): readonly AuditEntry[] {
    const ids = this.#idsOf(duty, rows);
    const entries: AuditEntry[] = [];
    for (let start = 0; start < ids.length; start += maxIds)
      entries.push(this.#entry(duty, "rows", ids.slice(start, start + maxIds)));
    return entries;
  }

  /** Of the rows that come as themselves. */
  #idsOf({ entity, level }: ReadDuty, rows: readonly Record<string, unknown>[]): readonly string[] {
    return level === "full" ? this.#keysIn(entity, rows) : [];
  }

  #keysIn(entity: string, rows: readonly Record<string, unknown>[]): readonly string[] {
    const names = this.#asked.columns.flatMap(({ name, key }) => (key === entity ? [name] : []));
    const ids = new Set<string>();
    for (const row of rows)
      for (const name of names) {
        const id = row[name];
        // An outer join has rows without one.
        if (id === null) continue;
        if (typeof id !== "string") throw new TypeError(`the key of ${entity} is no text`);
        ids.add(id);
      }
    return [...ids];
  }

  #entry(
    duty: ReadDuty,
    stage: AuditEntry["stage"],
    rows: readonly string[],
    more: Partial<AuditEntry> = {},
  ): AuditEntry {
    const { columns, sql, parameters, marker } = this.#asked;
    const { entity, action, level, rules } = duty;
    const values = JSON.stringify(parameters, plain).replaceAll(marker, "");
    const told = stage !== "rows" && level === "full";
    const { principal, context } = this.#known;
    const asked = { statement: sql.slice(0, maxAsked), values: values.slice(0, maxAsked) };
    return newEntry({
      ...saidBy(this.#options, this.#known),
      kind: "read",
      of: this.#intents.get(duty) ?? null,
      stage,
      outcome: "permit",
      action,
      entity,
      rules,
      fields: level === "decision" ? null : columns.flatMap(({ name, hidden }) => (hidden ? [] : [name])),
      obligations: [{ type: "audit", level }],
      predicate: `${sql}\0${values}`,
      rows,
      ...(told ? { facts: { ...asked, principal, context: context ?? null } } : {}),
      ...more,
    });
  }

  async #hold(entries: readonly AuditEntry[]): Promise<void> {
    const levels = this.#duties.map(({ level }) => level);
    const isHeld = holdEntries(this.#options, this.#known, levels, entries);
    await (isHeld ?? this.#commit(entries));
  }

  async #commit(entries: readonly AuditEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await recordEntries(this.#options, identityOf(this.#known), entries, this.#aside);
  }
}

/** One for each view, with the most of what is owed for it. */
function strongest(duties: readonly ReadDuty[]): readonly ReadDuty[] {
  const found = new Map<string, ReadDuty>();
  for (const duty of duties) {
    const key = JSON.stringify([duty.entity, duty.action]);
    const known = found.get(key);
    if (known === undefined || auditLevels.indexOf(duty.level) > auditLevels.indexOf(known.level))
      found.set(key, duty);
  }
  return [...found.values()];
}

function plain(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}` : value;
}
