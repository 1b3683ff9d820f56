/**
 * The three settings in which a vector is tried, on PGlite and on a real server: scoping alone with row-level security off,
 * row-level security alone with Kysely's own SQL as the application's role, and both.
 */
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
} from "kysely";
import { revealRow } from "../../src/seal/sealed.ts";
import { claimsFor } from "../context-gate.ts";
import { ada, handle, idOf, openLibrary, type Library, type Tenant, type Who } from "../driver-library.ts";
import { openServerLibrary } from "../server-library.ts";

/** Everybody may read branches, so that a leak of them is not hidden by a policy. */
export const eve: Who = { id: "eve", roles: ["librarian", "reader"], branches: [1, 4] };

export type AnyDb = Kysely<Record<string, Record<string, unknown>>>;

interface Asked {
  compile(): CompiledQuery;
  execute(): Promise<readonly unknown[]>;
}

/** A query or a write; in the schema of the tables where nothing scopes it. */
export type Attack = (db: AnyDb) => Asked;

export type Setting = "scoping alone" | "row-level security alone" | "both";

export const settings = (["PGlite", "a real Postgres"] as const).flatMap((database) =>
  (["scoping alone", "row-level security alone", "both"] as const).map(
    (setting) => [`${setting} on ${database}`, setting, database] as const,
  ),
);

export interface Ground {
  readonly library: Library;
  readonly setting: Setting;
  /** All that the caller observes, as text: rows, or an error. */
  ask(tenant: Tenant, attack: Attack): Promise<string>;
  close(): Promise<void>;
}

const unscoped: AnyDb = new Kysely<Record<string, Record<string, unknown>>>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
}).withSchema("lib");

export async function openGround(setting: Setting, database: "PGlite" | "a real Postgres"): Promise<Ground> {
  const library = await (database === "PGlite" ? openLibrary() : openServerLibrary());
  if (setting === "scoping alone")
    for (const table of ["branches", "books", "loans", "book_tags", "book_keepers"])
      await library.raw(`alter table lib.${table} disable row level security`);
  return {
    library,
    setting,
    async ask(tenant, attack) {
      try {
        const rows =
          setting === "row-level security alone"
            ? await asRole(library, tenant, attack(unscoped).compile())
            : await attack(handle(library, tenant, eve).db as never).execute();
        const text = (row: unknown): string =>
          JSON.stringify(row, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
        return rows
          .map((row) => text(revealRow(row as object)))
          .toSorted()
          .join("\n");
      } catch (error) {
        const { name, message, ...rest } = error as Error;
        return JSON.stringify({ error: { ...rest, name, message } });
      }
    },
    close: () => library.close(),
  };
}

/** As the application's role in a tenant's context, and nothing else; committed, so that what was written stays. */
async function asRole(library: Library, tenant: Tenant, query: CompiledQuery): Promise<readonly unknown[]> {
  return library.database.turn(async (session) => {
    await session.query("begin", []);
    try {
      await library.gate.enter(session, { ...claimsFor(tenant), principal: { type: "Member", id: ada.id } });
      const { rows } = await session.query(query.sql, query.parameters);
      await session.query("commit", []);
      return rows;
    } catch (error) {
      await session.query("rollback", []);
      throw error;
    }
  });
}

/** Every row of a tenant, as it is stored. */
export async function stateOf(library: Library, tenant: Tenant): Promise<string> {
  const parts = [];
  for (const table of ["branches", "books", "loans", "book_tags", "book_keepers"])
    parts.push(
      await library.raw(
        `select pg_catalog.to_jsonb(t)::text as row from lib.${table} as t where tenant_id = $1 order by 1`,
        [tenant],
      ),
    );
  return JSON.stringify(parts);
}

export const mine = (kind: "branch" | "book" | "loan", number: number): string => idOf(kind, "north", number);
export const theirs = (kind: "branch" | "book" | "loan", number: number): string =>
  idOf(kind, "south", number);
