/** The options of a transaction, with the policy of now and what seals for its tenant: asked for before the database's turn is taken, which it may need. */
import type { Database, RegistrySource, SqlBatch, SqlResult, TenantSealers } from "../contracts.ts";
import { tenantKeysStatement } from "../keys/registry.ts";
import { checkedStatement, type CheckedSession } from "./checked-session.ts";
import { contextError, tellRefusal } from "./context-error.ts";
import { claimsOf, identityOf, presentFacts, withGuard, type GuardedDialectOptions } from "./options.ts";

export interface PreparedOptions extends GuardedDialectOptions {
  readonly held: TenantSealers;
}

const known = new WeakMap<GuardedDialectOptions, PreparedOptions>();

/**
 * At once where the policy and the keys are at hand. Rejects where the database does not let the context in. `aside`: for the record of what may be in
 * a transaction that is open.
 */
export function prepared(
  given: GuardedDialectOptions,
  aside = false,
): PreparedOptions | Promise<PreparedOptions> {
  // Invariant: one transaction has one policy for its whole life, whatever is loaded meanwhile.
  const options = withGuard(given);
  return options instanceof Promise
    ? options.then((loaded) => withKeys(loaded, aside))
    : withKeys(options, aside);
}

function withKeys(
  options: GuardedDialectOptions,
  aside: boolean,
): PreparedOptions | Promise<PreparedOptions> {
  const held = options.sealers.of(options.guard.program.tenant, beforeTurn(options, aside));
  return held instanceof Promise
    ? held.then((found) => withSealers(options, found))
    : withSealers(options, held);
}

function withSealers(given: GuardedDialectOptions, held: TenantSealers): PreparedOptions {
  const before = known.get(given);
  if (before?.held === held) return before;
  const options = { ...given, held };
  known.set(given, options);
  return options;
}

/** What seals now, for a transaction that goes on: a lease may have ended since it began. */
export function heldNow(
  options: PreparedOptions,
  session: CheckedSession,
): TenantSealers | Promise<TenantSealers> {
  return options.sealers.of(options.guard.program.tenant, {
    inTransaction: true,
    async read() {
      const { sql, parameters } = tenantKeysStatement;
      return keysIn((await session.query(sql, parameters)).rows);
    },
  });
}

/** One transaction; `aside`: that never waits for a turn to end, where the database can do that. */
export function commitAt(
  database: Database,
  aside: boolean,
  statements: SqlBatch,
): Promise<readonly SqlResult[]> {
  return aside && database.aside !== undefined ? database.aside(statements) : database.batch(statements);
}

/** In a transaction of its own. */
function beforeTurn(options: GuardedDialectOptions, aside: boolean): RegistrySource {
  return {
    inTransaction: aside,
    async read() {
      const facts = presentFacts(options);
      const claims = claimsOf(options, identityOf(facts), "gate");
      const check = options.finalCheck(options.guard.program, options.database.schema);
      const statement = checkedStatement(check, facts.tenant.id, tenantKeysStatement);
      try {
        const results = await commitAt(options.database, aside, (backend) => [
          ...options.context.statements(claims, backend),
          statement,
        ]);
        return keysIn(results.at(-1)?.rows ?? []);
      } catch (error) {
        const refused = contextError(error);
        tellRefusal(options, refused, error);
        throw refused ?? error;
      }
    },
  };
}

function keysIn(rows: readonly Record<string, unknown>[]): string {
  return String(rows[0]?.["keys"]);
}
