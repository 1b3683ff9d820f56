/** Two processes' worth of Wardlines over one database: what one has published and used, the other takes up, and nobody's request is lost in between. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RepositorySource } from "@wardline/backends";
import type { Program } from "@wardline/core";
import { startPostgres, type PostgresServer } from "@wardline/database-testing";
import type { Database } from "@wardline/isolation";
import { CompiledQuery, type Kysely } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ChallengeRequired, Wardline } from "../src/index.ts";
import {
  createSchema,
  createTenantKeys,
  exportAudit,
  installContextKey,
  loadRows,
} from "../src/operator/index.ts";
import { postgres, postgresOperator } from "../src/postgres/index.ts";
import { explainFor, system } from "../src/system/index.ts";
import { keysOfFile } from "./library-bundles.ts";
import { idOf, serverProgram, sessionOf, type Tables } from "./server-library.ts";
import { present, Town } from "./signed-town.ts";

const folder = mkdtempSync(join(tmpdir(), "wardline-renewed-"));
const keys = keysOfFile();
const contextKey = { id: 3, secret: new Uint8Array(randomBytes(32)) };
const [branch, book] = [idOf("branch", "north", 1), idOf("book", "north", 0)];
const factor: Pass["requires"][number] = {
  rule: 1,
  when: 0,
  effects: [],
  preconditions: [{ obligation: { type: "step_up", factor: "mfa", within: 1_000_000 }, met: 1 }],
};
/** Everybody may do all but update, and delete with a factor that nobody has; whoever lists branches owes an entry. */
const program: Program = {
  ...serverProgram("north"),
  rules: serverProgram("north").rules.flatMap((rule) => [
    rule,
    { ...rule, id: "north/factor", kind: "require", line: rule.line + 1 },
  ]),
  conditions: [...serverProgram("north").conditions, { kind: "constant", value: false }],
  tables: serverProgram("north").tables.map((table) => {
    const isAudited = table.action === "read" && table.resource === "Branch";
    const passes = table.passes.map((pass) => ({
      ...pass,
      grants: table.action === "update" ? [] : isAudited ? pass.grants.map(audited) : pass.grants,
      requires: table.action === "delete" ? [factor] : pass.requires,
    }));
    return { ...table, passes };
  }),
};
type Pass = Program["tables"][number]["passes"][number];
type Grant = Pass["grants"][number];
function audited(grant: Grant): Grant {
  return { ...grant, duties: [{ type: "audit", level: "full" }] };
}
let server: PostgresServer;
let operator: Database;
let database: Database;
let town: Town;
let revision = 1;
let first: Wardline;
let second: Wardline;

const open = (bundles: string | RepositorySource): Promise<Wardline> =>
  Wardline.open({
    bundles,
    trust: { root: town.root },
    database,
    keys,
    contextKey,
    clock: () => present,
    watch: false,
    onAlarm: () => undefined,
  });
const session = (wardline: Wardline) => sessionOf(wardline, "north");
const books = (wardline: Wardline) => session(wardline).db.selectFrom("books").select("id");

beforeAll(async () => {
  server = await startPostgres();
  const { host, port, database: name } = server;
  operator = postgresOperator({ host, port, database: name, user: server.user, password: server.password });
  await createSchema(operator, [program]);
  await operator.turn(async (of) => {
    await of.query("ALTER ROLE wardline_app PASSWORD 'app'", []);
    await installContextKey(of, contextKey);
  });
  await createTenantKeys({ database: operator, keys }, "north");
  database = postgres({ host, port, database: name, user: "wardline_app", password: "app" });
  const load = { database: operator, program, keys };
  await loadRows(load, "Branch", [{ id: branch, attributes: {} }]);
  const attributes = { title: "a", code: "b", price: "9.50", branch, shelf: "open", tags: [] };
  await loadRows(load, "Book", [{ id: book, attributes }]);
  town = await Town.make(folder);
  await town.publish([{ tenant: "north", revision, program }]);
  first = await open(town.folder);
  second = await open(town.folder);
});
afterAll(async () => {
  await first.close();
  await second.close();
  await database.close();
  await operator.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The first has a later policy, and the database has seen it; nobody has told the second. */
async function goOn(): Promise<void> {
  revision += 1;
  await town.publish([{ tenant: "north", revision, program }]);
  expect(await first.reload()).toMatchObject({ loaded: ["north"] });
  await books(first).execute();
}

const clerk = { type: "Member", id: "clerk", roles: [] } as const;
const repair = { tenant: "north", as: clerk, reason: "a repair", ttl: 60_000 } as const;
const entriesNow = async (): Promise<readonly string[]> => {
  const { entries } = await operator.turn((of) => exportAudit(of, "north"));
  return entries.map(({ entry }) => entry);
};

const uses: readonly (readonly [string, () => Promise<unknown>])[] = [
  ["a select", () => books(second).execute()],
  [
    "a transaction",
    () =>
      session(second)
        .db.transaction()
        .execute((trx) => trx.selectFrom("books").select("id").execute()),
  ],
  [
    "a write",
    () =>
      session(second)
        .db.updateTable("books")
        .set({ title: "x" })
        .where("id", "=", "01990000-0000-7000-8000-000000000000")
        .execute(),
  ],
  ["a decision", () => session(second).decide("read", { type: "Book", id: book })],
  ["a filter", () => session(second).filter("read", "Book")],
  [
    "a stream",
    async () => {
      for await (const row of books(second).stream(10)) expect(row).toBeDefined();
    },
  ],
  ["system work", () => system(second, repair, ({ db }) => db.selectFrom("books").select("id").execute())],
  ["an explanation", () => session(second).explain("read", { type: "Book", id: book })],
  [
    "an operator's explanation",
    () =>
      explainFor(second, {
        tenant: "north",
        as: clerk,
        reason: "a complaint",
        principal: clerk,
        action: "read",
        resource: { type: "Book", id: book },
      }),
  ],
];

test.each(uses)("%s goes on under the policy that another process has already", async (_, use) => {
  const handle = session(second);
  await goOn();
  await use();
  // A handle from before goes on too.
  await handle.db.selectFrom("books").select("id").execute();
});

test("many at once look for it once", async () => {
  await goOn();
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => books(second).execute()));
  expect(results.filter(({ status }) => status === "rejected")).toEqual([]);
});

