/** The real server for tests: it comes up, is reachable from this machine alone, and goes with the process. */
import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { generateCase } from "@wardline/core/testing";
import { compileCase } from "../../src/agree/compile-case.ts";
import { loadWorld } from "../../src/agree/world-database.ts";
import { connect, type Connection } from "@wardline/database-testing";
import { startPostgres, type PostgresServer } from "@wardline/database-testing";

let server: PostgresServer;
let connection: Connection;
beforeAll(async () => {
  server = await startPostgres();
  connection = await connect(server);
});
afterAll(async () => {
  await connection.close();
  await server.stop();
});

const setting = async (name: string) =>
  String((await connection.query("select current_setting($1) as value", [name])).rows[0]?.["value"]);

test("it is the pinned version, keeps text as UTF-8, and listens on the loopback alone", async () => {
  expect(await setting("server_version_num")).toMatch(/^18\d{4}$/);
  expect(await setting("server_encoding")).toBe("UTF8");
  expect(await setting("listen_addresses")).toBe("127.0.0.1");
  expect(existsSync(await setting("data_directory"))).toBe(true);
});

test("a generated world stands in it as it does in the embedded database", async () => {
  const made = generateCase(3);
  const { program } = compileCase(made);
  if (program === null) throw new Error("the case of seed 3 does not compile");
  const world = await loadWorld(connection, made, program);
  const { rows } = await connection.query(
    "select count(*) as count from information_schema.tables where table_schema = $1",
    [world.schema],
  );
  expect(Number(rows[0]?.["count"])).toBeGreaterThan(2);
  await world.drop();
});

test("a server that is stopped leaves no folder", async () => {
  const other = await startPostgres();
  const to = await connect(other);
  const { rows } = await to.query("select current_setting('data_directory') as folder");
  await to.close();
  await other.stop();
  expect(rows).toHaveLength(1);
  expect(existsSync(String(rows[0]?.["folder"]))).toBe(false);
});
