/** A set of named facts in wire form. Unknown names are ignored; a missing name or null is an absent fact. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Who asks. `roles` are the assigned roles, not closed under `extends`. */
export interface PrincipalDocument {
  readonly type: string;
  readonly id: string;
  /** The tenant that the principal belongs to. */
  readonly tenant: string;
  readonly roles: readonly string[];
  readonly attributes?: Attributes;
}

/** A row: its id, its tenant and its fields. */
export interface RowDocument {
  readonly id: string;
  readonly tenant: string;
  readonly attributes?: Attributes;
}

export interface ResourceDocument {
  readonly type: string;
  readonly id?: string;
  readonly tenant?: string;
  readonly attributes?: Attributes;
}

/** A pair of a relation, by ids. */
export interface Pair {
  readonly from: string;
  readonly to: string;
}

/**
 * The question that every artefact, the command line and the SDK speak. See `docs/spec/request.md`.
 * Reads put the row into `resource`; writes name the type in `resource` and put the rows into `prior` and `next`.
 */
export interface RequestDocument {
  readonly tenant: { readonly id: string; readonly attributes?: Attributes };
  readonly principal: PrincipalDocument;
  readonly action: { readonly name: string };
  readonly resource: ResourceDocument;
  readonly prior?: RowDocument;
  readonly next?: RowDocument;
  readonly context?: Attributes;
  /** Proofs that preconditions are met, beyond the context. Reserved. */
  readonly evidence?: Attributes;
  /** Rule → what is left of its limit (`left`, 0: exhausted) and how long until there is more (`retry_after`, a Duration). */
  readonly limits?: Readonly<Record<string, { readonly left: number; readonly retry_after?: number }>>;
  /** path (`resource.branch`, `resource.branch.house`) → the attributes of the row that the reference leads to. */
  readonly references?: Readonly<Record<string, Attributes>>;
  /** path (`principal`, `resource.branch`, …) → entity type → ids of all proper ancestors. */
  readonly ancestors?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** relation → pairs; closed world for the entities of this request. */
  readonly relations?: Readonly<Record<string, readonly Pair[]>>;
  readonly now?: string;
  /** Time in the tenant's zone. */
  readonly clock?: { readonly time?: string; readonly hour?: number; readonly weekday?: string };
}

/** What is known of a request before any row is: who asks, in which tenant, with what facts. */
export type KnownFacts = Omit<RequestDocument, "action" | "resource" | "prior" | "next">;
