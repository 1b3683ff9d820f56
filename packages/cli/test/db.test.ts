/** `wardline db` and the context key, on a real server and on an embedded folder. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, startPostgres, type Connection, type PostgresServer } from "@wardline/database-testing";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { model, projectFolder, run } from "./project.ts";
import { schemaOf } from "./schema.ts";

let server: PostgresServer;
let admin: Connection;
let made = 0;

beforeAll(async () => {
  server = await startPostgres();
  admin = await connect(server);
});
afterAll(async () => {
  await admin.close();
  await server.stop();
});

/** A database of its own, by its address, and a connection to it. */
async function database(): Promise<{ readonly url: string; readonly session: Connection }> {
  const name = `db_${(made += 1)}`;
  await admin.exec(`CREATE DATABASE ${name}`);
  const session = await connect({ ...server, database: name });
  onTestFinished(() => session.close());
  const { user, password, host, port } = server;
  return { url: `postgres://${user}:${password}@${host}:${port}/${name}`, session };
}

const fits = schemaOf("plan-report");
interface PlanReport {
  readonly steps: readonly { readonly sql: string }[];
  readonly refusals: readonly { readonly reason: string }[];
  readonly done: readonly { readonly sql: string }[] | null;
}
async function report(folder: string, args: readonly string[], code: number): Promise<PlanReport> {
  const ran = await run(folder, [...args, "--format", "json"]);
  expect(ran, ran.err).toMatchObject({ code, err: "" });
  const document = JSON.parse(ran.out) as PlanReport;
  expect(fits(document), JSON.stringify(fits.errors)).toBe(true);
  return document;
}

test("plan, apply with a key, plan again: then nothing is missing, and the doctor has nothing to say", async () => {
  const folder = projectFolder();
  const { url, session } = await database();
  const key = join(folder, "context-key.json");
  expect(await run(folder, ["keys", "context", key, "--id", "7"])).toMatchObject({ code: 0, err: "" });
  const planned = await report(folder, ["db", "plan", "--database", url], 0);
  expect(planned.steps.length).toBeGreaterThan(20);
  expect(planned.done).toBeNull();
  const before = await session.query(
    "SELECT count(*)::text AS count FROM pg_catalog.pg_tables WHERE tablename = 'loans'",
  );
  expect(before.rows).toEqual([{ count: "0" }]);

  const applied = await run(folder, ["db", "apply", "--database", url, "--context-key", key]);
  expect(applied).toMatchObject({ code: 0, err: "" });
  expect(applied.out).toMatch(/\n\d+ statements run, and read back\ncontext key 7 is installed\n$/);
  expect((await run(folder, ["db", "plan", "--database", url])).out).toBe("-- nothing is missing\n");
  expect((await report(folder, ["db", "apply", "--database", url], 0)).done).toEqual([]);
  expect(await run(folder, ["doctor", "--database", url])).toMatchObject({ code: 0, err: "" });
  expect((await run(folder, ["doctor", "--database", url])).out).toMatch(/: 0 errors, 0 warnings\n$/);
});

test("what plan prints does the same when it is run by hand", async () => {
  const folder = projectFolder();
  const { url, session } = await database();
  const { out } = await run(folder, ["db", "plan", "--database", url]);
  await session.exec(`BEGIN; SET LOCAL search_path = pg_catalog, pg_temp; ${out}; COMMIT`);
  expect((await run(folder, ["db", "plan", "--database", url])).out).toBe("-- nothing is missing\n");
});

test("a difference that costs data is refused with its reason and its cure, and nothing is run", async () => {
  const folder = projectFolder();
  const { url, session } = await database();
  await session.exec(
    "CREATE TABLE public.loans (tenant_id text, id uuid, borrower_id text, title varchar(20), fee integer)",
  );
  const refused = await run(folder, ["db", "apply", "--database", url]);
  expect(refused.code).toBe(1);
  expect(refused.out).toContain(
    "-- refused: column public.loans.fee: it is integer, and the model says numeric(8,2)",
  );
  expect(refused.out).toMatch(/-- \d+ differences refused: nothing is run\n$/);
  expect((await report(folder, ["db", "plan", "--database", url], 1)).refusals.length).toBeGreaterThan(1);
  const migration = await run(folder, ["db", "plan", "--database", url, "--migration"]);
  expect(migration.code).toBe(1);
  expect(migration.out).toContain(
    'ALTER TABLE "public"."loans" ALTER COLUMN "title" TYPE text COLLATE "pg_catalog"."C";\n',
  );
  expect(migration.out).toContain("-- not settled: column public.loans.fee: it is integer");
  expect(migration.out).toMatch(/^BEGIN;\n[^]*\nCOMMIT;\n--/);
  const { rows } = await session.query(
    "SELECT nspname::text FROM pg_catalog.pg_namespace WHERE nspname = 'wardline'",
  );
  expect(rows).toEqual([]);
});

