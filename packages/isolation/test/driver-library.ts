/** A real embedded database with two tenants' libraries in it, and handles to it. */
import { PGlite } from "@electric-sql/pglite";
import type { KnownFacts } from "@wardline/core";
import { Kysely } from "kysely";
import { auditDdl } from "../src/audit/audit-ddl.ts";
import { createAuditLog } from "../src/audit/audit-log.ts";
import { openEntry } from "../src/audit/audit-entry.ts";
import type {
  AuditLog,
  AuditSealer,
  ContextGate,
  Database,
  Sealer,
  Sealers,
  SqlSession,
} from "../src/contracts.ts";
import { createGuardedDialect } from "../src/driver/dialect.ts";
import type { GuardedDialectOptions } from "../src/driver/options.ts";
import { createFinalChecks } from "../src/final-check/final-check.ts";
import { databaseDdl } from "../src/schema/database-ddl.ts";
import { securityDdl } from "../src/schema/security-ddl.ts";
import { createChallengeSealer } from "../src/seal/challenge-sealer.ts";
import { createSealer } from "../src/seal/sealer.ts";
import type { TenantKeys } from "../src/seal/tenant-keys.ts";
import { openGate } from "./context-gate.ts";
import { libraryGuard } from "./driver-guard.ts";
import { auditSealerFrom, keysOf } from "./seal-library.ts";
import { libraryModel, libraryProgram, librarySealed } from "./driver-program.ts";

export interface Tables {
  branches: { id: string; name: string; parent_id: string | null };
  books: {
    id: string;
    branch_id: string;
    holder_id: string | null;
    title: string;
    note: string | null;
    copies: number;
    price: string | null;
    bought: string | null;
    genre: string;
    rare: boolean;
  };
  loans: { id: string; book_id: string; member_id: string; fee: number };
}

export type Tenant = "north" | "south";

/** Ids that say what they are: kind, tenant, number. */
export function idOf(kind: "branch" | "book" | "loan", tenant: Tenant, number: number): string {
  const group = { branch: "0001", book: "0002", loan: "0003" }[kind];
  return `00000000-0000-7000-${tenant === "north" ? "8001" : "8002"}-${group}${String(number).padStart(8, "0")}`;
}

/** A value that only this tenant has. */
export function canary(tenant: Tenant, what: string): string {
  return `${tenant} ${what}`;
}

