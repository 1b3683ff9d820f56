import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createContextGate, databaseDdl, securityDdl } from "../src/index.ts";
import type { SqlSession } from "../src/contracts.ts";
import { openTestDatabase, type TestDatabase } from "./database-session.ts";
import { library, librarySealed } from "./schema-library.ts";
import { claimsFor } from "./context-claims.ts";

const gate = createContextGate();
let database: TestDatabase;
const query = (sql: string) => database.session.query(sql, []);

beforeAll(async () => {
  database = await openTestDatabase();
  const stored = { model: library, sealed: librarySealed };
  await database.run([
    ...databaseDdl(stored, { schema: "lending" }),
    ...securityDdl(stored, { schema: "lending" }),
  ]);
});
afterAll(() => database.close());

const refused = { name: "IsolationViolation", code: "handle/no-context" };

describe("the context gate", () => {
  it("takes on the role and the tenant for one transaction", async () => {
    await database.trial(async () => {
      await gate.enter(database.session, claimsFor("north"));
      const { rows } = await query("select current_user::text as role, wardline.current_tenant() as tenant");
      expect(rows).toEqual([{ role: "wardline_app", tenant: "north" }]);
    });
    expect((await query("select current_user::text as role")).rows).toEqual([{ role: "postgres" }]);
  });

  it("carries any tenant id as a value", async () => {
    for (const tenant of ["'; reset role; --", "no\\rth", "ñorð", "1", " "]) {
      await database.trial(async () => {
        await gate.enter(database.session, claimsFor(tenant));
        expect((await query("select wardline.current_tenant() as tenant")).rows).toEqual([{ tenant }]);
      });
    }
  });

  it("refuses an empty tenant and one that the setting could not hold", async () => {
    for (const tenant of ["", "no\0rth", "\ud800"]) {
      await expect(
        database.trial(() => gate.enter(database.session, claimsFor(tenant))),
      ).rejects.toMatchObject(refused);
    }
  });

  it("refuses to enter outside a transaction, where the role would not hold", async () => {
    await expect(gate.enter(database.session, claimsFor("north"))).rejects.toMatchObject(refused);
  });

  it("enters once a transaction: a second tenant is refused (32, 104)", async () => {
    await database.trial(async () => {
      await gate.enter(database.session, claimsFor("north"));
      await expect(gate.enter(database.session, claimsFor("south"))).rejects.toThrow();
    });
  });

  it("refuses a session whose setting does not read back, or whose role stayed (48)", async () => {
    const skipping = (skipped: string): SqlSession => ({
      query: (sql, parameters) =>
        sql.includes(skipped)
          ? Promise.resolve({ rows: [], affected: 0 })
          : database.session.query(sql, parameters),
    });
    for (const skipped of ["set_config", "SET LOCAL ROLE", "current_user"]) {
      await expect(
        database.trial(() => gate.enter(skipping(skipped), claimsFor("north"))),
        skipped,
      ).rejects.toMatchObject(refused);
    }
  });

  it("refuses another tenant or another role than it asked for", async () => {
    const bending = (from: string, to: string, parameter?: string): SqlSession => ({
      query: (sql, parameters) =>
        database.session.query(
          sql.replace(from, to),
          parameters.length > 0 && parameter !== undefined ? [parameter] : parameters,
        ),
    });
    await database.trial(async () => {
      await expect(gate.enter(bending("", "", "south"), claimsFor("north"))).rejects.toMatchObject(refused);
    });
    await database.trial(async () => {
      await query("create role stranger");
      await query("grant usage on schema wardline to stranger");
      await query("grant execute on function wardline.current_tenant() to stranger");
      await expect(gate.enter(bending("wardline_app", "stranger"), claimsFor("north"))).rejects.toMatchObject(
        refused,
      );
    });
  });

  it("refuses a role that row-level security does not bind", async () => {
    await query("alter role wardline_app bypassrls");
    await expect(
      database.trial(() => gate.enter(database.session, claimsFor("north"))),
    ).rejects.toMatchObject(refused);
    await query("alter role wardline_app nobypassrls");
  });

  it("shows why nothing but guarded statements may follow: the session itself can still change the setting (36, 37)", async () => {
    await database.trial(async () => {
      await gate.enter(database.session, claimsFor("north"));
      await query("set local wardline.tenant = 'south'");
      expect((await query("select wardline.current_tenant() as tenant")).rows).toEqual([{ tenant: "south" }]);
      await query("reset role");
      expect((await query("select current_user::text as role")).rows).toEqual([{ role: "postgres" }]);
    });
  });
});
