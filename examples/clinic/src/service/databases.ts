/**
 * The service's connections: to an embedded database in its folder, or to a server, where each part logs in as a role of its own. The operator's
 * login, which makes tables and fills them, is closed before the first request.
 */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ContextKey, Database, KeyProvider } from "@wardline/sdk";
import { createTenantKeys, openEstate, type LoadedBundle } from "@wardline/sdk/operator";
import { pglite } from "@wardline/sdk/pglite";
import { postgres, postgresOperator, type PostgresOptions } from "@wardline/sdk/postgres";
import { makeHospital } from "../data/hospital.ts";
import { loadHospital } from "../data/load-hospital.ts";
import { physicians } from "../setup.ts";
import { signInSchema } from "./sign-in/sign-ins.ts";

export interface DatabaseOptions {
  /** The service's folder: the embedded database, and what is secret. */
  readonly folder: string;
  /** `postgres://…` of an operator, who may make roles and tables; left out, the database is embedded. */
  readonly url?: string;
  readonly bundles: ReadonlyMap<string, LoadedBundle>;
  readonly keys: KeyProvider;
  /** Generated patients of each tenant, where there are none yet. */
  readonly size: number;
  /** What stands in every text of a tenant's generated rows, for whoever looks for them elsewhere. */
  readonly markOf?: (tenant: string) => string;
}

export interface Databases {
  /** For tenants' handles. */
  readonly tenants: Database;
  readonly signIn: Database;
  readonly contextKey?: ContextKey;
  /** Tenant → name → id. */
  readonly departments: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly close: () => Promise<void>;
}

/** Makes what is missing. */
export async function openDatabases(options: DatabaseOptions): Promise<Databases> {
  const { folder, url } = options;
  if (url === undefined) {
    const database = pglite(join(folder, "database"));
    const departments = await prepare(database, options, []);
    return { tenants: database, signIn: database, departments, close: () => database.close() };
  }
  const { password, contextKey } = secretsIn(folder);
  const operator = postgresOperator({ connectionString: url });
  const roles = [
    `DO $$ BEGIN CREATE ROLE clinic_sign_in LOGIN; EXCEPTION WHEN duplicate_object THEN END $$`,
    `ALTER ROLE clinic_sign_in PASSWORD '${password}'`,
    `ALTER ROLE wardline_app PASSWORD '${password}'`,
    // Nobody has the functions of the catalogue but those who are given them.
    "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pg_catalog TO clinic_sign_in",
    "GRANT USAGE ON SCHEMA clinic_sign_in TO clinic_sign_in",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON clinic_sign_in.sign_in TO clinic_sign_in",
  ];
  let departments: Databases["departments"];
  try {
    departments = await prepare(operator, { ...options, contextKey }, roles);
  } finally {
    await operator.close();
  }
  const login = (user: string): PostgresOptions => {
    const { hostname, port, pathname } = new URL(url);
    return {
      host: hostname,
      ...(port === "" ? {} : { port: Number(port) }),
      database: decodeURIComponent(pathname.slice(1)),
      user,
      password,
    };
  };
  const tenants = postgres(login("wardline_app"));
  const signIn = postgres({ ...login("clinic_sign_in"), pool: { max: 4 } });
  const close = async (): Promise<void> => void (await Promise.all([tenants.close(), signIn.close()]));
  return { tenants, signIn, contextKey, departments, close };
}

async function prepare(
  database: Database,
  { bundles, keys, size, markOf, contextKey }: DatabaseOptions & { readonly contextKey?: ContextKey },
  more: readonly string[],
): Promise<Databases["departments"]> {
  const programs = new Map([...bundles].map(([tenant, { program }]) => [tenant, program]));
  const cells = { here: () => database };
  const estate = openEstate({
    catalogue: database,
    cells,
    programs,
    operator: "clinic",
    ...(contextKey === undefined ? {} : { contextKey }),
  });
  // Where another process of the service is at work, what stands is left alone.
  await estate.prepare(database);
  await database.turn(async (session) => {
    for (const statement of [...signInSchema.split(";"), ...more]) await session.query(statement, []);
  });
  let seed = 20_261_101;
  for (const [tenant, { program }] of bundles) {
    await createTenantKeys({ database, keys }, tenant);
    const hospital = makeHospital((seed += 1), physicians.get(tenant) ?? [], size, markOf?.(tenant));
    if (!(await hasRows(database, tenant))) await loadHospital({ database, program, keys }, hospital);
  }
  return departmentsIn(database);
}

async function hasRows(database: Database, tenant: string): Promise<boolean> {
  const { rows } = await database.turn((session) =>
    session.query("SELECT FROM public.departments WHERE tenant_id = $1 LIMIT 1", [tenant]),
  );
  return rows.length > 0;
}

async function departmentsIn(database: Database): Promise<Databases["departments"]> {
  const { rows } = await database.turn((session) =>
    session.query("SELECT tenant_id, id::text AS id, name FROM public.departments", []),
  );
  const found = new Map<string, Map<string, string>>();
  for (const row of rows) {
    const of = found.get(String(row["tenant_id"])) ?? new Map<string, string>();
    found.set(String(row["tenant_id"]), of.set(String(row["name"]), String(row["id"])));
  }
  return found;
}

/** What the roles log in with, and what signs contexts: made once. */
function secretsIn(folder: string): { readonly password: string; readonly contextKey: ContextKey } {
  const file = join(folder, "secrets.json");
  if (!existsSync(file)) {
    const made = { password: randomBytes(24).toString("hex"), context: randomBytes(32).toString("hex") };
    writeFileSync(file, JSON.stringify(made), { mode: 0o600, flag: "wx" });
  }
  const { password, context } = JSON.parse(readFileSync(file, "utf8")) as Record<
    "password" | "context",
    string
  >;
  return { password, contextKey: { id: 1, secret: new Uint8Array(Buffer.from(context, "hex")) } };
}
