/** The live crossing: it finds nothing in a guarded database, everything that was opened in one, and leaves no trace. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "@wardline/database-testing";
import { readCatalogue, tryToCross, type Catalogue, type DoctorFinding } from "../src/index.ts";
import {
  allStatements,
  examined,
  openDoctorDatabase,
  sessionOf,
  wantedCatalogue,
  type DoctorDatabase,
} from "./doctor-database.ts";
import { openTestDatabase } from "./database-session.ts";

let database: DoctorDatabase;
let wanted: Catalogue;
beforeAll(async () => {
  [database, wanted] = await Promise.all([openDoctorDatabase(), wantedCatalogue()]);
});
afterAll(() => database.stop());

async function crossing(): Promise<readonly DoctorFinding[]> {
  return tryToCross(database.session, examined(await readCatalogue(database.session), wanted));
}
const words = (findings: readonly DoctorFinding[]) =>
  findings.map(({ code, object, message }) => `${code} ${object.name}: ${message}`);

test("finds no way in a guarded database, having seen each tenant's own rows, and leaves nothing", async () => {
  const before = await readCatalogue(database.session);
  expect(words(await crossing())).toEqual([]);
  expect(await readCatalogue(database.session)).toEqual(before);
  for (const { schema, name, kind } of before.relations) {
    if (kind !== "table" || name === "context_key") continue;
    const { rows } = await database.session.query(
      `SELECT count(*)::text AS count FROM "${schema}"."${name}"`,
      [],
    );
    expect(rows, name).toEqual([{ count: "0" }]);
  }
  const { rows } = await database.session.query("SELECT id::text FROM wardline.context_key", []);
  expect(rows).toEqual([{ id: "1" }]);
});

describe("finds what is open", () => {
  /** The same fault undone afterwards, so that the next begins from a guarded database. */
  const open: readonly (readonly [what: string, fault: string, undo: string, found: RegExp])[] = [
    [
      "V68: a table without row-level security",
      "ALTER TABLE lending.books DISABLE ROW LEVEL SECURITY",
      "ALTER TABLE lending.books ENABLE ROW LEVEL SECURITY",
      /^doctor\/crossed lending\.books: wardline_app reads rows of another tenant$/m,
    ],
    [
      "V49: a role of the application that bypasses",
      "ALTER ROLE wardline_app BYPASSRLS",
      "ALTER ROLE wardline_app NOBYPASSRLS",
      /^doctor\/crossed lending\.loans: wardline_app makes rows of another tenant$/m,
    ],
    [
      "V50: a view with its owner's rights, for a role that nobody thought of",
      "CREATE ROLE reports; CREATE SCHEMA reports; CREATE VIEW reports.titles AS SELECT title FROM lending.books; GRANT USAGE ON SCHEMA reports TO reports; GRANT SELECT ON reports.titles TO reports",
      "DROP SCHEMA reports CASCADE; DROP ROLE reports",
      /^doctor\/crossed reports\.titles: reports without a context reads rows of a tenant$/m,
    ],
    [
      "V15: an inheritance child by its own name",
      "CREATE TABLE lending.old_books () INHERITS (lending.books); GRANT SELECT ON lending.old_books TO wardline_app; CREATE FUNCTION lending.away() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO lending.old_books SELECT NEW.*; RETURN NULL; END $$; CREATE TRIGGER away BEFORE INSERT ON lending.books FOR EACH ROW EXECUTE FUNCTION lending.away(); ALTER TABLE lending.books ENABLE ALWAYS TRIGGER away",
      "DROP TRIGGER away ON lending.books; DROP FUNCTION lending.away; DROP TABLE lending.old_books",
      /^doctor\/crossed lending\.old_books: wardline_app without a context reads rows of a tenant$/m,
    ],
    [
      "V8 V11: rows of another tenant that can be made, where the policy checks only what is read",
      `GRANT UPDATE (tenant_id) ON lending.branches TO wardline_app; DO $$ DECLARE p text; BEGIN
         FOR p IN SELECT polname FROM pg_policy WHERE polrelid = 'lending.branches'::regclass LOOP
           EXECUTE format('ALTER POLICY %I ON lending.branches WITH CHECK (true)', p); END LOOP; END $$`,
      `REVOKE UPDATE (tenant_id) ON lending.branches FROM wardline_app; DO $$ DECLARE p text; c text; BEGIN
         FOR p, c IN SELECT polname, pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polrelid = 'lending.branches'::regclass LOOP
           EXECUTE format('ALTER POLICY %I ON lending.branches WITH CHECK (%s)', p, c); END LOOP; END $$`,
      /^doctor\/crossed lending\.branches: wardline_app makes rows of another tenant$/m,
    ],
    [
      "V36: a context function that anybody can answer for",
      "ALTER FUNCTION wardline.current_tenant() RENAME TO kept; CREATE FUNCTION wardline.current_tenant() RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'x' $$; GRANT EXECUTE ON FUNCTION wardline.current_tenant() TO PUBLIC; DO $$ DECLARE p text; BEGIN FOR p IN SELECT polname FROM pg_policy WHERE polrelid = 'lending.loans'::regclass AND NOT polpermissive LOOP EXECUTE format('ALTER POLICY %I ON lending.loans USING (wardline.current_tenant() <> '''')', p); END LOOP; END $$",
      "DO $$ DECLARE p text; BEGIN FOR p IN SELECT polname FROM pg_policy WHERE polrelid = 'lending.loans'::regclass AND NOT polpermissive LOOP EXECUTE format('ALTER POLICY %I ON lending.loans USING (tenant_id = (SELECT wardline.kept()))', p); END LOOP; END $$; DROP FUNCTION wardline.current_tenant(); ALTER FUNCTION wardline.kept() RENAME TO current_tenant",
      /^doctor\/crossed lending\.loans: wardline_app without a context reads rows of a tenant$/m,
    ],
  ];

  test.each(open)("%s", async (_, fault, undo, found) => {
    await database.exec(fault);
    try {
      expect(words(await crossing()).join("\n")).toMatch(found);
    } finally {
      await database.exec(undo);
    }
    expect(words(await crossing())).toEqual([]);
  });
});

