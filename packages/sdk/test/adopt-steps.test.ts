/** Each step of an adoption on a real server: what it refuses, what it shows to whom, what it leaves, and what can be taken back. */
import { randomBytes } from "node:crypto";
import { adoptionNames, setTenantKeyState, type AdoptionError } from "@wardline/isolation";
import { connect } from "@wardline/database-testing";
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from "vitest";
import { postgresOperator } from "../src/postgres/index.ts";
import {
  AdoptionError as Refused,
  applySchema,
  beginAdoption,
  cancelAdoption,
  createTenantKeys,
  endAdoption,
  examineDatabase,
  planAdoption,
  planSchema,
  retireBelow,
  setKeyBound,
  switchAdoption,
  type AdoptionOptions,
} from "../src/operator/index.ts";
import {
  branchOf,
  newRevision,
  code,
  note,
  openAdoptServer,
  programs,
  type AdoptServer,
  type AdoptWorld,
} from "./adopt-world.ts";
import { codeOf, idOf, tenants } from "./server-library.ts";

let server: AdoptServer;
let world: AdoptWorld;

beforeAll(async () => {
  server = await openAdoptServer();
});
afterAll(() => server.close());

const options = (): AdoptionOptions => ({
  database: world.operator,
  programs: programs("new"),
  keys: server.keys,
  operator: "olga",
  lockTimeout: 200,
  lockPatience: 2_000,
});
const switching = () => ({ ...options(), revision: newRevision });
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const [codeNames, noteNames] = [code, note].map((column) => adoptionNames("books", column)) as [
  ReturnType<typeof adoptionNames>,
  ReturnType<typeof adoptionNames>,
];
const books = (): string => `${quoted(world.schema)}.books`;

async function refusal(promise: Promise<unknown>): Promise<AdoptionError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Refused);
  return error as AdoptionError;
}

async function ourColumns(): Promise<readonly unknown[]> {
  const rows = await world.raw(
    `select attname::text as name from pg_attribute where attrelid = $1::regclass and attname like 'wardline%' and not attisdropped`,
    books(),
  );
  return rows.map(({ name }) => name);
}

async function load(rows = 3): Promise<void> {
  for (const tenant of tenants)
    await world.load(
      tenant,
      Array.from({ length: rows }, (_, n) => ({
        id: idOf("book", tenant, n),
        code: `${tenant} code ${n}`,
        note: n === 0 ? null : `${tenant} note ${n}`,
      })),
    );
}

