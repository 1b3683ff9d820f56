/** The way to a tenant's rows through Kysely: one handle, one principal, one tenant. */
import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, type Dialect } from "kysely";
import { GuardedDriver } from "./driver.ts";
import type { GuardedDialectOptions } from "./options.ts";

/**
 * A dialect whose every statement is scoped to the tenant, filtered and masked by the policy, and audited if it
 * writes. Raw text, schema changes and settings throw IsolationViolation; what the guard does not carry throws
 * UnsupportedQuery. The compiler only serves callers who look at the text; what is sent is built from the tree.
 */
export function createGuardedDialect(options: GuardedDialectOptions): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new GuardedDriver(options),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  };
}
