/**
 * The policies in force. A reload puts a new moment in place of the one before, or leaves all as it is; what is in force stays so until
 * its own time is over, and then decides nothing. Bundles are opened all at once, or each when its tenant is first asked for.
 */
import { isSameBundle } from "@wardline/backends";
import type { ModelIr, Program, Settings } from "@wardline/core";
import { IsolationViolation, type PolicyGuard } from "@wardline/isolation";
import { AtOnce } from "./at-once.ts";
import { BundleRejected, otherTables, unknownTenant, type BundleRejectedCode } from "./bundle-rejected.ts";
import { LeftPolicies } from "./left-policies.ts";
import { readMoment, type LoadOptions } from "./load-bundles.ts";
import { isInForce, LoadedPolicies, type HeldPolicy } from "./loaded-policies.ts";
import type { LoadedBundle, Moment } from "./moment.ts";
import { openAll, openOne, rejectionOf } from "./open-moment.ts";
import { PolicyAlarms, type PolicyAlarm } from "./policy-alarms.ts";
import { PolicyComposer } from "./policy-composer.ts";
import { denyingPolicy, type Policy } from "./policy-guard.ts";
import { readPolicyOptions, type PolicyOptions } from "./policy-options.ts";
import { PolicyRenewal } from "./policy-renewal.ts";
import { prepareReload } from "./prepare-reload.ts";
import { ReloadLine, type Reloaded } from "./reload-line.ts";
import { refusalStands, StandingRefusals } from "./standing-refusals.ts";

export interface PoliciesOptions extends LoadOptions {
  readonly policies?: PolicyOptions;
  readonly onAlarm: (alarm: PolicyAlarm) => void;
  /** Rejects where the tables are not those that the programs need. */
  readonly checkTables: (programs: readonly Program[]) => Promise<void>;
  /** Runs each reload, whoever asked for it. */
  readonly onReload?: (run: () => Promise<Reloaded>) => Promise<Reloaded>;
}

/** How the policies are. */
export interface PoliciesState {
  readonly tenants: number;
  readonly loaded: number;
  /** Of those that are loaded. */
  readonly expired: number;
  /** When the first of those in force ends, in milliseconds since 1970. */
  readonly inForceUntil: number | null;
  readonly refused: BundleRejectedCode | null;
}

