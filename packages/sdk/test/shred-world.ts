/** A real server with a catalogue and two cells, whose tenants have sealed, searchable books, and what a shredding is looked at with. */
import { connect, startPostgres, type PostgresServer } from "@wardline/database-testing";
import {
  createContextKey,
  createNoteSigner,
  type Database,
  type Estate,
  type KeyProvider,
} from "@wardline/isolation";
import type { Program } from "@wardline/core";
import { placement, Wardline, type OpenOptions, type Session } from "../src/index.ts";
import {
  addCell,
  createCatalogue,
  createTenant,
  listPlacements,
  loadRows,
  openEstate,
  readShredReceipt,
  setKeyBound,
  type Destination,
  type Shredding,
  type ShredLedger,
  type ShredReceipt,
} from "../src/operator/index.ts";
import { postgres, postgresOperator } from "../src/postgres/index.ts";
import { bundleFolder, programOf } from "./library-bundles.ts";

const contextKey = createContextKey(7);
const password = "only-for-tests";
const room = "00000002-0000-4000-8000-000000000000";
export const signer = createNoteSigner("shred.example.com");

export const bookId = (number: number): string =>
  `0000000a-0000-4000-8000-${String(number).padStart(12, "0")}`;

/** Milliseconds that processes of these worlds hold keys. */
export const held = 400;

/** The library's program, in which what is sealed can be searched for. */
export function searchable(program: Program): Program {
  const entities = program.model.entities.map((entity) => ({
    ...entity,
    fields: entity.fields.map((field) =>
      field.name === "code" && entity.name === "Book" ? { ...field, searchable: true } : field,
    ),
  }));
  return { ...program, model: { ...program.model, entities } };
}

export interface ShredWorld {
  readonly server: PostgresServer;
  readonly keys: KeyProvider;
  readonly estate: Estate;
  estateWith(keys: KeyProvider | undefined, ledger?: ShredLedger): Estate;
  raw(database: string, sql: string, parameters?: unknown[]): Promise<readonly Record<string, unknown>[]>;
  /** Places the tenant and fills it. */
  make(tenant: string, destination?: Destination, books?: number): Promise<void>;
  open(tenants: readonly string[], change?: Partial<OpenOptions>): Promise<Wardline>;
  close(): Promise<void>;
}

/** `server`: one that has all of it already. */
export async function openShredWorld(
  keys: KeyProvider,
  tenants: readonly string[],
  server?: PostgresServer,
  hold: number = held,
): Promise<ShredWorld> {
  const isNew = server === undefined;
  const on = server ?? (await startPostgres({ settings: { max_connections: "200" } }));
  const opened: { close(): Promise<unknown> }[] = [];
  const admin = await connect(on);
  opened.push(admin);
  if (isNew) {
    for (const name of ["catalogue", "left", "right"]) await admin.exec(`CREATE DATABASE "${name}"`);
    await admin.exec(`CREATE ROLE wardline_app LOGIN PASSWORD '${password}'`);
  }
  const { host, port, user } = on;
  const asOperator = (database: string): Database =>
    postgresOperator({ host, port, user, password: on.password, database });
  const asApplication = (database: string): Database =>
    postgres({ host, port, user: "wardline_app", password, database });
  const catalogue = asOperator("catalogue");
  opened.push(catalogue);
  const cell = (name: string, open: (database: string) => Database) => (database: string | null) =>
    open(database ?? name);
  const estateWith: ShredWorld["estateWith"] = (provider, ledger) => {
    const estate = openEstate({
      catalogue,
      cells: { left: cell("left", asOperator), right: cell("right", asOperator) },
      programs: new Map(tenants.map((tenant) => [tenant, searchable(programOf(tenant))])),
      operator: "olga",
      contextKey,
      ...(provider === undefined ? {} : { keys: provider }),
      ...(ledger === undefined ? {} : { ledger }),
    });
    opened.push(estate.cells);
    return estate;
  };
  const estate = estateWith(keys);
  if (isNew) {
    await createCatalogue(catalogue);
    await addCell(catalogue, { name: "left", region: "eu" });
    await addCell(catalogue, { name: "right", region: "us" });
    for (const name of ["left", "right"]) {
      const database = estate.cells.database(name, null) as Database;
      await estate.prepare({ ...database, schema: "public", turn: database.turn.bind(database) });
      await database.turn((session) => setKeyBound(session, hold));
    }
  }
  const connections = new Map<string, Awaited<ReturnType<typeof connect>>>();
  const bound = (cell: string, milliseconds: number) =>
    world.raw(
      cell,
      "UPDATE wardline.key_bound SET hold_for = $1, before_until = pg_catalog.clock_timestamp()",
      [milliseconds],
    );
  const world: ShredWorld = {
    server: on,
    keys,
    estate,
    estateWith,
    async raw(database, sql, parameters) {
      const connection = connections.get(database) ?? (await connect({ ...on, database }));
      connections.set(database, connection);
      return (await connection.query(sql, parameters)).rows;
    },
    async make(tenant, destination = { tier: "pool", cell: "left" }, books = 3) {
      // Nobody holds a key of a tenant that is only made, however long a busy machine takes for it.
      await bound(destination.cell, 60_000);
      await createTenant(estate, tenant, destination);
      const place = await placeOf(world, tenant);
      const database = estate.cells.at(place) as Database;
      const load = { database, program: searchable(programOf(tenant)), keys };
      await loadRows(load, "Branch", [{ id: room, attributes: {}, parents: { parent_id: null } }]);
      await loadRows(
        load,
        "Book",
        Array.from({ length: books }, (_, number) => ({
          id: bookId(number),
          attributes: {
            title: `saga of ${tenant}`,
            note: `note ${number}`,
            code: `secret ${number}`,
            price: "9.50",
            branch: room,
            shelf: "open",
            tags: [],
          },
        })),
      );
      await bound(destination.cell, hold);
    },
    async open(of, change = {}) {
      const application = asApplication("catalogue");
      const places = placement({
        catalogue: application,
        cells: { left: cell("left", asApplication), right: cell("right", asApplication) },
      });
      opened.push(application, places);
      return Wardline.open({
        bundles: await bundleFolder(of, searchable),
        trust: "unsigned-development",
        database: places,
        keys,
        contextKey,
        ...change,
      });
    },
    async close() {
      for (const it of opened) await it.close();
      for (const connection of connections.values()) await connection.close();
      if (isNew) await on.stop();
    },
  };
  return world;
}

