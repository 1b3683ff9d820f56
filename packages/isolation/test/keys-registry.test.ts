import { afterAll, beforeAll, describe, expect, it, test as vector } from "vitest";
import { databaseDdl, keyRegistryDdl, securityDdl, setKeyBound } from "../src/index.ts";
import { claimsFor, openGate } from "./context-gate.ts";
import { openTestDatabase, type TestDatabase } from "./database-session.ts";
import { library, librarySealed } from "./schema-library.ts";

let test: TestDatabase;
const query = (sql: string) => test.session.query(sql, []);
const insert = (tenant: string, purpose: string, version: number, state: string): string =>
  `INSERT INTO wardline.tenant_key (tenant_id, purpose, version, state, provider, check_value, wrapped) VALUES ('${tenant}', '${purpose}', ${version}, '${state}', 'local', '\\x${"0f".repeat(16)}', ${state === "destroyed" ? "NULL" : `'\\x0${version}'`})`;
/** In a transaction that is undone; deferred checks are made before its end. */
const tried = (...statements: readonly string[]) =>
  test.trial(async () => {
    for (const statement of statements) await query(statement);
    await query("SET CONSTRAINTS ALL IMMEDIATE");
  });

beforeAll(async () => {
  test = await openTestDatabase();
  const stored = { model: library, sealed: librarySealed };
  const options = { schema: "lending", limits: null };
  await test.run([...databaseDdl(stored, options), ...securityDdl(stored, options), ...keyRegistryDdl()]);
  await test.run(keyRegistryDdl());
  for (const tenant of ["north", "south"])
    await test.commit(async () => {
      await query(insert(tenant, "seal", 1, "destroyed"));
      await query(insert(tenant, "seal", 2, "retired"));
      await query(insert(tenant, "seal", 3, "readable"));
      await query(insert(tenant, "seal", 4, "current"));
      await query(insert(tenant, "audit", 1, "current"));
    });
});
afterAll(() => test.close());

