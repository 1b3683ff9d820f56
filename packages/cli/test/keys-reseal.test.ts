/** `wardline keys reseal` over an embedded database and the local provider, and over places of a real server. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect, startPostgres } from "@wardline/database-testing";
import { localKeys, operatorSealers, type Database } from "@wardline/isolation";
import { createTenantKeys } from "@wardline/sdk/operator";
import { pglite } from "@wardline/sdk/pglite";
import { expect, test } from "vitest";
import { model, platform, projectFolder, run } from "./project.ts";

const files = {
  "library.ward": model.replace("title: String", "title: String searchable #secret"),
  "platform.ward": `${platform}\nrequire secrets_sealed: encrypt(#secret)\n`,
  "north.ward": "policy north for library\n\npermit desk: librarian to read, list, update Loan\n",
};
const rows = 12;
const idOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

test(
  "seals each tenant anew, says what it waits for and which cell does not open, and goes on",
  { timeout: 300_000 },
  async () => {
    const folder = projectFolder(files);
    writeFileSync(join(folder, "keys.config.json"), JSON.stringify({ provider: "local", path: "keys.json" }));
    const reseal = (...more: readonly string[]) =>
      run(folder, ["keys", "reseal", "--database", "data", "--keys", "keys.config.json", ...more]);
    expect(await run(folder, ["db", "apply", "--database", "data"])).toMatchObject({ code: 0 });
    expect(await reseal()).toMatchObject({ code: 0, out: "no tenant has keys here\n" });
    expect(await reseal("--tenant", "north")).toMatchObject({
      code: 1,
      out: "",
      err: "north: the tenant has no key for seal: make one first (keys/no-keys)\n",
    });
    const keys = localKeys(join(folder, "keys.json"));
    const withDatabase = async <T>(act: (database: Database) => Promise<T>): Promise<T> => {
      const database = pglite(join(folder, "data"));
      try {
        return await act(database);
      } finally {
        await database.close();
      }
    };
    const query = (sql: string) =>
      withDatabase((database) => database.turn(async (session) => (await session.query(sql, [])).rows));
    await withDatabase(async (database) => {
      await createTenantKeys({ database, keys }, "north");
      await database.turn(async (session) => {
        const { cells } = await operatorSealers(session, keys, "north");
        for (let number = 0; number < rows; number += 1)
          await session.query(
            "insert into public.loans (tenant_id, id, borrower_id, title, fee) values ('north', $1, 'ada', decode($2, 'hex'), 1)",
            [
              idOf(number),
              cells.seal({ table: "loans", column: "title", row: idOf(number) }, `canary ${number}`),
            ],
          );
      });
    });

    expect(await reseal("--plan", "--rotate", "seal,index")).toMatchObject({
      code: 0,
      err: "",
      out: `north:
  adds key 2 for seal
  adds key 2 for index
  seals 12 of 12 rows of loans under seal 2, index 2
  retires seal 1, index 1
`,
    });
    expect(await reseal()).toMatchObject({
      code: 0,
      err: "",
      out: "north: done\n  seal 1, index 1; 12 rows sealed anew\n",
    });
    await query(
      `update public.loans set title = set_byte(title, 90, get_byte(title, 90) # 1), title_bidx = null where id = '${idOf(3)}'`,
    );
    const broken = await reseal("--format", "json");
    expect(broken).toMatchObject({ code: 1, err: "" });
    expect(JSON.parse(broken.out)).toMatchObject({
      step: "reseal",
      tenants: [
        {
          tenant: "north",
          outcome: "unfinished",
          tables: [
            { left: 1, faults: [{ table: "loans", column: "title", row: idOf(3), code: "not_authentic" }] },
          ],
          retired: { seal: [], index: [] },
        },
      ],
    });
    expect((await reseal()).out).toBe(`north: unfinished
  seal 1, index 1; 0 rows sealed anew
  1 row left, nothing retired:
    loans.title, row ${idOf(3)}: not_authentic
    write these anew, or bring them back from a backup; then run it again
`);
    await query(`delete from public.loans where id = '${idOf(3)}'`);
    // What was left off is brought to its end before a key is added.
    expect(await reseal("--rotate", "seal")).toMatchObject({
      code: 0,
      out: expect.stringContaining("north: done\n"),
    });
    const waiting = await reseal("--rotate", "seal,index", "--no-wait", "--destroy-retired");
    expect(waiting.code).toBe(1);
    expect(waiting.err).toBe("north: key 2 for seal\nnorth: key 2 for index\n");
    expect(waiting.out).toMatch(
      /^north: waiting\n {2}seal 2, index 2; 0 rows sealed anew\n {2}not at its end: run it again from \d{4}-/,
    );
    const status = await run(folder, ["keys", "status", "--database", "data", "--keys", "keys.config.json"]);
    expect(status.out).toMatch(/^ {2}reseal of public not at its end; it moved at \d{4}-.*Z$/m);
    expect(await reseal("--plan")).toMatchObject({
      code: 0,
      out: expect.stringContaining("goes on with what was left off"),
    });
    expect(JSON.stringify([broken, waiting])).not.toContain("canary");
  },
);

test.each([
  ["no place", [], "say either --database or --places"],
  ["two places", ["--database", "data", "--places", "places.json"], "say either --database or --places"],
  ["no provider", ["--database", "data"], "say --keys FILE"],
  [
    "a purpose that there is not",
    ["--database", "data", "--rotate", "seal,cells"],
    "seal, index, mask, audit",
  ],
] as const)("%s exits 2 and says what is wrong", async (_, words, says) => {
  const ran = await run(projectFolder(files), ["keys", "reseal", ...words]);
  expect(ran).toMatchObject({ code: 2, out: "" });
  expect(ran.err).toContain(says);
});

test(
  "finds each tenant at its place, and what stops one does not stop the others",
  { timeout: 300_000 },
  async () => {
    const server = await startPostgres();
    try {
      const admin = await connect(server);
      for (const name of ["catalogue", "here"]) await admin.exec(`CREATE DATABASE ${name}`);
      await admin.close();
      const url = (name: string) =>
        `postgres://${server.user}:${server.password}@${server.host}:${server.port}/${name}`;
      const folder = projectFolder({
        ...files,
        "south.ward": files["north.ward"].replace("north", "south"),
        "wardline.config.json": JSON.stringify({
          model: "library.ward",
          platform: ["platform.ward"],
          tenants: { north: "north.ward", south: "south.ward" },
        }),
      });
      writeFileSync(
        join(folder, "keys.config.json"),
        JSON.stringify({ provider: "local", path: "keys.json" }),
      );
      const places = {
        catalogue: url("catalogue"),
        cells: { here: { region: "eu", at: url("here") } },
        operator: "olga",
      };
      writeFileSync(join(folder, "places.json"), JSON.stringify({ ...places, keys: "keys.config.json" }));
      const at = ["--places", "places.json"];
      for (const [tenant, tier] of [
        ["north", "schema"],
        ["south", "pool"],
      ] as const)
        expect(
          await run(folder, ["tenant", "create", tenant, "--to", tier, "--cell", "here", ...at]),
        ).toMatchObject({ code: 0 });
      const here = await connect({ ...server, database: "here" });
      await here.exec(
        "insert into wardline.tenant_key_state (tenant_id, state) values ('north', 'disabled')",
      );
      const both = await run(folder, ["keys", "reseal", ...at]);
      expect(both).toMatchObject({
        code: 1,
        err: "north: the keys of the tenant are disabled (keys/disabled)\n",
        out: "south: done\n  seal 1, index 1; 0 rows sealed anew\n",
      });
      await here.exec("update wardline.tenant_key_state set state = 'active' where tenant_id = 'north'");
      expect(
        await run(folder, ["keys", "reseal", ...at, "--rotate", "seal", "--no-wait", "--tenant", "north"]),
      ).toMatchObject({
        code: 1,
        err: "north: key 2 for seal\n",
      });
      // Policies that seal another column than the tables do.
      writeFileSync(
        join(folder, "library.ward"),
        files["library.ward"].replace("  title: String", "  extra: String\n  title: String"),
      );
      expect(await run(folder, ["keys", "reseal", ...at, "--tenant", "south", "--plan"])).toMatchObject({
        code: 1,
        out: "",
        err: expect.stringMatching(/^south: .*\(database\/mismatch\)\n {2}help: `wardline db plan`/),
      });
      writeFileSync(join(folder, "library.ward"), files["library.ward"]);
      expect(
        (await here.query("select entry from wardline.audit where entry like '%keys.rotate%'")).rows,
      ).toEqual([{ entry: expect.stringContaining('"id":"olga"') }]);
      await here.close();
    } finally {
      await server.stop();
    }
  },
);