describe("in one database", { timeout: 300_000 }, () => {
  beforeEach(async () => {
    world = await server.world();
    await load();
  });
  afterEach(() => world.close());

  test("V80: the application's role reaches neither what stands beside nor what stands aside, and the doctor tells of both", async () => {
    const { host, port } = server.server;
    await world.raw("alter role wardline_app password 'known'");
    const direct = await connect({
      host,
      port,
      database: world.database,
      user: "wardline_app",
      password: "known",
    });
    const tried = async (sql: string): Promise<string> => codeOf(direct.query(sql));
    const denied = "error 42501";
    const codesOf = async (model: "old" | "new") =>
      (await examineDatabase(world.operator, programs(model))).findings.map((finding) => finding.code);
    const before = await codesOf("old");
    await beginAdoption(options());
    const { sealed, index, aside } = noteNames;
    for (const name of [sealed, index, codeNames.sealed]) {
      expect(await tried(`select ${name} from public.books`)).toBe(denied);
      expect(await tried(`update public.books set ${name} = null`)).toBe(denied);
      expect(
        await tried(
          `insert into public.books (tenant_id, id, ${name}) values ('north', gen_random_uuid(), null)`,
        ),
      ).toBe(denied);
      expect(await tried(`select count(*) from public.books b where b is null`)).toBe(denied);
    }
    expect(await tried("select * from public.books")).toBe(denied);
    const beside = await codesOf("old");
    expect(beside.filter((one) => one !== "doctor/half-adopted")).toEqual(before);
    expect(beside.filter((one) => one === "doctor/half-adopted")).toHaveLength(2);
    // For the old model nothing is missing, and nothing is given back that was narrowed.
    expect(await planSchema(world.operator, programs("old"))).toEqual({
      steps: [],
      refusals: [],
      forSuperuser: [],
    });
    const plan = await planSchema(world.operator, programs("new"));
    expect(plan.refusals.map(({ object, cure }) => [object.name, cure])).toEqual(
      [note, code].map((name) => [
        `public.books.${name}`,
        "run `wardline keys adopt`, which seals what is in it while the application goes on",
      ]),
    );
    await switchAdoption(switching());
    for (const name of [aside, codeNames.aside]) {
      expect(await tried(`select ${name} from public.books`)).toBe(denied);
      expect(await tried(`update public.books set ${name} = null`)).toBe(denied);
    }
    expect(await tried("select * from public.books")).toBe(denied);
    expect(await codesOf("new")).toContain("doctor/half-adopted");
    await world.raw(`alter table public.books disable trigger ${quoted(noteNames.onReplace)}`);
    expect(await codesOf("new")).toContain("doctor/broken-adoption");
    await direct.close();
  });

  test.each([
    [
      "a unique index",
      `create unique index on public.books (tenant_id, "user")`,
      /index public\.books_tenant_id_user_idx keeps its values unique/,
    ],
    [
      "a unique constraint",
      `alter table public.books add constraint one unique (tenant_id, "user")`,
      /constraint one keeps its values unique/,
    ],
    [
      "a check",
      `alter table public.books add constraint short check (length("user") < 100)`,
      /constraint short checks its values/,
    ],
    [
      "a foreign key",
      `create table public.codes (c text primary key); insert into public.codes select "user" from public.books; alter table public.books add constraint known foreign key ("user") references public.codes (c)`,
      /foreign key known makes it refer/,
    ],
    ["a default", `alter table public.books alter "user" set default ''`, /has a default/],
    [
      "a generated column over it",
      `alter table public.books add column up text generated always as (upper("user")) stored`,
      /depends on it/,
    ],
    [
      "a view",
      `create view public.shown as select "user" from public.books`,
      /view public\.shown reads it, and would go on showing/,
    ],
    [
      "a materialized view",
      `create materialized view public.kept as select "user" from public.books`,
      /reads it/,
    ],
    ["a policy", `create policy mine on public.books using ("user" <> '')`, /policy mine .* reads it/],
    [
      "a trigger over it",
      `create function public.f() returns trigger language plpgsql as 'begin return new;end'; create trigger t before update of "user" on public.books for each row execute function public.f()`,
      /trigger t .* reads it/,
    ],
    [
      "a trigger behind ours",
      `create function public.f() returns trigger language plpgsql as 'begin return new;end'; create trigger "~~" before update on public.books for each row execute function public.f()`,
      /trigger ~~ runs after/,
    ],
    [
      "a publication of the column",
      `create publication p for table public.books (tenant_id, id, "user")`,
      /depends on it/,
    ],
    [
      "another type",
      `alter table public.books alter "user" type integer using 1`,
      /it is integer, and only text/,
    ],
    [
      "a domain",
      `create domain public.word as text; alter table public.books alter "user" type public.word`,
      /domain public\.word/,
    ],
    [
      "a collation that folds",
      `create collation public.folds (provider = icu, locale = 'und-u-ks-level2', deterministic = false); alter table public.books alter "user" type text collate public.folds`,
      /takes different texts for one/,
    ],
    ["NULLs", `alter table public.books alter "user" drop not null`, /may be NULL/],
    [
      "a column of the index's name",
      `alter table public.books add column "or""der, by_bidx" text`,
      /name of its blind index/,
    ],
    [
      "a tenant without keys",
      `insert into public.branches (tenant_id, id) values ('west', gen_random_uuid()); insert into public.books (tenant_id, id, title, "user", price, branch_id, shelf) select 'west', gen_random_uuid(), 't', 'c', 1, id, 'open' from public.branches where tenant_id = 'west'`,
      /it has no keys/,
    ],
    [
      "a table with children",
      `create table public.more () inherits (public.books)`,
      /others inherit from it/,
    ],
  ])("is refused for %s, before anything is begun", async (_, fault, reason) => {
    for (const statement of fault.split("; ")) await world.raw(statement);
    const error = await refusal(beginAdoption(options()));
    expect(error.code).toBe("adopt/refused");
    expect(error.hindrances.map((one) => one.reason).join("; ")).toMatch(reason);
    expect(error.hindrances.every(({ place, cure }) => place !== "" && cure !== "")).toBe(true);
    expect(await ourColumns()).toEqual([]);
  });

  test("keys that are disabled or destroyed are told of, and stop it before it begins", async () => {
    const setState = (state: "active" | "disabled" | "destroyed") =>
      world.operator.turn(async (session) => {
        await session.query("begin", []);
        await setTenantKeyState(session, "south", state);
        await session.query("commit", []);
      });
    for (const [state, reason] of [
      ["disabled", /disabled/],
      ["destroyed", /destroyed, and it has rows in plaintext/],
    ] as const) {
      await setState(state);
      const { hindrances } = await planAdoption(options());
      expect(hindrances).toEqual([
        { place: "tenant south", reason: expect.stringMatching(reason), cure: expect.any(String) },
      ]);
      expect((await refusal(beginAdoption(options()))).code).toBe("adopt/refused");
    }
    expect(await ourColumns()).toEqual([]);
  });

  test("plain indexes, statistics and varchar are no hindrance; texts that cannot be sealed are, and stay as they are", async () => {
    await world.raw(`create index looked_up on public.books (tenant_id, left("user", 9))`);
    await world.raw(`create statistics public.kept on "user", shelf from public.books`);
    await world.raw(`alter table public.books alter "user" type varchar(10485760)`);
    const id = idOf("book", "north", 1);
    await world.raw(`update public.books set "user" = repeat('ä', 10000000) where id = $1`, id);
    const error = await refusal(beginAdoption(options()));
    expect(error).toMatchObject({
      code: "adopt/faulty",
      hindrances: [{ place: "public.books.user", reason: expect.stringContaining(id) }],
    });
    expect(error.hindrances.map(({ reason }) => reason).join("")).not.toContain("ää");
    expect((await refusal(switchAdoption(switching()))).code).toBe("adopt/faulty");
    await world.raw(`update public.books set "user" = 'short' where id = $1`, id);
    await beginAdoption(options());
    await switchAdoption(switching());
    await endAdoption(options());
    expect(
      await world.raw(
        "select to_regclass('public.looked_up')::text as index, (select count(*)::int from pg_statistic_ext) as statistics",
      ),
    ).toEqual([{ index: null, statistics: 0 }]);
  });

  test("whatever writes the plaintext voids its cell: other columns do not, replicas' sessions do, and a value that is put back does", async () => {
    await beginAdoption(options());
    const left = async () => (await planAdoption(options())).columns.map((column) => column.left);
    expect(await left()).toEqual([0, 0]);
    await world.raw("update public.books set title = 'another'");
    await world.raw(`update public.books set "user" = "user"`);
    expect(await left()).toEqual([0, 0]);
    await world.operator.turn(async (session) => {
      await session.query("set session_replication_role = replica", []);
      await session.query(`update public.books set "user" = 'other' where id = $1`, [
        idOf("book", "north", 1),
      ]);
      await session.query("reset session_replication_role", []);
    });
    expect(await left()).toEqual([0, 1]);
    await world.raw(
      `update public.books set "user" = 'north code 1' where id = $1`,
      idOf("book", "north", 1),
    );
    expect(await left()).toEqual([0, 1]);
    await world.raw(`update public.books set id = gen_random_uuid() where id = $1`, idOf("book", "south", 2));
    await world.raw(`update public.books set ${quoted(note)} = null where id = $1`, idOf("book", "north", 2));
    expect(await left()).toEqual([1, 2]);
    await switchAdoption(switching());
    // What is changed from then on leaves no plaintext.
    const asides = async () =>
      (
        await world.raw(
          `select count(*) filter (where ${codeNames.aside} is not null)::int as code, count(*) filter (where ${noteNames.aside} is not null)::int as note from public.books`,
        )
      )[0];
    expect(await asides()).toEqual({ code: 6, note: 3 });
    const fresh = await world.open("new");
    await fresh
      .session("north")
      .db.updateTable("books")
      .set({ [code]: "new" })
      .where("id", "=", idOf("book", "north", 0))
      .execute();
    await fresh.session("north").db.updateTable("books").set({ title: "new" }).execute();
    await fresh.close();
    expect(await asides()).toEqual({ code: 5, note: 3 });
    expect(await endAdoption(options())).toMatchObject({ verified: 5 });
  });

  test("without its triggers it is not switched, and can be begun anew", async () => {
    await beginAdoption(options());
    await world.raw(`alter table public.books disable trigger ${quoted(noteNames.onUpdate)}`);
    const error = await refusal(switchAdoption(switching()));
    expect(error).toMatchObject({
      code: "adopt/refused",
      hindrances: [{ place: `public.books.${note}`, reason: expect.stringContaining("gone or off") }],
    });
    expect(await cancelAdoption(options())).toHaveLength(2);
    expect(await ourColumns()).toEqual([]);
    await beginAdoption(options());
    await switchAdoption(switching());
  });

  test("taken back before the switch, everything is as it was; after it there is no way back", async () => {
    const image = async () => ({
      rows: await world.raw("select * from public.books order by id"),
      grants: await world.raw(
        "select relacl::text as acl, (select array_agg(attname || attacl::text order by attname) from pg_attribute where attrelid = c.oid and attacl is not null) as columns from pg_class c where oid = 'public.books'::regclass",
      ),
      plan: await planSchema(world.operator, programs("old")),
      jobs: (
        await world.raw(
          "select tgname from pg_trigger where tgrelid = 'public.books'::regclass and not tgisinternal order by 1",
        )
      ).length,
    });
    const before = await image();
    await beginAdoption(options());
    expect(await image()).not.toEqual(before);
    await cancelAdoption(options());
    const after = await image();
    expect({ ...after, grants: [] }).toEqual({ ...before, grants: [] });
    expect(after.plan).toEqual({ steps: [], refusals: [], forSuperuser: [] });
    await beginAdoption(options());
    await switchAdoption(switching());
    expect((await refusal(cancelAdoption(options()))).code).toBe("adopt/too-late");
    await endAdoption(options());
    expect(await cancelAdoption(options())).toEqual([]);
  });

  test("what was cut off and taken back is no job any more that somebody waits for, or goes on with", async () => {
    const open = () => world.raw("select tenant_id, table_name from wardline.key_job where state <> 'done'");
    const cutOff = () => Promise.reject(new Error("cut off"));
    await expect(beginAdoption({ ...options(), pages: { pageRows: 1 }, onProgress: cutOff })).rejects.toThrow(
      "cut off",
    );
    expect(await open()).toEqual([{ tenant_id: tenants[0], table_name: "books" }]);
    await cancelAdoption(options());
    expect(await open()).toEqual([]);
    expect(await beginAdoption(options())).toMatchObject({ rows: 6 });
  });

  test("takes longer than processes may hold keys, and spares the database in each of its passes", async () => {
    await world.operator.turn((session) => setKeyBound(session, 1_600));
    await beginAdoption({ ...options(), pages: { pageRows: 1, pause: 450 } });
    await switchAdoption(switching());
    const began = performance.now();
    const pages = { pageRows: 1, pause: 100 };
    expect(await endAdoption({ ...options(), pages })).toMatchObject({ verified: 6 });
    expect(performance.now() - began).toBeGreaterThan(6 * 100);
  });

  test("an application of the old model goes on until the switch, one of the new model opens after it; neither reads or writes what is not its own", async () => {
    const old = await world.open("old");
    await beginAdoption(options());
    await (await world.open("old")).close();
    expect(await codeOf(world.open("new"))).toBe("SchemaMismatch database/mismatch");
    await switchAdoption(switching());
    expect(await codeOf(world.open("old"))).toBe("SchemaMismatch database/mismatch");
    const { db } = old.session("north");
    const id = idOf("book", "north", 1);
    for (const statement of [
      db.selectFrom("books").select([code]).where("id", "=", id),
      db.selectFrom("books").select("id").where(code, "=", "north code 1"),
      db.selectFrom("books").selectAll(),
      db
        .updateTable("books")
        .set({ [code]: "plain canary" })
        .where("id", "=", id),
      db
        .updateTable("books")
        .set({ [note]: "plain canary" })
        .where("id", "=", id),
      db.insertInto("books").values({
        id: idOf("book", "north", 9),
        title: "t",
        [code]: "plain canary",
        [note]: null,
        price: "1.00",
        branch_id: branchOf("north"),
        holder_id: null,
        shelf: "open",
      }),
    ])
      expect(await codeOf(statement.execute()), statement.compile().sql).toBe(
        "IsolationViolation policy/rolled-back",
      );
    expect(
      await world.raw(
        `select id from public.books where position('canary' in encode("user", 'escape')) > 0 or title = 't'`,
      ),
    ).toEqual([]);
    await old.close();
  });

  test("waits for the tables for moments only, lets others by, and goes on when it gets them; a second run is refused", async () => {
    await beginAdoption({
      ...options(),
      onProgress: async ({ state, tenant }) => {
        if (state === "running" && tenant === "north")
          expect((await refusal(beginAdoption(options()))).code).toBe("adopt/busy");
      },
      pages: { pageRows: 100 },
    });
    const { host, port, user, password } = server.server;
    const holder = await connect({ host, port, user, password, database: world.database });
    await holder.query("begin");
    await holder.query("select count(*) from public.books");
    const error = await refusal(switchAdoption({ ...switching(), lockTimeout: 50, lockPatience: 300 }));
    expect(error.code).toBe("adopt/busy");
    const later = switchAdoption({ ...switching(), lockTimeout: 50, lockPatience: 20_000 });
    const began = performance.now();
    while (performance.now() - began < 400) await world.raw("select count(*) from public.books");
    await holder.query("commit");
    expect(await later).toHaveLength(2);
    await holder.close();
  });

  test("a tenant whose first row comes while the switch waits has it on record too", async () => {
    await beginAdoption(options());
    const { host, port, user, password } = server.server;
    const holder = await connect({ host, port, user, password, database: world.database });
    await holder.query("begin");
    await holder.query("select count(*) from public.books");
    const switched = switchAdoption({ ...switching(), lockTimeout: 50, lockPatience: 60_000 });
    const recorded = "select tenant_id from wardline.audit where entry like '%keys.adopt.switch%' order by 1";
    while ((await world.raw(recorded)).length < tenants.length)
      await new Promise((resolve) => setTimeout(resolve, 10));
    await createTenantKeys({ database: world.operator, keys: server.keys }, "late");
    for (const table of ["branches", "books"])
      await world.raw(
        `insert into public.${table} select (jsonb_populate_record(t, '{"tenant_id": "late"}')).* from public.${table} as t where tenant_id = 'north'`,
      );
    await holder.query("commit");
    expect(await switched).toHaveLength(2);
    expect(await world.raw(recorded)).toEqual(
      ["late", ...tenants].toSorted().map((id) => ({ tenant_id: id })),
    );
    await holder.close();
  });

  test("nobody who entered a context before the switch is still in it after: it waits for them, whatever they touched", async () => {
    await beginAdoption(options());
    const old = await world.open("old");
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    let begun = (): void => undefined;
    const entered = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const transaction = old
      .session("north")
      .db.transaction()
      .execute(async (inside) => {
        await inside.selectFrom("branches").select("id").execute();
        begun();
        await ended;
        return inside.selectFrom("books").select("id").where(code, "=", "north code 1").execute();
      });
    await entered;
    const early = await refusal(switchAdoption({ ...switching(), lockTimeout: 50, lockPatience: 300 }));
    expect(early.code).toBe("adopt/busy");
    const later = switchAdoption({ ...switching(), lockTimeout: 100, lockPatience: 60_000 });
    end();
    expect(await transaction).toEqual([{ id: idOf("book", "north", 1) }]);
    expect(await later).toHaveLength(2);
    expect(await codeOf(old.session("north").db.selectFrom("branches").select("id").execute())).toBe(
      "IsolationViolation policy/rolled-back",
    );
    await old.close();
  });

  test("V73: no version of a key is retired while cells wait for their switch", async () => {
    await beginAdoption(options());
    const retire = () => world.operator.turn((session) => retireBelow(session, "north", "seal", 1, 0));
    expect(await codeOf(retire())).toBe("KeyRegistryError keys/adopting");
    await switchAdoption(switching());
    expect(await retire()).toEqual([]);
  });

  test("a tenant that was shredded after the switch keeps no plaintext from being dropped", async () => {
    await beginAdoption(options());
    await switchAdoption(switching());
    await world.operator.turn(async (session) => {
      await session.query("begin", []);
      await setTenantKeyState(session, "south", "destroyed");
      await session.query("commit", []);
    });
    await world.raw("update wardline.tenant_state set state = 'moved' where tenant = 'south'");
    expect(await endAdoption(options())).toMatchObject({
      dropped: [`public.books.${note}`, "public.books.user"],
      verified: 3,
    });
    expect(await ourColumns()).toEqual([]);
  });

  test("V80: after the plaintext is dropped and the table written anew, no file of the table has it", async () => {
    const long = randomBytes(6000).toString("hex");
    await world.raw(
      `update public.books set "user" = 'canary-short' where id = $1`,
      idOf("book", "north", 1),
    );
    await world.raw(
      `update public.books set ${quoted(note)} = $2 where id = $1`,
      idOf("book", "north", 2),
      long,
    );
    const found = async () => {
      await world.raw("checkpoint");
      const parts = await world.raw(
        `select encode(pg_read_binary_file(pg_relation_filepath(c.oid)), 'escape') as bytes from pg_class c
where c.oid in (select unnest(array[t.oid, t.reltoastrelid, (select indexrelid from pg_index where indrelid = t.reltoastrelid)]) from pg_class t where t.oid = 'public.books'::regclass)
  or c.oid in (select indexrelid from pg_index where indrelid = 'public.books'::regclass)`,
      );
      const bytes = parts.map((row) => String(row["bytes"])).join("");
      return ["canary-short", "north code 0", long.slice(0, 40), long.slice(4000, 4040)].map((text) =>
        bytes.includes(text),
      );
    };
    expect(await found()).toEqual([true, true, true, true]);
    await beginAdoption(options());
    await switchAdoption(switching());
    const { remains } = await endAdoption(options());
    expect(remains.join("\n")).toMatch(
      /files of public\.books[^]*write-ahead log[^]*pg_statistic[^]*backups/,
    );
    expect(await found()).toEqual([true, true, true, true]);
    const again = await endAdoption({ ...options(), rewrite: true });
    expect(again).toMatchObject({ dropped: [], rewritten: ["public.books"] });
    expect(await found()).toEqual([false, false, false, false]);
    expect(
      await world.raw(
        `select attname from pg_stats where schemaname = 'public' and tablename = 'books' and most_common_vals::text || histogram_bounds::text like '%canary%'`,
      ),
    ).toEqual([]);
  });

  test("a cell that does not open to its plaintext keeps it from being dropped; it is named, and no value is", async () => {
    await beginAdoption(options());
    await switchAdoption(switching());
    const id = idOf("book", "south", 1);
    await world.raw(`alter table public.books disable trigger user`);
    await world.raw(
      `update public.books b set "user" = o."user" from public.books o where b.id = $1 and o.id = $2`,
      id,
      idOf("book", "south", 2),
    );
    await world.raw(`alter table public.books enable always trigger ${quoted(codeNames.onReplace)}`);
    const error = await refusal(endAdoption(options()));
    expect(error).toMatchObject({
      code: "adopt/faulty",
      hindrances: [{ place: "public.books.user", reason: expect.stringContaining(`${id} does not open`) }],
    });
    expect(JSON.stringify([error.message, error.hindrances])).not.toContain("south code");
    expect(await ourColumns()).toContain(codeNames.aside);
  });
});

