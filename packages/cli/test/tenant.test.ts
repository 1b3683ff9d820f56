/** `wardline tenant` on a real server: catalogue and cells in one, as a project's operator has them. */
import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect, startPostgres, startVault, type PostgresServer } from "@wardline/database-testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { policy, projectFolder, run } from "./project.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
  const admin = await connect(server);
  for (const name of ["catalogue", "here", "there", "keyed"]) await admin.exec(`CREATE DATABASE ${name}`);
  await admin.close();
});
afterAll(() => server.stop());

const url = (database: string) =>
  `postgres://${server.user}:${server.password}@${server.host}:${server.port}/${database}`;

function folderWithPlaces(change: object = {}): string {
  const folder = projectFolder();
  const places = {
    catalogue: url("catalogue"),
    cells: {
      here: { region: "eu", at: url("here") },
      there: { region: "us", at: "env:WARDLINE_TEST_THERE" },
    },
    operator: "olga",
    ...change,
  };
  process.env["WARDLINE_TEST_THERE"] = url("there");
  writeFileSync(join(folder, "places.json"), JSON.stringify(places));
  return folder;
}

test("places a tenant, moves it, and brings it back from a signed archive", async () => {
  const folder = folderWithPlaces({ contextKey: "context-key.json" });
  expect(await run(folder, ["keys", "context", "context-key.json"])).toMatchObject({ code: 0 });
  const tenant = (...words: string[]) => run(folder, ["tenant", ...words, "--places", "places.json"]);
  const to = (tier: string, cell: string) => ["--to", tier, "--cell", cell];

  const plan = await tenant("create", "north", ...to("pool", "here"), "--plan");
  expect(plan).toMatchObject({ code: 0, err: "" });
  expect(plan.out).toContain("to pool in here, schema public");
  expect((await tenant("list")).out).toBe("the catalogue places no tenant\n");

  const created = await tenant("create", "north", ...to("pool", "here"));
  expect(created).toMatchObject({ code: 0 });
  expect(created.err).toBe("1/3 make tables\n2/3 open the place\n3/3 enter the catalogue\n");
  const here = await connect({ ...server, database: "here" });
  const id = "00000000-0000-4000-8000-000000000001";
  await here.query(
    "INSERT INTO public.loans (tenant_id, id, borrower_id, title, fee) VALUES ('north', $1, 'ada', 'saga', 1)",
    [id],
  );

  const moved = await tenant("move", "north", ...to("database", "there"));
  expect(moved).toMatchObject({ code: 0 });
  expect(moved.out).toMatch(
    /^north: move done\n {2}operation [0-9a-f-]{36}\n {2}receipt sha256:[0-9a-f]{64}\n$/,
  );
  expect((await here.query("SELECT FROM public.loans")).rows).toEqual([]);
  expect((await tenant("list")).out).toMatch(
    /^north: database in there, database wd_[0-9a-f]{40}, schema public \(us\), active, epoch 2, version 0\n$/,
  );

  const [, own] = /(wd_[0-9a-f]{40})/.exec(moved.out + (await tenant("list")).out) ?? [];
  const theirs = await connect({ ...server, database: own as string });
  expect((await theirs.query("SELECT count(*) FROM wardline.context_key")).rows).toEqual([{ count: "1" }]);
  await theirs.close();

  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  writeFileSync(join(folder, "key.pem"), privateKey.export({ type: "pkcs8", format: "pem" }));
  writeFileSync(join(folder, "trust.pem"), publicKey.export({ type: "spki", format: "pem" }));
  const other = generateKeyPairSync("ed25519").publicKey;
  writeFileSync(join(folder, "other.pem"), other.export({ type: "spki", format: "pem" }));
  const exported = await tenant("export", "north", "--out", "archive", "--sign", "key.pem");
  expect(exported.out).toMatch(/^1 rows of 1 tables, as of /);
  await tenant("move", "north", ...to("pool", "here"));
  await here.query("UPDATE public.loans SET title = 'spoilt'");
  const rehearsed = await tenant(
    "restore",
    "north",
    "--from",
    "archive",
    "--trust",
    "trust.pem",
    "--rehearse",
  );
  expect(rehearsed).toMatchObject({
    code: 0,
    out: "loans: 1 rows, 1 in the archive, not the same\nnothing was changed: it was a rehearsal\n",
  });
  const distrusted = await tenant("restore", "north", "--from", "archive", "--trust", "other.pem");
  expect(distrusted).toMatchObject({ code: 6, out: "" });
  expect(distrusted.err).toContain("error[archive/bad-signature]");
  expect(await tenant("restore", "north", "--from", "archive", "--trust", "trust.pem")).toMatchObject({
    code: 0,
  });
  expect((await here.query("SELECT title FROM public.loans")).rows).toEqual([{ title: "saga" }]);
  await here.close();

  const json = JSON.parse((await tenant("list", "--format", "json")).out) as object;
  expect(json).toMatchObject({
    tenants: [{ tenant: "north", tier: "pool", cell: "here", epoch: 3 }],
    running: [],
  });
});