test("what leaves the guarded way meanwhile is on record", async () => {
  await goOn();
  const refused = session(second).db.executeQuery(CompiledQuery.raw("select set_config('a.b', 'c', true)"));
  await expect(refused).rejects.toMatchObject({ code: "check/function" });
  await second.close();
  const { entries } = await operator.turn((of) => exportAudit(of, "north"));
  expect(entries.at(-1)?.entry).toContain("check/function");
  second = await open(town.folder);
});

test("a refusal by the policy of before is on record, though a later one came between", async () => {
  await goOn();
  await books(second).execute();
  const trx = await session(second).db.startTransaction().execute();
  await trx.selectFrom("books").select("id").execute();
  const refused = trx.updateTable("books").set({ title: "x" }).where("id", "=", book).execute();
  await expect(refused).rejects.toMatchObject({ code: "access/denied" });
  await goOn();
  await trx.rollback().execute();
  const { entries } = await operator.turn((of) => exportAudit(of, "north"));
  expect(entries.at(-1)?.entry).toContain('"refusal"');
  expect(entries.at(-1)?.entry).toContain(`"revision":"${revision - 1}"`);
});

test("what is refused of a continuation is on record, though a later policy came between", async () => {
  await goOn();
  const removing = session(second).db.deleteFrom("books").where("id", "=", book).execute();
  const challenge: unknown = await removing.catch((error: unknown) => error);
  if (!(challenge instanceof ChallengeRequired) || challenge.continuation === null) throw challenge;
  await goOn();
  await books(second).execute();
  await goOn();
  const resumed = session(second).resume(challenge.continuation);
  await expect(resumed).rejects.toMatchObject({ code: "challenge/changed" });
  const refusals = (await entriesNow()).filter((entry) => entry.includes('"challenge/changed"'));
  expect(refusals).toHaveLength(1);
  expect(refusals[0]).toContain(`"revision":"${revision - 1}"`);
});

test.each(["alone", "in a transaction"])(
  "what was shown of a stream %s is on record, though a later policy came before its end",
  async (where) => {
    await goOn();
    const read = async (db: Kysely<Tables>): Promise<void> => {
      for await (const row of db
        .withTables<{ branches: { id: string } }>()
        .selectFrom("branches")
        .select("id")
        .stream(2)) {
        expect(row).toBeDefined();
        // The page was the last one: what is left is to say how many there were.
        await goOn();
      }
    };
    const { db } = session(second);
    await books(second).execute();
    await (where === "alone" ? read(db) : db.transaction().execute(read));
    const [completion] = (await entriesNow()).filter((entry) => entry.includes('"completion"')).slice(-1);
    expect(completion).toMatch(/"count":1\b/);
    expect(completion).toContain(`"revision":"${revision - 1}"`);
  },
);

test("the end of a stream comes on record with the commit of its transaction, whatever policy there is by then", async () => {
  await goOn();
  const third = await open(keptSource());
  const before = (await entriesNow()).length;
  await session(third)
    .db.transaction()
    .execute(async (trx) => {
      const branches = trx.withTables<{ branches: { id: string } }>().selectFrom("branches").select("id");
      for await (const row of branches.stream(2)) {
        expect(row).toBeDefined();
        await goOn();
      }
    });
  const stages = (await entriesNow()).slice(before).map((entry) => /"stage":"(\w+)"/.exec(entry)?.[1]);
  expect(stages.filter((stage) => stage === "intent")).toHaveLength(1);
  expect(stages.filter((stage) => stage === "completion")).toHaveLength(1);
  await third.close();
});

test("the end of system work is on record, though a later policy came between", async () => {
  await system(second, repair, async ({ db }) => {
    await db.selectFrom("books").select("id").execute();
    await goOn();
  });
  const entries = await entriesNow();
  expect(entries.at(-1)).toContain('"system.end"');
  // What is asked after that is renewed in its midst.
  await system(second, repair, async ({ db }) => {
    await goOn();
    await db.selectFrom("books").select("id").execute();
  });
});

test("where there is none to be had the older one decides nothing, and it is not looked for at every statement", async () => {
  let reads = 0;
  const third = await open(keptSource(() => (reads += 1)));
  await books(third).execute();
  await goOn();
  const opened = reads;
  for (let times = 0; times < 30; times += 1)
    await expect(books(third).execute()).rejects.toMatchObject({ code: "policy/rolled-back" });
  // Each look reads the timestamp at least.
  expect(reads - opened).toBeLessThan(30);
  expect(reads - opened).toBeGreaterThan(0);
  await third.close();
});

/** Says for ever what it said of a file at first. */
function keptSource(onRead: () => void = () => undefined): RepositorySource {
  const kept = new Map<string, Uint8Array>();
  return {
    read: async (path) => {
      onRead();
      const known = kept.get(path) ?? readFileOrNull(join(town.folder, path));
      if (known === null) return "missing";
      kept.set(path, known);
      return known;
    },
  };
}

function readFileOrNull(path: string): Uint8Array | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
