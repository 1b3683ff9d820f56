/** Each lint finds its fault in a real database, and no other lint finds it; an untouched database has none. */
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createContextKey,
  doctorLints,
  examine,
  installContextKey,
  readCatalogue,
  type Catalogue,
  type DoctorCode,
} from "../src/index.ts";
import { connect } from "@wardline/database-testing";
import { overwritingTrigger } from "../src/keys/adopt/adoption-ddl.ts";
import { adoptionNames } from "../src/keys/adopt/adoption-names.ts";
import { derivedName } from "../src/schema/identifier.ts";
import { rowPolicyName } from "../src/schema/row-security-names.ts";
import {
  allStatements,
  codes,
  examined,
  openDoctorDatabase,
  sessionOf,
  wantedCatalogue,
  type DoctorDatabase,
} from "./doctor-database.ts";

let database: DoctorDatabase;
let logical: DoctorDatabase;
let wanted: Catalogue;

beforeAll(async () => {
  [database, logical, wanted] = await Promise.all([
    openDoctorDatabase(),
    openDoctorDatabase({ settings: { wal_level: "logical", shared_preload_libraries: "auto_explain" } }),
    wantedCatalogue(),
  ]);
});
afterAll(async () => {
  await database.stop();
  await logical.stop();
});

const remarkIndex = derivedName("books", "remark_bidx", "idx");

/** As an adoption of the remark leaves the table after its switch. */
const { aside, onReplace } = adoptionNames("books", "remark");
const asideColumn = `ALTER TABLE lending.books ADD COLUMN "${aside}" text`;
const asideGuards = [
  ...overwritingTrigger(
    "lending.books",
    onReplace,
    "UPDATE ON lending.books FOR EACH ROW WHEN (OLD.remark IS DISTINCT FROM NEW.remark)",
    { [aside]: null },
  ),
];
const asideGrants = `DO $$ DECLARE known text; BEGIN
  SELECT string_agg(quote_ident(attname), ', ') INTO known FROM pg_attribute
  WHERE attrelid = 'lending.books'::regclass AND attnum > 0 AND NOT attisdropped AND attname !~ '^wardline_';
  REVOKE SELECT, INSERT ON lending.books FROM wardline_app;
  EXECUTE format('GRANT SELECT (%s), INSERT (%s) ON lending.books TO wardline_app', known, known);
END $$`;