export async function placeOf({ estate }: ShredWorld, tenant: string) {
  const all = await estate.catalogue.turn(listPlacements);
  const found = all.find((one) => one.tenant === tenant);
  if (found === undefined) throw new Error("not placed");
  return found;
}

export function sessionOf(wardline: Wardline, tenant: string): Session {
  return wardline.tenant(tenant, { lends: true }).as(
    {
      type: "Member",
      id: "ada",
      roles: ["reader"],
      in: [room],
      attributes: { level: 3, since: "2020-01-01T00:00:00.000000Z" },
    },
    { purpose: "study" },
  );
}

/** The secrets of the books that a process sees. Keys may be over before they are used where the machine is busy: then it asks again. */
export async function codesOf(wardline: Wardline, tenant: string, tries = 5): Promise<readonly unknown[]> {
  const reading = sessionOf(wardline, tenant).db.selectFrom("books").select(["code"]).orderBy("id");
  try {
    const rows = await reading.execute();
    return rows.map(({ code }) => (code as { reveal(): string }).reveal());
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== "keys/unavailable" || tries === 0) throw error;
    return codesOf(wardline, tenant, tries - 1);
  }
}

/** The receipt of a shredding that is done, believed. */
export function receiptOf(shredding: Shredding): ShredReceipt {
  if (shredding.kind !== "done") throw new Error(`it waits: ${shredding.step}`);
  const read = readShredReceipt(shredding.receipt, [signer]);
  if (!read.ok) throw new Error(read.fault);
  return read.receipt;
}

/** Of a tenant in a database: what of it is left that a shredding takes. */
export async function remains(world: ShredWorld, database: string, tenant: string, schema = "public") {
  const [row] = await world.raw(
    database,
    `SELECT (SELECT count(*)::int FROM wardline.tenant_key WHERE tenant_id = $1 AND purpose <> 'audit' AND wrapped IS NOT NULL) AS keys,
  (SELECT count(*)::int FROM wardline.tenant_key WHERE tenant_id = $1 AND purpose = 'audit' AND wrapped IS NOT NULL) AS audit,
  (SELECT count(*)::int FROM "${schema}".books WHERE tenant_id = $1 AND code_bidx IS NOT NULL) AS indexes,
  (SELECT state FROM wardline.tenant_key_state WHERE tenant_id = $1) AS state,
  (SELECT state FROM wardline.tenant_state WHERE tenant = $1) AS fence`,
    [tenant],
  );
  const { keys, audit, indexes, state, fence } = row ?? {};
  return { keys: Number(keys), audit: Number(audit), indexes: Number(indexes), state, fence };
}
