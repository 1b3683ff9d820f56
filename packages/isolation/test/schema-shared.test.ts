/** Rows that all tenants share: read inside every tenant's context and in none other, written by no handle. */
import { PGlite } from "@electric-sql/pglite";
import type { EntityModel, ModelIr } from "@wardline/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ContextGate, SqlSession } from "../src/contracts.ts";
import { catalogueProblems } from "../src/schema/check-catalogue.ts";
import { databaseDdl } from "../src/schema/database-ddl.ts";
import { securityDdl } from "../src/schema/security-ddl.ts";
import { claimsFor, openGate } from "./context-gate.ts";

const country: EntityModel = {
  name: "Country",
  kind: "entity",
  storage: { table: "countries", key: "code", tenant: "tenant_id" },
  shared: true,
  keyType: "uuid",
  parents: [],
  fields: [
    {
      name: "name",
      type: { kind: "string" },
      optional: false,
      classes: [],
      searchable: false,
      storage: { kind: "column", column: "name" },
    },
  ],
};
const press: EntityModel = {
  name: "Press",
  kind: "entity",
  storage: { table: "presses", key: "id", tenant: "tenant_id" },
  keyType: "uuid",
  parents: [],
  fields: [
    {
      name: "country",
      type: { kind: "entity", entity: "Country" },
      optional: false,
      classes: [],
      searchable: false,
      storage: { kind: "column", column: "country_id" },
    },
  ],
};
const model: ModelIr = {
  name: "printing",
  enums: [],
  tenant: [],
  context: [],
  entities: [country, press],
  relations: [],
  actions: [{ name: "read", kind: "reads", entities: ["Country", "Press"] }],
  roles: [],
};
const stored = { model, sealed: [] };

const one = "00000000-0000-4000-8000-000000000001";
const two = "00000000-0000-4000-8000-000000000002";

let server: PGlite;
let gate: ContextGate;
beforeAll(async () => {
  server = await PGlite.create();
  await server.exec("set search_path = ''");
  const options = { schema: "s", limits: null };
  for (const statement of [...databaseDdl(stored, options), ...securityDdl(stored, options)])
    await server.exec(statement);
  gate = await openGate(session);
  await server.query("insert into s.countries (code, name) values ($1, 'here'), ($2, 'there')", [one, two]);
});
afterAll(() => server.close());

const session: SqlSession = {
  query: async (sql, parameters) => {
    const { rows } = await server.query<Record<string, unknown>>(sql, [...parameters]);
    return { rows, affected: 0 };
  },
};

/** In a transaction that has entered a tenant's context, and is undone. */
async function within<T>(tenant: string | null, run: () => Promise<T>): Promise<T> {
  await server.exec("begin");
  try {
    if (tenant === null) await server.exec("set local role wardline_app");
    else await gate.enter(session, claimsFor(tenant));
    return await run();
  } finally {
    await server.exec("rollback");
  }
}

const names = async () => (await server.query("select name from s.countries order by name")).rows;

describe("the application", () => {
  test("reads them in the context of every tenant", async () => {
    for (const tenant of ["north", "south"])
      expect(await within(tenant, names)).toEqual([{ name: "here" }, { name: "there" }]);
  });

  test("reads none without a context", async () => {
    await expect(within(null, names)).rejects.toMatchObject({ code: "28000" });
  });

  test.each([
    ["adds", `insert into s.countries (code, name) values ('00000000-0000-4000-8000-000000000009', 'new')`],
    ["changes", "update s.countries set name = 'mine'"],
    ["removes", "delete from s.countries"],
  ])("%s none", async (_, sql) => {
    await expect(within("north", () => server.exec(sql))).rejects.toMatchObject({ code: "42501" });
  });

  test("refers to them from a tenant's own rows, and to nothing else", async () => {
    const insert = (country: string) =>
      within("north", async () => {
        await server.query("insert into s.presses (tenant_id, id, country_id) values ('north', $1, $2)", [
          one,
          country,
        ]);
      });
    await insert(two);
    await expect(insert("00000000-0000-4000-8000-00000000000f")).rejects.toMatchObject({ code: "23503" });
  });
});

test("their table has no tenant column, and is what the model says", async () => {
  expect(await catalogueProblems(session, stored, "s")).toEqual([]);
  const { rows } = await server.query(
    "select column_name from information_schema.columns where table_schema = 's' and table_name = 'countries' order by 1",
  );
  expect(rows).toEqual([{ column_name: "code" }, { column_name: "name" }]);
});
