/** The engine of jobs over cells, on a real server where others are at the same rows, and on an embedded database. */
import { connect, startPostgres, type Connection, type PostgresServer } from "@wardline/database-testing";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import {
  compareAndSet,
  databaseDdl,
  keyJobDdl,
  planTables,
  readJob,
  securityDdl,
  walkTable,
  withJobPlace,
  type Database,
  type SqlSession,
  type TableWork,
  type WalkOptions,
  type WalkReport,
} from "../src/index.ts";
import { drained, transactionsInside } from "../src/placement/fence.ts";
import type { TenantTable } from "../src/placement/tenant-tables.ts";
import { sessionOf } from "./context-server.ts";
import { openTestDatabase, type TestDatabase } from "./database-session.ts";
import { library, librarySealed } from "./schema-library.ts";

const stored = { model: library, sealed: librarySealed };
const schema = "lending";
const branches = planTables(stored).find(({ name }) => name === "branches") as TenantTable;
const nameColumn = branches.columns.filter(({ name }) => name === "name");
const rows = 57;
const idOf = (number: number): string => `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`;
const code = (wanted: string) => expect.objectContaining({ code: wanted });
const statements = [
  ...databaseDdl(stored, { schema }),
  ...securityDdl(stored, { schema, login: true }),
  ...keyJobDdl(),
];

let server: PostgresServer;
let admin: Connection;
const open: Connection[] = [];
let database: Database;

beforeAll(async () => {
  server = await startPostgres();
  admin = await connect(server);
  await admin.exec(["begin", ...statements, ...keyJobDdl(), "commit"].join(";\n"));
  database = { kind: "server", schema, turn, batch: refuse, close: async () => undefined };
});
afterAll(async () => {
  await admin.close();
  for (const connection of open.splice(0)) await connection.close();
  await server.stop();
});
beforeEach(async () => {
  for (const connection of open.splice(0)) await connection.close();
  await admin.exec("truncate lending.branches, wardline.key_job cascade");
  for (const tenant of ["north", "south"])
    await admin.query(
      `insert into lending.branches (tenant_id, id, name) select $1, ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'old ' || n from generate_series(1, ${rows}) n`,
      [tenant],
    );
});

const refuse = (): never => {
  throw new Error("not used");
};

async function turn<T>(run: (session: SqlSession) => Promise<T>): Promise<T> {
  const connection = await connect(server);
  try {
    return await run(sessionOf(connection));
  } finally {
    await connection.close();
  }
}

const names = async (tenant: string) =>
  (
    await admin.query("select name from lending.branches where tenant_id = $1 order by id", [tenant])
  ).rows.map(({ name }) => String(name));

/** Names that begin with `old` are to begin with `new`; one that ends with `!` cannot be brought there. */
function renaming(
  more: Partial<TableWork> = {},
  between: () => Promise<void> = async () => undefined,
): TableWork {
  return {
    kind: "reseal",
    table: branches,
    target: "new",
    isPending: "t.name LIKE 'old%'",
    reads: ["t.name"],
    weight: "octet_length(t.name)",
    async work(session, pending) {
      await between();
      const good = pending.filter(({ values }) => !values[0]?.endsWith("!"));
      const changed = await compareAndSet(
        session,
        { tenant: "north", schema },
        branches,
        { compared: nameColumn, set: nameColumn },
        good.map(({ key, values }) => ({ key, was: values, becomes: [`new${values[0]?.slice(3)}`] })),
      );
      const faults = pending
        .filter((row) => !good.includes(row))
        .map(({ key }) => ({ table: "branches", column: "name", row: key.join(), code: "bad" }));
      return { changed, faults };
    },
    ...more,
  };
}

const run = (work: TableWork, options: WalkOptions = {}): Promise<WalkReport> =>
  withJobPlace(database, "north", (place) => walkTable(place, work, { pageRows: 10, ...options }));
const jobAt = () =>
  turn((session) => readJob(session, { tenant: "north", schema }, { kind: "reseal", table: "branches" }));

