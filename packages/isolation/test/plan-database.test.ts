/** Plans on a real Postgres: what is missing is made, what is there stays, and a second plan is empty. */
import { randomUUID } from "node:crypto";
import { connect } from "@wardline/database-testing";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import {
  applyPlan,
  PlanFailed,
  planDatabase,
  readCatalogue,
  type Applied,
  type Catalogue,
} from "../src/index.ts";
import {
  codes,
  openDoctorDatabase,
  schema,
  sessionOf,
  wantedCatalogue,
  type DoctorDatabase,
} from "./doctor-database.ts";
import { bookColumns, bookValues } from "./schema-library.ts";

let server: DoctorDatabase;
let wanted: Catalogue;
let database: Awaited<ReturnType<typeof open>>;
let made = 0;

beforeAll(async () => {
  [server, wanted] = await Promise.all([openDoctorDatabase({ statements: [] }), wantedCatalogue()]);
  const first = await open("template0");
  await applyPlan(first.session, { wanted, schema });
  await first.close();
  await server.exec("ALTER DATABASE plan_1 RENAME TO applied");
});
afterAll(() => server.stop());

/** A database of its own for each test. Roles are the cluster's, and so are those of the tests before. */
async function open(template: string) {
  const name = `plan_${(made += 1)}`;
  await server.exec(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const connection = await connect({ ...server.server, database: name });
  return { session: sessionOf(connection), exec: connection.exec, close: connection.close };
}

async function use(template: "template0" | "applied"): Promise<void> {
  database = await open(template);
  const { close } = database;
  onTestFinished(() => close());
  // Rights on a database do not come with its template.
  if (template === "applied") await apply();
}

const apply = (): Promise<Applied> => applyPlan(database.session, { wanted, schema });
const plan = async () => planDatabase({ there: await readCatalogue(database.session), wanted, schema });
/** No plan holds a secret. */
const noKey = ["doctor/no-context-key"];
const nothing = { steps: [], refusals: [], forSuperuser: [] };

test("makes an empty database what the model wants, so that the doctor finds nothing, and then has nothing to do", async () => {
  await use("template0");
  const { done } = await apply();
  expect(done.length).toBeGreaterThan(50);
  expect(await plan()).toEqual(nothing);
  expect(codes(await readCatalogue(database.session), wanted)).toEqual(noKey);
  expect((await apply()).done).toEqual([]);
});

test("has nothing to do where the generated statements have run", async () => {
  const other = await openDoctorDatabase();
  try {
    expect(planDatabase({ there: await readCatalogue(other.session), wanted, schema })).toEqual(nothing);
  } finally {
    await other.stop();
  }
});

describe("what has been changed", () => {
  let healing: typeof database;
  const healed: readonly (readonly [what: string, statement: string, steps: number])[] = [
    [
      "row-level security",
      "ALTER TABLE lending.books DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY",
      2,
    ],
    ["an index", `DROP INDEX lending."<index>"`, 1],
    ["a foreign key", 'ALTER TABLE lending.loans DROP CONSTRAINT "<key>"', 1],
    ["a check", "ALTER TABLE lending.books DROP CONSTRAINT books_copies_check", 1],
    [
      "a check under the same name",
      "ALTER TABLE lending.books DROP CONSTRAINT books_copies_check, ADD CONSTRAINT books_copies_check CHECK (copies < 7)",
      1,
    ],
    ["NOT NULL", "ALTER TABLE lending.books ALTER title DROP NOT NULL", 1],
    ["a default", "ALTER TABLE lending.books ALTER title SET DEFAULT current_user", 1],
    ["a side table", "DROP TABLE lending.book_tags", 8],
    [
      "rights of PUBLIC",
      "GRANT ALL ON lending.books TO PUBLIC; GRANT SELECT (title) ON lending.books TO PUBLIC",
      2,
    ],
    [
      "rights of the application",
      "GRANT TRUNCATE, UPDATE ON lending.books TO wardline_app; REVOKE SELECT ON lending.loans FROM wardline_app",
      3, // taking UPDATE from the table takes it from its columns too, which get it back
    ],
    ["a right to pass on", "GRANT SELECT ON lending.books TO wardline_app WITH GRANT OPTION", 2],
    [
      "a function",
      "CREATE OR REPLACE FUNCTION wardline.current_tenant() RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$; GRANT EXECUTE ON FUNCTION wardline.current_tenant() TO PUBLIC",
      2,
    ],
    ["a trigger that is off", "ALTER TABLE wardline.audit DISABLE TRIGGER final", 1],
    ["a trigger that is gone", "DROP TRIGGER final ON wardline.audit", 2],
    [
      "a constraint trigger that is another",
      "DROP TRIGGER has_current ON wardline.tenant_key; CREATE CONSTRAINT TRIGGER has_current AFTER INSERT ON wardline.tenant_key NOT DEFERRABLE FOR EACH ROW EXECUTE FUNCTION wardline.tenant_key_has_current()",
      3,
    ],
    [
      "the role",
      "ALTER ROLE wardline_app BYPASSRLS CREATEROLE; GRANT pg_read_all_data TO wardline_app; ALTER ROLE wardline_app SET search_path = public",
      3,
    ],
    [
      "rights on the system",
      "GRANT EXECUTE ON FUNCTION pg_catalog.lo_create(oid), pg_catalog.pg_notify(text, text) TO PUBLIC; GRANT SELECT ON pg_stat_activity TO PUBLIC; GRANT USAGE ON LANGUAGE sql TO PUBLIC",
      3,
    ],
    [
      "TEMPORARY",
      `DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO PUBLIC', current_database()); END $$`,
      1,
    ],
    ["default rights", "ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC", 1],
  ];

  // All of them on one database: each leaves it as it was.
  beforeAll(async () => {
    healing = await open("applied");
    await applyPlan(healing.session, { wanted, schema });
  });
  beforeEach(() => {
    database = healing;
  });
  afterAll(() => healing.close());

  test.each(healed)("is put back: %s", async (_, statement, steps) => {
    const named = await names();
    await database.exec(statement.replace("<index>", named.index).replace("<key>", named.foreignKey));
    const { done } = await apply();
    expect(done.map(({ sql }) => sql)).toHaveLength(steps);
    expect(await plan()).toEqual(nothing);
    expect(codes(await readCatalogue(database.session), wanted)).toEqual(noKey);
  });

  test("is put back with the rows that are there", async () => {
    await use("applied");
    const id = "0190a0b0-0000-7000-8000-000000000001";
    await database.session.query(
      "INSERT INTO lending.branches (tenant_id, id, name) VALUES ('north', $1, 'x')",
      [id],
    );
    const marks = bookColumns.split(", ").map((_column, index) => `$${index + 1}`);
    await database.session.query(
      `INSERT INTO lending.books (${bookColumns}) VALUES (${marks.join(", ")})`,
      bookValues("north", id, id),
    );
    await database.exec(
      "DROP TABLE lending.book_tags; ALTER TABLE lending.books DROP COLUMN seen_from CASCADE",
    );
    await apply();
    expect(await plan()).toEqual(nothing);
    const { rows } = await database.session.query("SELECT title FROM lending.books", []);
    expect(rows).toEqual([{ title: "title of north" }]);
  });

  async function names(): Promise<{ readonly index: string; readonly foreignKey: string }> {
    const { relations } = await readCatalogue(database.session);
    const loans = relations.find(({ name }) => name === "loans");
    const index = loans?.indexes.find(({ ofConstraint }) => !ofConstraint)?.name;
    const foreignKey = loans?.constraints.find(({ kind }) => kind === "foreign")?.name;
    if (index === undefined || foreignKey === undefined)
      throw new Error("loans has no index or no foreign key");
    return { index, foreignKey };
  }
});

describe("what would cost data is refused, and nothing is run", () => {
  const refused: readonly (readonly [statement: string, reason: RegExp])[] = [
    ["ALTER TABLE lending.books ALTER copies TYPE integer", /it is integer, and the model says bigint/],
    [
      'ALTER TABLE lending.books ALTER title TYPE text COLLATE pg_catalog."default"',
      /COLLATE pg_catalog.default, and the model says text COLLATE pg_catalog.C/,
    ],
    ["DROP TABLE lending.book_tags; CREATE VIEW lending.book_tags AS SELECT 1 AS x", /a view has its name/],
    [
      "ALTER TABLE lending.book_tags DROP CONSTRAINT book_tags_pkey, ADD PRIMARY KEY (tag)",
      /its primary key is/,
    ],
    [
      'ALTER TABLE lending.books DROP COLUMN holder_id, ADD COLUMN holder_id text COLLATE "C" GENERATED ALWAYS AS (title) STORED',
      /its value is generated, and the model says that it is written/,
    ],
    [
      "ALTER TABLE wardline.tenant_state ALTER placement_wire DROP EXPRESSION",
      /the model says that its value is generated as int8send\(placement_epoch\)/,
    ],
    ["CREATE SCHEMA mine AUTHORIZATION wardline_app", /it owns schema mine/],
  ];

  test.each(refused)("%s", async (statement, reason) => {
    await use("applied");
    await database.exec(`${statement}; ALTER TABLE lending.branches DISABLE ROW LEVEL SECURITY`);
    const before = await readCatalogue(database.session);
    const { plan: stopped, done } = await apply();
    expect(stopped.refusals.map((refusal) => refusal.reason).join("\n")).toMatch(reason);
    expect(done).toEqual([]);
    expect(await readCatalogue(database.session)).toEqual(before);
    await database.exec("DROP SCHEMA IF EXISTS mine");
  });

  test("tables of before come to the model's by the migrations of the refusals, and keep values and references", async () => {
    await use("applied");
    await database.exec(`
      DO $$ DECLARE it record; BEGIN
        FOR it IN SELECT conrelid::regclass AS t, conname FROM pg_constraint WHERE contype = 'f' AND confrelid = 'lending.books'::regclass
        LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', it.t, it.conname); END LOOP;
      END $$;
      ALTER TABLE lending.books DROP CONSTRAINT books_pkey, ADD CONSTRAINT before_pkey PRIMARY KEY (id);
      ALTER TABLE lending.books ALTER copies TYPE integer, ALTER price TYPE numeric(5,2), ALTER title TYPE varchar(90);
      ALTER TABLE lending.loans ADD CONSTRAINT of_before FOREIGN KEY (book_id) REFERENCES lending.books (id);
      CREATE TABLE public.reviews (book uuid CONSTRAINT kept REFERENCES lending.books (id) ON DELETE CASCADE);`);
    const branch = randomUUID();
    const book = randomUUID();
    await database.exec(
      "INSERT INTO lending.branches (tenant_id, id, name) VALUES ('north', '" + branch + "', 'b')",
    );
    const parameters = bookValues("north", book, branch);
    const places = parameters.map((_, index) => `$${index + 1}`).join(", ");
    await database.session.query(`INSERT INTO lending.books (${bookColumns}) VALUES (${places})`, parameters);
    await database.exec(`INSERT INTO public.reviews VALUES ('${book}')`);
    const values = async () =>
      (await database.session.query(`SELECT ${bookColumns} FROM lending.books`, [])).rows;
    const before = await values();
    const { refusals } = await plan();
    expect(refusals.map(({ object }) => object.name).toSorted()).toEqual([
      "lending.books.books_pkey",
      "lending.books.copies",
      "lending.books.price",
      "lending.books.title",
    ]);
    for (const { migration = [] } of refusals)
      for (const statement of migration) await database.exec(statement);
    await apply();
    expect(await plan()).toMatchObject({ steps: [], refusals: [] });
    expect(await values()).toEqual(before);
    await expect(database.exec(`INSERT INTO public.reviews VALUES (gen_random_uuid())`)).rejects.toThrow(
      /kept/,
    );
  });

  test("what somebody must decide has no migration", async () => {
    await use("applied");
    await database.exec(`
      ALTER TABLE lending.books ALTER bought TYPE timestamp, ALTER price TYPE numeric(12,4), ALTER copies TYPE numeric(20,0);
      ALTER TABLE lending.books ALTER title TYPE char(90);
      ALTER TABLE lending.book_tags DROP CONSTRAINT book_tags_pkey, ADD PRIMARY KEY (tag);
      ALTER TABLE lending.branches DROP COLUMN tenant_id CASCADE, ADD PRIMARY KEY (id)`);
    const { refusals } = await plan();
    expect(refusals.length).toBeGreaterThanOrEqual(6);
    expect(refusals.filter(({ migration }) => migration !== undefined)).toEqual([]);
    expect(refusals.find(({ object }) => object.name === "lending.branches.branches_pkey")?.cure).toMatch(
      /^add the column tenant_id and fill it/,
    );
  });

  test("a value that is missing in a row undoes everything, and no value is shown", async () => {
    await use("applied");
    await database.exec(`ALTER TABLE lending.branches ALTER name DROP NOT NULL, DISABLE ROW LEVEL SECURITY;
      INSERT INTO lending.branches (tenant_id, id, parent_id) VALUES ('secret-tenant', gen_random_uuid(), NULL)`);
    const error = await apply().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PlanFailed);
    expect((error as PlanFailed).message).toMatch(
      /^column lending\.branches\.name: .*null values \(23502\)$/,
    );
    expect((error as PlanFailed).message).not.toContain("secret-tenant");
    const { steps } = await plan();
    expect(steps).toHaveLength(2);
  });
});

