/** What the parts of the isolation layer, and the sdk that joins them, ask of each other. Only types stand here. */
import type { RowSecurityKind } from "./schema/row-security-names.ts";
import type {
  Decision,
  GuardedView,
  KnownFacts,
  Obligation,
  Outcome,
  Program,
  RequestDocument,
} from "@wardline/core";

export interface SqlResult {
  readonly rows: readonly Record<string, unknown>[];
  readonly affected: number;
}

/** A statement; its parameters are $1… */
export interface SqlStatement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** Statements, or what makes them once it is known which backend they go to: its process id, or 0 where that can't be known. */
export type SqlBatch = readonly SqlStatement[] | ((backend: number) => readonly SqlStatement[]);

/** One connection inside one exclusive turn; parameters are $1… */
export interface SqlSession {
  query(sql: string, parameters: readonly unknown[]): Promise<SqlResult>;
  /** The process id of the backend, for tokens that are meant for it alone. Absent or 0 behind a pooler and embedded. */
  readonly backend?: number;
  /** Sent together where the protocol allows it, in the transaction that is open; the first that fails ends it. See `queryAll`. */
  batch?(statements: readonly SqlStatement[]): Promise<readonly SqlResult[]>;
  /** Cuts the connection at once, whatever it is doing; its transaction is undone. An embedded session has none. */
  abort?(): void;
}

/**
 * A database that hands out exclusive turns (PGlite is one session; turns queue). The callback's end ends the turn;
 * if it left a transaction open it is rolled back.
 */
export interface Database {
  turn<T>(run: (session: SqlSession) => Promise<T>): Promise<T>;
  /**
   * The statements as one transaction of their own, sent together where the protocol allows it: their results in order, given
   * only once the transaction has ended well. If one fails, none stands.
   */
  batch(statements: SqlBatch): Promise<readonly SqlResult[]>;
  /**
   * The same on connections that are kept for it, so that it never waits for a turn to end: what is put on record while a transaction
   * is open goes this way. An embedded database has one session, and so none.
   */
  aside?(statements: SqlBatch): Promise<readonly SqlResult[]>;
  /** `embedded`: one session of a superuser, which has to take on the application's role. `server`: logs in as it. */
  readonly kind: "embedded" | "server";
  /** `operator`: logs in as the tables' owner. No application may use it. */
  readonly purpose?: "application" | "operator";
  readonly schema: string;
  close(): Promise<void>;
}

/** Where a tenant's rows are: the schema of the database is the tenant's. */
export interface Place {
  readonly database: Database;
  /** The placement epoch under which the place was found; the database refuses another than its own. */
  readonly epoch: number;
}

/** Finds the place of one tenant. Throws IsolationViolation with a `placement/` code where there is none to go to. */
export interface Places {
  /** The present place. Given one that the database called stale, it is looked up anew. */
  find(stale?: Place): Promise<Place>;
}