/** Lint → vectors that it guards, and a fault that it alone finds. */
const faults: readonly (readonly [code: DoctorCode, vectors: string, fault: string])[] = [
  ["doctor/row-security-off", "V68", "ALTER TABLE lending.books DISABLE ROW LEVEL SECURITY"],
  ["doctor/row-security-not-forced", "V49", "ALTER TABLE lending.books NO FORCE ROW LEVEL SECURITY"],
  [
    "doctor/no-tenant-policy",
    "V69",
    `DO $$ DECLARE p text; q text; BEGIN
       SELECT polname, pg_get_expr(polqual, polrelid) INTO p, q FROM pg_policy
       WHERE polrelid = 'lending.books'::regclass AND NOT polpermissive;
       EXECUTE format('DROP POLICY %I ON lending.books', p);
       EXECUTE format('CREATE POLICY %I ON lending.books AS RESTRICTIVE TO wardline_app USING (%s)', p, q);
     END $$`,
  ],
  [
    "doctor/tenant-policy-changed",
    "V69",
    `DO $$ DECLARE p text; BEGIN
       SELECT polname INTO p FROM pg_policy WHERE polrelid = 'lending.books'::regclass AND NOT polpermissive;
       EXECUTE format('ALTER POLICY %I ON lending.books USING (true)', p);
     END $$`,
  ],
  [
    "doctor/application-policy-missing",
    "V102",
    `DO $$ DECLARE p text; BEGIN
       SELECT polname INTO p FROM pg_policy WHERE polrelid = 'lending.books'::regclass AND polpermissive;
       EXECUTE format('DROP POLICY %I ON lending.books', p);
     END $$`,
  ],
  ["doctor/wide-policy", "V102", "CREATE POLICY wide ON lending.books FOR SELECT USING (rare)"],
  ["doctor/unknown-policy", "V69", "CREATE POLICY more ON lending.books TO wardline_app USING (true)"],
  ["doctor/child-open", "V15", "CREATE TABLE lending.old_loans () INHERITS (lending.loans)"],
  [
    "doctor/child-granted",
    "V15",
    `CREATE TABLE lending.old_loans () INHERITS (lending.loans);
     ALTER TABLE lending.old_loans ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
     GRANT SELECT ON lending.old_loans TO wardline_app`,
  ],
  ["doctor/missing-table", "V90", "DROP TABLE lending.book_tags"],
  ["doctor/unknown-table", "V68", "CREATE TABLE lending.fines (id uuid PRIMARY KEY)"],
  ["doctor/owner-view", "V50", "CREATE VIEW lending.titles AS SELECT title FROM lending.books"],
  [
    "doctor/owner-view",
    "V50",
    `CREATE SCHEMA reports; CREATE VIEW reports.inner_titles WITH (security_invoker = on) AS SELECT title FROM lending.books;
     CREATE VIEW reports.titles AS SELECT title FROM reports.inner_titles`,
  ],
  [
    "doctor/materialized-view",
    "V50",
    "CREATE SCHEMA reports; CREATE MATERIALIZED VIEW reports.titles AS SELECT title FROM lending.books",
  ],
  ["doctor/rule", "V50", "CREATE RULE quiet AS ON DELETE TO lending.loans DO INSTEAD NOTHING"],
  ["doctor/unlogged-table", "V101", "ALTER TABLE lending.book_tags SET UNLOGGED"],
  [
    "doctor/unknown-trigger",
    "V101",
    `CREATE SCHEMA code; CREATE FUNCTION code.stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
     CREATE TRIGGER stamp BEFORE INSERT ON lending.books FOR EACH ROW EXECUTE FUNCTION code.stamp()`,
  ],
  [
    "doctor/event-trigger",
    "V68",
    `CREATE SCHEMA code; CREATE FUNCTION code.made() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
     CREATE EVENT TRIGGER made ON ddl_command_end EXECUTE FUNCTION code.made()`,
  ],
  [
    "doctor/definer-function",
    "V50",
    `CREATE SCHEMA code; CREATE FUNCTION code.every() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM lending.books';
     GRANT EXECUTE ON FUNCTION code.every() TO PUBLIC`,
  ],
  [
    "doctor/function-callable",
    "V58",
    `CREATE SCHEMA code; CREATE FUNCTION code.leak(text) RETURNS boolean COST 0.0001 LANGUAGE plpgsql AS 'BEGIN RAISE NOTICE ''%'', $1; RETURN true; END';
     GRANT EXECUTE ON FUNCTION code.leak(text) TO wardline_app`,
  ],
  [
    "doctor/control-function-changed",
    "V36",
    "CREATE OR REPLACE FUNCTION wardline.current_tenant() RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'other' $$",
  ],
  ["doctor/control-function-changed", "V36", "GRANT EXECUTE ON FUNCTION wardline.audit_is_final() TO PUBLIC"],
  ["doctor/control-table-changed", "V91", "ALTER TABLE wardline.audit DISABLE TRIGGER final"],
  ["doctor/control-table-changed", "V91", "ALTER TABLE wardline.audit DISABLE ROW LEVEL SECURITY"],
  ["doctor/control-unknown", "V36", "CREATE TABLE wardline.more (id int)"],
  ["doctor/unique-without-tenant", "V53", "CREATE UNIQUE INDEX ON lending.books (code)"],
  [
    "doctor/exclusion-without-tenant",
    "V53",
    `CREATE EXTENSION btree_gist SCHEMA public; SET search_path = public;
     ALTER TABLE lending.books ADD EXCLUDE USING gist (copies WITH =)`,
  ],
  [
    "doctor/foreign-key-without-tenant",
    "V51",
    `CREATE SCHEMA other; CREATE TABLE other.kinds (id uuid PRIMARY KEY);
     ALTER TABLE lending.books ADD FOREIGN KEY (code) REFERENCES other.kinds (id)`,
  ],
  [
    "doctor/undeclared-cascade",
    "V52",
    `ALTER TABLE lending.loans ADD FOREIGN KEY (tenant_id, book_id) REFERENCES lending.books (tenant_id, id)
       ON DELETE SET NULL (book_id)`,
  ],
  ["doctor/constraint-missing", "V101", "ALTER TABLE lending.books DROP CONSTRAINT books_copies_check"],
  ["doctor/index-without-tenant", "V56", "CREATE INDEX ON lending.books (code)"],
  ["doctor/leaky-index", "V58", "CREATE INDEX ON lending.books USING gin (to_tsvector('simple', title))"],
  [
    "doctor/tenant-nullable",
    "V70",
    "ALTER TABLE lending.book_tags DROP CONSTRAINT book_tags_pkey, ALTER tenant_id DROP NOT NULL",
  ],
  [
    "doctor/tenant-type",
    "V30",
    `CREATE TEMP TABLE kept AS SELECT polname, polpermissive, pg_get_expr(polqual, polrelid) AS condition
       FROM pg_policy WHERE polrelid = 'lending.book_tags'::regclass;
     DO $$ DECLARE it record; BEGIN
       FOR it IN SELECT * FROM kept LOOP EXECUTE format('DROP POLICY %I ON lending.book_tags', it.polname); END LOOP;
       ALTER TABLE lending.book_tags ALTER tenant_id TYPE text COLLATE pg_catalog."default";
       FOR it IN SELECT * FROM kept LOOP
         EXECUTE format('CREATE POLICY %I ON lending.book_tags AS %s USING (%s) WITH CHECK (%3$s)', it.polname,
           CASE WHEN it.polpermissive THEN 'PERMISSIVE FOR ALL TO wardline_app' ELSE 'RESTRICTIVE' END, it.condition);
       END LOOP;
     END $$`,
  ],
  ["doctor/tenant-updatable", "V11", "GRANT UPDATE (tenant_id) ON lending.books TO wardline_app"],
  ["doctor/column-mismatch", "V90", "ALTER TABLE lending.books DROP COLUMN holder_id"],
  ["doctor/column-mismatch", "V79", "ALTER TABLE lending.books ALTER remark_bidx SET NOT NULL"],
  ["doctor/constraint-missing", "V79", "ALTER TABLE lending.books DROP CONSTRAINT books_remark_bidx_check"],
  ["doctor/index-missing", "V78", `DROP INDEX lending.${remarkIndex}`],
  [
    "doctor/index-missing",
    "V78",
    `DROP INDEX lending.${remarkIndex};
     CREATE INDEX ON lending.books (tenant_id, remark_bidx) WHERE copies > 0`,
  ],
  ["doctor/index-without-tenant", "V78", "CREATE INDEX ON lending.books (remark_bidx)"],
  [
    "doctor/granted-to-unknown",
    "V78",
    "CREATE ROLE reports; GRANT SELECT (remark_bidx) ON lending.books TO reports",
  ],
  ["doctor/unknown-column", "V68", "ALTER TABLE lending.books ADD COLUMN shelf text"],
  ["doctor/function-column", "V95", "ALTER TABLE lending.books ADD COLUMN lower text"],
  [
    "doctor/column-default",
    "V70",
    "ALTER TABLE lending.books ALTER title SET DEFAULT current_setting('app.tenant', true)",
  ],
  ["doctor/half-adopted", "V80", [asideColumn, ...asideGuards, asideGrants].join(";\n")],
  ["doctor/broken-adoption", "V80", [asideColumn, asideGrants].join(";\n")],
  [
    "doctor/broken-adoption",
    "V80",
    [
      asideColumn,
      ...asideGuards,
      asideGrants,
      `ALTER TABLE lending.books DISABLE TRIGGER "${onReplace}"`,
    ].join(";\n"),
  ],
  ["doctor/granted-to-public", "V102", "GRANT SELECT ON lending.books TO PUBLIC"],
  [
    "doctor/granted-to-unknown",
    "V102",
    "CREATE ROLE reports; GRANT SELECT (title) ON lending.books TO reports",
  ],
  ["doctor/granted-more", "V11", "GRANT TRUNCATE ON lending.books TO wardline_app"],
  ["doctor/granted-more", "V36", "GRANT SELECT ON wardline.audit TO wardline_app"],
  [
    "doctor/reaches-elsewhere",
    "V68",
    `CREATE SCHEMA other; CREATE TABLE other.kinds (id uuid PRIMARY KEY); GRANT USAGE ON SCHEMA other TO wardline_app;
     GRANT SELECT ON other.kinds TO wardline_app`,
  ],
  [
    "doctor/sequence-usable",
    "V54",
    "CREATE SEQUENCE lending.numbers; GRANT USAGE ON SEQUENCE lending.numbers TO wardline_app",
  ],
  [
    "doctor/default-privileges",
    "V68",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA lending GRANT SELECT ON TABLES TO PUBLIC",
  ],
  ["doctor/temporary-tables", "V44", "GRANT TEMPORARY ON DATABASE postgres TO PUBLIC"],
  ["doctor/create-granted", "V43", "GRANT CREATE ON SCHEMA public TO PUBLIC"],
  ["doctor/language-usable", "V42", "GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC"],
  [
    "doctor/system-function-open",
    "V17 V61 V63 V100",
    "GRANT EXECUTE ON FUNCTION pg_catalog.pg_notify(text, text), pg_catalog.lo_create(oid) TO PUBLIC",
  ],
  [
    "doctor/system-function-closed",
    "V58",
    "REVOKE EXECUTE ON FUNCTION pg_catalog.lower(text) FROM wardline_app",
  ],
  [
    "doctor/system-function-closed",
    "V58",
    "REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM wardline_owner",
  ],
  ["doctor/system-relation-open", "V60", "GRANT SELECT ON pg_catalog.pg_stat_activity TO PUBLIC"],
  ["doctor/parameter-granted", "V99", "GRANT SET ON PARAMETER session_replication_role TO wardline_app"],
  ["doctor/large-objects", "V63", "SELECT lo_create(0)"],
  ["doctor/application-power", "V49", "ALTER ROLE wardline_app BYPASSRLS"],
  ["doctor/owner-power", "V37", "ALTER ROLE wardline_owner LOGIN"],
  ["doctor/no-context-key", "V103", "SELECT wardline.retire_key(1)"],
  ["doctor/cluster-identity", "V103", "UPDATE wardline.context_key SET system_identifier = 1"],
  ["doctor/control-function-changed", "V36", "ALTER FUNCTION wardline.enter(bytea) OWNER TO postgres"],
  ["doctor/application-member", "V37", "GRANT pg_read_all_data TO wardline_app"],
  ["doctor/application-owns", "V37", "CREATE SCHEMA mine AUTHORIZATION wardline_app"],
  ["doctor/application-password", "V99", "ALTER ROLE wardline_app PASSWORD 'x'"],
  ["doctor/role-setting", "V99", "ALTER ROLE wardline_app SET search_path = public"],
  ["doctor/database-setting", "V43", "ALTER DATABASE postgres SET search_path = public"],
  ["doctor/bypassing-role", "V49", "CREATE ROLE backup LOGIN BYPASSRLS"],
  ["doctor/server-setting", "V97", "SET LOCAL standard_conforming_strings = off"],
  ["doctor/parameters-logged", "V103", "SET LOCAL log_statement = 'all'"],
  ["doctor/parameters-logged", "V57", "SET LOCAL log_parameter_max_length_on_error = 100"],
  ["doctor/extension", "V67", "CREATE EXTENSION dblink SCHEMA public"],
  [
    "doctor/foreign-server",
    "V67",
    "CREATE FOREIGN DATA WRAPPER nothing; CREATE SERVER elsewhere FOREIGN DATA WRAPPER nothing",
  ],
  ["doctor/publication", "V66", "CREATE PUBLICATION everything FOR TABLE lending.books"],
];

