/** The repository in a table: who may do what with it, publications beside each other, what is told, and what a pooler keeps back. */
import {
  connect,
  pgbouncerMissing,
  startPgbouncer,
  startPostgres,
  type Connection,
  type PostgresServer,
} from "@wardline/database-testing";
import { paths, type RepositorySource } from "@wardline/backends";
import type { Database } from "@wardline/isolation";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { createSchema, databaseTarget, type RepositoryTarget } from "../src/operator/index.ts";
import { postgresOperator, postgresSource, type PostgresOptions } from "../src/postgres/index.ts";
import { programOf } from "./library-bundles.ts";
import { watchSource } from "./watch-source.ts";

const coded = (code: string) => expect.objectContaining({ name: "SourceError", code });
const bytes = (content: string) => new TextEncoder().encode(content);
const atLast = (check: () => void) => vi.waitFor(check, { timeout: 60_000, interval: 5 });
const hour = 3_600_000;
const password = "app";

let server: PostgresServer;
let operator: Database;
let target: RepositoryTarget;
let application: Connection;
let owner: Connection;
let reach: PostgresOptions;
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  server = await startPostgres();
  const { host, port, database, user } = server;
  operator = postgresOperator({ host, port, database, user, password: server.password });
  await createSchema(operator, [programOf("north")]);
  await operator.turn((session) => session.query(`alter role wardline_app password '${password}'`, []));
  target = databaseTarget(operator);
  reach = { host, port, database, user: "wardline_app", password };
  application = await connect({ host, port, database, user: "wardline_app", password });
  owner = await connect(server);
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});
afterAll(async () => {
  await application.close();
  await owner.close();
  await operator.close();
  await server.stop();
});

let number = 0;
/** Another timestamp. */
const publish = (files: readonly (readonly [string, Uint8Array])[] = []) =>
  target.publication("new or present", (write) =>
    write(new Map([...files, [paths.timestamp, bytes(`${(number += 1)}`)]])),
  );

async function watch(source: RepositorySource) {
  const { end, ...told } = await watchSource(source);
  ends.push(end);
  return told;
}

