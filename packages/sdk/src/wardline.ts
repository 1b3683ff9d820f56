import {
  createAuditLog,
  createContexts,
  createFinalChecks,
  IsolationViolation,
  AuditWindow,
  KeyRing,
  ViolationLog,
  type AuditLog,
  type ContextGate,
  type Contexts,
  type LimitStore,
  type Notice,
  type Router,
} from "@wardline/isolation";
import { BundleRejected, unknownTenant } from "./bundle-rejected.ts";
import { Fairness } from "./fairness.ts";
import { HealthChecks, recentOf } from "./health/health-checks.ts";
import type { Health } from "./health/health.ts";
import { memoryLimits } from "./limits/memory-limits.ts";
import { isTrustPolicy } from "./load-bundles.ts";
import { operatorLogOf, type OperatorLog } from "./log/operator-log.ts";
import type { ModelOf } from "./model-types.ts";
import type { OpenOptions } from "./open-options.ts";
import { openPolicies } from "./open-policies.ts";
import { noGate, nowhere, openRouter } from "./placement.ts";
import type { Policies } from "./policies.ts";
import type { Reloaded } from "./reload-line.ts";
import { refusePollution } from "./scope/object-prototype.ts";
import type { ScopeInput } from "./scope/scope-input.ts";
import { scopes } from "./scope/scope-registry.ts";
import { Session, type AnyTables } from "./session.ts";
import { watchBundles, type BundleWatch } from "./sources/bundle-watch.ts";
import { folderSource } from "./sources/folder-source.ts";
import { observedAudit } from "./telemetry/observed-audit.ts";
import { observedKeys } from "./telemetry/observed-keys.ts";
import { parseTenantId, type TenantId } from "./tenant-id.ts";
import { TenantHandle, type TenantParts } from "./tenant.ts";

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
    this.#log = operatorLogOf(options);
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
    const { database } = options;
    const policies = await openPolicies(options);
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