export interface Library {
  readonly database: Database;
  readonly gate: ContextGate;
  readonly guards: Readonly<Record<Tenant, ReturnType<typeof libraryGuard>>>;
  /** As the superuser, past every guard: what is really there. */
  raw(sql: string, parameters?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** The rows as they were at first. The audit chains stay: entries before this are passed over by `auditOf`. */
  reset(): Promise<void>;
  /** The last number of a tenant's chain at the last reset. */
  readonly audited: ReadonlyMap<string, unknown>;
  close(): Promise<void>;
}

export interface Handle {
  readonly db: Kysely<Tables>;
  readonly options: GuardedDialectOptions;
  readonly operatorErrors: unknown[];
}

const keys: Readonly<Record<Tenant, TenantKeys>> = {
  north: keysOf(1),
  south: keysOf(2),
};

export const finalCheck = await createFinalChecks();

export function sealerOf(tenant: Tenant): ReturnType<typeof createSealer> {
  return createSealer(tenant, () => keys[tenant]);
}

export function auditSealerOf(tenant: Tenant): AuditSealer {
  return auditSealerFrom(tenant, tenant === "north" ? 1 : 2);
}

/** The same sealers for whoever asks. */
export function sealersWith(cells: Sealer, audit: AuditSealer): Sealers {
  const challenges = (tenant: string) =>
    createChallengeSealer(tenant, () => keys[tenant === "south" ? "south" : "north"]);
  return { of: (tenant) => ({ cells, audit, challenges: challenges(tenant) }) };
}

/** Whoever may do everything, past every guard. */
export interface Superuser {
  exec(sql: string): Promise<unknown>;
  query(sql: string, parameters?: unknown[]): Promise<{ readonly rows: readonly Record<string, unknown>[] }>;
}

/** The statements that make the tables, their guards and the audit log. */
export function libraryDdl(guards: Omit<Parameters<typeof securityDdl>[1], "schema">): readonly string[] {
  const stored = { model: libraryModel, sealed: librarySealed };
  return [
    ...databaseDdl(stored, { schema: "lib" }),
    ...securityDdl(stored, { schema: "lib", ...guards }),
    ...auditDdl(),
  ];
}

export async function openLibrary(tenants: readonly Tenant[] = ["north", "south"]): Promise<Library> {
  // As the SDK has it: what a type does not take is the server's to refuse, with a code.
  const serializers = Object.fromEntries([16, 1082, 1114, 1184].map((id) => [id, String]));
  const pglite = await PGlite.create({ serializers });
  await pglite.exec("set search_path = ''");
  for (const statement of libraryDdl({ limits: null })) await pglite.exec(statement);
  const database = embedded(pglite);
  return libraryIn(pglite, database, await database.turn(openGate), tenants, () => pglite.close());
}

export async function libraryIn(
  superuser: Superuser,
  database: Database,
  gate: ContextGate,
  tenants: readonly Tenant[],
  close: () => Promise<void>,
): Promise<Library> {
  const audited = new Map<string, unknown>();
  const reset = async (): Promise<void> => {
    await superuser.exec("truncate lib.branches, lib.books, lib.loans, lib.book_tags, lib.book_keepers");
    for (const tenant of tenants) await fill(superuser, tenant);
    const { rows } = await superuser.query("select tenant_id, seq from wardline.audit_head");
    for (const row of rows) audited.set(row["tenant_id"] as string, row["seq"]);
  };
  await reset();
  return {
    database,
    gate,
    guards: { north: libraryGuard(libraryProgram("north")), south: libraryGuard(libraryProgram("south")) },
    raw: async (sql, parameters = []) => [...(await superuser.query(sql, [...parameters])).rows],
    reset,
    audited,
    close,
  };
}

/** Turns queue; a transaction that a turn left open is rolled back. */
export function embedded(pglite: PGlite): Database {
  let last: Promise<unknown> = Promise.resolve();
  let open = false;
  const session: SqlSession = {
    async query(sql, parameters) {
      const result = await pglite.query<Record<string, unknown>>(sql, [...parameters]);
      if (sql === "begin") open = true;
      if (sql === "commit" || sql === "rollback") open = false;
      return { rows: result.rows, affected: result.affectedRows ?? 0 };
    },
  };
  const turn: Database["turn"] = (run) => {
    const next = last
      .then(() => run(session))
      .finally(async () => {
        if (open) await session.query("rollback", []);
      });
    last = next.catch(() => undefined);
    return next;
  };
  return {
    kind: "embedded",
    schema: "lib",
    turn,
    batch: (statements) =>
      turn(async () => {
        const results = [];
        await session.query("begin", []);
        const given = typeof statements === "function" ? statements(0) : statements;
        for (const { sql, parameters } of given) results.push(await session.query(sql, parameters));
        await session.query("commit", []);
        return results;
      }),
    close: () => pglite.close(),
  };
}

/**
 * Branches 1 → 2 → 3 (child to parent: 1 in 2 in 3) and 4 apart. Books 1, 2 in branch 1; 3 rare in branch 1; 4 in
 * branch 4; 5 rare in branch 4; 6 heritage in branch 3. Book 4 is kept by ben. Loans 1, 2 are ben's, 3 eve's.
 */
async function fill(pglite: Superuser, tenant: Tenant): Promise<void> {
  const branch = (number: number): string => idOf("branch", tenant, number);
  const sealer = sealerOf(tenant);
  for (const [number, parent] of [
    [3, null],
    [2, 3],
    [1, 2],
    [4, null],
  ] as const)
    await pglite.query("insert into lib.branches (tenant_id, id, name, parent_id) values ($1, $2, $3, $4)", [
      tenant,
      branch(number),
      canary(tenant, `branch ${number}`),
      parent === null ? null : branch(parent),
    ]);
  const books = [
    { number: 1, branch: 1, rare: false },
    { number: 2, branch: 1, rare: false },
    { number: 3, branch: 1, rare: true },
    { number: 4, branch: 4, rare: false },
    { number: 5, branch: 4, rare: true },
    { number: 6, branch: 3, rare: false },
  ];
  for (const book of books) {
    const id = idOf("book", tenant, book.number);
    const text = book.number === 2 ? null : `${canary(tenant, "note")} ${book.number}`;
    const field = { table: "books", column: "note" };
    const note = text === null ? null : sealer.seal({ ...field, row: id }, text);
    const index = text === null ? null : sealer.blindIndex(field, text);
    await pglite.query(
      `insert into lib.books (tenant_id, id, branch_id, title, note, copies, price, bought, genre, rare, note_bidx)
       values ($1, $2, $3, $4, decode($5, 'hex'), $6, $7, '2026-01-05T12:00:00.123456Z', 'prose', $8, decode($9, 'hex'))`,
      [
        tenant,
        id,
        branch(book.branch),
        canary(tenant, `title ${book.number}`),
        note,
        book.number,
        `${book.number}.50`,
        book.rare,
        index,
      ],
    );
  }
  await pglite.query("insert into lib.book_tags (tenant_id, book_id, tag) values ($1, $2, 'heritage')", [
    tenant,
    idOf("book", tenant, 6),
  ]);
  await pglite.query("insert into lib.book_keepers (tenant_id, member_id, book_id) values ($1, 'ben', $2)", [
    tenant,
    idOf("book", tenant, 4),
  ]);
  for (const [number, member, book] of [
    [1, "ben", 1],
    [2, "ben", 4],
    [3, "eve", 1],
  ] as const)
    await pglite.query(
      "insert into lib.loans (tenant_id, id, book_id, member_id, fee) values ($1, $2, $3, $4, $5)",
      [tenant, idOf("loan", tenant, number), idOf("book", tenant, book), member, number * 10],
    );
}

export interface Who {
  readonly id: string;
  readonly roles: readonly string[];
  /** Numbers of the branches that come with the session. */
  readonly branches?: readonly number[];
  readonly mfa?: boolean;
}

/** In branch 1, so also in 2 and 3; sees books 1, 2, 3, 6. */
export const ada: Who = { id: "ada", roles: ["librarian"], branches: [1] };
/** Sees books that are not rare: 1, 2, 4, 6, without prices and with initials of notes. */
export const ben: Who = { id: "ben", roles: ["reader"] };
/** Sees no book. */
export const nobody: Who = { id: "nil", roles: [] };

export function handle(
  library: Library,
  tenant: Tenant,
  who: Who,
  changes: Partial<GuardedDialectOptions> = {},
): Handle {
  const operatorErrors: unknown[] = [];
  const facts: KnownFacts = {
    tenant: { id: tenant },
    principal: { type: "Member", id: who.id, tenant, roles: who.roles },
    context: who.mfa === undefined ? {} : { mfa: who.mfa },
  };
  const options: GuardedDialectOptions = {
    database: library.database,
    context: library.gate,
    guard: library.guards[tenant],
    finalCheck,
    sealers: sealersWith(sealerOf(tenant), auditSealerOf(tenant)),
    audit: createAuditLog(),
    facts: () => facts,
    sessionParents: { Branch: (who.branches ?? []).map((number) => idOf("branch", tenant, number)) },
    clock: () => new Date("2026-06-01T08:00:00Z"),
    revoked: () => false,
    onOperatorError: (error) => operatorErrors.push(error),
    ...changes,
  };
  return { db: new Kysely<Tables>({ dialect: createGuardedDialect(options) }), options, operatorErrors };
}

/** The entries of a tenant's chain since the last reset, oldest first, opened. */
export async function auditOf(library: Library, tenant: Tenant): Promise<Record<string, unknown>[]> {
  const rows = await library.raw(
    "select entry from wardline.audit where tenant_id = $1 and seq > $2 order by seq",
    [tenant, library.audited.get(tenant) ?? 0],
  );
  return rows.map((row) => openEntry(row["entry"] as string, auditSealerOf(tenant)));
}

export const failingAudit: AuditLog = {
  append: () => Promise.reject(new Error("the log is full")),
};

/** The code of a rejection, with its class; fails if there is none. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    const { name, code } = error as { name: string; code?: string };
    return `${name} ${String(code)}`;
  }
  return "no error";
}