export class Policies {
  readonly #options: PoliciesOptions;
  readonly #isLazy: boolean;
  readonly #loaded: LoadedPolicies;
  readonly #loads: AtOnce;
  readonly #reloads: ReloadLine;
  readonly #model: ModelIr;
  readonly #composer: PolicyComposer;
  #moment: Moment;
  readonly #underWay = new Map<string, Promise<Policy>>();
  readonly #refused = new StandingRefusals();
  readonly #renewal = new PolicyRenewal({
    atHand: (tenant) => this.#loaded.peek(tenant)?.policy ?? null,
    look: async (tenant) => {
      await this.reload();
      await this.load(tenant).catch(() => undefined);
    },
  });
  readonly #left = new LeftPolicies();
  readonly #alarms: PolicyAlarms;
  /** Why the last reload was refused. */
  #lastRefused: BundleRejectedCode | null = null;

  private constructor(
    options: PoliciesOptions,
    isLazy: boolean,
    loaded: LoadedPolicies,
    moment: Moment,
    first: readonly LoadedBundle[],
  ) {
    const { loadsAtOnce } = readPolicyOptions(options.policies);
    this.#options = options;
    this.#alarms = new PolicyAlarms(options.onAlarm);
    this.#isLazy = isLazy;
    this.#loaded = loaded;
    this.#loads = new AtOnce(loadsAtOnce);
    const { onReload = (run) => run() } = options;
    this.#reloads = new ReloadLine(() => onReload(() => this.#reload()));
    this.#moment = moment;
    // Invariant: all bundles of one moment are for one model, and the next moment is for the same.
    this.#model = (first[0] as LoadedBundle).program.model;
    this.#composer = new PolicyComposer(this.#model, first, isLazy ? options.checkTables : null);
    for (const bundle of first) this.#put(bundle.tenant, this.#composer.compose(bundle));
  }

  /** Throws {@link BundleRejected}, or what the check of the tables throws; then there are none. */
  static async open(options: PoliciesOptions): Promise<Policies> {
    const { load, mostLoaded, mostBytes } = readPolicyOptions(options.policies);
    // A folder without signatures has no documents that speak for what is not read yet.
    const isLazy = load === "on-demand" && options.trust !== "unsigned-development";
    const unbounded = { mostLoaded: Number.POSITIVE_INFINITY, mostBytes: Number.POSITIVE_INFINITY };
    const loaded = new LoadedPolicies(isLazy ? { mostLoaded, mostBytes } : unbounded);
    const moment = await readMoment(options);
    const first = isLazy ? [await openOne(moment)] : await openAll(moment);
    await moment.record(first.map(({ tenant }) => tenant));
    await options.checkTables(first.map(({ program }) => program));
    return new Policies(options, isLazy, loaded, moment, first);
  }

  get tenants(): readonly string[] {
    return this.#moment.tenants;
  }

  /** The one model of all bundles. */
  get model(): ModelIr {
    return this.#model;
  }

  has(tenant: string): boolean {
    return this.#moment.mark(tenant) !== undefined;
  }

  /** The policy of a tenant if it is at hand, whether in force or not. Else one that permits nothing. */
  atHand(tenant: string): Policy {
    return this.#loaded.peek(tenant)?.policy ?? denyingPolicy(tenant, this.#model);
  }

  /** Brings the policy of a tenant to hand; null where it is. Rejects with `handle/no-policy`: operators are told why. */
  bring(tenant: string): Promise<Policy> | null {
    if (this.#loaded.use(tenant) !== undefined) return null;
    return this.load(tenant).catch(() => {
      throw new IsolationViolation("handle/no-policy", "no policy is in force for this tenant");
    });
  }

  /** Rejects with {@link BundleRejected}. Calls at one time are one load. */
  load(tenant: string): Promise<Policy> {
    const held = this.#loaded.use(tenant);
    if (held !== undefined) return Promise.resolve(held.policy);
    const refused = this.#refused.of(tenant);
    if (refused !== null) return Promise.reject(refused);
    if (!this.has(tenant)) return Promise.reject(unknownTenant());
    const known = this.#underWay.get(tenant);
    if (known !== undefined) return known;
    const loading = this.#loads
      .run(() => this.#load(tenant))
      .catch((error: unknown) => {
        const refusal = rejectionOf(error);
        this.#refuse(tenant, refusal);
        throw refusal;
      })
      .finally(() => this.#underWay.delete(tenant));
    this.#underWay.set(tenant, loading);
    return loading;
  }

  /**
   * The policy at hand where it is not `passed`, which the database has seen a later one than; looks for that one, but not again and again where there
   * is none. Null where there is no other.
   */
  renew(tenant: string, passed: PolicyGuard): Promise<Policy | null> {
    return this.#renewal.find(tenant, passed);
  }

  /** What the tenant's policy of now sets; null where its bundle was not opened yet. */
  settingsOf(tenant: string): Settings | null {
    const held = this.#loaded.peek(tenant);
    if (held !== undefined) return held.policy.program.settings ?? {};
    return this.#left.of(tenant)?.settings ?? null;
  }

  /** Of the policies at hand; nothing is loaded for it, and nobody alarmed. */
  get state(): PoliciesState {
    return {
      tenants: this.tenants.length,
      loaded: this.#loaded.size,
      expired: this.#loaded.expiredCount(this.#now()),
      inForceUntil: this.#firstEnd(),
      refused: this.#lastRefused,
    };
  }

  get loadedCount(): number {
    return this.#loaded.size;
  }

  /** One that is at hand and in force, whichever. */
  get anyInForce(): Policy | null {
    return this.#loaded.anyInForce(this.#now());
  }

  isInForce(tenant: string): boolean {
    if (!this.has(tenant)) return false;
    const held = this.#loaded.peek(tenant);
    const until = (held ?? this.#left.of(tenant))?.until ?? null;
    if (isInForce(until, this.#now())) return true;
    this.#alarms.ofTenant(
      tenant,
      "bundle/expired",
      `the bundle of ${tenant} has expired: everything is denied`,
    );
    return false;
  }

  /**
   * Loads what there is now. A refusal leaves everything as it is and raises an alarm. Calls while one is under way are the next one
   * together: what is under way may have read what was there before.
   */
  reload(): Promise<Reloaded> {
    return this.#reloads.ask();
  }

  /** Resolves when the reload that is under way has ended; there is none after it. */
  close(): Promise<void> {
    return this.#reloads.close();
  }

  /** Changes of the source are not told for now. */
  unwatched({ message }: Error): void {
    const what = `changes of the repository may come late: ${message}`;
    this.#alarms.ofReload("bundle/unwatched", what, this.#firstEnd());
  }

  async #reload(): Promise<Reloaded> {
    try {
      const next = await readMoment(this.#options, this.#moment);
      if (next.model !== this.#moment.model) throw otherTables();
      const tenants = this.#isLazy
        ? this.#loaded.tenants.filter((tenant) => next.mark(tenant))
        : next.tenants;
      const prepared = await prepareReload(next, tenants, {
        alone: this.#isLazy,
        held: (tenant) => this.#loaded.peek(tenant),
        compose: (bundle) => this.#composer.checked(bundle),
      });
      await next.record(prepared.fresh.keys());
      this.#switch(next, prepared);
      return { loaded: this.tenants };
    } catch (error) {
      const refused = rejectionOf(error);
      this.#lastRefused = refused.code;
      this.#alarms.ofReload(refused.code, refused.message, this.#firstEnd());
      return { refused };
    }
  }

  /** In one step. What was loaded while the reload was under way and is of another bundle is loaded again when it is asked for. */
  #switch(next: Moment, { fresh, renewed, refused }: Awaited<ReturnType<typeof prepareReload>>): void {
    const before = this.#loaded.tenants;
    this.#moment = next;
    this.#lastRefused = null;
    this.#alarms.forget();
    this.#refused.clear();
    for (const tenant of before) {
      const held = this.#loaded.peek(tenant);
      const until = renewed.get(tenant);
      const mark = next.mark(tenant);
      const stays =
        held !== undefined && mark !== undefined && until !== undefined && isSameBundle(held.mark, mark);
      if (stays) this.#put(tenant, { ...held, until });
      else {
        this.#loaded.drop(tenant);
        if (held !== undefined) this.#left.put(tenant, held);
      }
    }
    this.#left.goOn(next);
    for (const [tenant, policy] of fresh) this.#put(tenant, policy);
    for (const [tenant, error] of refused) this.#refuse(tenant, error);
  }

  async #load(tenant: string): Promise<Policy> {
    for (let tries = 1; ; tries += 1) {
      const moment = this.#moment;
      try {
        if (!this.has(tenant)) throw unknownTenant();
        const composed = await this.#composer.checked(await moment.open(tenant));
        await moment.record([tenant]);
        // Invariant: what comes to hand is of the moment that is in force when it does.
        if (moment === this.#moment) {
          this.#put(tenant, composed);
          return composed.policy;
        }
        if (tries === mostTries)
          throw new BundleRejected("trust/mixed-snapshot", "the repository changes too often to be read");
      } catch (error) {
        if (moment !== this.#moment && tries < mostTries) continue;
        // What is not there any more, or is newer, belongs to a moment that this process has not seen yet.
        if (tries > 1 || !(error instanceof BundleRejected) || !passed.has(error.code)) throw error;
        if (performance.now() - this.#reloads.endedAt >= refusalStands) await this.reload();
        if (moment === this.#moment) throw error;
      }
    }
  }

  /** In milliseconds since 1970. */
  #now(): number {
    return this.#options.clock().getTime();
  }

  #firstEnd(): number | null {
    return this.#loaded.firstEnd(this.#now());
  }

  #put(tenant: string, held: HeldPolicy): void {
    this.#left.drop(tenant);
    this.#refused.drop(tenant);
    for (const [gone, policy] of this.#loaded.keep(tenant, held)) this.#left.put(gone, policy);
  }

  /** The tenant alone is denied, until its bundle can be loaded. */
  #refuse(tenant: string, error: BundleRejected): void {
    this.#refused.put(tenant, error);
    this.#alarms.ofTenant(tenant, error.code, error.message);
  }
}

/** How often one load looks for the present moment. */
const mostTries = 4;

/** Refusals of a bundle that may only say that the repository has gone on. */
const passed: ReadonlySet<BundleRejectedCode> = new Set<BundleRejectedCode>([
  "trust/missing-document",
  "trust/mixed-snapshot",
  "trust/lower-version",
]);
