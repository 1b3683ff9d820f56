/**
 * Policies of rows as `wardline db` puts them on a real server, asked by the application's role in bare tables: what would stand
 * if no driver did.
 */
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect, startPostgres, type Connection, type PostgresServer } from "@wardline/database-testing";
import { localKeys, readContextKey } from "@wardline/isolation";
import { Wardline, type Session } from "@wardline/sdk";
import { postgres } from "@wardline/sdk/postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addLoans, listed, openBareRows, rowsProject, southPolicy, type Titles } from "./bare-rows.ts";
import { policy, projectFolder, run } from "./project.ts";

let server: PostgresServer;
let admin: Connection;
const password = randomBytes(12).toString("hex");
beforeAll(async () => {
  server = await startPostgres();
  admin = await connect(server);
  await admin.exec(`CREATE ROLE wardline_app LOGIN PASSWORD '${password}'`);
});
const opened: { close(): unknown }[] = [];
afterAll(async () => {
  for (const connection of opened) await connection.close();
  await admin.close();
  await server.stop();
});

interface Guarded {
  readonly folder: string;
  readonly operator: Connection;
  /** A session of the guarded driver, by the policies as they are now. */
  readonly driver: (tenant: string) => Promise<Session<{ loans: { title: string } }>>;
  readonly db: (...args: readonly string[]) => ReturnType<typeof run>;
  /** The titles that the application finds. */
  readonly titles: Titles;
}

let made = 0;
async function guarded(schema: string): Promise<Guarded> {
  const folder = projectFolder(rowsProject);
  const name = `rows_${(made += 1)}`;
  await admin.exec(`CREATE DATABASE ${name}`);
  const operator = await connect({ ...server, database: name });
  opened.push(operator);
  const url = `postgres://${server.user}:${server.password}@${server.host}:${server.port}/${name}`;
  const file = join(folder, "context-key.json");
  await run(folder, ["keys", "context", file, "--id", "7"]);
  const db: Guarded["db"] = (...args) => run(folder, [...args, "--database", url, "--schema", schema]);
  expect(await db("db", "apply", "--context-key", file)).toMatchObject({ code: 0, err: "" });
  const bare = await openBareRows(server, { database: name, password, keyFile: file });
  opened.unshift(bare.application);
  const titles: Titles = (...of) => bare.titles(schema, ...of);
  await addLoans(operator, schema);
  const driver: Guarded["driver"] = async (tenant) => {
    await run(folder, ["build", "--out", "out"]);
    const keys = localKeys(join(folder, `keys-${(made += 1)}.json`));
    for (const one of ["north", "south"]) await keys.create(one);
    const { host, port } = server;
    const database = postgres({ host, port, database: name, user: "wardline_app", password, schema });
    const wardline = await Wardline.open({
      bundles: join(folder, "out"),
      trust: "unsigned-development",
      database,
      keys,
      contextKey: readContextKey(file),
    });
    opened.unshift(wardline, database);
    return wardline
      .tenant(tenant)
      .as({ type: "Member", id: "ada", roles: ["reader"], attributes: { level: 1 } }, { mfa: true });
  };
  return { folder, operator, driver, db, titles };
}

/** The warning is of the password by which the test logs in. */
const noErrors = /^warning\[doctor\/application-password\][^]*: 0 errors, 1 warning\n$/;
const every = ["closed", "mine", "theirs"];

test("a pool refuses what the platform forbids where no driver does, and nothing that only a tenant says", async () => {
  const { db, titles } = await guarded("public");
  const claim = listed("north", policy);
  // Rows obey one tenant's policy where the tables are that tenant's own, and there are two.
  const without = await db("db", "apply", "--row-security", "rows");
  expect(without).toMatchObject({ code: 2, out: "" });
  expect(without.err).toContain("row-security/which-tenant");
  const unknown = await db("db", "plan", "--row-security", "rows", "--tenant", "east");
  expect(unknown.err).toContain("the project has no policy of east");
  expect((await db("db", "plan", "--tenant", "north")).code).toBe(2);
  expect(await titles("north", claim)).toEqual(every);

  expect(await db("db", "apply", "--row-security", "guardrails")).toMatchObject({ code: 0, err: "" });
  expect(await titles("north", claim)).toEqual(["mine", "theirs"]);
  expect(await titles("south", listed("south", southPolicy))).toEqual(["mine", "theirs"]);
  // The driver's own statements, which have to see what a rule may read.
  expect(await titles("north", { intent: "gate" })).toEqual(every);

  // A claim that is missing or of nothing that there is shows nothing; one that is forged raises.
  expect(await titles("north")).toEqual([]);
  expect(await titles("north", { facts: { tables: ["Loan/list/Nobody"], values: {} } })).toEqual([]);
  for (const at of [-1, -40])
    expect(
      await titles("north", claim, (token) => token.set([Number(token.at(at)) ^ 1], token.length + at)),
    ).toBe("28000");

  expect((await db("db", "plan")).out).toBe("-- nothing is missing\n");
  expect((await db("doctor")).out).toMatch(noErrors);
}, 180_000);

test("a silo shows only the rows of its tenant's own policy, and a policy that changes is carried by applying again", async () => {
  const { db, folder, titles } = await guarded("lending");
  const rows = ["--row-security", "rows", "--tenant", "north"];
  expect(await db("db", "apply", ...rows)).toMatchObject({ code: 0, err: "" });
  expect(await titles("north", listed("north", policy))).toEqual(["mine"]);
  expect(await titles("south", listed("south", southPolicy))).toEqual([]);

  const changed = policy.replace("resource.borrower == principal", 'resource.title != "mine"');
  writeFileSync(join(folder, "north.ward"), changed);
  expect((await db("doctor")).out).toContain("tenant-policy-changed");
  // What stands there is brought up without being named.
  expect(await db("db", "apply")).toMatchObject({ code: 0, err: "" });
  expect(await titles("north", listed("north", changed))).toEqual(["theirs"]);
  expect((await db("doctor")).out).toMatch(noErrors);

  expect(await db("db", "apply", "--row-security", "none")).toMatchObject({ code: 0, err: "" });
  expect(await titles("north", listed("north", changed))).toEqual(every);
  expect((await db("doctor")).out).toMatch(noErrors);
}, 180_000);

test("the driver claims what a single select asks, and a transaction of several statements is its own", async () => {
  const { db, driver, folder, operator } = await guarded("lending");
  const rows = ["--row-security", "rows", "--tenant", "north"];
  expect(await db("db", "apply", ...rows)).toMatchObject({ code: 0, err: "" });
  const north = (await driver("north")).db;
  const select = north.selectFrom("loans").select("title").orderBy("title");
  expect(await select.execute()).toEqual([{ title: "mine" }]);
  const { rows: named } = await operator.query(
    "SELECT policyname::text AS name FROM pg_catalog.pg_policies WHERE policyname LIKE '%select_rows%'",
  );
  const name = String(named[0]?.["name"]);
  await operator.exec(`ALTER POLICY "${name}" ON lending.loans USING (wardline.is_gate())`);
  expect(await select.execute()).toEqual([]);
  expect(
    await north.transaction().execute((trx) => trx.selectFrom("loans").select("title").execute()),
  ).toEqual([{ title: "mine" }]);

  // A policy that the database has not been given yet is enforced by the driver alone.
  const changed = policy.replace("resource.borrower == principal", 'resource.title != "mine"');
  writeFileSync(join(folder, "north.ward"), changed);
  const later = (await driver("north")).db.selectFrom("loans").select("title");
  expect(await later.execute()).toEqual([{ title: "theirs" }]);
}, 180_000);
