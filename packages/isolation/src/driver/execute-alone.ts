/** What needs no transaction of its caller's: one statement, or something that is read inside the context. */
import type { KnownFacts } from "@wardline/core";
import type { OperationNode, QueryResult } from "kysely";
import type { SqlSession } from "../contracts.ts";
import { contextError } from "./context-error.ts";
import { claimsOf, identityOf, presentFacts, type GuardedDialectOptions } from "./options.ts";
import { atPlace } from "./place.ts";
import { planSelect, rowsOf } from "./select.ts";
import { closedFacts, isRead } from "./statement.ts";
import { GuardedTransaction } from "./transaction.ts";

/** One statement in a transaction of its own; a read for which the facts are at hand in one round trip. */
export function executeAlone(
  options: GuardedDialectOptions,
  node: OperationNode,
): Promise<QueryResult<unknown>> {
  return atPlace(options, async (place) => {
    // Invariant: one transaction has one policy for its whole life, whatever is loaded meanwhile.
    const placed = { ...place, guard: place.guard };
    const read = isRead(node) ? await readAtOnce(placed, node) : null;
    if (read !== null) return read;
    return placed.database.turn(async (session) => {
      const transaction = await GuardedTransaction.begin(placed, session, "first");
      try {
        const result = await transaction.execute(node, "by-transaction");
        await transaction.commit();
        return result;
      } catch (error) {
        await transaction.rollback();
        throw error;
      }
    });
  });
}

/** The context and the select, sent together. Null where the database must first be asked for facts. */
async function readAtOnce(
  options: GuardedDialectOptions,
  node: OperationNode,
): Promise<QueryResult<unknown> | null> {
  const known = presentFacts(options);
  const facts = await factsAtHand(options, known);
  if (facts === null) return null;
  const claims = claimsOf(options, identityOf(known), "gate");
  const plan = planSelect(options, facts, node);
  try {
    const results = await options.database.batch((backend) => [
      ...options.context.statements(claims, backend),
      plan.statement,
    ]);
    return { rows: rowsOf(options, plan, results.at(-1) ?? { rows: [] }) };
  } catch (error) {
    const refused = contextError(error);
    if (refused !== undefined) options.onOperatorError?.(error);
    throw refused ?? error;
  }
}

async function factsAtHand(options: GuardedDialectOptions, known: KnownFacts): Promise<KnownFacts | null> {
  const asked = new Error("the database must be asked");
  const none: SqlSession = { query: () => Promise.reject(asked) };
  try {
    return await closedFacts(options, none, known, options.clock());
  } catch (error) {
    if (error === asked) return null;
    throw error;
  }
}

/** Facts for whoever reads inside the context without a statement of a caller; everything is undone at the end. */
export function inContext<T>(
  options: GuardedDialectOptions,
  read: (session: SqlSession, facts: KnownFacts, schema: string) => Promise<T>,
): Promise<T> {
  return atPlace(options, (placed) =>
    placed.database.turn(async (session) => {
      const transaction = await GuardedTransaction.begin(placed, session, "first");
      try {
        return await transaction.read((inside, facts) => read(inside, facts, placed.database.schema));
      } finally {
        await transaction.rollback();
      }
    }),
  );
}