it("goes through a tenant's rows in pages, then looks at all again, and touches no other tenant's", async () => {
  const told: string[] = [];
  const report = await run(renaming(), {
    onProgress: ({ state, seen, all, done }) => void told.push(`${state} ${seen}/${all} ${done}`),
  });
  expect(report).toEqual({ table: "branches", complete: true, rows, done: rows, left: 0, faults: [] });
  expect(told.slice(0, 2)).toEqual(["running 10/57 10", "running 20/57 20"]);
  expect(told.slice(5, 7)).toEqual(["running 57/57 57", "verifying 10/57 57"]);
  expect((await names("north")).every((name) => name.startsWith("new "))).toBe(true);
  expect((await names("south")).every((name) => name.startsWith("old "))).toBe(true);
  expect(await jobAt()).toMatchObject({ state: "done", rowsDone: rows, target: "new" });
  expect(await run(renaming())).toMatchObject({ complete: true, done: 0 });
});

it("goes on where it was cut off, and begins anew for another target", async () => {
  let pages = 0;
  const cut = renaming({}, async () => {
    if ((pages += 1) === 3) throw new Error("cut off");
  });
  await expect(run(cut)).rejects.toThrow("cut off");
  // The third page was undone with its cursor.
  expect(await jobAt()).toMatchObject({ state: "running", cursor: [idOf(20)], rowsDone: 20 });
  const told: number[] = [];
  const goOn = { onProgress: ({ seen }: { readonly seen: number }) => void told.push(seen) };
  expect(await run(renaming(), goOn)).toMatchObject({ complete: true, done: rows });
  expect(told[0]).toBe(30);
  expect(await run(renaming({ target: "other" }), goOn)).toMatchObject({ complete: true, done: 0 });
});

it("keeps what somebody writes between its reading and its writing, and comes back for a row that others hold", async () => {
  const other = await connect(server);
  open.push(other);
  await other.exec("begin");
  await other.query(
    "update lending.branches set name = 'old and held' where tenant_id = 'north' and id = $1",
    [idOf(5)],
  );
  let [first, released] = [true, false];
  const work = renaming({}, async () => {
    if (!first) return;
    first = false;
    await admin.query("update lending.branches set name = 'written' where tenant_id = 'north' and id = $1", [
      idOf(3),
    ]);
    await admin.query(
      "update lending.branches set name = 'old and written' where tenant_id = 'north' and id = $1",
      [idOf(4)],
    );
  });
  const report = await run(work, {
    async onProgress({ state }) {
      if (state !== "verifying" || released) return;
      released = true;
      await other.exec("commit");
    },
  });
  expect(report).toMatchObject({ complete: true, done: rows - 1, left: 0 });
  expect((await names("north")).slice(2, 5)).toEqual(["written", "new and written", "new and held"]);
});

it("ends without being complete while somebody holds a row for longer than its patience", async () => {
  const other = await connect(server);
  open.push(other);
  await other.exec("begin");
  await other.query("select from lending.branches where tenant_id = 'north' and id = $1 for update", [
    idOf(5),
  ]);
  expect(await run(renaming(), { patience: 200 })).toMatchObject({
    complete: false,
    left: 1,
    done: rows - 1,
  });
  await other.exec("rollback");
  expect(await run(renaming())).toMatchObject({ complete: true, left: 0, done: 1 });
});

it("names the cells that cannot be brought to the target, and does the others", async () => {
  await admin.exec(
    "update lending.branches set name = name || '!' where tenant_id = 'north' and name in ('old 7', 'old 30')",
  );
  const report = await run(renaming());
  expect(report).toMatchObject({ complete: false, left: 2, done: rows - 2 });
  expect(report.faults.map(({ row }) => row)).toEqual([idOf(7), idOf(30)]);
  expect(await jobAt()).toMatchObject({ state: "running", cursor: null });
  await admin.exec("update lending.branches set name = 'old 7' where name = 'old 7!'");
  await admin.exec("update lending.branches set name = 'old 30' where name = 'old 30!'");
  expect(await run(renaming())).toMatchObject({ complete: true, faults: [] });
});

it("ends where rows never come to the target, whatever is done to them", async () => {
  const never = renaming({ isPending: "t.name LIKE '%1'" });
  const report = await run(never, { pageRows: 100 });
  expect(report).toMatchObject({ complete: false, faults: [] });
});

interface PlanNode {
  readonly "Relation Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly "Rows Removed by Join Filter"?: number;
  readonly Plans?: readonly PlanNode[];
}

/** Rows that the nodes of a plan went through, most first. */
function rowsOfPlan(node: PlanNode): readonly number[] {
  const own =
    node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Join Filter"] ?? 0);
  return [own * node["Actual Loops"], ...(node.Plans ?? []).flatMap(rowsOfPlan)].toSorted((a, b) => b - a);
}