describe("the registry of keys", () => {
  const of = "WHERE tenant_id = 'north' AND purpose = 'seal'";

  it.each([
    ["a second current one", [insert("north", "seal", 5, "current")], /tenant_key_current/],
    [
      "none that is current",
      [`UPDATE wardline.tenant_key SET state = 'readable' ${of} AND version = 4`],
      /no key of a purpose/,
    ],
    ["a first one that is not current", [insert("north", "mask", 1, "readable")], /no key of a purpose/],
    [
      "a lower version",
      [
        `UPDATE wardline.tenant_key SET state = 'readable' ${of} AND version = 4`,
        insert("north", "seal", 6, "current"),
        insert("north", "seal", 5, "readable"),
      ],
      /only grow/,
    ],
    ["a version again", [insert("north", "seal", 4, "readable")], /duplicate key/],
    ["version 0", [insert("north", "mask", 0, "current")], /tenant_key_version_check/],
    [
      "a destroyed one that comes back",
      [
        `UPDATE wardline.tenant_key SET state = 'retired', wrapped = '\\x01', wraps = 2 ${of} AND version = 1`,
      ],
      /only advances/,
    ],
    [
      "a retired one that opens again",
      [`UPDATE wardline.tenant_key SET state = 'readable' ${of} AND version = 2`],
      /only advances/,
    ],
    [
      "other bytes",
      [`UPDATE wardline.tenant_key SET wrapped = '\\x09' ${of} AND version = 4`],
      /wrapped anew/,
    ],
    [
      "another provider",
      [`UPDATE wardline.tenant_key SET provider = 'other' ${of} AND version = 4`],
      /wrapped anew/,
    ],
    [
      "a count that falls",
      [`UPDATE wardline.tenant_key SET wraps = 0, wrapped = '\\x09' ${of} AND version = 4`],
      /wrapped anew/,
    ],
    [
      "another tenant",
      [`UPDATE wardline.tenant_key SET tenant_id = 'west' ${of} AND version = 4`],
      /does not change/,
    ],
    [
      "another purpose",
      [`UPDATE wardline.tenant_key SET purpose = 'mask' ${of} AND version = 4`],
      /does not change/,
    ],
    [
      "another check value",
      [`UPDATE wardline.tenant_key SET check_value = '\\x${"00".repeat(16)}' ${of} AND version = 4`],
      /does not change/,
    ],
    [
      "another version",
      [`UPDATE wardline.tenant_key SET version = 9 ${of} AND version = 4`],
      /does not change/,
    ],
    [
      "bytes of a destroyed one",
      [`UPDATE wardline.tenant_key SET wrapped = '\\x01', wraps = 2 ${of} AND version = 1`],
      /tenant_key_check/,
    ],
    [
      "a destroyed one with its bytes",
      [`UPDATE wardline.tenant_key SET state = 'destroyed' ${of} AND version = 2`],
      /tenant_key_check/,
    ],
    ["a row that goes", [`DELETE FROM wardline.tenant_key ${of} AND version = 1`], /not forgotten/],
    ["all rows that go", ["TRUNCATE wardline.tenant_key"], /not forgotten/],
    [
      "all rows that go in a replica",
      ["SET LOCAL session_replication_role = replica", "DELETE FROM wardline.tenant_key"],
      /not forgotten/,
    ],
  ] as const)("does not take %s, from its owner either", async (_, statements, message) => {
    await expect(tried(...statements)).rejects.toThrow(message);
  });

  it("takes the next version, a wrapping anew, and each way forward", async () => {
    await tried(
      `UPDATE wardline.tenant_key SET state = 'readable' ${of} AND version = 4`,
      insert("north", "seal", 5, "current"),
      `UPDATE wardline.tenant_key SET wrapped = '\\x09', wraps = wraps + 1 ${of} AND version = 4`,
      `UPDATE wardline.tenant_key SET state = 'retired' ${of} AND version IN (3, 4)`,
      `UPDATE wardline.tenant_key SET state = 'destroyed', wrapped = NULL ${of} AND version < 5`,
    );
  });

  it("destroys the keys of a destroyed tenant with it, but for those of its audit, and takes no other any more", async () => {
    await test.trial(async () => {
      await query("INSERT INTO wardline.tenant_key_state (tenant_id, state) VALUES ('north', 'disabled')");
      await query("UPDATE wardline.tenant_key_state SET state = 'active' WHERE tenant_id = 'north'");
      await query("UPDATE wardline.tenant_key_state SET state = 'destroyed' WHERE tenant_id = 'north'");
      await query("SET CONSTRAINTS ALL IMMEDIATE");
      const { rows } = await query(
        "SELECT purpose, state, wrapped IS NULL AS gone FROM wardline.tenant_key WHERE tenant_id = 'north' AND state <> 'destroyed' OR wrapped IS NOT NULL AND tenant_id = 'north'",
      );
      expect(rows).toEqual([{ purpose: "audit", state: "current", gone: false }]);
      expect(
        (
          await query(
            "SELECT count(*)::int AS n FROM wardline.tenant_key WHERE tenant_id = 'south' AND wrapped IS NOT NULL",
          )
        ).rows,
      ).toEqual([{ n: 4 }]);
    });
    const destroyed =
      "INSERT INTO wardline.tenant_key_state (tenant_id, state) VALUES ('north', 'destroyed')";
    await expect(tried(destroyed, insert("north", "seal", 5, "current"))).rejects.toThrow(/were destroyed/);
    await expect(tried(destroyed, insert("north", "mask", 1, "current"))).rejects.toThrow(/were destroyed/);
    for (const back of [
      "UPDATE wardline.tenant_key_state SET state = 'active'",
      "UPDATE wardline.tenant_key_state SET tenant_id = 'west'",
      "DELETE FROM wardline.tenant_key_state",
    ])
      await expect(tried(destroyed, back), back).rejects.toThrow(/do not come back|not forgotten/);
  });

  vector("V77: says how long keys are held, and forgets no longer time before it is over", async () => {
    const left = async () => {
      const { rows } = await query(
        "SELECT hold_for::text AS hold, EXTRACT(epoch FROM before_until - pg_catalog.clock_timestamp())::float8 AS rest FROM wardline.key_bound",
      );
      return { hold: Number(rows[0]?.["hold"]), rest: Number(rows[0]?.["rest"]) };
    };
    await test.trial(async () => {
      // Somebody may hold a key of these tenants by the bound that there is without a row.
      await setKeyBound(test.session, 5_000);
      const first = await left();
      expect(first.hold).toBe(5_000);
      expect(first.rest).toBeGreaterThan(300);
      await setKeyBound(test.session, 100);
      expect((await left()).rest).toBeGreaterThan(300);
      await query("UPDATE wardline.key_bound SET before_until = pg_catalog.clock_timestamp()");
      await setKeyBound(test.session, 100);
      expect((await left()).rest).toBeLessThanOrEqual(0);
      await setKeyBound(test.session, 200_000);
      await setKeyBound(test.session, 1);
      const last = await left();
      expect(last.hold).toBe(1);
      expect(last.rest).toBeGreaterThan(200);
      for (const wrong of [0, -1, 300_001, 0.5, Number.NaN])
        await expect(setKeyBound(test.session, wrong)).rejects.toThrow(RangeError);
    });
    await expect(
      tried("INSERT INTO wardline.key_bound (hold_for, before_until) VALUES (300001, now())"),
    ).rejects.toThrow(/key_bound_hold_for_check/);
  });

  describe("for the application's role", () => {
    it.each(["tenant_key", "tenant_key_state"])("has no table %s to read or write", async (table) => {
      for (const sql of [
        `SELECT * FROM wardline.${table}`,
        `INSERT INTO wardline.${table} (tenant_id, state) VALUES ('north', 'active')`,
        `UPDATE wardline.${table} SET state = 'destroyed'`,
        `DELETE FROM wardline.${table}`,
      ])
        await expect(tried("SET LOCAL ROLE wardline_app", sql), sql).rejects.toThrow(/permission denied/);
    });

    it("shows no keys without a context", async () => {
      const error = await tried("SET LOCAL ROLE wardline_app", "SELECT wardline.tenant_keys()").catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toMatchObject({ code: "28000" });
    });

    vector(
      "V72: a transaction reads the wrapped keys of its own tenant alone, and none that opens nothing",
      async () => {
        const gate = await openGate(test.session);
        const check = "0f".repeat(16);
        await test.trial(async () => {
          await gate.enter(test.session, claimsFor("north"));
          const { rows } = await query("SELECT wardline.tenant_keys() AS keys");
          expect(JSON.parse(String(rows[0]?.["keys"]))).toEqual({
            tenant: "north",
            state: "active",
            holdFor: 300_000,
            keys: [
              {
                purpose: "audit",
                version: 1,
                state: "current",
                provider: "local",
                writes: true,
                check,
                wrapped: "01",
              },
              {
                purpose: "seal",
                version: 1,
                state: "destroyed",
                provider: "local",
                writes: true,
                check,
                wrapped: null,
              },
              {
                purpose: "seal",
                version: 2,
                state: "retired",
                provider: "local",
                writes: true,
                check,
                wrapped: null,
              },
              {
                purpose: "seal",
                version: 3,
                state: "readable",
                provider: "local",
                writes: true,
                check,
                wrapped: "03",
              },
              {
                purpose: "seal",
                version: 4,
                state: "current",
                provider: "local",
                writes: true,
                check,
                wrapped: "04",
              },
            ],
          });
        });
      },
    );
  });
});
