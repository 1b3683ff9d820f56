/** Asks what is left of the limits of one question, for whoever decides and draws nothing. */
import type { AskedAct, LimitedRow, LimitLedger } from "../limits/limit-ledger.ts";
import { limitsAsked } from "../limits/limits-of.ts";
import { presentFacts, type GuardedDialectOptions } from "./options.ts";

/** Throws `access/limit-unavailable`, and `access/not-carried-out` where nothing counts. */
export async function lookFor(
  options: GuardedDialectOptions,
  ledger: LimitLedger,
  asked: AskedAct,
  row: LimitedRow | null = null,
): Promise<void> {
  const known = presentFacts(options);
  const { program } = options.guard;
  const limits = limitsAsked(program, known.principal.type, asked.action, asked.entity);
  if (limits.length > 0) await ledger.look(options, known, limits, row, asked);
}
