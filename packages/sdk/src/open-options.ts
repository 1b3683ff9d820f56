/** What an application says when it opens a Wardline. */
import type { RepositorySource } from "@wardline/backends";
import type {
  AuditWindowOptions,
  ContextKey,
  Database,
  KeyProvider,
  KeyRingOptions,
  LimitStore,
  Notice,
} from "@wardline/isolation";
import type { FairnessOptions } from "./fairness-options.ts";
import type { UnsignedDevelopment } from "./load-bundles.ts";
import type { Logger } from "./log/logger.ts";
import type { Placement } from "./placement.ts";
import type { PolicyAlarm } from "./policy-alarms.ts";
import type { PolicyOptions } from "./policy-options.ts";
import type { Telemetry } from "./telemetry/telemetry.ts";
import type { TrustPolicy } from "./trust.ts";

export interface OpenOptions {
  /** The folder of the repository that `wardline publish` wrote, or another source of it; unsigned, the one that `wardline build` wrote. */
  readonly bundles: string | RepositorySource;
  /**
   * Whom the bundles must be signed by. On a development machine the word `unsigned-development` takes a folder as it is:
   * then nothing guards it against whoever may write it. Without either, every bundle is refused.
   */
  readonly trust?: UnsignedDevelopment | TrustPolicy;
  /** Which policies are kept at hand. Default: all. */
  readonly policies?: PolicyOptions;
  /** How the database is shared among tenants, so that one that asks for much keeps none from it. Default: whoever comes first. */
  readonly fairness?: FairnessOptions;
  /** One database for all tenants, or a `placement` of them in several. */
  readonly database: Database | Placement;
  /** What keeps the wrapping keys of tenants: `localKeys`, a KMS, a vault. */
  readonly keys: KeyProvider;
  /** How long, how often and for how many tenants keys may be held by this process. */
  readonly keyBounds?: Pick<
    KeyRingOptions,
    "lease" | "keyLife" | "mostUses" | "mostBytes" | "mostTenants" | "patience"
  >;
  /**
   * Signs the contexts that databases of servers take; `wardline db apply` installed it there. An embedded database needs none.
   */
  readonly contextKey?: ContextKey;
  /**
   * Lets reads and decisions that a duty puts on record be shown before their entries are committed, within bounds of what a crash can
   * lose. Default: no row leaves before its entry is committed. Writes, refusals, streams and system work are never held.
   */
  readonly auditWindow?: AuditWindowOptions;
  /**
   * Counts what limits allow. Default: `memoryLimits()`, which counts in this process alone; where several serve the same tenants,
   * `redisLimits` of `@wardline/sdk/redis`. What fails to count denies.
   */
  readonly limits?: LimitStore;
  /**
   * Told whom a duty `notify` names: of a write once it is committed, of a read before its rows are shown, which are not shown unless it
   * resolves within 5 seconds. Default: what says to tell somebody is refused.
   */
  readonly onNotify?: (notice: Notice) => void | Promise<void>;
  /** Told what is done and how long it took, without any value: `openTelemetry()` of `@wardline/sdk/otel`. Default: nobody. */
  readonly telemetry?: Telemetry;
  /** Where structured logs go: `pino()`, or `console`. No value, no message of an error and no id stands in them. Default: nowhere. */
  readonly log?: Logger;
  /** Whether logs name the tenant that an alarm is of. Default: no. */
  readonly logTenants?: boolean;
  /** The time of requests and audit entries, and of what expires. */
  readonly clock?: () => Date;
  /** The longest that a transaction may last, in milliseconds, before it is rolled back. Default: a minute. */
  readonly transactionLimit?: number;
  /** How long a challenged write may be gone on with, in milliseconds: up to a day. Default: a quarter of an hour. */
  readonly challengeLife?: number;
  /** Whether bundles are loaded again when their repository changes. Default: where its source can be watched, as a folder can. */
  readonly watch?: boolean;
  /** Milliseconds from one reload to the next, whether anything has changed or not. Default: none but by `watch` and `reload`. */
  readonly reloadEvery?: number;
  /**
   * Told when a load was refused, and the last good bundles stay in force; when changes of the repository are not told for a while;
   * and when a bundle's time is over, and everything is denied. Default: a warning of the process, or `log` where there is one.
   */
  readonly onAlarm?: (alarm: PolicyAlarm) => void;
  /** Where original errors of the database go. They hold values: never show them to callers. Default: nowhere. */
  readonly onOperatorError?: (error: unknown) => void;
}
