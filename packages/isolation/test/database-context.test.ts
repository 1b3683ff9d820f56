import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databaseDdl, securityDdl } from "../src/index.ts";
import type { ContextGate, SqlSession } from "../src/contracts.ts";
import { openTestDatabase, type TestDatabase } from "./database-session.ts";
import { library, librarySealed } from "./schema-library.ts";
import { claimsFor, openGate } from "./context-gate.ts";

let gate: ContextGate;
let database: TestDatabase;
const query = (sql: string) => database.session.query(sql, []);

beforeAll(async () => {
  database = await openTestDatabase();
  const stored = { model: library, sealed: librarySealed };
  const options = { schema: "lending", limits: null };
  await database.run([...databaseDdl(stored, options), ...securityDdl(stored, options)]);
  gate = await openGate(database.session);
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
    for (const tenant of ["'; reset role; --", "no\\rth", "ñorð", "1", " ", "a\nb", "🎏".repeat(256)]) {
      await database.trial(async () => {
        await gate.enter(database.session, claimsFor(tenant));
        expect((await query("select wardline.current_tenant() as tenant")).rows).toEqual([{ tenant }]);
        expect((await query("select wardline.claims() ->> 'tenant' as tenant")).rows).toEqual([{ tenant }]);
      });
    }
  });

  it("takes the shortest names that there are", async () => {
    const claims = { ...claimsFor("a"), principal: { type: "U", id: "1" }, intent: "x" };
    await database.trial(async () => {
      await gate.enter(database.session, claims);
      expect((await query("select wardline.claims() -> 'principal' as principal")).rows).toEqual([
        { principal: claims.principal },
      ]);
    });
  });

  it("refuses an empty tenant, one that is no text and one that is too long", async () => {
    for (const tenant of ["", "no\0rth", "\ud800", "a".repeat(1025)]) {
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
      await expect(gate.enter(database.session, claimsFor("south"))).rejects.toMatchObject({
        code: "context/refused",
      });
    });
  });

  it("refuses a session whose context does not read back, or whose role stayed (48)", async () => {
    const skipping = (skipped: string): SqlSession => ({
      query: (sql, parameters) =>
        sql.includes(skipped)
          ? Promise.resolve({ rows: [], affected: 0 })
          : database.session.query(sql, parameters),
    });
    for (const skipped of ["enter", "SET LOCAL ROLE", "current_user"]) {
      await expect(
        database.trial(() => gate.enter(skipping(skipped), claimsFor("north"))),
        skipped,
      ).rejects.toMatchObject(refused);
    }
  });

  it("refuses another tenant or another role than it asked for", async () => {
    const other = await openGate(database.session);
    await database.trial(async () => {
      const [, enter] = other.statements(claimsFor("south"));
      const bent: SqlSession = {
        query: (sql, parameters) =>
          database.session.query(sql, parameters.length > 0 ? (enter?.parameters ?? []) : parameters),
      };
      await expect(other.enter(bent, claimsFor("north"))).rejects.toMatchObject(refused);
    });
    await database.trial(async () => {
      await query("create role stranger");
      await query("grant usage on schema wardline to stranger");
      await query("grant execute on all functions in schema wardline to stranger");
      const bent: SqlSession = {
        query: (sql, parameters) =>
          database.session.query(sql.replace("wardline_app", "stranger"), parameters),
      };
      await expect(other.enter(bent, claimsFor("north"))).rejects.toMatchObject(refused);
    });
    gate = other;
  });

  it("refuses a role that row-level security does not bind", async () => {
    await query("alter role wardline_app bypassrls");
    await expect(
      database.trial(() => gate.enter(database.session, claimsFor("north"))),
    ).rejects.toMatchObject(refused);
    await query("alter role wardline_app nobypassrls");
  });
});
