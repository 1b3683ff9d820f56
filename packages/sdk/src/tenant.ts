import type { Attributes, ModelIr, Settings } from "@wardline/core";
import {
  IsolationViolation,
  type AuditLog,
  type AuditWindow,
  type ContextGate,
  type Contexts,
  type Database,
  type GuardedDialectOptions,
  type LimitStore,
  type Notice,
  type Places,
  type PolicyGuard,
  type Sealers,
  type Turns,
  type ViolationLog,
} from "@wardline/isolation";
import { featureIsOn } from "./feature.ts";
import type { Policy } from "./policy-guard.ts";
import type { ModelOf } from "./model-types.ts";
import { readFacts } from "./principal.ts";
import { readSession, type SessionInput } from "./session-times.ts";
import { Session, type AnyTables } from "./session.ts";
import type { Telemetry } from "./telemetry/telemetry.ts";

/** What every session of a tenant shares. */
export interface TenantParts {
  readonly tenant: string;
  readonly attributes: Attributes;
  readonly database: Database;
  readonly places?: Places;
  readonly context: ContextGate;
  readonly contexts?: Contexts;
  /** Of every policy. */
  readonly model: ModelIr;
  /** The policy as it is now; where it is not at hand, one that permits nothing. */
  readonly policy: () => Policy;
  /** Brings it to hand; null where it is. */
  readonly load: () => Promise<Policy> | null;
  /** Looks for a later policy than one that the database calls passed; null where there is none. */
  readonly renew: (passed: PolicyGuard) => Promise<Policy | null>;
  /** What the policy of now sets; null where it is not known because its bundle was not opened yet. */
  readonly settings: () => Settings | null;
  readonly inForce: () => boolean;
  readonly finalCheck: GuardedDialectOptions["finalCheck"];
  readonly sealers: Sealers;
  readonly audit: AuditLog;
  readonly violations: ViolationLog;
  readonly window?: AuditWindow;
  readonly turns?: Turns;
  readonly limits: LimitStore;
  readonly telemetry?: Telemetry;
  readonly notify?: (notice: Notice) => Promise<void>;
  readonly clock: () => Date;
  /** Milliseconds. */
  readonly transactionLimit: number;
  /** Milliseconds. */
  readonly challengeLife: number;
  readonly onOperatorError: (error: unknown) => void;
}

/** What stands behind a handle, for system work alone; no application can import it. */
export let partsOf: <Tables>(handle: TenantHandle<Tables>) => {
  readonly parts: TenantParts;
  readonly closed: () => boolean;
};

/** A tenant's door: it lets nobody in without a principal. */
export class TenantHandle<Tables = AnyTables> {
  readonly #parts: TenantParts;
  readonly #closed: () => boolean;

  static {
    partsOf = (handle) => ({ parts: handle.#parts, closed: handle.#closed });
  }

  /** Made by `Wardline.tenant` alone. */
  constructor(parts: TenantParts, closed: () => boolean) {
    const attributes = readFacts("tenant's facts", parts.model.tenant, parts.attributes);
    this.#parts = { ...parts, attributes };
    this.#closed = closed;
  }

  /**
   * A handle for one principal. `context` holds the model's context facts in wire form. Throws TypeError if the principal
   * or the context does not fit the model; a fact that rules read and that is missing denies when it is read. `session` says when
   * the person signed in and last did something: without it everything is denied (`session/unknown`) where the policy sets how
   * long sessions last.
   */
  as<Own = Tables>(
    principal: ModelOf<Own>["principal"],
    context: ModelOf<Own>["context"] = {},
    session?: SessionInput,
  ): Session<Own> {
    const times = session === undefined ? null : readSession(session);
    return new Session<Own>(this.#parts, principal, context, this.#closed, times);
  }

  /**
   * Whether a feature is on for the tenant, by the policy of now: off wherever the platform, a pack or the tenant says so, and off while no
   * policy is in force or it was not loaded yet (`Wardline.load`). One that nobody names is on; where the model has an enum `Feature` a name that is none of its values throws
   * TypeError, as does what is no name. Throws `handle/revoked` after the close.
   */
  feature(name: ModelOf<Tables>["features"]): boolean {
    const { model, settings, inForce } = this.#parts;
    if (this.#closed()) throw new IsolationViolation("handle/revoked", "Wardline is closed");
    const set = settings();
    // Invariant: a feature is off while it is not known who switches it off.
    return inForce() && set !== null && featureIsOn(model, set, name);
  }
}
