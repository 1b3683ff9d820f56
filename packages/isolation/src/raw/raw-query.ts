/** A caller's own SELECT as text, in a transaction of its own. */
import { instantFromDate } from "@wardline/core";
import { callerError } from "../driver/caller-error.ts";
import type { GuardedDialectOptions } from "../driver/options.ts";
import { atPlace } from "../driver/place.ts";
import { GuardedTransaction } from "../driver/transaction.ts";
import { IsolationViolation } from "../errors.ts";
import { closePrincipal } from "../gate/facts.ts";
import { planRaw } from "./plan-raw.ts";

/** The longest text of a caller, in UTF-16 units. */
const maxText = 10_000;

/**
 * The rows that a SELECT yields over what the principal may list; tables are named as in the model, values are `$1`, `$2`, ….
 * Sealed columns are not there. Throws `check/…` for what is not allowed, `query/raw-statement` for what is no SELECT, and on
 * an embedded database, whose one session is a superuser's.
 */
export async function rawQuery(
  given: GuardedDialectOptions,
  text: string,
  values: readonly unknown[],
): Promise<readonly Record<string, unknown>[]> {
  try {
    if (typeof text !== "string" || text.length > maxText)
      throw new IsolationViolation("query/raw-statement", `text has at most ${maxText} characters`);
    return await atPlace({ ...given, guard: given.guard }, async (placed) => {
      if (placed.database.kind === "embedded")
        throw new IsolationViolation(
          "query/raw-statement",
          "an embedded database takes no text: use the query builder, or a server",
        );
      return placed.database.turn(async (turn) => {
        const transaction = await GuardedTransaction.begin(placed, turn, "first");
        try {
          return await transaction.read(async (session, known) => {
            const { guard, database, clock, sessionParents } = transaction.options;
            const source = { program: guard.program, schema: database.schema, tenant: known.tenant.id };
            const dated = { ...known, now: known.now ?? instantFromDate(clock()) };
            const facts = await closePrincipal(session, source, dated, sessionParents);
            const { sql, parameters } = await planRaw(transaction.options, facts, text, [...values]);
            return (await session.query(sql, parameters)).rows;
          });
        } finally {
          await transaction.rollback();
        }
      });
    });
  } catch (error) {
    throw callerError(error, given.onOperatorError);
  }
}
