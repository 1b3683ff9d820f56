/** `wardline keys status` over an embedded database and the local provider. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { localKeys, setTenantKeyState, type Database } from "@wardline/isolation";
import { addVersion, createTenantKeys } from "@wardline/sdk/operator";
import { pglite } from "@wardline/sdk/pglite";
import { expect, test } from "vitest";
import { policy, projectFolder, run } from "./project.ts";

test("the keys of tenants stand there as they are, in the registry and outside, without a byte of one", async () => {
  const folder = projectFolder();
  const file = join(folder, "keys.config.json");
  writeFileSync(file, JSON.stringify({ provider: "local", path: "keys.json" }));
  const status = ["keys", "status", "--database", "data", "--keys", "keys.config.json"];
  const empty = pglite(join(folder, "data"));
  await empty.close();
  expect(await run(folder, ["db", "apply", "--database", "data"])).toMatchObject({ code: 0 });
  expect(await run(folder, status)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^sealed columns: .*\nno tenant has keys here\n$/),
  });
  const keys = localKeys(join(folder, "keys.json"));
  const withDatabase = async (act: (database: Database) => Promise<unknown>): Promise<void> => {
    const database = pglite(join(folder, "data"));
    await act(database);
    await database.close();
  };
  await withDatabase(async (database) => {
    for (const tenant of ["north", "south"]) await createTenantKeys({ database, keys }, tenant);
    await database.turn(async (session) => {
      await session.query("begin", []);
      await addVersion(session, keys, "north", "seal");
      await setTenantKeyState(session, "south", "destroyed");
      await session.query("commit", []);
    });
  });
  await keys.destroy("south", "data");
  const plain = await run(folder, status);
  expect(plain).toMatchObject({ code: 0, err: "" });
  const lines = plain.out.split("\n").slice(1);
  expect(lines).toEqual([
    "north: active; outside: data usable, audit usable",
    "  audit: 1 current",
    "  index: 1 current",
    "  mask: 1 current",
    expect.stringMatching(/^ {2}seal: 1 readable, 2 current \(sealed under from \d{4}-.*Z\)$/),
    "south: destroyed; outside: data destroyed, audit usable",
    "  audit: 1 current",
    "  index: 1 destroyed",
    "  mask: 1 destroyed",
    "  seal: 1 destroyed",
    "",
  ]);
  const json = await run(folder, [...status, "--tenant", "nobody", "--format", "json"]);
  expect(JSON.parse(json.out)).toMatchObject({
    provider: "local",
    tenants: [{ tenant: "nobody", state: "active", purposes: {}, outside: { data: { kind: "missing" } } }],
  });
  const settings = (rotate: string) =>
    writeFileSync(join(folder, "north.ward"), `${policy}\nsettings { keys: { rotate: ${rotate} } }\n`);
  const reseal = ["keys", "reseal", "--database", "data", "--keys", "keys.config.json", "--tenant", "north"];
  settings("1ms");
  const due = await run(folder, status);
  expect(
    due.out.match(/^ {2}\w+ \d is due since \d{4}-.*Z: `wardline keys reseal --due` rotates it$/gm),
  ).toHaveLength(3);
  expect(await run(folder, [...reseal, "--due", "--plan"])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/adds key 2 for audit\n {2}adds key 2 for index\n {2}adds key 3 for seal\n/),
  });
  settings("90d");
  expect((await run(folder, status)).out).not.toContain("due");
  expect(await run(folder, [...reseal, "--due"])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^north: no key is due; the first one is at \d{4}-.*Z\n$/),
  });
  expect(await run(folder, [...reseal, "--due", "--rotate", "seal"])).toMatchObject({ code: 2, out: "" });
  const bytes = /[A-Za-z0-9+/]{43}=|[0-9a-f]{64}/;
  expect(`${plain.out}${json.out}`).not.toMatch(bytes);
});
