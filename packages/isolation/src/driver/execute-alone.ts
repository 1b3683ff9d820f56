/** What needs no transaction of its caller's: one statement, or something that is read inside the context. */
import { instantFromDate, type KnownFacts } from "@wardline/core";
import type { QueryResult } from "kysely";
import type { SqlSession } from "../contracts.ts";
import { IsolationViolation } from "../errors.ts";
import { LimitLedger } from "../limits/limit-ledger.ts";
import type { AskedQuery } from "../raw/raw-query.ts";
import { checkedStatement } from "./checked-session.ts";
import { contextError, tellRefusal } from "./context-error.ts";
import type { FactsKeeper } from "./kept-facts.ts";
import {
  claimsOf,
  enterTurn,
  identityOf,
  presentFacts,
  uncancelled,
  type GuardedDialectOptions,
} from "./options.ts";
import { atPlace } from "./place.ts";
import { prepared, type PreparedOptions } from "./prepared.ts";
import { rowClaim } from "./row-claim.ts";
import { ReadRecord } from "./read-record.ts";
import { drawnSelect } from "./drawn-select.ts";
import { tellAfter, type Notice } from "./notice.ts";
import { askedRead, isRead, owes, rowsOf } from "./select.ts";
import { closedFacts } from "./closed-facts.ts";
import { GuardedTransaction } from "./transaction.ts";

/**
 * One statement in a transaction of its own; a read for which the facts are at hand in one round trip. `begun` is told of the
 * transaction of any other.
 */
export function executeAlone(
  options: GuardedDialectOptions,
  query: AskedQuery,
  begun: (transaction: GuardedTransaction) => void,
): Promise<QueryResult<unknown>> {
  // One for all attempts: what was drawn in one is not drawn again in the next.
  const ledger = new LimitLedger();
  return atPlace(options, async (place) => {
    const ready = prepared(place);
    const placed = ready instanceof Promise ? await ready : ready;
    const read = isRead(query) ? await readFresh(placed, query, ledger) : null;
    if (read !== null) return read;
    // What cannot be copied is refused before anything begins.
    query.copy();
    return inTurn(placed, query, ledger, begun);
  });
}

async function inTurn(
  options: PreparedOptions,
  query: AskedQuery,
  ledger: LimitLedger,
  begun: (transaction: GuardedTransaction) => void,
): Promise<QueryResult<unknown>> {
  const owed: { record: ReadRecord | null; notices: readonly Notice[] } = { record: null, notices: [] };
  let recordRest = async (): Promise<void> => undefined;
  try {
    const result = await options.database.turn(async (session) => {
      const transaction = await GuardedTransaction.begin(options, session, "first");
      begun(transaction);
      recordRest = () => transaction.recordRest();
      try {
        const answer = await transaction.execute(query, "by-transaction", ledger);
        await transaction.commit();
        owed.notices = transaction.notices;
        return answer;
      } catch (error) {
        await transaction.rollback();
        throw error;
      } finally {
        owed.record = transaction.owed;
      }
    });
    // With the database's turn over: whoever is told may need it.
    await tellAfter(options, owed.notices);
    if (owed.record === null) return result;
    return { ...result, rows: await owed.record.result(result.rows as Record<string, unknown>[]) };
  } catch (error) {
    await recordRest();
    await owed.record?.failure(error);
    throw error;
  }
}

/** What the database refused because its facts have changed is read again once: nothing of it was executed. */
async function readFresh(
  options: PreparedOptions,
  query: AskedQuery,
  ledger: LimitLedger,
): Promise<QueryResult<unknown> | null> {
  try {
    return await readAtOnce(options, query, ledger);
  } catch (error) {
    if (!(error instanceof IsolationViolation) || error.code !== "context/stale-facts") throw error;
    options.keeper?.forget();
    return readAtOnce(options, query, ledger);
  }
}

/** The context and the select, sent together. Null where the database must first be asked for facts that are not kept. */
async function readAtOnce(
  options: PreparedOptions,
  query: AskedQuery,
  ledger: LimitLedger,
): Promise<QueryResult<unknown> | null> {
  const known = presentFacts(options);
  const at = await factsAtHand(options, known);
  if (at === null) return null;
  const planned = drawnSelect(options, at.facts, query, ledger);
  const plan = planned instanceof Promise ? await planned : planned;
  const claim = await rowClaim(options, ledger.facts(options, at.facts, query.row), plan.asked);
  const claims = { ...claimsOf(options, identityOf(known), "gate"), factsEpoch: at.epoch, ...claim };
  const check = options.finalCheck(options.guard.program, options.database.schema);
  const statement = checkedStatement(check, known.tenant.id, plan.statement);
  const record = !owes(plan) ? null : new ReadRecord(options, known, askedRead(plan), false);
  try {
    const results = await options.database.batch((backend) => [
      ...options.context.statements(claims, backend),
      statement,
    ]);
    const rows = rowsOf(options, plan, results.at(-1) ?? { rows: [] });
    return { rows: record === null ? rows : await record.result(rows) };
  } catch (error) {
    const refused = contextError(error);
    tellRefusal(options, refused, error);
    if (refused === undefined) await record?.failure(error);
    throw refused ?? error;
  }
}

interface FactsAtHand {
  readonly facts: KnownFacts;
  /** Null where nothing of them is the database's. */
  readonly epoch: number | null;
}

/** One for all: making an error costs more than all else that is done here. */
const asked = new Error("the database must be asked");
const nowhere: SqlSession = { query: () => Promise.reject(asked) };

async function factsAtHand(options: PreparedOptions, known: KnownFacts): Promise<FactsAtHand | null> {
  try {
    return { facts: await closedFacts(options, nowhere, known, options.clock()), epoch: null };
  } catch (error) {
    if (error !== asked) throw error;
  }
  const { keeper, guard, database } = options;
  if (keeper?.mayKeep(guard.program) !== true) return null;
  const find = () => keeper.find(guard.program, database, known);
  const kept = find() ?? (await fillKeeper(options, keeper).then(find));
  if (kept === null) return null;
  const now = known.now ?? instantFromDate(options.clock());
  return {
    facts: { ...known, now, ancestors: { ...known.ancestors, ...kept.ancestors } },
    epoch: kept.epoch,
  };
}

function fillKeeper(options: PreparedOptions, keeper: FactsKeeper): Promise<void> {
  return options.database.turn(async (session) => {
    const transaction = await GuardedTransaction.begin(options, session, "first");
    try {
      await transaction.read((inside, known) =>
        keeper.fill(options.guard.program, options.database, inside, known, () =>
          closedFacts(options, inside, known, options.clock()),
        ),
      );
    } finally {
      await transaction.rollback();
    }
  });
}

/** Facts for whoever reads inside the context without a statement of a caller; everything is undone at the end. */
export async function inContext<T>(
  options: GuardedDialectOptions,
  read: (session: SqlSession, facts: KnownFacts, schema: string) => Promise<T>,
): Promise<T> {
  const share = await enterTurn(options, uncancelled);
  try {
    return await atPlace(options, async (place) => {
      const placed = await prepared(place);
      return placed.database.turn(async (session) => {
        const transaction = await GuardedTransaction.begin(placed, session, "first");
        try {
          return await transaction.read((inside, facts) => read(inside, facts, placed.database.schema));
        } finally {
          await transaction.rollback();
        }
      });
    });
  } finally {
    share.end();
  }
}
