/** The facts of a statement: dated, and with what the database knows of the principal. */
import { instantFromDate, type KnownFacts } from "@wardline/core";
import type { SqlSession } from "../contracts.ts";
import { closePrincipal } from "../gate/facts.ts";
import type { RowSource } from "../gate/load-rows.ts";
import type { GuardedDialectOptions } from "./options.ts";

export function sourceOf({ guard, database }: GuardedDialectOptions, known: KnownFacts): RowSource {
  return { program: guard.program, schema: database.schema, tenant: known.tenant.id };
}

export function closedFacts(
  options: GuardedDialectOptions,
  session: SqlSession,
  known: KnownFacts,
  now: Date,
): Promise<KnownFacts> {
  const dated = { ...known, now: known.now ?? instantFromDate(now) };
  return closePrincipal(session, sourceOf(options, known), dated, options.sessionParents);
}
