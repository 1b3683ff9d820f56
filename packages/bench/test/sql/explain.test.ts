/**
 * Plans of guarded views on a real server with real statistics: wherever the query that a person would write by hand uses
 * an index of a table, the view uses one of that table too, and reads the same rows.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { archiveCases, byHand, fillArchive, guarded, permit } from "../../src/fence/archive.ts";
import { connect, type Connection } from "@wardline/database-testing";
import { startPostgres, type PostgresServer } from "@wardline/database-testing";

let server: PostgresServer;
let connection: Connection;

beforeAll(async () => {
  server = await startPostgres();
  connection = await connect(server);
  await fillArchive(connection);
});
afterAll(async () => {
  await connection.close();
  await server.stop();
});

interface Plan {
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Node Type": string;
  readonly Plans?: readonly Plan[];
}

/** The tables that a plan reads: through an index, and as a whole. */
function readsOf(plan: Plan): { readonly indexed: ReadonlySet<string>; readonly whole: ReadonlySet<string> } {
  const indexed = new Set<string>();
  const whole = new Set<string>();
  const visit = (node: Plan): void => {
    const table = node["Relation Name"];
    if (table !== undefined) (node["Node Type"] === "Seq Scan" ? whole : indexed).add(table);
    for (const child of node.Plans ?? []) visit(child);
  };
  visit(plan);
  return { indexed, whole };
}

async function explain(sql: string, parameters: readonly unknown[]): Promise<Plan> {
  const { rows } = await connection.query(`explain (format json) ${sql}`, [...parameters]);
  const [{ Plan: plan }] = JSON.parse(String(rows[0]?.["QUERY PLAN"])) as [{ Plan: Plan }];
  return plan;
}

describe.each(archiveCases)("%s", (_, rules, where) => {
  const written = byHand(where);

  test.each([
    ["fenced", true],
    ["open", false],
  ])("%s", async (_kind, fence) => {
    const { sql, values } = guarded(rules, fence);
    const hand = readsOf(await explain(written, []));
    const ours = readsOf(await explain(sql, values));
    // A case in which the person's query reads the whole table would prove nothing.
    expect(hand.indexed.size).toBeGreaterThan(0);
    for (const table of hand.indexed) {
      expect([...ours.indexed], sql).toContain(table);
      expect([...ours.whole], sql).not.toContain(table);
    }
    const ids = async (text: string, parameters: readonly unknown[]) =>
      (await connection.query(`select id from (${text}) as v order by id`, [...parameters])).rows;
    const rows = await ids(sql, values);
    expect(rows).toEqual(await ids(written, []));
    expect(rows.length).toBeGreaterThan(0);
  });
});

test("an operator that may fail runs on no row that a fenced view leaves out; an open view is no barrier", async () => {
  const rules = permit('when not resource.tags.contains("tag 5")');
  const ask = async (fence: boolean) => {
    const { sql, values } = guarded(rules, fence);
    return connection.query(`select v.id from (${sql}) as v where v.title::integer > 0`, [...values]);
  };
  const excluded = "select s.record_id from a.record_tags s where s.tenant_id = 't1' and s.tag = 'tag 5'";
  await connection.exec("begin");
  // Only what the view leaves out has titles that are no numbers.
  await connection.exec(
    `update a.records set title = '7' where tenant_id = 't1' and id not in (${excluded})`,
  );
  expect((await ask(true)).rows.length).toBeGreaterThan(0);
  await expect(ask(false)).rejects.toMatchObject({ code: "22P02" });
  await connection.exec("rollback");
});

test("a row whose reference leads to no row is no proper input, and does not come", async () => {
  const { sql, values } = guarded(permit('when resource.wing.region != "nowhere"'), true);
  const count = async () => (await connection.query(sql, [...values])).rows.length;
  const before = await count();
  await connection.exec("begin");
  // As a table without the foreign key could be.
  await connection.exec("set local session_replication_role = replica");
  await connection.exec(
    "update a.records set wing_id = '00000000-0000-4000-8000-0000000fffff' where tenant_id = 't1' and id = '00000000-0000-4000-9000-000000000777'",
  );
  expect(await count()).toBe(before - 1);
  await connection.exec("rollback");
  expect(before).toBe(8000);
});

test("one row by its key, through an open view, is found by the key", async () => {
  const { sql, values } = guarded(permit("when resource.fee >= 1.00"), false);
  const key = "00000000-0000-4000-9000-000000000777";
  const at = values.length + 1;
  const plan = await explain(`select v.id from (${sql}) as v where v.id = $${at}`, [...values, key]);
  expect(readsOf(plan)).toEqual({ indexed: new Set(["records"]), whole: new Set() });
});
