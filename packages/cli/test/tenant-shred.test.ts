/** `wardline tenant shred` and what goes with it, on a real server with local keys. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect, startPostgres, type PostgresServer } from "@wardline/database-testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run, writeProject } from "./project.ts";

let server: PostgresServer;
let folder: string;
beforeAll(async () => {
  server = await startPostgres();
  const admin = await connect(server);
  await admin.exec("CREATE DATABASE shredded");
  await admin.close();
  folder = writeProject({});
  const at = `postgres://${server.user}:${server.password}@${server.host}:${server.port}/shredded`;
  writeFileSync(join(folder, "keys.json"), JSON.stringify({ provider: "local", path: "wrapping.json" }));
  writeFileSync(
    join(folder, "places.json"),
    JSON.stringify({
      catalogue: at,
      cells: { only: { region: "eu", at } },
      operator: "olga",
      keys: "keys.json",
    }),
  );
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const tenant = (...words: string[]) => run(folder, ["tenant", ...words, "--places", "places.json"]);
const yes = ["--yes", "north", "--sign", "receipts.key", "--out", "north.receipt"];

test("V77: is planned, held, refused without its name, done, and checked with a public key alone", async () => {
  expect(await tenant("list")).toMatchObject({ code: 0, out: "the catalogue places no tenant\n" });
  expect(await tenant("create", "north", "--to", "pool", "--cell", "only")).toMatchObject({ code: 0 });
  expect(await tenant("shred", "north", ...yes)).toMatchObject({
    code: 2,
    err: expect.stringMatching(
      /receipts\.key cannot be read: there is no such file .*\n.*`wardline keys audit /,
    ),
  });
  const key = await run(folder, ["keys", "audit", "receipts.key", "--name", "receipts.example.com"]);
  const other = await run(folder, ["keys", "audit", "other.key", "--name", "receipts.example.com"]);
  const admin = await connect({ ...server, database: "shredded" });
  await admin.query(
    "INSERT INTO wardline.key_bound (hold_for, before_until) VALUES (300, pg_catalog.clock_timestamp())",
  );

  const plan = await tenant("shred", "north", "--plan");
  expect(plan).toMatchObject({ code: 0, err: "" });
  for (const words of [
    "keys of local, data usable, audit usable",
    "seal 1, current, in only",
    "only, schemas public, where it lives",
    "3. destroy",
    "the audit log keeps its key",
    "      loans.title\n",
  ])
    expect(plan.out).toContain(words);
  // It lived nowhere else.
  expect(plan.out).not.toContain("at these places the tenant lived");
  expect(JSON.parse((await tenant("shred", "north", "--plan", "--format", "json")).out)).toMatchObject({
    state: "planned",
    provider: "local",
    holds: [],
  });

  for (const [words, says] of [
    [[], "--yes north"],
    [["--yes", "south"], "another tenant"],
    [["--yes", "north"], "--sign FILE"],
    [["--yes", "north", "--sign", "places.json"], "keys/"],
    [["--yes", "north", "--sign", "receipts.key", "--out", "places.json"], "is there already"],
  ] as const) {
    const refused = await tenant("shred", "north", ...words);
    expect(refused).toMatchObject({ code: 2, out: "" });
    expect(refused.err).toContain(says);
  }

  const held = await tenant("hold", "north", "--reason", "case 7");
  expect(held).toMatchObject({ code: 0 });
  expect((await tenant("shred", "north", "--plan")).out).toContain("a legal hold stands in its way");
  const refused = await tenant("shred", "north", ...yes);
  expect(refused).toMatchObject({ code: 2, out: "" });
  expect(refused.err).toContain("error[shred/held]");
  expect(await tenant("release", "north")).toMatchObject({
    code: 0,
    out: held.out.replace("held", "released"),
  });
  expect((await tenant("release", "north")).err).toContain("error[shred/no-hold]");
  const states = "SELECT state FROM wardline.tenant_key_state WHERE tenant_id = 'north'";
  expect((await admin.query(states)).rows).toEqual([]);

  const waiting = await tenant("shred", "north", "--no-wait", ...yes);
  expect(waiting).toMatchObject({ code: 1 });
  expect(waiting.out).toMatch(
    /^north: not shredded yet; processes may hold its keys until \d{4}-.*: run it again then\n$/,
  );
  expect(existsSync(join(folder, "north.receipt"))).toBe(false);
  expect((await admin.query(states)).rows).toEqual([{ state: "disabled" }]);
  expect(await tenant("shred", "north", "--cancel")).toMatchObject({
    code: 0,
    out: "north: the shredding was taken back\n",
  });
  expect((await admin.query(states)).rows).toEqual([{ state: "active" }]);
  expect((await tenant("shred", "north", "--cancel")).err).toContain("error[placement/no-operation]");
  expect(await tenant("shred", "north", "--no-wait", ...yes)).toMatchObject({ code: 1 });
  const otherwise = await tenant("shred", "north", "--audit-too", ...yes);
  expect(otherwise.err).toContain("error[shred/begun-otherwise]");

  const done = await tenant("shred", "north", ...yes);
  expect(done).toMatchObject({ code: 0 });
  expect(done.err).toContain("3/4 destroy\n4/4 clear\n");
  expect(done.out).toMatch(
    /^north: shredded\n {2}operation [0-9a-f-]{36}\n {2}receipt sha256:[0-9a-f]{64} in north.receipt\n$/,
  );
  expect((await admin.query(states)).rows).toEqual([{ state: "destroyed" }]);
  expect((await tenant("list")).out).toMatch(
    /^north: destroyed for good, since 20\S+Z \(.+\); it is placed/m,
  );
  const again = await tenant("shred", "north", "--yes", "north", "--sign", "receipts.key");
  expect(again).toMatchObject({ code: 0, out: readFileSync(join(folder, "north.receipt"), "utf8") });

  const check = (by: string, file = "north.receipt") => run(folder, ["tenant", "receipt", file, "--key", by]);
  const checked = await check(key.out.trim());
  expect(checked).toMatchObject({ code: 0, err: "" });
  expect(checked.out).toContain("north: shredded by olga");
  expect(checked.out).toContain("data: destroyed, as local confirmed at");
  expect(await check(other.out.trim())).toMatchObject({ code: 6, out: "" });
  writeFileSync(join(folder, "forged.receipt"), again.out.replace('"kept"', '"destroyed"'));
  expect(await check(key.out.trim(), "forged.receipt")).toMatchObject({ code: 6, out: "" });
  expect(await check(key.out.trim(), "nothing")).toMatchObject({ code: 2, out: "" });
  for (const back of [
    ["move", "north", "--to", "schema", "--cell", "only"],
    ["create", "north", "--to", "pool", "--cell", "only"],
  ])
    expect((await tenant(...back)).err).toContain("error[placement/tombstone]");
  expect((await tenant("shred", "nobody", "--yes", "nobody", "--sign", "receipts.key")).err).toContain(
    "error[placement/unknown-tenant]",
  );
  await admin.close();
});
