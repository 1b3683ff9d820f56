/** What libraries take for a pool or a client of `pg`, over a session: it reads as the session's principal may, and writes nothing. */
export { pgAdapter, GuardedPool } from "./guarded-pool.ts";
export { GuardedClient } from "./guarded-client.ts";
export type { PgField, PgQuery, PgResult } from "./pg-query.ts";