test("leaves alone what the model does not know", async () => {
  await use("applied");
  await database.exec(`CREATE TABLE lending.own (id int); INSERT INTO lending.own VALUES (1);
    ALTER TABLE lending.books ADD COLUMN note text; CREATE INDEX own_index ON lending.books (note);
    CREATE ROLE reports_${made}; GRANT SELECT ON lending.books TO reports_${made}`);
  expect(await plan()).toEqual(nothing);
  await database.exec(`DROP OWNED BY reports_${made}; DROP ROLE reports_${made}`);
});

test("an owner who is no superuser applies what is the owner's, and is told the rest", async () => {
  await use("template0");
  await server.exec(`CREATE ROLE deployer_${made} LOGIN CREATEROLE PASSWORD 'd';
    DO $$ DECLARE it record; BEGIN
      FOR it IN SELECT oid, rolname FROM pg_roles WHERE rolname LIKE 'wardline%' LOOP
        EXECUTE format('GRANT %I TO deployer_${made} WITH ADMIN OPTION', it.rolname);
      END LOOP;
    END $$`);
  await database.exec(`ALTER DATABASE plan_${made} OWNER TO deployer_${made}`);
  const connection = await connect({
    ...server.server,
    database: `plan_${made}`,
    user: `deployer_${made}`,
    password: "d",
  });
  const session = sessionOf(connection);
  const { plan: first, done } = await applyPlan(session, { wanted, schema });
  const second = planDatabase({ there: await readCatalogue(session), wanted, schema });
  await connection.close();
  expect(done.length).toBeGreaterThan(50);
  expect(first.forSuperuser.length).toBeGreaterThan(0);
  expect(second.steps).toEqual([]);
  expect(second.forSuperuser.map(({ sql }) => sql.split(/\s/, 1)[0])).toEqual([
    "DO",
    ...second.forSuperuser.slice(1).map(() => "REVOKE"),
  ]);
  expect(codes(await readCatalogue(database.session), wanted)).toEqual([
    "doctor/language-usable",
    "doctor/system-function-open",
    "doctor/system-relation-open",
    ...noKey,
  ]);
});