/** Faults that no transaction undoes, or that need another server, are below. */
const others: readonly DoctorCode[] = [
  "doctor/auto-explain",
  "doctor/crossed",
  "doctor/encoding",
  "doctor/foreign-table",
  "doctor/logical-wal",
  "doctor/no-application-role",
  "doctor/no-row-policies",
  "doctor/not-tried",
  "doctor/replication-slot",
  "doctor/server-version",
  "doctor/unreadable",
];

test("an untouched database has no finding", async () => {
  expect(examine(examined(await readCatalogue(database.session), wanted))).toEqual([]);
});

test("every lint has a fault", () => {
  const known = new Set([...faults.map(([code]) => code), ...others]);
  expect(doctorLints.map(({ code }) => code).toSorted()).toEqual([...known].toSorted());
  expect(known.size).toBeGreaterThanOrEqual(35);
});

test.each(faults)("%s alone finds its fault (%s): %s", async (code, _, fault) => {
  expect(codes(await database.after(fault), wanted)).toEqual([code]);
});

test("V78: an index that begins with the columns of one of the model serves for it", async () => {
  const wider = `DROP INDEX lending.${remarkIndex}; CREATE INDEX ON lending.books (tenant_id, remark_bidx, id)`;
  expect(codes(await database.after(wider), wanted)).toEqual([]);
});