test.each([
  ["a tier without a cell", ["move", "north", "--to", "pool"], "where to?"],
  [
    "a tenant that is placed nowhere",
    ["move", "south", "--to", "pool", "--cell", "here"],
    "placement/no-policy",
  ],
  [
    "a cell that nobody knows",
    ["create", "north", "--to", "pool", "--cell", "moon"],
    "placement/unknown-cell",
  ],
  ["nothing to go on with", ["move", "north", "--resume"], "placement/no-operation"],
  ["an archive that is not there", ["restore", "north", "--from", "nothing"], "archive/unreadable"],
  ["no archive", ["restore", "north"], "--from FOLDER"],
  ["a key that is none", ["export", "north", "--out", "x", "--sign", "places.json"], "--sign"],
] as const)("%s exits 2 and says what is wrong", async (_, words, says) => {
  const ran = await run(folderWithPlaces(), ["tenant", ...words, "--places", "places.json"]);
  expect(ran).toMatchObject({ code: 2, out: "" });
  expect(ran.err).toContain(says);
});

test("residency and isolation of the policy say where a tenant may live, and which one a later policy wants elsewhere", async () => {
  const folder = folderWithPlaces();
  const tenant = (...words: string[]) => run(folder, ["tenant", ...words, "--places", "places.json"]);
  const says = (settings: string) =>
    writeFileSync(
      join(folder, "north.ward"),
      settings === "" ? policy : `${policy}\nsettings { ${settings} }\n`,
    );
  const at = async () => (await tenant("list")).out.replace(/: (\w+) in (\w+),[^]*/, " $1 $2");
  const known = (await tenant("list")).out;
  const verb = known.includes("north:") ? "move" : "create";
  says("residency: eu");
  const abroad = await tenant(verb, "north", "--to", "schema", "--cell", "there");
  expect(abroad).toMatchObject({
    code: 2,
    out: "",
    err: expect.stringContaining("error[placement/residency]"),
  });
  says("isolation: schema");
  const pooled = await tenant(verb, "north", "--to", "pool", "--cell", "there");
  expect(pooled).toMatchObject({
    code: 2,
    out: "",
    err: expect.stringContaining("error[placement/isolation]"),
  });
  says("");
  expect((await tenant("list")).out).toBe(known);
  expect(await tenant(verb, "north", "--to", "pool", "--cell", "there")).toMatchObject({ code: 0 });
  expect(await at()).toBe("north pool there");
  says("residency: eu isolation: database");
  const misplaced = await tenant("list");
  expect(misplaced.code).toBe(1);
  expect(misplaced.out).toContain("the cell there is in us (placement/residency): move it\n");
  expect(await tenant("move", "north", "--to", "schema", "--cell", "here")).toMatchObject({ code: 2 });
  expect(await tenant("move", "north", "--to", "database", "--cell", "here")).toMatchObject({ code: 0 });
  expect(await at()).toBe("north database here");
  expect((await tenant("list")).code).toBe(0);
});

test.each([
  ["an unknown key", { cellar: {} }, "unknown key `cellar`"],
  ["a cell without a region", { cells: { here: { at: "x" } } }, "cells.here.region"],
  ["a variable that is not set", { catalogue: "env:WARDLINE_TEST_NOWHERE" }, "WARDLINE_TEST_NOWHERE"],
  [
    "a region that is another one than before",
    { cells: { here: { region: "us", at: "x" } } },
    "placement/exists",
  ],
  ["a server that is not there", { catalogue: "postgres://a:b@127.0.0.1:1/c" }, "ECONNREFUSED"],
])("a file of places with %s is refused", async (_, change, says) => {
  const ran = await run(folderWithPlaces(change), ["tenant", "list", "--places", "places.json"]);
  expect(ran).toMatchObject({ code: 2, out: "" });
  expect(ran.err).toContain(says);
  expect(ran.err).not.toContain(server.password);
});

test("a tenant that is placed gets keys of the provider that is named, or is told why not", async () => {
  const folder = folderWithPlaces({
    catalogue: url("keyed"),
    cells: { only: { region: "eu", at: url("keyed") } },
    contextKey: "context-key.json",
    keys: "keys.json",
  });
  await run(folder, ["keys", "context", "context-key.json"]);
  const create = (tenant: string, ...words: string[]) => {
    const at = ["--to", "pool", "--cell", "only", "--places", "places.json"];
    return run(folder, ["tenant", "create", tenant, ...at, ...words]);
  };
  expect(await create("north")).toMatchObject({
    code: 2,
    err: expect.stringContaining("keys.json cannot be read"),
  });
  const vault = await startVault();
  const entry = {
    provider: "vault-transit",
    address: vault.url,
    token: "env:WARDLINE_TEST_TOKEN",
    attempts: 1,
  };
  process.env["WARDLINE_TEST_TOKEN"] = "s.operator";
  writeFileSync(join(folder, "keys.json"), JSON.stringify(entry));
  const refused = await create("north");
  expect(refused).toMatchObject({
    code: 2,
    err: expect.stringContaining("error[keys/refused]: vault-transit"),
  });
  expect(refused.err).not.toContain("s.operator");
  vault.tokens.set("s.operator", undefined);
  // What was begun was taken back.
  expect(await create("north")).toMatchObject({ code: 0 });
  expect([...vault.store.keys.keys()].toSorted()).toEqual(["wardline-north-audit", "wardline-north-data"]);
  const keyed = await connect({ ...server, database: "keyed" });
  const { rows } = await keyed.query("SELECT DISTINCT provider, state FROM wardline.tenant_key");
  expect(rows).toEqual([{ provider: "vault-transit", state: "current" }]);
  await keyed.close();
  await vault.stop();
});