test("an operator that owns the tables, bypasses row-level security and is no superuser can take every step; others can begin none", async () => {
  world = await server.world();
  await load();
  await world.raw("create role keeper login bypassrls password 'keeper'");
  await world.raw("grant wardline_owner to keeper");
  await world.raw(`alter database ${world.database} owner to keeper`);
  for (const { name } of await world.raw(
    "select relname::text as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'",
  ))
    await world.raw(`alter table public.${quoted(String(name))} owner to keeper`);
  const { host, port } = server.server;
  const database = postgresOperator({
    host,
    port,
    database: world.database,
    user: "keeper",
    password: "keeper",
  });
  await beginAdoption({ ...options(), database });
  await world.raw(`update public.books set "user" = 'late'`);
  // Nothing is switched that cannot be put on record.
  expect(await codeOf(switchAdoption({ ...switching(), database }))).toBe(
    "PlacementError placement/not-operator",
  );
  expect((await planAdoption(options())).columns.map(({ state }) => state)).toEqual(["beside", "beside"]);
  for (const name of ["audit", "audit_head"]) await world.raw(`alter table wardline.${name} owner to keeper`);
  expect(await switchAdoption({ ...switching(), database })).toHaveLength(2);
  expect(await endAdoption({ ...options(), database, rewrite: true })).toMatchObject({
    verified: 6,
    rewritten: ["public.books"],
  });
  await world.raw("alter role keeper nobypassrls");
  await database.close();
  await world.close();
  world = await server.world();
  await load();
  const other = postgresOperator({
    host,
    port,
    database: world.database,
    user: "keeper",
    password: "keeper",
  });
  for (const step of [
    beginAdoption,
    planAdoption,
    (given: AdoptionOptions) => switchAdoption({ ...given, revision: newRevision }),
  ])
    expect(await codeOf(step({ ...options(), database: other }))).toBe(
      "PlacementError placement/not-operator",
    );
  expect(await ourColumns()).toEqual([]);
  await other.close();
  await world.close();
});

