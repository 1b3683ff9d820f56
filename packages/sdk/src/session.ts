/** One principal on one tenant's handle: the only way to the database. */
import type { Filter } from "@wardline/backends";
import {
  approveChallenge,
  createGuardedDialect,
  decideRow,
  explainRow,
  getRow,
  FactsKeeper,
  IsolationViolation,
  knownFacts,
  refuseRevoked,
  resumeChallenge,
  reviewChallenge,
  type ApproveOptions,
  type GuardedDialectOptions,
  type PolicyGuard,
  type Resumed,
  type Review,
  type RowExplanation,
} from "@wardline/isolation";
import type { Attributes, Decision, KnownFacts, ModelIr, Settings } from "@wardline/core";
import { clockAt, instantFromDate } from "@wardline/core";
import { CompiledQuery, Kysely } from "kysely";
import { isDenying, type Policy } from "./policy-guard.ts";
import { sessionEnd, type SessionTimes } from "./session-times.ts";
import type { ModelOf } from "./model-types.ts";
import type { TenantParts } from "./tenant.ts";
import { decideWork, decisionEnded, getWork } from "./telemetry/decide-work.ts";
import { observe } from "./telemetry/observe.ts";
import { observedDialect } from "./telemetry/observed-dialect.ts";
import type { Telemetry } from "./telemetry/telemetry.ts";
import { readEvidence, type ResumeEvidence } from "./resume-evidence.ts";
import { readFacts, readPrincipal, type PrincipalInput } from "./principal.ts";

/** Tables by name, as Kysely wants them. `unknown` columns, unless the types are those that `wardline types` wrote. */
export type AnyTables = Record<string, Record<string, unknown>>;

/** A row by its type and id. */
export interface ResourceReference<Type extends string = string> {
  readonly type: Type;
  readonly id: string;
}

/** What stands behind a handle, for system work alone; no application can import it. */
export let optionsOf: <Tables>(session: Session<Tables>) => GuardedDialectOptions;