it.each(["just filled", "known to the planner"])(
  "reads no more than its page, of a table that is %s",
  async (state) => {
    const all = 3000;
    await admin.query(
      `insert into lending.branches (tenant_id, id, name) select 'north', ('00000000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid, 'old ' || n from generate_series(1, ${all}) n`,
    );
    if (state !== "just filled") await admin.exec("analyze lending.branches");
    const most: number[] = [];
    const watched: Database = {
      ...database,
      turn: (work) =>
        database.turn((session) =>
          work({
            async query(sql, parameters) {
              if (sql.includes("wardline_pending") || sql.startsWith("WITH g")) {
                await session.query("savepoint explained", []);
                const { rows: found } = await session.query(
                  `EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`,
                  parameters,
                );
                await session.query("rollback to savepoint explained", []);
                const [plan] = JSON.parse(String(found[0]?.["QUERY PLAN"])) as readonly {
                  readonly Plan: PlanNode;
                }[];
                most.push(rowsOfPlan(plan?.Plan as PlanNode)[0] ?? 0);
              }
              return session.query(sql, parameters);
            },
          }),
        ),
    };
    const pageRows = 100;
    const report = await withJobPlace(watched, "north", (place) =>
      walkTable(place, renaming(), { pageRows }),
    );
    expect(report).toMatchObject({ complete: true, done: all + rows });
    expect(most.length).toBeGreaterThan(60);
    expect(Math.max(...most)).toBeLessThanOrEqual(pageRows);
  },
);

it("is refused to a second process while one is at it, and lets the next in as soon as that one is gone", async () => {
  let outcome: unknown;
  await run(
    renaming({}, async () => {
      outcome ??= await run(renaming()).catch((error: unknown) => error);
    }),
  );
  expect(outcome).toEqual(code("keys/job-busy"));
  expect(await run(renaming())).toMatchObject({ complete: true });
});

it("changes nothing of a tenant that is being moved", async () => {
  await admin.exec(
    "insert into wardline.tenant_state (tenant, placement_epoch, state) values ('north', 1, 'read_only') on conflict (tenant) do update set state = 'read_only'",
  );
  try {
    await expect(run(renaming())).rejects.toEqual(code("keys/not-here"));
    expect((await names("north")).every((name) => name.startsWith("old "))).toBe(true);
  } finally {
    await admin.exec("update wardline.tenant_state set state = 'active' where tenant = 'north'");
  }
});

it("takes pages that are too heavy in parts", async () => {
  const told: number[] = [];
  const heavy = renaming({ weight: String(3 * 2 ** 20) });
  await run(heavy, { onProgress: ({ state, seen }) => void (state === "running" && told.push(seen)) });
  expect(told.slice(0, 3)).toEqual([3, 6, 9]);
  expect((await names("north")).every((name) => name.startsWith("new "))).toBe(true);
});

it("on an embedded database leaves the session to others between pages, and stops where another run took over", async () => {
  const embedded: TestDatabase = await openTestDatabase();
  try {
    await embedded.run(statements);
    await embedded.session.query(
      "insert into lending.branches (tenant_id, id, name) select 'north', ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'old ' || n from generate_series(1, 30) n",
      [],
    );
    let queue: Promise<unknown> = Promise.resolve();
    const one: Database = {
      kind: "embedded",
      schema,
      turn: <T>(work: (session: SqlSession) => Promise<T>) => {
        const mine = queue.then(() => work(embedded.session));
        queue = mine.catch(() => undefined);
        return mine;
      },
      batch: refuse,
      close: async () => undefined,
    };
    const walk = (options: WalkOptions) =>
      withJobPlace(one, "north", (place) => walkTable(place, renaming(), { pageRows: 10, ...options }));
    let second: Promise<WalkReport> | undefined;
    const first = walk({
      onProgress: async () => {
        await (second ??= walk({}));
      },
    });
    await expect(first).rejects.toEqual(code("keys/job-taken"));
    expect(await second).toMatchObject({ complete: true, done: 30 });
    // With one session nobody else is inside, and it does not wait for itself.
    await withJobPlace(one, "north", (place) =>
      drained(() => place.transaction((session) => transactionsInside(session, "north"))),
    );
  } finally {
    await embedded.close();
  }
});
