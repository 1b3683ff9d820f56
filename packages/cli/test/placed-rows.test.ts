/**
 * V49, V105: the policies of rows that a tenant's place gets as the tenant is created in it, moved to it or restored into it, asked by
 * the application's role in bare tables; and what happens where somebody takes them away.
 */
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { connect, startPostgres, type Connection, type PostgresServer } from "@wardline/database-testing";
import {
  createNoteSigner,
  createSteps,
  localKeys,
  moveStepNames,
  readContextKey,
  type Database,
  type Estate,
} from "@wardline/isolation";
import { placement, Wardline, type Session } from "@wardline/sdk";
import {
  addCell,
  applyRowSecurity,
  applySchema,
  cancelShred,
  createCatalogue,
  createTenant,
  examineDatabase,
  exportTenant,
  listOperations,
  listPlacements,
  moveTenant,
  reinstateTenant,
  suspendTenant,
  openEstate,
  restoreTenant,
  resumeCreate,
  resumeMove,
  shredTenant,
  type Destination,
} from "@wardline/sdk/operator";
import { postgres, postgresOperator } from "@wardline/sdk/postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  addLoans,
  listed,
  openBareRows,
  platform,
  programOf,
  rowsProject,
  southPolicy,
  type BareRows,
} from "./bare-rows.ts";
import { policy, run, writeProject } from "./project.ts";

const coded = (code: string) => expect.objectContaining({ code });
const password = randomBytes(12).toString("hex");
const programs = new Map([
  ["north", programOf("north", policy)],
  ["south", programOf("south", southPolicy)],
]);
const all = [...programs.values()];
const texts = { north: policy, south: southPolicy };
type Tenant = keyof typeof texts;

let server: PostgresServer;
let admin: Connection;
let folder: string;
let keyFile: string;
let estate: Estate;
const connections = new Map<string, Connection>();
const bare = new Map<string, BareRows>();
const opened: { close(): unknown }[] = [];

const login = (database: string): Database =>
  postgresOperator({
    host: server.host,
    port: server.port,
    user: server.user,
    password: server.password,
    database,
  });
const appLogin = (database: string): Database =>
  postgres({ host: server.host, port: server.port, user: "wardline_app", password, database });

