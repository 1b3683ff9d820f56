/** What is known of whoever asks before any row is. It changes nothing. */
import { instantFromDate, type KnownFacts } from "@wardline/core";
import { closePrincipal } from "../gate/facts.ts";
import { callerError } from "./caller-error.ts";
import { withGuard, type GuardedDialectOptions } from "./options.ts";
import { inContext } from "./execute-alone.ts";

/** The facts of now, with the principal's ancestors as they are in the database. Throws `handle/revoked`. */
export async function knownFacts(given: GuardedDialectOptions): Promise<KnownFacts> {
  const options = await withGuard(given);
  const { guard, clock, sessionParents } = options;
  const found = inContext(options, (session, known, schema) => {
    const source = { program: guard.program, schema, tenant: known.tenant.id };
    const dated = { ...known, now: known.now ?? instantFromDate(clock()) };
    return closePrincipal(session, source, dated, sessionParents);
  });
  return found.catch((error: unknown) => {
    throw callerError(error, options.onOperatorError);
  });
}
