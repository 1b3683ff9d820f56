export * from "./connect.ts";
export { startPostgres, type PostgresOptions, type PostgresServer } from "./start-postgres.ts";