beforeAll(async () => {
  server = await startPostgres({ settings: { max_connections: "200" } });
  admin = await connect(server);
  for (const name of ["catalogue", "here", "there", "spare"]) await admin.exec(`CREATE DATABASE ${name}`);
  await admin.exec(`CREATE ROLE wardline_app LOGIN PASSWORD '${password}'`);
  folder = writeProject(rowsProject);
  keyFile = join(folder, "context-key.json");
  await run(folder, ["keys", "context", keyFile, "--id", "7"]);
  estate = estateOf(programs);
  await createCatalogue(estate.catalogue);
  for (const [name, region] of [
    ["here", "eu"],
    ["there", "us"],
    ["spare", "us"],
  ] as const)
    await addCell(estate.catalogue, { name, region });
  // So that the doctor has tables to look at beside the places of one's own.
  const there = login("there");
  await applySchema(there, all);
  await there.close();
});
afterAll(async () => {
  for (const one of [...opened, ...connections.values()]) await one.close();
  for (const { application } of bare.values()) await application.close();
  await admin.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

function estateOf(of: typeof programs): Estate {
  const catalogue = login("catalogue");
  const cell = (name: string) => (database: string | null) => login(database ?? name);
  const made = openEstate({
    catalogue,
    cells: { here: cell("here"), there: cell("there"), spare: cell("spare") },
    programs: of,
    operator: "olga",
    contextKey: readContextKey(keyFile),
  });
  opened.unshift(made.cells, catalogue);
  return made;
}

async function placeOf(tenant: string) {
  const found = (await estate.catalogue.turn(listPlacements)).find((it) => it.tenant === tenant);
  if (found === undefined) throw new Error("not placed");
  return { ...found, name: found.database ?? found.cell };
}

/** As the superuser, past every guard. */
async function raw(database: string): Promise<Connection> {
  const connection = connections.get(database) ?? (await connect({ ...server, database }));
  connections.set(database, connection);
  return connection;
}

/** What the application's role finds of a tenant at its place, with the claims of its policy's list, or with others. */
async function titles(
  tenant: Tenant,
  more: object = listed(tenant, texts[tenant]),
  damage?: (it: Uint8Array) => void,
) {
  const { name, schema, epoch } = await placeOf(tenant);
  const found = bare.get(name) ?? (await openBareRows(server, { database: name, password, keyFile }));
  bare.set(name, found);
  return found.titles(schema, tenant, { ...more, placementEpoch: epoch }, damage);
}

/** Of all schemas with tables of tenants in a database. The warnings are of the password by which the test logs in. */
async function findings(database: string): Promise<readonly string[]> {
  const known = login(database);
  const { findings: found } = await examineDatabase(known, all);
  await known.close();
  return [...new Set(found.map(({ code }) => code))].filter((code) => code !== "doctor/application-password");
}

const shared = ["mine", "theirs"];
const own = { north: ["mine"], south: ["mine", "theirs"] };

async function openDriver(tenant: Tenant, remember = 60_000): Promise<Session<{ loans: { title: string } }>> {
  const out = `out-${randomBytes(4).toString("hex")}`;
  expect(await run(folder, ["build", "--out", out])).toMatchObject({ code: 0 });
  const keys = localKeys(join(folder, `${out}.json`));
  for (const one of programs.keys()) await keys.create(one);
  const catalogue = appLogin("catalogue");
  const cell = (name: string) => (database: string | null) => appLogin(database ?? name);
  const places = placement({ catalogue, cells: { here: cell("here"), there: cell("there") }, remember });
  const wardline = await Wardline.open({
    bundles: join(folder, out),
    trust: "unsigned-development",
    database: places,
    keys,
    contextKey: readContextKey(keyFile),
  });
  opened.unshift(wardline, places, catalogue);
  return wardline
    .tenant(tenant)
    .as({ type: "Member", id: "ada", roles: ["reader"], attributes: { level: 1 } }, { mfa: true });
}

test("V49: a pool holds the platform's part from the first tenant on, and says so in the receipt", async () => {
  const first = await createTenant(estate, "north", { tier: "pool", cell: "here" });
  const second = await createTenant(estate, "south", { tier: "pool", cell: "here" });
  const said = ({ text }: { text: string }) => (JSON.parse(text) as { rowSecurity: unknown }).rowSecurity;
  expect(said(first)).toEqual({
    kind: "guardrails",
    policies: 5,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(said(second)).toEqual(said(first));
  await addLoans(await raw("here"), "public");
  for (const tenant of ["north", "south"] as const) {
    expect(await titles(tenant)).toEqual(shared);
    expect(await titles(tenant, { facts: {} })).toEqual([]);
    expect(
      await titles(tenant, undefined, (token) => token.set([Number(token.at(-1)) ^ 1], token.length - 1)),
    ).toBe("28000");
  }
});

test.each([
  ["a schema of the same database", { tier: "schema", cell: "here" }],
  ["a schema of another cell", { tier: "schema", cell: "there" }],
  ["a database of its own", { tier: "database", cell: "here" }],
] as const)(
  "V49: %s holds the tenant's own policy, and what is left keeps nothing of it",
  async (_, destination) => {
    await moveTenant(estate, "north", destination);
    const { name, schema } = await placeOf("north");
    expect(await titles("north")).toEqual(own.north);
    expect(await titles("north", { facts: {} })).toEqual([]);
    // Another one's claims, and a context of another tenant's, find nothing there.
    expect(await titles("north", listed("south", southPolicy, []))).toEqual([]);
    const away = bare.get(name) as BareRows;
    const { epoch: placementEpoch } = name === "here" ? await placeOf("south") : { epoch: 0 };
    const southern = { ...listed("south", southPolicy), placementEpoch };
    expect(await away.titles(schema, "south", southern)).toEqual([]);
    expect(await findings(name)).toEqual([]);
    await moveTenant(estate, "north", { tier: "pool", cell: "here" });
    expect(await titles("north")).toEqual(shared);
    const left = await raw(name);
    const { rows } = await left.query("SELECT FROM pg_proc WHERE proname LIKE 'rows\\_%\\_of\\_rows\\_%'");
    expect(rows).toHaveLength(schema === "public" ? 1 : 0);
  },
);

test("V49: the driver claims at the new place what its select asks, and the policies there bind it", async () => {
  const { db } = await openDriver("north");
  const read = () => db.selectFrom("loans").select("title").orderBy("title").execute();
  expect(await read()).toEqual([{ title: "mine" }]);
  await moveTenant(estate, "north", { tier: "schema", cell: "there" });
  expect(await read()).toEqual([{ title: "mine" }]);
  const { schema } = await placeOf("north");
  const there = await raw("there");
  await there.exec(
    `ALTER POLICY "${await selectPolicy("there", schema)}" ON "${schema}".loans USING (wardline.is_gate())`,
  );
  expect(await read()).toEqual([]);
  const inTransaction = db.transaction().execute((trx) => trx.selectFrom("loans").select("title").execute());
  expect(await inTransaction).toEqual([{ title: "mine" }]);
});

async function selectPolicy(database: string, schema: string): Promise<string> {
  const { rows } = await (
    await raw(database)
  ).query(
    "SELECT policyname::text AS name FROM pg_policies WHERE schemaname = $1 AND policyname LIKE 'loans_select_rows_%'",
    [schema],
  );
  return String(rows[0]?.["name"]);
}

test("V49: a place whose policies were dropped lets no new process in, and the doctor finds it", async () => {
  const { schema } = await placeOf("north");
  const there = await raw("there");
  await there.exec(`DROP POLICY "${await selectPolicy("there", schema)}" ON "${schema}".loans`);
  const { db } = await openDriver("north");
  await expect(db.selectFrom("loans").select("title").execute()).rejects.toEqual(coded("placement/behind"));
  expect(await findings("there")).toEqual(["doctor/tenant-policy-changed"]);

  await moveTenant(estate, "north", { tier: "pool", cell: "here" });
});

/** Takes them away whole, so that nothing in the database says that they were there. */
async function takeAway(database: string, schema: string): Promise<void> {
  const operator = login(database);
  await applyRowSecurity({ ...operator, schema, turn: (of) => operator.turn(of) }, all, "none");
  await operator.close();
}

test.each([
  ["a schema of its own", { tier: "schema", cell: "there" }, ["doctor/no-row-policies"]],
  ["a pool", { tier: "pool", cell: "here" }, []],
] as const)(
  "V49: %s whose policies were taken away with all that says so lets nobody in, no process that is running either",
  async (_, destination, found) => {
    const from = await placeOf("north");
    if (from.tier !== destination.tier) await moveTenant(estate, "north", destination);
    const { name, schema } = await placeOf("north");
    const { db } = await openDriver("north", 50);
    const read = () => db.selectFrom("loans").select("title").execute();
    expect(await read()).toEqual([{ title: "mine" }]);
    await takeAway(name, schema);
    await new Promise((resolve) => setTimeout(resolve, 150));
    await expect(read()).rejects.toEqual(coded("placement/behind"));
    expect(await findings(name)).toEqual(found);

    // Whoever is let in again finds them again.
    await suspendTenant(estate, "north");
    await reinstateTenant(estate, "north");
    expect(await policiesOf(name, schema)).toBe(4);
    expect(await titles("north")).toEqual(destination.tier === "pool" ? shared : own.north);
    expect(await read()).toEqual([{ title: "mine" }]);
    await attack(name, schema, "open");
    await suspendTenant(estate, "north");
    await reinstateTenant(estate, "north");
    expect(await titles("north", { facts: {} })).toEqual([]);
    const keys = localKeys(join(folder, "shredding.json"));
    await keys.create("north");
    const sign = createNoteSigner("shred.example.com");
    for (const harm of [() => takeAway(name, schema), () => attack(name, schema, "open")]) {
      expect(await shredTenant({ ...estate, keys }, "north", { sign, wait: false })).toMatchObject({
        kind: "waiting",
      });
      await harm();
      await cancelShred({ ...estate, keys }, "north");
      expect(await policiesOf(name, schema)).toBe(4);
      expect(await titles("north", { facts: {} })).toEqual([]);
    }
    expect(await findings(name)).toEqual([]);
    if (destination.tier !== "pool") await moveTenant(estate, "north", { tier: "pool", cell: "here" });
  },
);

/** What somebody does to the policies of rows of a schema, all of them. */
const attacks = {
  drop: (table: string, name: string) => `DROP POLICY "${name}" ON ${table}`,
  open: (table: string, name: string) =>
    `ALTER POLICY "${name}" ON ${table} ${name.includes("insert") ? "WITH CHECK" : "USING"} (true)`,
  widen: (table: string, name: string) => `ALTER POLICY "${name}" ON ${table} TO wardline_owner`,
};

async function attack(database: string, schema: string, how: keyof typeof attacks): Promise<number> {
  const connection = await raw(database);
  const { rows } = await connection.query(
    "SELECT policyname::text AS name FROM pg_policies WHERE schemaname = $1 AND policyname ~ '^loans_(select|insert|update|delete)_rows_'",
    [schema],
  );
  for (const { name } of rows) await connection.exec(attacks[how](`"${schema}".loans`, String(name)));
  return rows.length;
}

test.each([
  ["drop", { tier: "schema", cell: "there" }],
  ["open", { tier: "schema", cell: "here" }],
  ["widen", { tier: "pool", cell: "there" }],
] as const)(
  "V105: a move that is cut off at any step and attacked (%s) before it goes on ends with the policies",
  async (how, away) => {
    for (const [index, name] of moveStepNames.entries()) {
      const destination: Destination = index % 2 === 0 ? away : { tier: "pool", cell: "here" };
      const cut = new Error("killed");
      const onProgress = ({ step }: { step: string }): void => {
        if (step === name) throw cut;
      };
      const from = await placeOf("north");
      await expect(
        moveTenant(estate, "north", destination, { onProgress, leaveOnFailure: true }),
      ).rejects.toBe(cut);
      const [{ plan } = { plan: null }] = await listOperations(estate.catalogue, "north");
      const { to } = plan as { to: { cell: string; schema: string } };
      const attacked = await attack(to.cell, to.schema, how);
      if (index > 0) expect(attacked, name).toBe(4);
      expect(from.cell === to.cell && from.schema === to.schema).toBe(false);
      await resumeMove(estate, "north");
      const wanted = destination.tier === "pool" ? shared : own.north;
      expect(await titles("north"), name).toEqual(wanted);
      expect(await titles("north", { facts: {} }), name).toEqual([]);
      const place = await placeOf("north");
      expect(await policiesOf(place.name, place.schema), name).toBe(4);
    }
    expect(await findings("here")).toEqual([]);
  },
  60_000,
);

/** Restrictive ones for the application's role that ask something. */
async function policiesOf(database: string, schema: string): Promise<number> {
  const { rows } = await (
    await raw(database)
  ).query(
    `SELECT FROM pg_policies WHERE schemaname = $1 AND policyname LIKE 'loans_%_rows_%' AND permissive = 'RESTRICTIVE'
AND roles = '{wardline_app}' AND concat(qual, with_check) LIKE '%wardline.is_gate%'`,
    [schema],
  );
  return rows.length;
}

test("V105: a creation that is cut off at any step and attacked before it goes on ends with the policies", async () => {
  const many = new Map(
    createSteps.map((_, index) => [
      `t${index}`,
      programOf(`t${index}`, southPolicy.replace("south", `t${index}`)),
    ]),
  );
  const theirs = estateOf(new Map([...programs, ...many]));
  for (const [index, name] of createSteps.entries()) {
    const tenant = `t${index}`;
    const onProgress = ({ step }: { step: string }): void => {
      if (step === name) throw new Error("killed");
    };
    const begun = createTenant(theirs, tenant, { tier: "schema", cell: "spare" }, { onProgress });
    await expect(begun).rejects.toThrow("killed");
    // As a process leaves it that was killed.
    await (
      await raw("catalogue")
    ).exec(
      `UPDATE wardline_catalogue.operation SET state = 'running', holder = NULL, held_until = NULL WHERE tenant = '${tenant}'`,
    );
    const [{ plan } = { plan: null }] = await listOperations(theirs.catalogue, tenant);
    const { to } = plan as { to: { schema: string } };
    expect(await attack("spare", to.schema, "drop"), name).toBe(index === 0 ? 0 : 4);
    await resumeCreate(theirs, tenant);
    expect(await policiesOf("spare", to.schema), name).toBe(4);
  }
});

test("V49: a pool with other policies of rows is not one tenant's to change, and platforms that differ are refused before anything is begun", async () => {
  const spare = login("spare");
  opened.unshift(spare);
  await applySchema(spare, all, {
    rowSecurity: "rows",
    tenant: "south",
    contextKey: readContextKey(keyFile),
  });
  await addLoans(await raw("spare"), "public");
  const standing = await policiesOf("spare", "public");
  await expect(moveTenant(estate, "north", { tier: "pool", cell: "spare" })).rejects.toEqual(
    coded("placement/row-security-differs"),
  );
  expect(await placeOf("north")).toMatchObject({ cell: "here", state: "active" });
  expect(await policiesOf("spare", "public")).toBe(standing);
  const { rows } = await (
    await raw("spare")
  ).query("SELECT FROM pg_proc WHERE proname LIKE 'rows\\_%\\_of\\_guardrails\\_%'");
  expect(rows).toEqual([]);

  const other = platform.replace('"closed"', '"mine"');
  const mixed = estateOf(new Map([...programs, ["north", programOf("north", policy, other)]]));
  const before = await listOperations(estate.catalogue, "north");
  await expect(moveTenant(mixed, "north", { tier: "pool", cell: "there" })).rejects.toEqual(
    coded("row-security/platforms-differ"),
  );
  expect(await listOperations(estate.catalogue, "north")).toEqual(before);
  expect(await titles("north")).toEqual(shared);
});

test("V49: a restore puts the policies back before the rows, and a rehearsal changes nothing", async () => {
  await moveTenant(estate, "north", { tier: "schema", cell: "here" });
  const { name, schema } = await placeOf("north");
  const archive = join(folder, "archive");
  await exportTenant(estate, "north", archive);
  await (await raw(name)).exec(`UPDATE "${schema}".loans SET title = 'spoilt'`);
  expect(await attack(name, schema, "drop")).toBe(4);
  await restoreTenant(estate, "north", archive, { rehearseOnly: true });
  expect(await policiesOf(name, schema)).toBe(0);
  await restoreTenant(estate, "north", archive);
  expect(await titles("north")).toEqual(own.north);
  expect(await titles("north", { facts: {} })).toEqual([]);
  expect(await findings(name)).toEqual([]);
});
