import {
  createAuditLog,
  createContexts,
  createFinalChecks,
  databaseVersions,
  IsolationViolation,
  AuditWindow,
  KeyRing,
  ViolationLog,
  type AuditLog,
  type AuditWindowOptions,
  type ContextGate,
  type ContextKey,
  type Contexts,
  type Database,
  type KeyProvider,
  type KeyRingOptions,
  type LimitStore,
  type Notice,
  type Router,
} from "@wardline/isolation";
import type { RepositorySource } from "@wardline/backends";
import type { Program } from "@wardline/core";
import { checkDatabase } from "./check-database.ts";
import { BundleRejected, unknownTenant } from "./bundle-rejected.ts";
import { memoryLimits } from "./limits/memory-limits.ts";
import { isTrustPolicy, type UnsignedDevelopment } from "./load-bundles.ts";
import { noGate, nowhere, openRouter, type Placement } from "./placement.ts";
import { Policies, type Reloaded } from "./policies.ts";
import type { PolicyAlarm } from "./policy-alarms.ts";
import { Fairness } from "./fairness.ts";
import type { FairnessOptions } from "./fairness-options.ts";
import type { PolicyOptions } from "./policy-options.ts";
import type { ModelOf } from "./model-types.ts";
import { refusePollution } from "./scope/object-prototype.ts";
import { scopes } from "./scope/scope-registry.ts";
import { watchBundles, type BundleWatch } from "./sources/bundle-watch.ts";
import { folderSource } from "./sources/folder-source.ts";
import { Session, type AnyTables } from "./session.ts";
import type { SessionInput } from "./session-times.ts";
import { HealthChecks, recentOf } from "./health/health-checks.ts";
import type { Health } from "./health/health.ts";
import type { Logger } from "./log/logger.ts";
import { OperatorLog } from "./log/operator-log.ts";
import { observe } from "./telemetry/observe.ts";
import { observedAudit } from "./telemetry/observed-audit.ts";
import { observedKeys } from "./telemetry/observed-keys.ts";
import { outcomeOf } from "./telemetry/outcome-of.ts";
import type { Telemetry } from "./telemetry/telemetry.ts";
import { parseTenantId, type TenantId } from "./tenant-id.ts";
import { TenantHandle, type TenantParts } from "./tenant.ts";
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

/** Whose scope it is. */
export interface ScopeInput<Tables = AnyTables> {
  readonly tenant: TenantId | string;
  /** The model's tenant facts, as for {@link Wardline.tenant}. */
  readonly attributes?: ModelOf<Tables>["tenant"];
  readonly principal: ModelOf<Tables>["principal"];
  /** The model's context facts, as for {@link TenantHandle.as}. */
  readonly context?: ModelOf<Tables>["context"];
  /** When the person signed in and last did something, as for {@link TenantHandle.as}. */
  readonly session?: SessionInput;
}

/**
 * An open Wardline: bundles loaded, database at hand. Hands out nothing but tenants' handles. `Tables` is the `Database` interface that
 * `wardline types` wrote; it holds the names and facts of the model too.
 */
export class Wardline<Tables = AnyTables> {
  readonly #options: OpenOptions;
  readonly #policies: Policies;
  readonly #context: ContextGate;
  readonly #contexts: Contexts;
  readonly #finalCheck: TenantParts["finalCheck"];
  readonly #audit: AuditLog;
  readonly #violations = new ViolationLog();
  readonly #limits: LimitStore;
  readonly #window: AuditWindow | null;
  readonly #keys: KeyRing;
  readonly #router: Router | null;
  readonly #report: (error: unknown) => void;
  readonly #fairness: Fairness | null;
  readonly #log: OperatorLog | null;
  readonly #health: HealthChecks;
  readonly #endLevels: () => void;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #watch: BundleWatch | null;

