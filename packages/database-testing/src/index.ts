export * from "./connect.ts";
export { findChromium, type FoundChromium } from "./find-chromium.ts";
export { checkSignature, type AwsLogin, type SignatureRules } from "./kms/check-signature.ts";
export { startKms, type Kms, type KmsOptions, type KmsTrouble } from "./kms/start-kms.ts";
export { makeAuthority, type Authority, type Certificate } from "./make-authority.ts";
export {
  pgbouncerMissing,
  startPgbouncer,
  type Pgbouncer,
  type PgbouncerOptions,
} from "./start-pgbouncer.ts";
export { natsMissing, startNats, type NatsOptions, type NatsServer } from "./start-nats.ts";
export { startObjectStore, type ObjectStore, type StoredObject, type Trouble } from "./start-object-store.ts";
export {
  startPostgres,
  type PostgresBackup,
  type PostgresOptions,
  type PostgresServer,
} from "./start-postgres.ts";
export { backUpPostgres } from "./back-up-postgres.ts";
export { startLanguageServer, type LanguageServerProcess } from "./start-language-server.ts";
export { redisMissing, startRedis, type RedisServer } from "./start-redis.ts";
export { startProxy, type Proxy } from "./start-proxy.ts";
export { startVault, type Vault, type VaultOptions, type VaultTrouble } from "./vault/start-vault.ts";
export { openTemplates } from "./template.ts";