describe("says what it did not try", () => {
  test("without the rights to put rows in", async () => {
    await database.exec("CREATE ROLE visitor LOGIN PASSWORD 'v'");
    const connection = await connect({ ...database.server, user: "visitor", password: "v" });
    const found = await tryToCross(
      sessionOf(connection),
      examined(
        {
          ...(await readCatalogue(database.session)),
          server: { ...(await readCatalogue(database.session)).server, isSuperuser: false, role: "visitor" },
        },
        wanted,
      ),
    );
    await connection.close();
    await database.exec("DROP ROLE visitor");
    expect(words(found)).toEqual([
      "doctor/not-tried postgres: visitor is no superuser, and cannot put rows of two tenants in",
    ]);
  });

  test("where a table takes no row, and where the application sees none", async () => {
    await database.exec(`ALTER TABLE lending.loans ADD COLUMN due date NOT NULL;
      ALTER TABLE lending.book_tags ADD CONSTRAINT closed CHECK (false); REVOKE USAGE ON SCHEMA lending FROM wardline_app`);
    const found = words(await crossing());
    expect(found).toContain("doctor/not-tried lending.loans: no row could be put in (23502)");
    expect(found).toContain("doctor/not-tried lending.book_tags: no row could be put in (23514)");
    expect(found).toContain(
      "doctor/not-tried lending.books: wardline_app does not see its own tenant's row either (42501)",
    );
    await database.exec(`ALTER TABLE lending.loans DROP COLUMN due; ALTER TABLE lending.book_tags DROP CONSTRAINT closed;
      GRANT USAGE ON SCHEMA lending TO wardline_app`);
  });
});

test("an embedded database is tried too", async () => {
  const embedded = await openTestDatabase();
  await embedded.run(allStatements());
  const catalogue = await readCatalogue(embedded.session);
  expect(
    words(await tryToCross(embedded.session, examined(catalogue, catalogue, { embedded: true }))),
  ).toEqual([]);
  await embedded.run([
    "ALTER TABLE lending.loans NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE lending.loans DISABLE ROW LEVEL SECURITY",
  ]);
  expect(
    words(await tryToCross(embedded.session, examined(catalogue, catalogue, { embedded: true }))).join("\n"),
  ).toMatch(/doctor\/crossed lending\.loans: wardline_app without a context reads rows of a tenant/);
  await embedded.close();
});
