/** What the parts of the isolation layer, and the sdk that joins them, ask of each other. Only types stand here. */
import type { Decision, GuardedView, KnownFacts, Program, RequestDocument } from "@wardline/core";

export interface SqlResult {
  readonly rows: readonly Record<string, unknown>[];
  readonly affected: number;
}

/** One connection inside one exclusive turn; parameters are $1… */
export interface SqlSession {
  query(sql: string, parameters: readonly unknown[]): Promise<SqlResult>;
}

/**
 * A database that hands out exclusive turns (PGlite is one session; turns queue). The callback's end ends the turn;
 * if it left a transaction open it is rolled back.
 */
export interface Database {
  turn<T>(run: (session: SqlSession) => Promise<T>): Promise<T>;
  readonly schema: string;
  close(): Promise<void>;
}

/**
 * Enters a tenant's context at the start of every transaction: role that owns nothing, tenant setting; for that
 * transaction only.
 */
export interface ContextGate {
  enter(session: SqlSession, tenant: string): Promise<void>;
}

/** Where a sealed value stands: it opens there and nowhere else. */
export interface SealedPlace {
  readonly entity: string;
  readonly field: string;
  readonly row: string;
}

/** Seals and opens cells of one tenant. Throws SealBroken. Hex text of the envelope. */
export interface Sealer {
  seal(cell: SealedPlace, plaintext: string): string;
  open(cell: SealedPlace, ciphertextHex: string): string;
}

/** Appends entries to the tenant's hash chain inside the current transaction of the session. */
export interface AuditLog {
  append(session: SqlSession, tenant: string, entries: readonly AuditEntry[]): Promise<void>;
}

export interface AuditEntry {
  readonly kind: "write" | "refusal" | "challenge";
  readonly principal: { readonly type: string; readonly id: string };
  readonly action: string;
  readonly entity: string;
  readonly rows: readonly string[];
  readonly rules: readonly string[];
  readonly reason: string | null;
  readonly revision: string;
  readonly at: string;
}

/** What the policy says; the sdk makes it from a bundle (closure engine and SQL views). */
export interface PolicyGuard {
  readonly program: Program;
  readonly revision: string;
  decide(request: RequestDocument): Decision;
  view(
    entity: string,
    action: string,
    facts: KnownFacts,
    options: { readonly schema: string; readonly sealMarker: string },
  ): GuardedView;
}
