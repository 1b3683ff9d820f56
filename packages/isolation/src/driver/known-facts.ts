/** What is known of whoever asks before any row is. It changes nothing. */
import { instantFromDate, type KnownFacts } from "@wardline/core";
import { closePrincipal } from "../gate/facts.ts";
import { LimitLedger, type AskedAct } from "../limits/limit-ledger.ts";
import { callerError } from "./caller-error.ts";
import { withGuard, type GuardedDialectOptions } from "./options.ts";
import { inContext } from "./execute-alone.ts";
import { lookFor } from "./look-for.ts";

/**
 * The facts of now, with the principal's ancestors as they are in the database, and with what is left of the limits of what is asked,
 * of which nothing is drawn. Throws `handle/revoked`, and `access/limit-unavailable`.
 */
export async function knownFacts(given: GuardedDialectOptions, asked?: AskedAct): Promise<KnownFacts> {
  const options = await withGuard(given);
  const { guard, clock, sessionParents } = options;
  const ledger = new LimitLedger();
  try {
    if (asked !== undefined) await lookFor(options, ledger, asked);
    return await inContext(options, async (session, known, schema) => {
      const source = { program: guard.program, schema, tenant: known.tenant.id };
      const dated = { ...known, now: known.now ?? instantFromDate(clock()) };
      const facts = await closePrincipal(session, source, dated, sessionParents);
      return asked === undefined ? facts : ledger.exactly(options, facts, null);
    });
  } catch (error) {
    throw callerError(error, options.onOperatorError);
  }
}