test("policies of rows that a tenant's old policy made go with the switch, and those of the new one come", async () => {
  world = await server.world();
  await load();
  const rowSecurity = { rowSecurity: "guardrails" } as const;
  await applySchema(world.operator, programs("old"), rowSecurity);
  const markers = () =>
    world.raw("select proname::text as name from pg_proc where proname like 'rows\\_%\\_of\\_%'");
  const before = await markers();
  expect(before).toHaveLength(1);
  await beginAdoption(options());
  await switchAdoption(switching());
  expect(await planSchema(world.operator, programs("new"), rowSecurity)).toEqual({
    steps: [],
    refusals: [],
    forSuperuser: [],
  });
  const fresh = await world.open("new");
  expect(
    await fresh
      .session("north")
      .db.selectFrom("books")
      .select("id")
      .where(note, "=", "north note 1")
      .execute(),
  ).toHaveLength(1);
  await fresh.close();
  await world.close();
});

test("a schema of its own with a name that must be quoted goes the same way", async () => {
  world = await server.world('it\'s "own" select');
  await load(20);
  const old = await world.open("old");
  await beginAdoption(options());
  await old
    .session("north")
    .db.updateTable("books")
    .set({ [note]: "late" })
    .where("id", "=", idOf("book", "north", 3))
    .execute();
  expect(await switchAdoption(switching())).toHaveLength(2);
  expect(await endAdoption({ ...options(), rewrite: true })).toMatchObject({
    verified: 40,
    rewritten: [`${world.schema}.books`],
  });
  const fresh = await world.open("new");
  const { db } = fresh.session("north");
  expect(await db.selectFrom("books").select("id").where(note, "=", "late").execute()).toEqual([
    { id: idOf("book", "north", 3) },
  ]);
  expect(await db.selectFrom("books").select("id").where(note, "=", "north note 4").execute()).toEqual([
    { id: idOf("book", "north", 4) },
  ]);
  expect(await planSchema(world.operator, programs("new"))).toEqual({
    steps: [],
    refusals: [],
    forSuperuser: [],
  });
  await old.close();
  await fresh.close();
  await world.close();
});
