/**
 * What the database said of a session's principal, kept for reads: with the facts epoch at which it was read, so that the
 * database refuses it once anything that it is made of has changed, and for a minute at the most. Writes never use it.
 */
import { entityPathKey, type KnownFacts, type Program } from "@wardline/core";
import type { Database, SqlSession } from "../contracts.ts";
import { controlSchema, qualify } from "../schema/identifier.ts";

/** Milliseconds. */
export const keptFor = 60_000;

export interface KeptFacts {
  readonly ancestors: KnownFacts["ancestors"];
  readonly epoch: number;
}

interface Kept extends KeptFacts {
  readonly program: Program;
  readonly database: Database;
  readonly principal: KnownFacts["principal"];
  readonly until: number;
}

/** One for each handle. */
export class FactsKeeper {
  readonly #now: () => number;
  #kept: Kept | null = null;
  /** A policy whose facts of the principal come from elsewhere too, of which the epoch says nothing. */
  #unfit: Program | null = null;

  /** `now` is a clock that never goes back, in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** What was kept for exactly this policy, place and principal, if it is young enough. */
  find(program: Program, database: Database, { principal }: KnownFacts): KeptFacts | null {
    const kept = this.#kept;
    const fits =
      kept !== null &&
      kept.program === program &&
      kept.database === database &&
      kept.principal === principal &&
      this.#now() < kept.until;
    return fits ? kept : null;
  }

  /** Whether it was not found out yet that the facts of this policy cannot be kept. */
  mayKeep(program: Program): boolean {
    return this.#unfit !== program;
  }

  /** Keeps what `close` finds, if it is of the kind that raises the epoch when it changes. `inside` has entered the context. */
  async fill(
    program: Program,
    database: Database,
    inside: SqlSession,
    known: KnownFacts,
    close: () => Promise<KnownFacts>,
  ): Promise<void> {
    this.forget();
    const until = this.#now() + keptFor;
    // Invariant: the epoch is read first, so that a change in between makes the facts look too old and never too young.
    const { rows } = await inside.query(
      `SELECT ${qualify(controlSchema, "facts_epoch")}()::text AS epoch`,
      [],
    );
    const epoch = Number(rows[0]?.["epoch"]);
    const closed = await close();
    if (!Number.isSafeInteger(epoch)) return;
    const { ancestors } = closed;
    const own = entityPathKey({ root: "principal", attribute: null });
    const given = Object.keys(known.ancestors ?? {});
    const isWatched =
      closed.references === known.references &&
      Object.keys(ancestors ?? {}).every((key) => key === own || given.includes(key));
    if (!isWatched) this.#unfit = program;
    else this.#kept = { program, database, principal: known.principal, until, ancestors, epoch };
  }

  forget(): void {
    this.#kept = null;
  }
}