/** Whose context a transaction has. One transaction has one tenant and one principal for its whole life. */
export interface ContextClaims {
  readonly tenant: string;
  readonly principal: { readonly type: string; readonly id: string };
  /** The placement epoch under which the tenant was routed to this database; 0 where nothing is placed. */
  readonly placementEpoch: number;
  /** The tenant's facts epoch when the session's facts were read; null where none were. */
  readonly factsEpoch: number | null;
  /** The revision of the policy that decides. */
  readonly revision: string;
  /**
   * What the transaction is for. `gate`: the driver's own statements, which must see every row of the tenant to decide;
   * else the name of the action that the one statement of a caller asks.
   */
  readonly intent: string;
  /** What policies in the database read of the principal, the context and the tenant, in wire form. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Enters a tenant's context at the start of every transaction, for that transaction only. */
export interface ContextGate {
  /**
   * The statements that enter, to be sent first in their transaction to the backend with this process id, or to any without one.
   * The database refuses with an error; results mean nothing.
   */
  statements(claims: ContextClaims, backend?: number): readonly SqlStatement[];
  /** Enters inside an open transaction and reads back that it did. Throws `handle/no-context`, or what the database refused with. */
  enter(session: SqlSession, claims: ContextClaims): Promise<void>;
}

/** A field by the names that it is stored under, which a renamed model keeps. Keys of fields and places of cells go by it. */
export interface SealedField {
  readonly table: string;
  readonly column: string;
}

/** Where a sealed value stands: it opens there and nowhere else. `row`: the row's id as the database prints it. */
export interface SealedPlace extends SealedField {
  readonly row: string;
}

/**
 * What the keys of one tenant do, as `docs/spec/envelope.md` says. Throws SealBroken where a key or a ciphertext is not what it
 * should be, and `write/bad-value` for a text that has no exact encoding or is too long.
 */
export interface Sealer {
  /** Lower-case hex of an envelope under the current version. */
  seal(cell: SealedPlace, plaintext: string): string;
  /** Under any readable version. */
  open(cell: SealedPlace, ciphertextHex: string): string;
  /** What a write stores beside a searchable field: lower-case hex of version (4 bytes) and 16 bytes, under the current version. */
  blindIndex(field: SealedField, plaintext: string): string;
  /** What a comparison looks for: one for each readable version, the current one's first. */
  blindIndexes(field: SealedField, plaintext: string): readonly string[];
  /** What stands for a text under a mask that needs a key: the same for equal texts of one field. */
  mask(kind: "token" | "hash", field: SealedField, plaintext: string): string;
  /** The text that a token of the field stands for, under any readable version. */
  revealToken(field: SealedField, token: string): string;
}

/** Seals the personal part of entries of one tenant's audit log, under keys that seal nothing else. Throws as a Sealer does. */
export interface AuditSealer {
  /** `entry`: what names the entry in its tenant for good. Lower-case hex. */
  seal(entry: string, plaintext: string): string;
  open(entry: string, ciphertextHex: string): string;
  /** A keyed digest with the version of its key: it can be compared, and says nothing to who has no key. */
  digest(text: string): string;
}

/** What of a challenge is sealed: the write that waits, or somebody's approval of it. */
export type ChallengePart = "continuation" | "approval";

/** Seals what is handed out to go on with a challenged write, under keys that seal nothing else. Throws as a Sealer does. */
export interface ChallengeSealer {
  /** `id`: of the continuation. Lower-case hex. */
  seal(part: ChallengePart, id: string, plaintext: string): string;
  open(part: ChallengePart, id: string, ciphertextHex: string): string;
}

/** What seals for one tenant. A key that can't be used throws where it is used. */
export interface TenantSealers {
  readonly cells: Sealer;
  readonly audit: AuditSealer;
  readonly challenges: ChallengeSealer;
}

/** How the registry of a tenant's keys is read, in the context of whoever asks. */
export interface RegistrySource {
  /** Whether it is read in a transaction that is open already, or for one that waits for it: neither waits for what somebody else reads. */
  readonly inTransaction: boolean;
  /** What `wardline.tenant_keys()` gives. */
  read(): Promise<string>;
}

/** Gives the sealers of tenants; asked once a transaction, before the database is, and again for each page of a stream. */
export interface Sealers {
  /** At once where the keys are at hand and the lease lasts. Rejects with what the source rejects with. */
  of(tenant: string, source: RegistrySource): TenantSealers | Promise<TenantSealers>;
}

/** Appends entries to the tenant's hash chain inside the current transaction of the session. */
export interface AuditLog {
  append(
    session: SqlSession,
    tenant: string,
    entries: readonly AuditEntry[],
    sealer: AuditSealer,
  ): Promise<void>;
}

export interface AuditEntry {
  readonly id: string;
  /** The entry that it belongs to, by its id. */
  readonly of: string | null;
  /**
   * `read`: what a duty says to put on record. `decision`: one that was asked for. `violation`: statements that were refused for what
   * they are, counted. `operation`: what an operator, or the system, did to the tenant as a whole.
   */
  readonly kind: "write" | "refusal" | "challenge" | "read" | "decision" | "violation" | "operation";
  /** Of a read: before its first row left, with ids of rows before those leave, and after all. */
  readonly stage: "intent" | "rows" | "completion" | null;
  readonly outcome: Outcome | null;
  readonly principal: { readonly type: string; readonly id: string };
  readonly action: string;
  readonly entity: string;
  /** Names of fields, where they are to be named. */
  readonly fields: readonly string[] | null;
  /** Rows, or times. */
  readonly count: number;
  readonly rules: readonly string[];
  /** A word of ours, never a caller's. */
  readonly reason: string | null;
  /** What was carried out. */
  readonly obligations: readonly Obligation[];
  readonly revision: string;
  readonly bundle: string | null;
  /** What was asked, as a text of which only a keyed digest is kept. */
  readonly predicate: string | null;
  /** By the process's clock. */
  readonly at: string;
  /** Ids, sealed. */
  readonly rows: readonly string[];
  /** What somebody said, sealed. */
  readonly words: string | null;
  /** What the decision was made of, in wire form, sealed. */
  readonly facts?: unknown;
}

/** What the policy says; the sdk makes it from a bundle (closure engine and SQL views). */
export interface PolicyGuard {
  readonly program: Program;
  readonly revision: string;
  /** SHA-256 of the bundle that it was made from, hex. */
  readonly digest?: string;
  decide(request: RequestDocument): Decision;
  /** The same for the same arguments, since what is made of it is kept. The marker may stand in parameters alone. */
  view(
    entity: string,
    action: string,
    facts: KnownFacts,
    options: { readonly schema: string; readonly sealMarker: string },
  ): GuardedView;
  /** For databases that have policies of rows; left out, every transaction is the driver's own. */
  readonly rowSecurity?: RowSecurityGuard;
}

/** What policies of rows that were made of a program are told of who asks. */
export interface RowSecurityGuard {
  /** Which policies they are; none where none can be made. Asked once a database. */
  kinds(): readonly RowSecurityKind[];
  /** What the context has to claim for these tables, or null where the policies might then hide what the views have to see. */
  claim(
    known: KnownFacts,
    asked: readonly { readonly entity: string; readonly action: string }[],
  ): ContextClaims["facts"] | null;
}

/** Lets the work of one tenant begin in its turn: a statement by itself, a transaction, a stream, a decision. */
export interface Turns {
  /**
   * At once where nobody waits. `asker`: the session, whose work within its own transactions never waits for these to end. Rejects with
   * TenantBusy, or with the reason of `signal` once that is aborted.
   */
  enter(asker: object, signal: AbortSignal): Turn | Promise<Turn>;
}

export interface Turn {
  /** It lasts while its asker goes on, who may ask for more meanwhile. */
  hold(): void;
  end(): void;
}
