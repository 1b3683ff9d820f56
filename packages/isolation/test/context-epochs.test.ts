/** What the database knows of a tenant, whatever a token says: where it is placed, its facts' epoch, its policy's floor, the keys' home. */
import { connect, type Connection } from "@wardline/database-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attempt, idOf, openContextServer, sessionOf, type ContextServer } from "./context-server.ts";
import { databaseVersions } from "../src/index.ts";
import type { Database } from "../src/contracts.ts";

let place: ContextServer;
let app: Connection;
beforeAll(async () => {
  place = await openContextServer();
  app = await place.application();
});
afterAll(() => place.stop());

const tenants = "select distinct tenant_id as t from lending.books";
const north = [{ t: "north" }];
const admin = (sql: string, ...parameters: unknown[]) => place.admin.query(sql, parameters);
const epochOf = async (tenant: string): Promise<number> =>
  Number(
    (
      await admin(
        "select pg_catalog.max(facts_epoch) as e from wardline.tenant_state where tenant = $1",
        tenant,
      )
    ).rows[0]?.["e"] ?? 0,
  );

describe("V34, V88: the placement epoch", () => {
  test("that is not the tenant's is stale, lower or higher; a tenant that was moved away is nowhere", async () => {
    await admin("insert into wardline.tenant_state (tenant, placement_epoch) values ('east', 4)");
    const enter = (placementEpoch: number) =>
      attempt(app, place.token({ tenant: "east", placementEpoch }), "select 1 as ok");
    expect(await enter(4)).toEqual([{ ok: "1" }]);
    for (const other of [0, 3, 5]) expect(await enter(other)).toBe("WL001");
    await admin("update wardline.tenant_state set state = 'moved' where tenant = 'east'");
    expect(await enter(4)).toBe("WL001");
  });

  test("never falls, and is not forgotten", async () => {
    for (const sql of [
      "update wardline.tenant_state set placement_epoch = 3 where tenant = 'east'",
      "update wardline.tenant_state set tenant = 'west' where tenant = 'east'",
      "delete from wardline.tenant_state",
      "truncate wardline.tenant_state",
      "set local session_replication_role = replica; delete from wardline.tenant_state",
    ])
      expect(await attempt(place.admin, null, sql), sql).toBe("42501");
  });

  test("that is flipped under a lock waits for who entered before, and who comes later is stale", async () => {
    await admin("insert into wardline.tenant_state (tenant, placement_epoch) values ('mover', 1)");
    const token = place.token({ tenant: "mover", placementEpoch: 1 });
    await app.exec("begin");
    await app.query("select wardline.enter($1)", [token]);
    await admin("update wardline.tenant_state set placement_epoch = 2 where tenant = 'mover'");
    const mover = await connect(place.server);
    let has = false;
    await mover.exec("begin");
    const waiting = mover
      .query("select pg_catalog.pg_advisory_xact_lock(wardline.tenant_lock('mover'))")
      .then(() => (has = true));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(has).toBe(false);
    expect(
      await attempt(await place.application(), place.token({ tenant: "south" }), "select 1 as ok"),
    ).toEqual([{ ok: "1" }]);
    await app.exec("commit");
    await waiting;
    // A latecomer waits for the move, and then sees the new epoch.
    const late = attempt(app, token, "select 1");
    await new Promise((resolve) => setTimeout(resolve, 100));
    await mover.exec("commit");
    expect(await late).toBe("WL001");
    await mover.close();
  });

  test("at repeatable read a snapshot from before the flip does not let in", async () => {
    await admin("insert into wardline.tenant_state (tenant, placement_epoch) values ('snap', 1)");
    const token = place.token({ tenant: "snap", placementEpoch: 1 });
    const fresh = place.token({ tenant: "unknown-yet" });
    await app.exec("begin isolation level repeatable read");
    await app.exec("select 1 from lending.branches where false");
    await app.exec("show search_path");
    await admin("update wardline.tenant_state set placement_epoch = 2 where tenant = 'snap'");
    await admin("insert into wardline.tenant_state (tenant, placement_epoch) values ('unknown-yet', 1)");
    for (const each of [token, fresh]) {
      await app.exec("savepoint s");
      await expect(app.query("select wardline.enter($1)", [each])).rejects.toMatchObject({ code: "40001" });
      await app.exec("rollback to s");
    }
    await app.exec("rollback");
    await app.exec("begin isolation level repeatable read");
    await app.query("select wardline.enter($1)", [place.token()]);
    expect((await app.query(tenants)).rows).toEqual(north);
    await app.exec("rollback");
  });

  test("read_only: reads go on, writes fail, and nothing in the transaction takes that back", async () => {
    await admin("insert into wardline.tenant_state (tenant) values ('north') on conflict do nothing");
    await admin("update wardline.tenant_state set state = 'read_only' where tenant = 'north'");
    expect(await attempt(app, place.token(), tenants)).toEqual(north);
    const write = "update lending.books set copies = copies + 1";
    expect(await attempt(app, place.token(), write)).toBe("25006");
    expect(await attempt(app, place.token(), "set transaction read write", write)).toBe("25001");
    expect(await attempt(app, place.token(), "set local transaction_read_only = off", write)).toBe("25001");
    await admin("update wardline.tenant_state set state = 'active' where tenant = 'north'");
    expect(await attempt(app, place.token(), write)).toEqual([]);
  });
});

