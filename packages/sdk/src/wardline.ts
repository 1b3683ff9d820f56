import {
  createAuditLog,
  createContextGate,
  type AuditLog,
  type ContextGate,
  type Database,
  type KeyStore,
  type PolicyGuard,
} from "@wardline/isolation";
import type { Attributes } from "@wardline/core";
import { readBundleFolder } from "./bundle-folder.ts";
import { BundleRejected } from "./bundle-rejected.ts";
import { createPolicyGuard } from "./policy-guard.ts";
import { TenantHandle } from "./tenant.ts";

export interface OpenOptions {
  /** The folder that `wardline build` wrote. */
  readonly bundles: string;
  /**
   * Bundles carry no signature yet. This word says that the folder is trusted as it is, and that this is a development
   * machine; without it every bundle is refused.
   */
  readonly trust?: "unsigned-development";
  readonly database: Database;
  readonly keys: KeyStore;
  /** The time of requests and audit entries. */
  readonly clock?: () => Date;
  /** The longest that a transaction may last, in milliseconds, before it is rolled back. Default: a minute. */
  readonly transactionLimit?: number;
  /** Where original errors of the database go. They hold values: never show them to callers. Default: nowhere. */
  readonly onOperatorError?: (error: unknown) => void;
}

/** An open Wardline: bundles loaded, database at hand. Hands out nothing but tenants' handles. */
export class Wardline {
  readonly #options: OpenOptions;
  readonly #guards: ReadonlyMap<string, PolicyGuard>;
  readonly #context: ContextGate;
  readonly #audit: AuditLog;
  #closed = false;

  private constructor(options: OpenOptions, guards: ReadonlyMap<string, PolicyGuard>) {
    this.#options = options;
    this.#guards = guards;
    this.#context = createContextGate();
    this.#audit = createAuditLog();
  }

  /** Loads and checks every bundle. Throws {@link BundleRejected}; then nothing is open. */
  static async open(options: OpenOptions): Promise<Wardline> {
    if (options.trust !== "unsigned-development")
      throw new BundleRejected(
        "bundle/unsigned",
        'the bundles carry no signature; on a development machine say trust: "unsigned-development"',
      );
    const bundles = await readBundleFolder(options.bundles);
    return new Wardline(
      options,
      new Map([...bundles].map(([tenant, bundle]) => [tenant, createPolicyGuard(bundle)])),
    );
  }

  /** The tenants that have a bundle. */
  get tenants(): readonly string[] {
    return [...this.#guards.keys()];
  }

  /**
   * The handle of a tenant; `attributes` are the model's tenant facts in wire form, set by the application alone.
   * Throws {@link BundleRejected} for a tenant without a bundle, `SealBroken` for one without a key, and TypeError for
   * attributes that the model does not declare so.
   */
  tenant(id: string, attributes: Attributes = {}): TenantHandle {
    const guard = this.#guards.get(id);
    if (guard === undefined)
      throw new BundleRejected("bundle/unknown-tenant", "there is no bundle for this tenant");
    const { database, keys, clock, transactionLimit, onOperatorError } = this.#options;
    return new TenantHandle(
      {
        tenant: id,
        attributes,
        database,
        guard,
        context: this.#context,
        audit: this.#audit,
        sealer: keys.sealerFor(id),
        clock: clock ?? (() => new Date()),
        transactionLimit: transactionLimit ?? 60_000,
        onOperatorError: onOperatorError ?? (() => undefined),
      },
      () => this.#closed,
    );
  }

  /** Ends every handle. The database is the application's own to close. */
  close(): void {
    this.#closed = true;
  }
}
