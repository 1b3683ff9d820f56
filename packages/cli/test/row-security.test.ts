/**
 * Policies of rows as `wardline db` puts them on a real server, asked by the application's role in bare tables: what would stand
 * if no driver did.
 */
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { rowFactsClaim } from "@wardline/backends";
import { compile } from "@wardline/compiler";
import type { Program } from "@wardline/core";
import { connect, startPostgres, type Connection, type PostgresServer } from "@wardline/database-testing";
import {
  createContextGate,
  createContextSigner,
  localKeys,
  readContextKey,
  sessionSettings,
  type ContextClaims,
} from "@wardline/isolation";
import { Wardline, type Session } from "@wardline/sdk";
import { postgres } from "@wardline/sdk/postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { model, policy, projectFolder, run } from "./project.ts";

const platform = `platform for library

ceiling all: anyone to read, list, update Loan

forbid closed: anyone to read, list Loan
  when resource.title == "closed"
`;
const southPolicy = `policy south for library

permit every: reader to read, list Loan
`;

let server: PostgresServer;
let admin: Connection;
const password = randomBytes(12).toString("hex");
beforeAll(async () => {
  server = await startPostgres();
  admin = await connect(server);
  await admin.exec(`CREATE ROLE wardline_app LOGIN PASSWORD '${password}'`);
}, 120_000);
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
  readonly titles: (
    tenant: string,
    claims?: Partial<ContextClaims>,
    damage?: (token: Uint8Array) => void,
  ) => Promise<unknown>;
  /** What the driver would claim for a list, by the policy of a tenant. */
  readonly listed: (
    tenant: string,
    text: string,
    roles?: readonly string[],
  ) => Pick<ContextClaims, "intent" | "facts">;
}

let made = 0;
async function guarded(schema: string): Promise<Guarded> {
  const folder = projectFolder({
    "wardline.config.json": JSON.stringify({
      model: "library.ward",
      platform: ["platform.ward"],
      tenants: { north: "north.ward", south: "south.ward" },
    }),
    "platform.ward": platform,
    "south.ward": southPolicy,
  });
  const name = `rows_${(made += 1)}`;
  await admin.exec(`CREATE DATABASE ${name}`);
  const operator = await connect({ ...server, database: name });
  const application = await connect({ ...server, database: name, user: "wardline_app", password });
  opened.push(application, operator);
  const url = `postgres://${server.user}:${server.password}@${server.host}:${server.port}/${name}`;
  const file = join(folder, "context-key.json");
  await run(folder, ["keys", "context", file, "--id", "7"]);
  const db: Guarded["db"] = (...args) => run(folder, [...args, "--database", url, "--schema", schema]);
  expect(await db("db", "apply", "--context-key", file)).toMatchObject({ code: 0, err: "" });
  for (const [setting, value] of Object.entries(sessionSettings()))
    await application.exec(`SET "${setting}" = '${value}'`);
  const { rows } = await operator.query("SELECT encode(wardline.cluster_id(), 'hex') AS id");
  const cluster = Uint8Array.from(Buffer.from(String(rows[0]?.["id"]), "hex"));
  const signer = createContextSigner({ key: readContextKey(file), cluster });
  const titles: Guarded["titles"] = async (tenant, claims = {}, damage = () => undefined) => {
    const sign: typeof signer.sign = (...of) => {
      const token = Uint8Array.from(signer.sign(...of));
      damage(token);
      return token;
    };
    const gate = createContextGate({ signer: { sign }, kind: "server" });
    const whole: ContextClaims = {
      tenant,
      principal: { type: "Member", id: "ada" },
      placementEpoch: 0,
      factsEpoch: null,
      revision: "1",
      intent: "list",
      facts: {},
      ...claims,
    };
    await application.exec("BEGIN");
    try {
      for (const statement of gate.statements(whole))
        await application.query(statement.sql, [...statement.parameters]);
      const found = await application.query(`SELECT title FROM "${schema}".loans ORDER BY title`);
      return found.rows.map((row) => row["title"]);
    } catch (error) {
      const { code } = error as { readonly code?: unknown };
      if (typeof code !== "string") throw error;
      return code;
    } finally {
      await application.exec("ROLLBACK");
    }
  };
  const listed: Guarded["listed"] = (tenant, text, roles = ["reader"]) => {
    const { unfit, ...facts } = rowFactsClaim(
      programOf(tenant, text),
      {
        principal: { type: "Member", id: "ada", tenant, roles, attributes: { level: 1 } },
        tenant: { id: tenant, attributes: {} },
        context: { mfa: true },
        now: "2026-01-01T00:00:00.000000Z",
      },
      [{ entity: "Loan", action: "list" }],
    );
    expect(unfit).toEqual([]);
    return { intent: "list", facts };
  };
  for (const tenant of ["north", "south"])
    for (const [title, borrower] of [
      ["mine", "ada"],
      ["theirs", "bea"],
      ["closed", "ada"],
    ])
      await operator.query(
        `INSERT INTO "${schema}".loans (tenant_id, id, borrower_id, title, fee) VALUES ($1, gen_random_uuid(), $2, $3, 1)`,
        [tenant, borrower, title],
      );
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
  return { folder, operator, driver, db, titles, listed };
}

function programOf(tenant: string, text: string): Program {
  const file = (name: string, content: string) => ({ name, text: content });
  const { program } = compile({
    model: file("library.ward", model),
    platform: [file("platform.ward", platform)],
    policy: file(`${tenant}.ward`, text),
    tenant,
  });
  if (program === null) throw new TypeError(`the policy of ${tenant} has findings`);
  return program;
}

/** The warning is of the password by which the test logs in. */
const noErrors = /^warning\[doctor\/application-password\][^]*: 0 errors, 1 warning\n$/;
const every = ["closed", "mine", "theirs"];

test("a pool refuses what the platform forbids where no driver does, and nothing that only a tenant says", async () => {
  const { db, titles, listed } = await guarded("public");
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
  const { db, folder, titles, listed } = await guarded("lending");
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