test("a field that is added is a column that is added, beside the rows", async () => {
  const folder = projectFolder();
  const { url, session } = await database();
  await run(folder, ["db", "apply", "--database", url]);
  await session.exec(
    "INSERT INTO public.loans (tenant_id, id, borrower_id, title, fee) VALUES ('north', gen_random_uuid(), 'ada', 'Emma', 1)",
  );
  writeFileSync(
    join(folder, "library.ward"),
    model.replace("title: String\n", "title: String\n  shelf: String?\n"),
  );
  const { done } = await report(folder, ["db", "apply", "--database", url], 0);
  expect(done?.map(({ sql }) => sql)).toEqual([
    'ALTER TABLE "public"."loans" ADD COLUMN "shelf" text COLLATE "pg_catalog"."C"',
    'GRANT UPDATE ("shelf") ON TABLE "public"."loans" TO "wardline_app"',
  ]);
  expect((await session.query("SELECT title, shelf FROM public.loans")).rows).toEqual([
    { title: "Emma", shelf: null },
  ]);

  // A value that rows cannot have is the server's to refuse; then nothing is done.
  writeFileSync(
    join(folder, "library.ward"),
    model.replace("title: String\n", "title: String\n  shelf: String?\n  room: String\n"),
  );
  const failed = await run(folder, ["db", "apply", "--database", url]);
  expect(failed).toMatchObject({ code: 1, out: "" });
  expect(failed.err).toMatch(/^error: column public\.loans\.room: .*null values \(23502\)\n/);
  expect(failed.err).toContain("nothing was done");
});

test("a copy of a database is found, and is one of its own after its cluster is rotated", async () => {
  const folder = projectFolder();
  const { url, session } = await database();
  const key = join(folder, "context-key.json");
  await run(folder, ["keys", "context", key]);
  await run(folder, ["db", "apply", "--database", url, "--context-key", key]);
  const name = `db_${made}`;
  await session.close();
  await admin.exec(`CREATE DATABASE ${name}_copy TEMPLATE ${name}`);
  const copy = `${url}_copy`;
  const found = await run(folder, ["doctor", "--database", copy]);
  expect(found.code).toBe(1);
  expect(found.out).toContain("doctor/cluster-identity");
  // Without the word the key is not installed, and nothing else is done.
  const refused = await run(folder, ["db", "apply", "--database", copy, "--context-key", key]);
  expect(refused).toMatchObject({ code: 2, out: "" });
  expect(refused.err).toContain("made in another one: rotate them");
  const applied = await run(folder, [
    "db",
    "apply",
    "--database",
    copy,
    "--context-key",
    key,
    "--rotate-cluster",
  ]);
  expect(applied).toMatchObject({ code: 0, err: "" });
  expect((await run(folder, ["doctor", "--database", copy])).out).toMatch(/: 0 errors, 0 warnings\n$/);
});

test("an embedded folder is made by apply, and takes no key", async () => {
  const folder = projectFolder();
  const data = join(mkdtempSync(join(tmpdir(), "wardline-db-")), "data");
  onTestFinished(() => rmSync(join(data, ".."), { recursive: true, force: true }));
  expect((await run(folder, ["db", "plan", "--database", data])).code).toBe(2);
  expect(await run(folder, ["db", "apply", "--database", data])).toMatchObject({ code: 0, err: "" });
  expect((await run(folder, ["db", "plan", "--database", data])).out).toBe("-- nothing is missing\n");
  const key = join(folder, "context-key.json");
  await run(folder, ["keys", "context", key]);
  const refused = await run(folder, ["db", "apply", "--database", data, "--context-key", key]);
  expect(refused).toMatchObject({ code: 2, out: "" });
});

test("a context key is its owner's alone, is never written over, and is refused unless it is whole", async () => {
  const folder = projectFolder();
  const key = join(folder, "context-key.json");
  await run(folder, ["keys", "context", key]);
  expect(statSync(key).mode & 0o777).toBe(0o600);
  const text = readFileSync(key, "utf8");
  expect((await run(folder, ["keys", "context", key])).err).toContain("keys/exists");
  symlinkSync("/nowhere", join(folder, "link"));
  expect((await run(folder, ["keys", "context", join(folder, "link")])).code).toBe(2);
  expect(readFileSync(key, "utf8")).toBe(text);
  const apply = () =>
    run(folder, ["db", "apply", "--database", "postgres://x@127.0.0.1:1/x", "--context-key", key]);
  const secret = /"key": "([^"]+)"/.exec(text)?.[1] as string;
  for (const broken of [
    "",
    "{}",
    "[]",
    text.replace('"id": 1', '"id": -1'),
    text.replace(secret, secret.slice(4)),
    text.replace("{", '{"more": 1,'),
    "x".repeat(10_000),
  ]) {
    writeFileSync(key, broken);
    const ran = await apply();
    expect(ran, broken.slice(0, 40)).toMatchObject({ code: 2, out: "" });
    expect(ran.err).toContain("keys/malformed");
    expect(ran.err).not.toContain(secret.slice(4));
  }
  writeFileSync(key, text);
  chmodSync(key, 0o640);
  expect((await apply()).err).toContain("keys/exposed");
});