  private constructor(
    options: OpenOptions,
    policies: Policies,
    watch: BundleWatch | null,
    contexts: Contexts,
    context: ContextGate,
    finalCheck: TenantParts["finalCheck"],
  ) {
    this.#options = options;
    this.#policies = policies;
    this.#watch = watch;
    this.#contexts = contexts;
    this.#context = context;
    this.#finalCheck = finalCheck;
    this.#fairness = options.fairness === undefined ? null : new Fairness(options.fairness);
    const { telemetry, onOperatorError } = options;
    this.#log = logOf(options);
    this.#report = (error) => {
      this.#log?.failed(policies.model, error);
      onOperatorError?.(error);
    };
    const recent = recentOf(options.clock ?? now);
    this.#audit = observedAudit(createAuditLog(), recent.audit, telemetry);
    this.#limits = options.limits ?? memoryLimits();
    this.#window = options.auditWindow === undefined ? null : new AuditWindow(options.auditWindow);
    this.#keys = new KeyRing({
      ...options.keyBounds,
      provider: observedKeys(options.keys, recent.keys, telemetry),
      onOperatorError: this.#report,
    });
    this.#router =
      options.database.kind === "placed" ? openRouter(options.database, policies, this.#report) : null;
    this.#health = new HealthChecks({
      policies,
      database: options.database.kind === "placed" ? options.database.options.catalogue : options.database,
      gate: options.database.kind === "placed" ? null : context,
      keys: this.#keys,
      recent,
      clock: options.clock ?? now,
      onOperatorError: this.#report,
    });
    this.#endLevels =
      telemetry?.levels(() => ({
        policies: policies.loadedCount,
        keyTenants: this.#keys.size,
        waiting: this.#fairness?.waiting ?? 0,
      })) ?? (() => undefined);
    this.#log?.opened(policies.tenants.length);
    if (options.reloadEvery !== undefined) {
      this.#timer = setInterval(() => void this.reload(), options.reloadEvery);
      // A process that has nothing else to do may end.
      this.#timer.unref();
    }
    watch?.begin(
      () => this.reload(),
      (error) => policies.unwatched(error),
    );
  }

  /**
   * Checks the repository and its bundles, and compares the tables in the database with the model. Throws {@link BundleRejected}
   * or {@link SchemaMismatch}; then nothing is open.
   */
  static async open<Tables = AnyTables>(options: OpenOptions): Promise<Wardline<Tables>> {
    const { bundles, trust, database } = options;
    // Invariant: no handle's statement runs as the tables' owner.
    if (database.kind !== "placed" && database.purpose === "operator")
      throw new IsolationViolation("database/operator", "an operator's connection serves no handles");
    const source = typeof bundles === "string" && isTrustPolicy(trust) ? folderSource(bundles) : bundles;
    // What changes while bundles are loaded for the first time is loaded again.
    const watch = typeof source === "string" || options.watch === false ? null : await watchBundles(source);
    try {
      return await Wardline.#open(options, watch);
    } catch (error) {
      await watch?.end();
      throw error;
    }
  }

  static async #open<Tables>(options: OpenOptions, watch: BundleWatch | null): Promise<Wardline<Tables>> {
    const { bundles, trust, database, clock = now, telemetry } = options;
    const log = logOf(options);
    const { onAlarm: tell = log === null ? warn : () => undefined } = options;
    const onAlarm = (alarm: PolicyAlarm): void => {
      log?.alarm(alarm);
      tell(alarm);
    };
    const onReload = async (run: () => Promise<Reloaded>): Promise<Reloaded> => {
      const result = await observe(telemetry, { kind: "reload" }, null, run, (reloaded) =>
        "refused" in reloaded ? outcomeOf(reloaded.refused) : { outcome: "ok" },
      );
      log?.reloaded(result);
      return result;
    };
    const seen =
      (typeof trust === "object" ? trust?.seen : undefined) ??
      databaseVersions(database.kind === "placed" ? database.options.catalogue : database);
    const kept = options.policies === undefined ? {} : { policies: options.policies };
    const checkTables = async (programs: readonly Program[]): Promise<void> => {
      // Places are checked when a tenant first goes there.
      if (database.kind !== "placed") await checkDatabase(database, programs);
    };
    const policies = await Policies.open({
      bundles,
      trust,
      seen,
      clock,
      onAlarm,
      onReload,
      checkTables,
      ...kept,
    });
    const contexts = createContexts(options.contextKey ?? null);
    const context = database.kind === "placed" ? noGate : await contexts.at(database);
    return new Wardline<Tables>(options, policies, watch, contexts, context, await createFinalChecks());
  }

  /** The tenants that have a bundle. */
  get tenants(): readonly string[] {
    return this.#policies.tenants;
  }

  /**
   * Loads the bundles again. What there is now is good as a whole, and all handles go by it from their next transaction on; or none of it
   * is used, an alarm is raised, and what is in force stays so until its own time is over. Never rejects.
   */
  reload(): Promise<Reloaded> {
    return this.#policies.reload();
  }

  /**
   * Brings a tenant's policy to hand, as its first statement would. Rejects with {@link BundleRejected}, which says what its statements
   * do not tell: why there is none.
   */
  async load(given: TenantId | string): Promise<void> {
    await this.#policies.load(parseTenantId(given));
  }

  /**
   * The handle of a tenant; `attributes` are the model's tenant facts in wire form, set by the application alone.
   * Throws `handle/bad-tenant` for what is no id, {@link BundleRejected} for a tenant without a bundle or with one that has expired, and TypeError for
   * attributes that the model does not declare so.
   */
  tenant(given: TenantId | string, attributes: ModelOf<Tables>["tenant"] = {}): TenantHandle<Tables> {
    const id = parseTenantId(given);
    const policies = this.#policies;
    if (!policies.has(id)) throw unknownTenant();
    if (!policies.isInForce(id))
      throw new BundleRejected(
        "bundle/expired",
        "the bundle of this tenant has expired: everything is denied",
      );
    const { database, clock, transactionLimit, challengeLife, onNotify, telemetry } = this.#options;
    return new TenantHandle<Tables>(
      {
        tenant: id,
        attributes,
        database: database.kind === "placed" ? nowhere : database,
        ...(this.#router === null ? {} : { places: this.#router.placesOf(id) }),
        model: policies.model,
        policy: () => policies.atHand(id),
        load: () => policies.bring(id),
        renew: (passed) => policies.renew(id, passed),
        settings: () => policies.settingsOf(id),
        inForce: () => policies.isInForce(id),
        ...(this.#fairness === null ? {} : { turns: this.#fairness.of(id) }),
        context: this.#context,
        contexts: this.#contexts,
        finalCheck: this.#finalCheck,
        audit: this.#audit,
        violations: this.#violations,
        ...(this.#window === null ? {} : { window: this.#window }),
        sealers: this.#keys,
        limits: this.#limits,
        ...(telemetry === undefined ? {} : { telemetry }),
        ...(onNotify === undefined ? {} : { notify: async (notice: Notice) => onNotify(notice) }),
        clock: clock ?? now,
        transactionLimit: transactionLimit ?? 60_000,
        challengeLife: challengeLife ?? 900_000,
        onOperatorError: this.#report,
      },
      () => this.#closed,
    );
  }

  /**
   * Runs `work` in the scope of one principal of one tenant: until it has ended, {@link current} gives its handle there and in
   * whatever it calls and awaits. Then the handle is revoked. Throws `handle/polluted` where Object.prototype was changed, and
   * `handle/nested-scope` within a scope of another tenant.
   */
  async run<T, Own = Tables>(
    scope: ScopeInput<Own>,
    work: (session: Session<Own>) => Promise<T>,
  ): Promise<T> {
    refusePollution();
    const storage = scopes();
    // What the object has itself, and nothing that it inherits.
    const own = Object.assign<object, ScopeInput<Own>>(Object.create(null) as object, scope);
    const { tenant, attributes, principal, context, session: times } = own;
    const id = parseTenantId(tenant);
    const outer = storage.getStore();
    if (outer !== undefined && (outer.owner !== this || outer.tenant !== id))
      throw new IsolationViolation("handle/nested-scope", "the scope of another tenant is open here");
    const session = this.tenant(id, attributes).as<Own>(principal, context, times);
    try {
      return await storage.run(Object.freeze({ owner: this, session, tenant: id }), () => work(session));
    } finally {
      session.end();
    }
  }

  /**
   * The handle of the scope that this is called in, looked up once and now: keep it, and do not ask for it in callbacks. Throws
   * `handle/no-context` outside of a scope; there is none to fall back to.
   */
  current<Own = Tables>(): Session<Own> {
    const scope = scopes().getStore();
    // Invariant: a scope of another instance, over another database, is none of ours.
    if (scope?.owner !== this || !(scope.session instanceof Session))
      throw new IsolationViolation("handle/no-context", "no scope of a tenant is open here");
    return scope.session as Session<Own>;
  }

  /**
   * How policies, database, keys and record are, and whether requests would be served. Cheap, whoever asks how often: the database is asked
   * at most once a second, and for at most two. Never rejects; after the close everything is down.
   */
  health(): Promise<Health> {
    return this.#health.ask(this.#closed);
  }

  /**
   * Lets go of what this process holds of a tenant's keys: at once, where other processes do when their lease ends. What is under way
   * for the tenant fails.
   */
  forgetKeys(given: TenantId | string): void {
    this.#keys.forget(parseTenantId(given));
  }

  /**
   * Ends every handle at once; then puts on record what was counted or held so far, and lets go of all keys. The database, or the
   * placement, is the application's own to close, after that. Never rejects.
   */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await Promise.all([
      this.#policies.close(),
      this.#watch?.end(),
      this.#violations.close(),
      this.#window?.close(),
    ]);
    this.#keys.close();
    this.#endLevels();
    this.#log?.closed();
  }
}

const now = (): Date => new Date();

function logOf({ log, logTenants }: OpenOptions): OperatorLog | null {
  return log === undefined ? null : new OperatorLog(log, logTenants === true);
}

function warn({ code, message, inForceUntil }: PolicyAlarm): void {
  const still =
    inForceUntil === null ? "" : `; what was loaded last is in force until ${inForceUntil.toISOString()}`;
  process.emitWarning(`${message}${still}`, { type: "WardlineAlarm", code });
}