describe("V105: the facts epoch", () => {
  const branch = idOf("north", 1);

  test("is raised by what a principal's ancestors and relations come from, in that tenant alone, and by nothing else", async () => {
    const changes: readonly (readonly [string, number])[] = [
      [`update lending.branches set name = 'other' where id = '${branch}'`, 0],
      [`update lending.branches set parent_id = null where id = '${branch}'`, 0],
      [`update lending.branches set parent_id = '${branch}' where id = '${branch}'`, 1],
      [`update lending.branches set parent_id = null where id = '${branch}'`, 1],
      [`insert into lending.branches (tenant_id, id, name) values ('north', '${idOf("north", 50)}', 'x')`, 1],
      [`delete from lending.branches where id = '${idOf("north", 50)}'`, 1],
      [`insert into lending.book_keepers values ('north', 'ada', '${idOf("north", 2)}')`, 1],
      [`delete from lending.book_keepers where member_id = 'ada'`, 1],
      [`delete from lending.book_keepers where member_id = 'nobody'`, 0],
      [`update lending.books set copies = 3`, 0],
      [
        `set local session_replication_role = replica; update lending.branches set parent_id = '${branch}' where id = '${branch}'; update lending.branches set parent_id = null where id = '${branch}'`,
        2,
      ],
    ];
    for (const [sql, raised] of changes) {
      const [mine, theirs] = [await epochOf("north"), await epochOf("south")];
      await place.admin.exec(`begin; ${sql}; commit`);
      expect(await epochOf("north"), sql).toBe(mine + raised);
      expect(await epochOf("south"), sql).toBe(theirs);
    }
  });

  test("lower than the tenant's refuses; the present one, a higher one and none at all enter", async () => {
    const epoch = await epochOf("north");
    expect(epoch).toBeGreaterThan(0);
    expect(await attempt(app, place.token({ factsEpoch: epoch - 1 }), tenants)).toBe("WL002");
    expect(await attempt(app, place.token({ factsEpoch: 0 }), tenants)).toBe("WL002");
    for (const factsEpoch of [epoch, epoch + 1, null])
      expect(await attempt(app, place.token({ factsEpoch }), tenants)).toEqual(north);
    expect(await attempt(app, place.token(), "select wardline.facts_epoch() as e")).toEqual([
      { e: String(epoch) },
    ]);
  });

  test("of all tenants is raised by TRUNCATE, and stays when keys are rotated", async () => {
    const epoch = await epochOf("north");
    await place.admin.exec("truncate lending.book_keepers");
    expect(await attempt(app, place.token({ factsEpoch: epoch }), tenants)).toBe("WL002");
    expect(await attempt(app, place.token({ factsEpoch: epoch + 1 }), tenants)).toEqual(north);
    expect(await attempt(app, place.token({ tenant: "nowhere", factsEpoch: 0 }), tenants)).toBe("WL002");
  });

  test("is raised by the application's own writes too, which see no table of epochs", async () => {
    const epoch = await epochOf("north");
    await app.exec("begin");
    await app.query("select wardline.enter($1)", [place.token()]);
    await app.exec(`insert into lending.book_keepers values ('north', 'bo', '${idOf("north", 2)}')`);
    await app.exec("commit");
    expect(await epochOf("north")).toBe(epoch + 1);
  });
});

