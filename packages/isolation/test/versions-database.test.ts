import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { databaseDdl, databaseVersions, securityDdl, versionsDdl, type Database } from "../src/index.ts";
import { openTestDatabase, type TestDatabase } from "./database-session.ts";
import { library, librarySealed } from "./schema-library.ts";

let test: TestDatabase;
const query = (sql: string) => test.session.query(sql, []);
const database = (): Database => ({
  schema: "lending",
  turn: (run) => run(test.session),
  kind: "embedded",
  batch: () => Promise.reject(new Error("not asked here")),
  close: () => Promise.resolve(),
});
const at = (version: number, sha256 = "a") => ({ version, sha256 });

beforeAll(async () => {
  test = await openTestDatabase();
  const stored = { model: library, sealed: librarySealed };
  const options = { schema: "lending" };
  const statements = [...databaseDdl(stored, options), ...securityDdl(stored, options), ...versionsDdl()];
  await test.run(statements);
  await test.run(versionsDdl());
});
afterAll(() => test.close());

describe("the versions that were seen", () => {
  beforeEach(async () => {
    expect(
      await databaseVersions(database()).raise(
        new Map([
          ["root", at(3)],
          ["bundle:north", at(7)],
        ]),
      ),
    ).toBe(true);
  });

  it("are read as they were kept, exact to the largest number that JSON carries", async () => {
    const store = databaseVersions(database());
    await store.raise(new Map([["timestamp@x", at(2 ** 53 - 1, "b")]]));
    expect(await store.read()).toEqual(
      new Map([
        ["bundle:north", at(7)],
        ["root", at(3)],
        ["timestamp@x", at(2 ** 53 - 1, "b")],
      ]),
    );
  });

  it("are raised all together or not at all", async () => {
    const store = databaseVersions(database());
    expect(
      await store.raise(
        new Map([
          ["root", at(4)],
          ["bundle:north", at(6)],
        ]),
      ),
    ).toBe(false);
    expect(
      await store.raise(
        new Map([
          ["root", at(4)],
          ["bundle:north", at(7, "b")],
        ]),
      ),
    ).toBe(false);
    expect((await store.read()).get("root")).toEqual(at(3));
    expect(
      await store.raise(
        new Map([
          ["root", at(3)],
          ["bundle:north", at(7)],
        ]),
      ),
    ).toBe(true);
    expect(await store.raise(new Map())).toBe(true);
  });

  it.each([
    "UPDATE wardline.seen_version SET version = 2 WHERE name = 'root'",
    "UPDATE wardline.seen_version SET sha256 = 'b' WHERE name = 'root'",
    "UPDATE wardline.seen_version SET name = 'other' WHERE name = 'root'",
    "DELETE FROM wardline.seen_version",
    "TRUNCATE wardline.seen_version",
    "SET LOCAL session_replication_role = replica; DELETE FROM wardline.seen_version",
  ])("are lowered and forgotten by no statement of their owner: %s", async (sql) => {
    await expect(
      test.trial(async () => {
        for (const part of sql.split("; ")) await query(part);
      }),
    ).rejects.toThrow(/seen/);
  });

  it("are nothing that the application's role can see or change", async () => {
    for (const sql of [
      "SELECT * FROM wardline.seen_version",
      "INSERT INTO wardline.seen_version VALUES ('x', 1, 'a')",
    ])
      await expect(
        test.trial(async () => {
          await query("SET LOCAL ROLE wardline_app");
          await query(sql);
        }),
      ).rejects.toThrow(/permission denied/);
  });
});
