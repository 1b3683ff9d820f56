/** Two tenants' libraries on a real server, and an open Wardline on it. Every value that one tenant has names it. */
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres, type PostgresServer } from "@wardline/database-testing";
import {
  installContextKey,
  localKeys,
  type ContextKey,
  type Database,
  type KeyProvider,
} from "@wardline/isolation";
import type { EntityModel, FieldModel, Program, Slot, SlotSource, Table } from "@wardline/core";
import { Wardline, type OpenOptions, type Session } from "../src/index.ts";
import { createSchema, loadRows, createTenantKeys } from "../src/operator/index.ts";
import { postgresOperator, type PostgresOptions } from "../src/postgres/index.ts";
import { bundleFolder, programOf } from "./library-bundles.ts";

export type Tenant = "north" | "south";
export const tenants: readonly Tenant[] = ["north", "south"];

export interface Tables {
  books: {
    id: string;
    title: string;
    note: string | null;
    code: string;
    price: string;
    branch_id: string;
    holder_id: string | null;
    shelf: string;
  };
}

export interface ServerLibrary {
  readonly server: PostgresServer;
  readonly operator: Database;
  readonly keys: KeyProvider;
  /** The file of these keys, and the key of contexts, for another process. */
  readonly keysFile: string;
  readonly contextKey: ContextKey;
  readonly programs: Readonly<Record<Tenant, Program>>;
  /** How the application reaches it directly. */
  readonly reach: PostgresOptions;
  open(database: Database, more?: Partial<OpenOptions>): Promise<Wardline>;
  /** As the superuser, past every guard: what is really there. */
  raw(sql: string, ...parameters: unknown[]): Promise<readonly Record<string, unknown>[]>;
  /** The rows as they were at first. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Books of each tenant. */
export const books = 40;

export function idOf(kind: "branch" | "book", tenant: Tenant, number: number): string {
  const group = kind === "branch" ? "0001" : "0002";
  return `00000000-0000-7000-${tenant === "north" ? "8001" : "8002"}-${group}${String(number).padStart(8, "0")}`;
}

export const titleOf = (tenant: Tenant, number: number): string => `${tenant} title ${number}`;

const appPassword = randomBytes(12).toString("hex");
const contextKey: ContextKey = { id: 7, secret: new Uint8Array(randomBytes(32)) };

/** Everybody of the tenant may do all. For north the facts are at hand; for south the ancestors of the principal are asked for. */
export function serverProgram(tenant: string): Program {
  const program = programOf(tenant);
  const isRead = ({ from, ...source }: SlotSource, row?: string): boolean =>
    from === "principal" ||
    from === "tenant" ||
    (from === "row" && (row === undefined || (source as { row?: string }).row === row));
  const kept = program.slots.filter(
    ({ source }) => isRead(source) || (tenant === "south" && source.from === "ancestors"),
  );
  const branchId: Omit<Slot, "id"> = {
    source: { from: "row", row: "resource", part: "id" },
    type: { kind: "entity", entity: "Branch" },
    optional: false,
  };
  const slots = [...kept, branchId].map((slot, id): Slot => ({ ...slot, id }));
  const table = (action: string, row: "resource" | "prior" | "next", resource = "Book"): Table => ({
    principal: "Member",
    action,
    resource,
    passes: [
      {
        row,
        ceiling: 0,
        forbids: [],
        grants: [{ rule: 0, when: 0, effects: [] }],
        requires: [],
      },
    ],
    slots: slots.flatMap(({ source, type, id }) =>
      isRead(source, row) && (type.kind !== "entity" || source.from !== "row" || type.entity === resource)
        ? [id]
        : [],
    ),
    duties: action === "create" || action === "update" ? [{ type: "encrypt", fields: ["code"] }] : [],
  });
  const update = table("update", "prior");
  const next = table("update", "next");
  return {
    ...program,
    model: {
      ...program.model,
      actions: [
        { name: "read", kind: "reads", entities: ["Book", "Branch"] },
        { name: "update", kind: "updates", entities: ["Book"] },
        { name: "create", kind: "creates", entities: ["Book"] },
        { name: "delete", kind: "deletes", entities: ["Book"] },
      ],
    },
    rules: program.rules.slice(0, 1),
    slots,
    atoms: [],
    conditions: [{ kind: "constant", value: true }],
    tables: [
      table("read", "resource"),
      table("read", "resource", "Branch"),
      {
        ...update,
        passes: [...update.passes, ...next.passes],
        slots: [...new Set([...update.slots, ...next.slots])].toSorted((a, b) => a - b),
      },
      table("create", "next"),
      table("delete", "prior"),
    ],
  };
}

/** Books and branches have two sealed fields that are searchable. */
export function searchableProgram(program: Program): Program {
  const text = (column: string): FieldModel => ({
    name: column,
    type: { kind: "string" },
    optional: true,
    classes: [],
    searchable: true,
    storage: { kind: "column", column },
  });
  const sealed = ["note", "code"];
  const entities = program.model.entities.map((entity): EntityModel => {
    if (entity.name === "Branch") return { ...entity, fields: [...entity.fields, ...sealed.map(text)] };
    const fields = entity.fields.map((field) =>
      sealed.includes(field.name) ? { ...field, searchable: true } : field,
    );
    return { ...entity, fields };
  });
  return {
    ...program,
    model: { ...program.model, entities },
    sealed: ["Branch", "Book"].map((entity) => ({ entity, fields: sealed })),
    tables: program.tables.map((table) => ({
      ...table,
      duties: table.duties.map((duty) => (duty.type === "encrypt" ? { ...duty, fields: sealed } : duty)),
    })),
  };
}

export async function openServerLibrary(
  settings: Readonly<Record<string, string>> = {},
  onLog?: (text: string) => void,
  change: (program: Program) => Program = (program) => program,
): Promise<ServerLibrary> {
  const server = await startPostgres({
    settings: { max_connections: "120", ...settings },
    ...(onLog === undefined ? {} : { onLog }),
  });
  const { host, port, database } = server;
  const operator = postgresOperator({ host, port, database, user: server.user, password: server.password });
  const programOfTenant = (tenant: string): Program => change(serverProgram(tenant));
  const programs = tenants.map(programOfTenant);
  await createSchema(operator, programs);
  await operator.turn(async (session) => {
    await session.query(`alter role wardline_app password '${appPassword}'`, []);
    await installContextKey(session, contextKey);
  });
  const folder = await mkdtemp(join(tmpdir(), "wardline-library-"));
  const keysFile = join(folder, "keys.json");
  const keys = localKeys(keysFile);
  for (const tenant of tenants) await createTenantKeys({ database: operator, keys }, tenant);
  const bundles = join(folder, "bundles");
  await mkdir(bundles);
  await bundleFolder(tenants, (program) => programOfTenant(program.tenant), bundles);
  const raw: ServerLibrary["raw"] = async (sql, ...parameters) =>
    (await operator.turn((session) => session.query(sql, parameters))).rows;
  const library: ServerLibrary = {
    server,
    operator,
    keys,
    keysFile,
    contextKey,
    programs: { north: programOfTenant("north"), south: programOfTenant("south") },
    reach: { host, port, database, user: "wardline_app", password: appPassword },
    open: (to, more = {}) =>
      Wardline.open({ bundles, trust: "unsigned-development", database: to, keys, contextKey, ...more }),
    raw,
    async reset() {
      await raw("truncate public.books, public.branches cascade");
      for (const [index, program] of programs.entries()) {
        const tenant = tenants[index] as Tenant;
        const options = { database: operator, program, keys };
        const branch = idOf("branch", tenant, 1);
        await loadRows(options, "Branch", [{ id: branch, attributes: {} }]);
        await loadRows(
          options,
          "Book",
          Array.from({ length: books }, (_, n) => ({
            id: idOf("book", tenant, n),
            attributes: {
              title: titleOf(tenant, n),
              note: `${tenant} note ${n}`,
              code: `${tenant} code ${n}`,
              price: "9.50",
              branch,
              shelf: "open",
              tags: [],
            },
          })),
        );
      }
    },
    async close() {
      await operator.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await library.reset();
  return library;
}

export function sessionOf(wardline: Wardline, tenant: Tenant, id = "ada"): Session<Tables> {
  return wardline
    .tenant(tenant, { lends: true })
    .as<Tables>({ type: "Member", id, roles: ["reader"], in: [idOf("branch", tenant, 1)] });
}

/** The code of a rejection, with its class; `no error` if there is none. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    const { name, code } = error as { name: string; code?: string };
    return `${name} ${String(code)}`;
  }
  return "no error";
}