test("the application reads files up to a size, and can do nothing else", async () => {
  const archive = new Uint8Array(300_000).map((_, at) => at % 251);
  await publish([[paths.bundle("north", 1), archive]]);
  const source = postgresSource(reach);
  expect(await source.read(paths.bundle("north", 1), 300_000)).toEqual(archive);
  expect(await source.read(paths.bundle("north", 1), 299_999)).toBe("too-large");
  expect(await source.read(paths.bundle("north", 2), 10)).toBe("missing");
  for (const sql of [
    "SELECT * FROM wardline.repository_file",
    "INSERT INTO wardline.repository_file VALUES ('bundles/south/1.tar.gz', '')",
    "UPDATE wardline.repository_file SET body = ''",
    "DELETE FROM wardline.repository_file",
    "TRUNCATE wardline.repository_file",
    "SELECT wardline.repository_tells()",
  ])
    await expect(application.query(sql), sql).rejects.toThrow(/permission denied/);
  await expect(source.read("bundles/../metadata/timestamp.json", 10)).rejects.toEqual(
    coded("source/bad-path"),
  );
  expect(await source.read("bundles/' OR true --".replaceAll(/[' ]/g, "_"), 10)).toBe("missing");
});

test("what was published stays as it is, but for the timestamp, for the table's owner too", async () => {
  await publish([["metadata/1.snapshot.json", bytes("one")]]);
  await publish([["metadata/1.snapshot.json", bytes("one")]]);
  await expect(publish([["metadata/1.snapshot.json", bytes("two")]])).rejects.toEqual(
    coded("source/conflict"),
  );
  for (const sql of [
    "UPDATE wardline.repository_file SET body = 'x' WHERE path = 'metadata/1.snapshot.json'",
    "UPDATE wardline.repository_file SET path = 'metadata/2.snapshot.json' WHERE path = 'metadata/timestamp.json'",
  ])
    await expect(owner.query(sql)).rejects.toThrow(/stays as it is/);
});

test("a publication is there as a whole or not at all, and of two at one time one is refused", async () => {
  const first = publish();
  await first;
  const before = await target.source.read(paths.timestamp, 100);
  const both = Array.from({ length: 2 }, (_, at) =>
    target.publication("present", async (write) => {
      // Each has begun before either writes.
      await meet();
      await write(
        new Map([
          ["metadata/7.snapshot.json", bytes(`of ${at}`)],
          [paths.timestamp, bytes(`t ${at}`)],
        ]),
      );
      return at;
    }),
  );
  const ended = await Promise.allSettled(both);
  const won = ended.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
  expect(won).toHaveLength(1);
  expect(ended.find(({ status }) => status === "rejected")).toMatchObject({
    reason: coded("source/conflict"),
  });
  expect(await target.source.read("metadata/7.snapshot.json", 100)).toEqual(bytes(`of ${won[0]}`));
  const after = await target.source.read(paths.timestamp, 100);
  expect(after).not.toEqual(before);
  // One whose last file cannot be written leaves none of them.
  await expect(
    target.publication("present", (write) =>
      write(
        new Map([
          ["metadata/8.snapshot.json", bytes("8")],
          ["metadata/7.snapshot.json", bytes("other")],
        ]),
      ),
    ),
  ).rejects.toEqual(coded("source/conflict"));
  expect(await target.source.read("metadata/8.snapshot.json", 100)).toBe("missing");
});

let waiting: (() => void)[] = [];
function meet(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length < 2) return;
    for (const go of waiting) go();
    waiting = [];
  });
}

test("a connection that hears nothing any more is told, and another one hears", async () => {
  const { onChange, onTrouble } = await watch(postgresSource({ ...reach, pollEvery: hour }));
  await publish();
  await atLast(() => expect(onChange).toHaveBeenCalledTimes(1));
  await owner.query(
    "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE application_name LIKE 'wardline%' AND usename = 'wardline_app'",
  );
  await atLast(() => expect(onTrouble).toHaveBeenCalled());
  expect(onTrouble.mock.calls[0]?.[0]).toEqual(coded("source/unavailable"));
  await publish();
  await atLast(() => expect(onChange).toHaveBeenCalledTimes(2));
  await publish();
  await atLast(() => expect(onChange).toHaveBeenCalledTimes(3));
});

test("what anybody may say on the channel changes nothing", async () => {
  const { onChange } = await watch(postgresSource({ ...reach, pollEvery: hour }));
  for (let said = 0; said < 100; said += 1) await application.query("NOTIFY wardline_repository, 'north'");
  await publish();
  await atLast(() => expect(onChange).toHaveBeenCalledOnce());
});

const missing = pgbouncerMissing();
test.skipIf(missing !== null)(
  `behind a pooler a change is found by looking${missing === null ? "" : ` (${missing})`}`,
  async () => {
    const pooler = await startPgbouncer(server, {
      mode: "transaction",
      users: { wardline_app: password },
      poolSize: 2,
    });
    ends.push(() => pooler.stop());
    const { host, port } = pooler;
    const { onChange } = await watch(
      postgresSource({ ...reach, host, port, pooler: "transaction", pollEvery: 20 }),
    );
    await publish();
    await atLast(() => expect(onChange).toHaveBeenCalledOnce());
    await publish();
    await atLast(() => expect(onChange).toHaveBeenCalledTimes(2));
  },
);

test("a database without the table says what is missing", async () => {
  await owner.query("CREATE DATABASE bare");
  const source = postgresSource({ ...reach, database: "bare" });
  await expect(source.read(paths.timestamp, 10)).rejects.toThrow(/wardline db apply/);
  await expect(postgresSource({ ...reach, port: 1 }).read(paths.timestamp, 10)).rejects.toEqual(
    coded("source/unavailable"),
  );
});