test("V67: doctor/foreign-table finds one, beside the server that it needs", async () => {
  const fault = `CREATE FOREIGN DATA WRAPPER nothing; CREATE SERVER elsewhere FOREIGN DATA WRAPPER nothing;
    CREATE FOREIGN TABLE public.far (id int) SERVER elsewhere`;
  expect(codes(await database.after(fault), wanted)).toEqual([
    "doctor/foreign-table",
    "doctor/foreign-server",
  ]);
});

test.each([
  ["is not there", "ALTER TABLE lending.books DROP COLUMN remark_bidx"],
  [
    "is of another type",
    "ALTER TABLE lending.books DROP COLUMN remark_bidx; ALTER TABLE lending.books ADD COLUMN remark_bidx text",
  ],
])("V79: doctor/column-mismatch finds a blind index that %s, beside its check", async (_, fault) => {
  const found = codes(await database.after(fault), wanted);
  expect(found).toContain("doctor/column-mismatch");
  expect(found).toContain("doctor/constraint-missing");
});

test("V80: doctor/granted-more finds that the application may read what an adoption put aside", async () => {
  const found = codes(await database.after([asideColumn, ...asideGuards].join(";\n")), wanted);
  expect(found).toEqual(["doctor/half-adopted", "doctor/granted-more"]);
});

