/**
 * Two tenants' books on a real server, whose model comes to say that two of their columns are sealed. The names of the columns are ones
 * that a statement must quote.
 */
import { mkdir } from "node:fs/promises";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import type { FieldModel, Program } from "@wardline/core";
import { startPostgres, type PostgresServer } from "@wardline/database-testing";
import {
  installContextKey,
  localKeys,
  type ContextKey,
  type Database,
  type KeyProvider,
} from "@wardline/isolation";
import { Wardline, type Session } from "../src/index.ts";
import { createSchema, createTenantKeys, loadRows } from "../src/operator/index.ts";
import { postgres, postgresOperator } from "../src/postgres/index.ts";
import { bundleFolder } from "./library-bundles.ts";
import { idOf, serverProgram, tenants, type Tenant } from "./server-library.ts";

/** Where the fields `code` and `note` are stored. */
export const code = "user";
export const note = 'or"der, by';

export interface AdoptTables {
  branches: { id: string };
  books: {
    id: string;
    title: string;
    [code]: unknown;
    [note]: unknown;
    price: string;
    branch_id: string;
    holder_id: string | null;
    shelf: string;
  };
}

/** `old`: nothing is sealed. `new`: `code`, which each row has, and `note`, which may be missing and can be searched. */
export function adoptProgram(tenant: string, model: "old" | "new"): Program {
  const program = serverProgram(tenant);
  const isNew = model === "new";
  const stored: Readonly<Record<string, string>> = { code, note };
  const fieldOf = (field: FieldModel): FieldModel => {
    const column = stored[field.name];
    return column === undefined
      ? field
      : {
          ...field,
          storage: { kind: "column", column },
          classes: isNew ? ["secret"] : [],
          searchable: isNew && field.name === "note",
          type: { kind: "string" },
        };
  };
  return {
    ...program,
    sealed: isNew ? [{ entity: "Book", fields: ["note", "code"] }] : [],
    model: {
      ...program.model,
      entities: program.model.entities.map((entity) => ({ ...entity, fields: entity.fields.map(fieldOf) })),
    },
    tables: program.tables.map((table) => ({
      ...table,
      duties: table.duties.length > 0 && isNew ? [{ type: "encrypt", fields: ["note", "code"] }] : [],
    })),
  };
}

/** Of the bundles of the new model; those of the old one have 7. */
export const newRevision = 8;

export const programs = (model: "old" | "new"): readonly Program[] =>
  tenants.map((tenant) => adoptProgram(tenant, model));

export interface AdoptServer {
  readonly server: PostgresServer;
  readonly keys: KeyProvider;
  readonly keyFile: string;
  /** A database of its own, with the tables of the old model in the schema. */
  world(schema?: string): Promise<AdoptWorld>;
  close(): Promise<void>;
}

export interface AdoptWorld {
  readonly operator: Database;
  readonly database: string;
  readonly schema: string;
  /** As the superuser, past every guard. */
  raw(sql: string, ...parameters: unknown[]): Promise<readonly Record<string, unknown>[]>;
  load(
    tenant: Tenant,
    rows: readonly { readonly id: string; readonly code: string; readonly note: string | null }[],
  ): Promise<void>;
  /** Opens an application. Rejects where the tables are not those of its model. */
  open(model: "old" | "new"): Promise<Application>;
  close(): Promise<void>;
}

export interface Application {
  session(tenant: Tenant): Session<AdoptTables>;
  close(): Promise<void>;
}

const contextKey: ContextKey = { id: 7, secret: new Uint8Array(randomBytes(32)) };
const appPassword = randomBytes(12).toString("hex");
export const branchOf = (tenant: Tenant): string => idOf("branch", tenant, 1);

export async function openAdoptServer(settings: Readonly<Record<string, string>> = {}): Promise<AdoptServer> {
  const server = await startPostgres({ settings: { max_connections: "120", ...settings } });
  const folder = await mkdtemp(join(tmpdir(), "wardline-adopt-"));
  const keyFile = join(folder, "keys.json");
  const keys = localKeys(keyFile);
  for (const model of ["old", "new"] as const) {
    await mkdir(join(folder, model));
    await bundleFolder(
      tenants,
      (program) => adoptProgram(program.tenant, model),
      join(folder, model),
      model === "old" ? "7" : String(newRevision),
    );
  }
  let made = 0;
  const { host, port } = server;
  const login = { host, port, user: server.user, password: server.password };
  const root = postgresOperator({ ...login, database: server.database });
  const bare = once(async () => {
    await root.turn((session) => session.query("CREATE DATABASE adopt_bare", []));
    const operator = postgresOperator({ ...login, database: "adopt_bare" });
    await createSchema(operator, programs("old"));
    await operator.close();
  });
  /** A database with the tables of the old model: in `public` a copy of the first one, which is cheaper. */
  async function newDatabase(database: string, schema: string): Promise<Database> {
    const isCopy = schema === "public";
    if (isCopy) await bare();
    const create = `CREATE DATABASE ${database}`;
    await root.turn((session) => session.query(isCopy ? `${create} TEMPLATE adopt_bare` : create, []));
    const operator = postgresOperator({ ...login, database, schema });
    if (!isCopy) await createSchema(operator, programs("old"));
    // Rights on a database are not copied with it.
    else
      await root.turn((session) =>
        session.query(`REVOKE TEMPORARY, CREATE ON DATABASE ${database} FROM PUBLIC`, []),
      );
    return operator;
  }
  return {
    server,
    keys,
    keyFile,
    async world(schema = "public") {
      const database = `adopt_${(made += 1)}`;
      const operator = await newDatabase(database, schema);
      await operator.turn(async (session) => {
        await session.query(`ALTER ROLE wardline_app PASSWORD '${appPassword}'`, []);
        await installContextKey(session, contextKey);
      });
      for (const tenant of tenants) await createTenantKeys({ database: operator, keys }, tenant);
      for (const tenant of tenants)
        await loadRows({ database: operator, program: adoptProgram(tenant, "old"), keys }, "Branch", [
          { id: branchOf(tenant), attributes: {} },
        ]);
      return {
        operator,
        database,
        schema,
        raw: async (sql, ...parameters) =>
          (await operator.turn((session) => session.query(sql, parameters))).rows,
        load: (tenant, rows) =>
          loadRows(
            { database: operator, program: adoptProgram(tenant, "old"), keys },
            "Book",
            rows.map(({ id, code: text, note: other }) => ({
              id,
              attributes: {
                title: `${tenant} title`,
                note: other,
                code: text,
                price: "9.50",
                branch: branchOf(tenant),
                shelf: "open",
                tags: [],
              },
            })),
          ),
        async open(model) {
          const to = postgres({
            host,
            port,
            database,
            user: "wardline_app",
            password: appPassword,
            schema,
            pool: { max: 6 },
          });
          const wardline = await Wardline.open({
            bundles: join(folder, model),
            trust: "unsigned-development",
            database: to,
            keys,
            contextKey,
          }).catch(async (error: unknown) => {
            await to.close();
            throw error;
          });
          return {
            session: (tenant) =>
              wardline
                .tenant(tenant, { lends: true })
                .as<AdoptTables>({ type: "Member", id: "ada", roles: ["reader"], in: [branchOf(tenant)] }),
            async close() {
              await wardline.close();
              await to.close();
            },
          };
        },
        close: () => operator.close(),
      };
    },
    async close() {
      await root.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The same promise to whoever asks. */
function once(make: () => Promise<void>): () => Promise<void> {
  let made: Promise<void> | undefined;
  return () => (made ??= make());
}
