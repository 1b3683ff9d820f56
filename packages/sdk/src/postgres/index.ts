/** A real Postgres as the database of an application, or of its operator. */
export { ConnectionRefused, type ConnectionRefusedCode } from "./connection-refused.ts";
export type { Limits } from "./limits.ts";
export { postgres, postgresOperator } from "./postgres.ts";
export { postgresSource, type PostgresSourceOptions } from "./postgres-source.ts";
export type { PostgresOptions } from "./postgres-options.ts";
export type { Tls, TlsOptions } from "./tls.ts";
