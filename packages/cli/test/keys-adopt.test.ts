/** `wardline keys adopt` over an embedded database: what one process can show of each step. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect, startPostgres } from "@wardline/database-testing";
import { localKeys, withJobPlace, type Database } from "@wardline/isolation";
import { createTenantKeys } from "@wardline/sdk/operator";
import { pglite } from "@wardline/sdk/pglite";
import { postgresOperator } from "@wardline/sdk/postgres";
import { expect, test } from "vitest";
import { model, platform, projectFolder, run } from "./project.ts";

const sealedModel = model.replace("title: String", "title: String searchable #secret");
const sealedPlatform = `${platform}\nrequire secrets_sealed: encrypt(#secret)\n`;
const plainPolicy = `policy north for library

permit desk: librarian to read, list, update Loan
`;

test(
  "plaintext is sealed step by step; each says what the next one is, and what was left behind",
  { timeout: 400_000 },
  async () => {
    const folder = projectFolder({ "north.ward": plainPolicy });
    const at = (name: string) => join(folder, name);
    writeFileSync(at("keys.config.json"), JSON.stringify({ provider: "local", path: "keys.json" }));
    const adopt = (...more: readonly string[]) =>
      run(folder, ["keys", "adopt", "--database", "data", "--keys", "keys.config.json", ...more]);
    expect(await run(folder, ["db", "apply", "--database", "data"])).toMatchObject({ code: 0 });
    const keys = localKeys(at("keys.json"));
    const withDatabase = async <T>(act: (database: Database) => Promise<T>): Promise<T> => {
      const database = pglite(at("data"));
      try {
        return await act(database);
      } finally {
        await database.close();
      }
    };
    const query = (sql: string) =>
      withDatabase((database) => database.turn(async (session) => (await session.query(sql, [])).rows));
    await query(`insert into public.loans (tenant_id, id, borrower_id, title, fee)
    select t.id, gen_random_uuid(), 'ada', t.id || ' canary ' || n, 1 from generate_series(1, 30) n, (values ('north'), ('south')) t(id)`);
    expect(await adopt("--plan")).toMatchObject({
      code: 0,
      out: "nothing is in plaintext that the policies seal\n",
    });

    writeFileSync(at("library.ward"), sealedModel);
    writeFileSync(at("platform.ward"), sealedPlatform);
    expect((await run(folder, ["db", "plan", "--database", "data"])).out).toContain(
      "--   run `wardline keys adopt`, which seals what is in it while the application goes on",
    );
    const refused = await adopt();
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err).toContain("(adopt/refused)\n  tenant north: it has no keys\n    make them: ");
    const status = JSON.parse((await adopt("--plan", "--format", "json")).out) as Record<string, unknown>;
    expect(status).toMatchObject({
      step: "plan",
      columns: [{ column: "public.loans.title", state: "plaintext", searchable: true, left: null }],
      hindrances: [{ place: "tenant north" }, { place: "tenant south" }],
    });
    expect(await adopt("--switch", "--abort")).toMatchObject({
      code: 2,
      err: expect.stringContaining("--switch and --abort are different steps"),
    });
    expect(await adopt("--switch")).toMatchObject({
      code: 2,
      err: expect.stringContaining("--switch needs --revision"),
    });
    expect(await adopt("--rewrite")).toMatchObject({ code: 2 });

    await withDatabase(async (database) => {
      for (const tenant of ["north", "south"]) await createTenantKeys({ database, keys }, tenant);
    });
    expect(await adopt("--switch", "--revision", "2")).toMatchObject({
      code: 1,
      err: expect.stringContaining("adopt/not-ready"),
    });
    expect(await adopt("--drop-plaintext")).toMatchObject({
      code: 1,
      err: expect.stringContaining("adopt/not-ready"),
    });
    expect(await adopt()).toMatchObject({
      code: 0,
      out: expect.stringContaining(
        "public.loans.title is sealed beside the plaintext: 60 rows of 2 tenants.",
      ),
    });
    expect(await adopt("--abort")).toMatchObject({
      code: 0,
      out: "public.loans.title is as before: in plaintext\n",
    });
    expect(
      await query(
        "select count(*)::int as n from pg_attribute where attname like 'wardline_%' and not attisdropped",
      ),
    ).toEqual([{ n: 0 }]);
    expect(await adopt()).toMatchObject({ code: 0 });
    // The old model writes on; the cell of the row is void until the next run.
    await query("update public.loans set title = 'changed canary' where title = 'north canary 1'");
    expect((await adopt("--plan")).out).toMatch(
      /^public\.loans\.title: sealed beside its plaintext, 1 row to be sealed yet\n2 tenants with rows\nnext: /,
    );
    expect(await adopt("--switch", "--revision", "2")).toMatchObject({
      code: 0,
      out: expect.stringContaining("public.loans.title is sealed."),
    });
    expect(await adopt("--switch", "--revision", "2")).toMatchObject({
      code: 0,
      out: "nothing is to be switched\n",
    });
    expect(await adopt("--abort")).toMatchObject({ code: 1, err: expect.stringContaining("adopt/too-late") });
    const inFile =
      "select encode(pg_read_binary_file(pg_relation_filepath('public.loans')), 'escape') like '%canary%' as found";
    expect(await query(inFile)).toEqual([{ found: true }]);
    const drop = await adopt("--drop-plaintext", "--rewrite", "--format", "json");
    expect(JSON.parse(drop.out)).toMatchObject({
      step: "drop",
      dropped: ["public.loans.title"],
      verified: 60,
      rewritten: ["public.loans"],
      remains: expect.arrayContaining([expect.stringContaining("write-ahead log")]),
    });
    expect(await run(folder, ["db", "plan", "--database", "data"])).toMatchObject({
      code: 0,
      out: "-- nothing is missing\n",
    });
    expect(
      await query(
        "select count(*)::int as n from public.loans where octet_length(title) >= 88 and octet_length(title_bidx) = 20",
      ),
    ).toEqual([{ n: 60 }]);
    expect(await query(inFile)).toEqual([{ found: false }]);
  },
);

test(
  "a schema without the tables is refused; a tenant that another job is at is named, and what was done before stands",
  { timeout: 300_000 },
  async () => {
    const server = await startPostgres();
    const folder = projectFolder({ "north.ward": plainPolicy });
    const file = (name: string) => join(folder, name);
    writeFileSync(file("keys.config.json"), JSON.stringify({ provider: "local", path: "keys.json" }));
    const { user, password, host, port, database } = server;
    const url = `postgres://${user}:${password}@${host}:${port}/${database}`;
    const at = ["--database", url];
    const operator = postgresOperator({ connectionString: url });
    try {
      expect(await run(folder, ["db", "apply", ...at])).toMatchObject({ code: 0 });
      const keys = localKeys(file("keys.json"));
      for (const tenant of ["north", "south"]) await createTenantKeys({ database: operator, keys }, tenant);
      const admin = await connect(server);
      await admin.exec(`insert into public.loans (tenant_id, id, borrower_id, title, fee)
        select t, gen_random_uuid(), 'ada', 'canary', 1 from unnest(array['north', 'south']) t`);
      await admin.close();
      writeFileSync(file("library.ward"), sealedModel);
      writeFileSync(file("platform.ward"), sealedPlatform);
      const adopt = (...more: readonly string[]) =>
        run(folder, ["keys", "adopt", ...at, "--keys", "keys.config.json", ...more]);
      // That nothing is in plaintext in a schema without the tables would be no answer.
      for (const step of [["--plan"], [], ["--switch", "--revision", "2"], ["--drop-plaintext"], ["--abort"]])
        expect(await adopt("--schema", "elsewhere", ...step)).toMatchObject({
          code: 1,
          out: "",
          err: expect.stringContaining("(adopt/refused)\n  elsewhere: there is no table loans\n"),
        });
      const busy = await withJobPlace(operator, "south", () => adopt());
      expect(busy).toMatchObject({ code: 1, out: "" });
      expect(busy.err).toMatch(/of the tenant south \(keys\/job-busy\)\n {2}help: .*`wardline keys status`/);
      expect((await adopt("--plan")).out).toContain("1 row to be sealed yet");
      expect(await adopt()).toMatchObject({ code: 0 });
    } finally {
      await operator.close();
      await server.stop();
    }
  },
);