test("doctor/no-application-role finds that it is gone, beside what went with it", async () => {
  const found = codes(await database.after("DROP OWNED BY wardline_app; DROP ROLE wardline_app"), wanted);
  expect(found).toContain("doctor/no-application-role");
  expect(found).toContain("doctor/application-policy-missing");
});

test("V66: doctor/logical-wal, doctor/replication-slot and doctor/auto-explain find what a server is started with", async () => {
  const clean = () => readCatalogue(logical.session);
  expect(codes(await clean(), wanted)).toEqual(["doctor/logical-wal"]);
  const explained = await logical.after("SET LOCAL auto_explain.log_min_duration = 0");
  expect(codes(explained, wanted)).toEqual(["doctor/auto-explain", "doctor/logical-wal"]);
  const quiet =
    "SET LOCAL auto_explain.log_min_duration = 0; SET LOCAL auto_explain.log_parameter_max_length = 0";
  expect(codes(await logical.after(quiet), wanted)).toEqual(["doctor/logical-wal"]);
  await logical.exec("SELECT pg_create_logical_replication_slot('changes', 'pgoutput')");
  expect(codes(await clean(), wanted)).toEqual(["doctor/logical-wal", "doctor/replication-slot"]);
});

test("doctor/encoding finds a database that is not in UTF-8", async () => {
  await logical.exec("CREATE DATABASE bytes ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
  const connection = await connect({ ...logical.server, database: "bytes" });
  const found = codes(await readCatalogue(sessionOf(connection)), wanted);
  await connection.close();
  expect(found).toContain("doctor/encoding");
});

test("doctor/no-row-policies finds a place of one tenant's own that has none", async () => {
  const clean = await readCatalogue(database.session);
  const named = (name: string) => ({ ...clean, server: { ...clean.server, database: name } });
  const own = "0123456789".repeat(4);
  expect(codes(named(`wd_${own}`), wanted)).toEqual(["doctor/no-row-policies"]);
  for (const other of [`wd_${own}0`, "wd_", "lending"])
    expect(codes(named(other), wanted), other).toEqual([]);
  const withRows = await database.after(
    `CREATE POLICY ${rowPolicyName("books", "select")} ON lending.books AS RESTRICTIVE FOR SELECT TO wardline_app USING (true)`,
  );
  const there = { ...withRows, server: { ...withRows.server, database: `wd_${own}` } };
  expect(codes(there, wanted)).toEqual(["doctor/unknown-policy"]);
  // A schema of that name, with the same tables.
  const silo = `ws_${own}`;
  const at = (catalogue: Catalogue): Catalogue => ({
    ...catalogue,
    relations: catalogue.relations.map((it) => (it.schema === "lending" ? { ...it, schema: silo } : it)),
  });
  expect(codes(at(clean), at(wanted), { schema: silo })).toContain("doctor/no-row-policies");
  expect(codes(at(there), at(wanted), { schema: silo })).not.toContain("doctor/no-row-policies");
});

test("V59: doctor/server-version knows the floor of every supported major", async () => {
  const clean = await readCatalogue(database.session);
  const at = (version: number) => codes({ ...clean, server: { ...clean.server, version } }, wanted);
  for (const old of [90_624, 140_030, 150_013, 160_009, 170_005])
    expect(at(old), String(old)).toEqual(["doctor/server-version"]);
  for (const fine of [150_014, 160_010, 170_006, 180_000, 190_000])
    expect(at(fine), String(fine)).toEqual([]);
});

test("doctor/cluster-identity finds a clone on the same cluster, and a copy on another one", async () => {
  await database.exec("CREATE DATABASE original");
  const original = { ...database.server, database: "original" };
  const first = await connect(original);
  await first.exec(["BEGIN", ...allStatements(), "COMMIT"].join(";\n"));
  await installContextKey(sessionOf(first), createContextKey(1));
  const clean = await readCatalogue(sessionOf(first));
  expect(codes(clean, wanted)).toEqual([]);
  await first.close();
  await database.exec("CREATE DATABASE clone TEMPLATE original");
  await database.exec("REVOKE TEMPORARY ON DATABASE clone FROM PUBLIC");
  const second = await connect({ ...database.server, database: "clone" });
  const cloned = await readCatalogue(sessionOf(second));
  await second.close();
  expect(cloned.contextKeys).toEqual(clean.contextKeys);
  expect(codes(cloned, wanted)).toEqual(["doctor/cluster-identity"]);
  expect(clean.systemIdentifier).toMatch(/^\d+$/);
  expect(codes({ ...clean, systemIdentifier: "1" }, wanted)).toEqual(["doctor/cluster-identity"]);
});

test("doctor/unreadable names what a role without rights could not look at, and finds the rest", async () => {
  await database.exec(
    "CREATE ROLE visitor LOGIN PASSWORD 'v'; GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pg_catalog TO visitor; ALTER TABLE lending.books DISABLE ROW LEVEL SECURITY",
  );
  const connection = await connect({ ...database.server, user: "visitor", password: "v" });
  const catalogue = await readCatalogue(sessionOf(connection));
  await connection.close();
  await database.exec(
    "DROP OWNED BY visitor; DROP ROLE visitor; ALTER TABLE lending.books ENABLE ROW LEVEL SECURITY",
  );
  expect(catalogue.unreadable).toContain("passwords");
  expect(codes(catalogue, wanted)).toEqual(["doctor/row-security-off", "doctor/unreadable"]);
});
