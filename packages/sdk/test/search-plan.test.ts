/** How a server looks for a sealed value: by the index over tenant and blind index, through the view that guards the table. */
import type { Database } from "@wardline/isolation";
import type { Kysely } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Wardline } from "../src/index.ts";
import { planSchema } from "../src/operator/index.ts";
import { postgres } from "../src/postgres/index.ts";
import {
  idOf,
  openServerLibrary,
  searchableProgram,
  sessionOf,
  type ServerLibrary,
  type Tables,
} from "./server-library.ts";

let index = "";
let log = "";
let library: ServerLibrary;
let database: Database;
let wardline: Wardline;

beforeAll(async () => {
  // The server writes down the plan of each statement that it carries out.
  const settings = {
    shared_preload_libraries: "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_level": "log",
  };
  library = await openServerLibrary(settings, (text) => void (log += text), searchableProgram);
  // Enough rows of both tenants that no other way is as short.
  for (const tenant of ["north", "south"] as const)
    await library.raw(
      `insert into public.books (tenant_id, id, title, code, price, branch_id, shelf, code_bidx)
       select $1, gen_random_uuid(), 'many', '\\x574c5303' || decode(repeat('00', 84), 'hex'), 1, $2, 'open',
         decode('00000001' || md5($1 || n::text), 'hex') from generate_series(1, 3000) n`,
      tenant,
      idOf("branch", tenant, 1),
    );
  await library.raw("analyze public.books");
  const [found] = await library.raw(
    "select indexname from pg_indexes where tablename = 'books' and indexdef like '%(tenant_id, code_bidx)'",
  );
  index = found?.["indexname"] as string;
  database = postgres({ ...library.reach, pool: { max: 1 } });
  wardline = await library.open(database);
});
afterAll(async () => {
  await wardline.close();
  await database.close();
  await library.close();
});

const code = "north code 7";
const searches: readonly (readonly [string, (db: Kysely<Tables>) => { execute(): Promise<unknown[]> }])[] = [
  ["=", (db) => db.selectFrom("books").select(["id", "code"]).where("code", "=", code)],
  ["in", (db) => db.selectFrom("books").select("id").where("code", "in", [code, "north code none"])],
  [
    "a join",
    (db) =>
      db
        .selectFrom("books as a")
        .innerJoin("books as b", "a.id", "b.id")
        .select("b.id")
        .where("a.code", "=", code),
  ],
  [
    "a sub-select",
    (db) =>
      db
        .selectFrom((eb) => eb.selectFrom("books").select(["id", "code"]).as("s"))
        .select("s.id")
        .where("s.code", "=", code),
  ],
];

/** The plan that the server carried out last for a statement of the table. */
async function planOf(search: { execute(): Promise<unknown[]> }): Promise<string> {
  const mark = `the end ${Math.random()}`;
  log = "";
  expect(await search.execute()).toHaveLength(1);
  await library.raw(`select '${mark}'`);
  for (let tries = 0; tries < 500 && !log.includes(mark); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(log).toContain(mark);
  const plans = log
    .split("Query Text:")
    .filter((part) => part.includes("code_bidx") && part.includes("cost="));
  return plans.at(-1) ?? expect.fail("no plan was written down");
}

for (const security of [true, false])
  test.each(searches)(
    `V78: %s looks in the index over tenant and blind index, ${security ? "under" : "without"} row-level security`,
    async (_, search) => {
      await library.raw(`alter table public.books ${security ? "enable" : "disable"} row level security`);
      const plan = await planOf(search(sessionOf(wardline, "north").db));
      expect(plan).toContain(index);
      // Tenant and value are both what the index is entered with.
      expect(plan).toMatch(/Index Cond: \(\(\(?tenant_id(?:\)::text)? = [^\n]*code_bidx = ANY/);
      expect(plan).not.toContain("Seq Scan on books");
    },
  );

test("V78: without the index the server has to look at all of the tenant's rows, and the plan of a database makes it", async () => {
  await library.raw("alter table public.books enable row level security");
  const [[, search]] = searches as [(typeof searches)[number]];
  const programs = Object.values(library.programs);
  await library.raw(`drop index public.${index}`);
  expect(await planOf(search(sessionOf(wardline, "north").db))).not.toContain(index);
  const plan = await planSchema(library.operator, programs);
  const made = JSON.stringify(plan);
  expect(made).toContain(`CREATE INDEX ${index} ON public.books USING btree (tenant_id, code_bidx)`);
});
