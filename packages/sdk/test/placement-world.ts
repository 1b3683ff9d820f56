/** A real server with a catalogue and two cells, operators' and applications' ways to them, and tenants with a few books each. */
import { connect, startPostgres, type PostgresServer } from "@wardline/database-testing";
import { createContextKey, type Database, type Estate, type KeyProvider } from "@wardline/isolation";
import type { Settings } from "@wardline/core";
import { placement, Wardline, type Placement, type Session } from "../src/index.ts";
import {
  addCell,
  createCatalogue,
  loadPairs,
  loadRows,
  openEstate,
  createTenantKeys,
} from "../src/operator/index.ts";
import { postgres, postgresOperator } from "../src/postgres/index.ts";
import { bundleFolder, programOf, keysOfFile } from "./library-bundles.ts";

export const tenants = ["north", "south", "east", "west"] as const;
export type Tenant = (typeof tenants)[number];

export const contextKey = createContextKey(7);
const password = "only-for-tests";
export const room = "00000002-0000-4000-8000-000000000000";
const house = "00000001-0000-4000-8000-000000000000";

export const bookId = (number: number): string =>
  `0000000a-0000-4000-8000-${String(number).padStart(12, "0")}`;

export interface World {
  readonly server: PostgresServer;
  readonly estate: Estate;
  /** Another operator, with another policy of a tenant, or other ways to the cells. */
  estateWith(change: {
    readonly settings?: Settings;
    readonly cells?: readonly string[];
    readonly keys?: KeyProvider;
  }): Estate;
  /** As the superuser, past every guard. */
  raw(database: string, sql: string, parameters?: unknown[]): Promise<readonly Record<string, unknown>[]>;
  openPlaces(): Placement;
  close(): Promise<void>;
}

/** Of all worlds: a tenant's wrapping keys are in no database. */
export const keys = keysOfFile();

export async function openWorld(): Promise<World> {
  const server = await startPostgres({ settings: { max_connections: "200" } });
  const admin = await connect(server);
  for (const name of ["catalogue", "left", "right"]) await admin.exec(`CREATE DATABASE "${name}"`);
  await admin.exec(`CREATE ROLE wardline_app LOGIN PASSWORD '${password}'`);
  const { host, port, user } = server;
  const asOperator = (database: string): Database =>
    postgresOperator({ host, port, user, password: server.password, database });
  const asApplication = (database: string): Database =>
    postgres({ host, port, user: "wardline_app", password, database });
  const catalogue = asOperator("catalogue");
  const opened: { close(): Promise<unknown> }[] = [catalogue];
  const cell = (name: string, open: (database: string) => Database) => (database: string | null) =>
    open(database ?? name);
  const estateWith: World["estateWith"] = ({ settings, keys: given, cells = ["left", "right"] }) => {
    const estate = openEstate({
      catalogue,
      cells: Object.fromEntries(cells.map((name) => [name, cell(name, asOperator)])),
      programs: new Map(
        tenants.map((tenant) => [
          tenant,
          { ...programOf(tenant), ...(settings === undefined ? {} : { settings }) },
        ]),
      ),
      operator: "olga",
      ...(given === undefined ? {} : { keys: given }),
      contextKey,
    });
    opened.push(estate.cells);
    return estate;
  };
  await createCatalogue(catalogue);
  await addCell(catalogue, { name: "left", region: "eu" });
  await addCell(catalogue, { name: "right", region: "us" });
  const connections = new Map<string, Awaited<ReturnType<typeof connect>>>();
  return {
    server,
    estate: estateWith({}),
    estateWith,
    async raw(database, sql, parameters) {
      const connection = connections.get(database) ?? (await connect({ ...server, database }));
      connections.set(database, connection);
      return (await connection.query(sql, parameters)).rows;
    },
    openPlaces() {
      const application = asApplication("catalogue");
      const places = placement({
        catalogue: application,
        cells: { left: cell("left", asApplication), right: cell("right", asApplication) },
      });
      opened.push(application, places);
      return places;
    },
    async close() {
      for (const it of opened) await it.close();
      for (const connection of connections.values()) await connection.close();
      await admin.close();
      await server.stop();
    },
  };
}

/** Two branches, `books` books with tags in one of them, and a recommendation. */
export async function fill(database: Database, tenant: Tenant, books = 3): Promise<void> {
  const program = programOf(tenant);
  await createTenantKeys({ database, keys }, tenant);
  const load = { database, program, keys };
  // A child before its parent, in the order of their keys.
  await loadRows(load, "Branch", [
    { id: room, attributes: {}, parents: { parent_id: null } },
    { id: house, attributes: {}, parents: { parent_id: room } },
  ]);
  await loadRows(
    load,
    "Book",
    Array.from({ length: books }, (_, number) => ({
      id: bookId(number),
      attributes: {
        title: `saga of ${tenant}`,
        note: `"${number}",\n\\ ü\u2028`,
        code: "secret",
        price: "9.50",
        branch: room,
        shelf: "open",
        tags: [`saga of ${tenant}`, "b"],
      },
    })),
  );
  await loadPairs(load, "recommends", [{ from: "m1", to: bookId(0) }]);
}

export async function openWardline(places: Placement): Promise<Wardline> {
  const bundles = await bundleFolder(tenants);
  return Wardline.open({
    bundles,
    trust: "unsigned-development",
    database: places,
    keys,
    contextKey,
    clock: () => new Date(),
  });
}

export function sessionOf(wardline: Wardline, tenant: Tenant): Session {
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