export class Session<Tables = AnyTables> {
  /** Queries as this principal may ask them: scoped, filtered, masked, opened, checked, sealed and on record. */
  readonly db: Kysely<Tables>;
  readonly #options: Omit<GuardedDialectOptions, "guard" | "load"> & {
    readonly guard: Policy;
    readonly load: TenantParts["load"];
  };
  readonly #tenant: string;
  readonly #model: ModelIr;
  readonly #telemetry: Telemetry | undefined;
  #ended = false;

  static {
    optionsOf = (session) => session.#options;
  }

  /** Which session of the person it is, where that was said. */
  readonly sessionId: string | null;
  #times: SessionTimes | null;

  /** Made by `TenantHandle.as` alone. */
  constructor(
    parts: TenantParts,
    principal: PrincipalInput,
    context: Attributes,
    closed: () => boolean,
    times: SessionTimes | null = null,
  ) {
    this.#times = times;
    this.sessionId = times?.id ?? null;
    this.#tenant = parts.tenant;
    const { model } = parts;
    this.#model = model;
    this.#telemetry = parts.telemetry;
    const { document, parents } = readPrincipal(model, parts.tenant, principal);
    const contextFacts = readFacts("context", model.context, context);
    const own = Object.freeze({ id: parts.tenant, attributes: parts.attributes });
    const facts = ({ program: { slots, settings } }: PolicyGuard): KnownFacts => {
      const now = instantFromDate(parts.clock());
      const readsClock = slots.some(({ source }) => source.from === "clock");
      return {
        tenant: own,
        principal: document,
        context: contextFacts,
        now,
        ...(readsClock ? { clock: clockAt(now, settings?.timezone ?? "UTC") } : {}),
      };
    };
    this.#options = {
      ...parts,
      get guard() {
        return parts.policy();
      },
      facts,
      sessionParents: parents,
      keeper: new FactsKeeper(),
      // `Wardline.open` has asked.
      leakproofChecked: true,
      revoked: () => this.#ended || closed(),
      sessionId: this.sessionId,
      // By the policy of now, also in a transaction that goes on with another one; by that one where the policy of now is not at hand.
      sessionEnd: (guard) =>
        sessionEnd(parts.settings() ?? settingsOf(guard), this.#times, parts.clock().getTime()),
    };
    this.db = this.#kysely(this.#options);
  }

  /**
   * Queries that ask another action than `list` of every table that they name, such as `export`: its rows, its masks, its duties.
   * It only reads: a write is refused with `query/misplaced`. A table that the action does not read, or an action that the model does not
   * have, is refused with `write/no-action` when a query names it.
   */
  reading(action: ModelOf<Tables>["reads"]): Kysely<Tables> {
    if (typeof action !== "string" || !/^[a-z][a-z0-9_]*$/.test(action))
      throw new TypeError("an action is named as the model names it");
    const options = Object.defineProperties({}, Object.getOwnPropertyDescriptors(this.#options));
    return this.#kysely(Object.assign(options as GuardedDialectOptions, { reads: action }));
  }

  /**
   * One row as this principal may `read` it, by the names of the model: `id` and its fields, masked and opened as queries show them. Null where
   * there is none, and where there is one that may not be read. One round trip on a server. Throws as a query does.
   */
  async get<Type extends keyof ModelOf<Tables>["rows"] & string>(
    type: Type,
    id: string,
  ): Promise<ModelOf<Tables>["rows"][Type] | null> {
    const row = await observe(
      this.#telemetry,
      getWork(this.#model, type),
      this.#tenant,
      () => getRow(this.#options, type, id),
      (found) => ({ outcome: "ok", rows: found === null ? 0 : 1 }),
    );
    return row as ModelOf<Tables>["rows"][Type] | null;
  }

  /**
   * The decision on a stored row. A row that does not exist, or is another tenant's, is denied as one that exists and
   * may not be seen.
   */
  decide<Action extends keyof ModelOf<Tables>["decides"] & string>(
    action: Action,
    resource: ResourceReference<ModelOf<Tables>["decides"][Action]>,
  ): Promise<Decision> {
    return observe(
      this.#telemetry,
      decideWork(this.#model, action, resource.type),
      this.#tenant,
      () => decideRow(this.#options, action, resource.type, resource.id),
      decisionEnded,
    );
  }

  /**
   * Why the action is decided so on a stored row, as far as this principal may know it: the rules with their places, what each asks and whether
   * it held, and what would have to be otherwise. A row that may not be read is explained as one that does not exist. What reads a
   * field that is masked, another row or a hierarchy is withheld, with all that would tell of it.
   */
  explain<Action extends keyof ModelOf<Tables>["decides"] & string>(
    action: Action,
    resource: ResourceReference<ModelOf<Tables>["decides"][Action]>,
  ): Promise<RowExplanation> {
    return explainRow(this.#options, action, resource.type, resource.id);
  }

  /**
   * On which rows of a type the action is permitted, as a value: all of the tenant's, none, or those that match. It is of
   * the moment at which it was asked for: roles, facts, hierarchies and policies that change later are not seen in it. What
   * the model does not know is never permitted. Rejects with a RangeError for an action that updates: it is asked of two rows.
   */
  async filter<Action extends keyof ModelOf<Tables>["filters"] & string>(
    action: Action,
    type: ModelOf<Tables>["filters"][Action],
  ): Promise<Filter> {
    // One policy for the facts and for the rules, whatever is loaded in between.
    const guard = (await this.#options.load()) ?? this.#options.guard;
    const load = (): null => null;
    return guard.filters.filter(
      action,
      type,
      await knownFacts({ ...this.#options, guard, load }, { action, entity: type }),
    );
  }

  /**
   * The rows of one SELECT, written as text over the tables as the model names them: what the principal may list of each, without
   * sealed columns. Values stand in the text as `$1`, `$2`, …. On a server alone; rejects, before anything is executed, for what is
   * not known to be harmless. In a transaction: ``sql`…`.execute(trx)`` of Kysely.
   */
  async query<Row = Record<string, unknown>>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    if (typeof text !== "string" || !Array.isArray(values))
      throw new TypeError("a query is a text and a list of values");
    const { rows } = await this.db.executeQuery<Row>(CompiledQuery.raw(text, [...values]));
    return rows;
  }

  /** The same with values where they belong: ``session.sql`select title from books where id = ${id}` ``. */
  sql<Row = Record<string, unknown>>(
    text: TemplateStringsArray,
    ...values: readonly unknown[]
  ): Promise<Row[]> {
    return this.query<Row>(
      text.reduce((all, part, index) => `${all}$${index}${part}`),
      values,
    );
  }

  /**
   * Says that the person did something just now, for handles that outlive a request, such as a socket's. What the application asks by itself is no
   * use of theirs. Throws as every use does where the session is over: it does not come back; and `handle/no-policy` where its bounds are not known,
   * because the policy was not loaded yet.
   */
  touch(): void {
    refuseRevoked(this.#options);
    const usedAt = this.#options.clock().getTime();
    if (this.#times !== null && usedAt > this.#times.usedAt) this.#times = { ...this.#times, usedAt };
  }

  /**
   * Carries out a write that was challenged, once: by the principal that asked for it, in the same session, with the facts that this
   * handle has, a reason and approvals. All is decided again. Rejects with {@link ChallengeRefused}, with {@link ChallengeRequired} where
   * something is still missing, and as the write would; then nothing was written, and the continuation is not spent.
   */
  async resume(continuation: string, evidence: ResumeEvidence = {}): Promise<Resumed> {
    return observe(
      this.#telemetry,
      { kind: "query", operation: "resume", tables: [] },
      this.#tenant,
      () => resumeChallenge(this.#options, continuation, readEvidence(this.#model, this.#tenant, evidence)),
      ({ ids }) => ({ outcome: "ok", rows: ids.length }),
    );
  }

  /**
   * What a write that waits for an approval would write, for a principal who may approve it: the model's action `approve` on the rows as they
   * are and as they would be. Rejects with AccessDenied for who may not, and with `challenge/hidden-value` where a value would not be
   * shown in full.
   */
  async review(continuation: string): Promise<Review> {
    return reviewChallenge(this.#options, continuation);
  }

  /**
   * Approves it: a sealed text for who asked, to `resume` with. It is for this continuation alone and ends with it; at its use
   * `approve` is decided again. Rejects as {@link review} does; nobody approves what he asked for.
   */
  async approve(continuation: string, options: ApproveOptions = {}): Promise<string> {
    return approveChallenge(this.#options, continuation, options);
  }

  #kysely(options: GuardedDialectOptions): Kysely<Tables> {
    const dialect = createGuardedDialect(options);
    const parts = { telemetry: this.#telemetry, tenant: this.#tenant, model: this.#model };
    return new Kysely<Tables>({ dialect: observedDialect(dialect, parts) });
  }

  /** Ends the scope: every later use of the handle, and of queries made from it, is refused. */
  end(): void {
    this.#ended = true;
  }
}

/** Invariant: a session never lasts because its bounds are not known. */
function settingsOf(guard: PolicyGuard): Settings {
  if (isDenying(guard))
    throw new IsolationViolation("handle/no-policy", "the policy of the tenant is not at hand");
  return guard.program.settings ?? {};
}