describe("V107: the policy's floor", () => {
  test("is the highest revision that was seen of the tenant's bundle, which the application keeps itself", async () => {
    const session = sessionOf(app);
    const database: Database = {
      kind: "server",
      schema: "lending",
      turn: (run) => run(session),
      batch: () => Promise.reject(new Error("not asked")),
      close: async () => undefined,
    };
    const store = databaseVersions(database);
    expect(
      await store.raise(
        new Map([
          ["bundle:south", { version: 5, sha256: "a" }],
          ["root", { version: 9, sha256: "b" }],
        ]),
      ),
    ).toBe(true);
    expect(await store.raise(new Map([["bundle:south", { version: 4, sha256: "a" }]]))).toBe(false);
    expect((await store.read()).get("bundle:south")).toEqual({ version: 5, sha256: "a" });
    const enter = (revision: string, tenant = "south") =>
      attempt(app, place.token({ tenant, revision }), "select 1 as ok");
    expect(await enter("4")).toBe("WL003");
    expect(await enter("5")).toEqual([{ ok: "1" }]);
    expect(await enter("6")).toEqual([{ ok: "1" }]);
    expect(await enter("1", "north")).toEqual([{ ok: "1" }]);
  });
});

describe("keys in another database", () => {
  test("a clone refuses everybody until its keys are rotated; the one that it came from goes on", async () => {
    const token = place.token();
    await app.close();
    await place.admin.close();
    const [from, { database: _ }] = [{ ...place.server, database: "template1" }, place.server];
    const outside = await connect(from);
    await outside.exec(
      "select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity where datname = 'postgres'",
    );
    await outside.exec("create database copy template postgres");
    await outside.close();
    const open = async (database: string) => {
      const connection = await connect({ ...place.server, database });
      for (const setting of [
        "search_path = ''",
        "TimeZone = 'UTC'",
        "statement_timeout = '9s'",
        "lock_timeout = '9s'",
      ])
        await connection.exec(`set ${setting}`);
      return connection;
    };
    const copy = await open("copy");
    const original = await open("postgres");
    expect(await attempt(original, token, "select 1 as ok")).toEqual([{ ok: "1" }]);
    expect(await attempt(copy, token)).toBe("28000");
    expect((await copy.query("select wardline.attest() as mine")).rows).toEqual([{ mine: "f" }]);
    await expect(
      copy.query("select wardline.install_key(9, $1, null)", [new Uint8Array(32)]),
    ).rejects.toMatchObject({ code: "28000" });
    await copy.exec("select wardline.rotate_cluster()");
    expect(await attempt(copy, token)).toBe("28000");
    await copy.query("select wardline.install_key(1, $1, null)", [place.key.secret]);
    // The same key: but the token names the database that it was signed for.
    expect(await attempt(copy, token)).toBe("28000");
    await copy.close();
    // Also where nobody has attested it yet, as after a restart, or where the table was written anew.
    await original.exec("vacuum full wardline.context_key");
    expect(await attempt(original, token, "select 1 as ok")).toEqual([{ ok: "1" }]);
    await original.close();
  });
});
