/** Publishing into the table of a real Postgres, and into a bucket of NATS, from where applications take it. */
import {
  connect,
  natsMissing,
  startNats,
  startPostgres,
  type PostgresServer,
} from "@wardline/database-testing";
import { openRepository } from "@wardline/backends";
import { connectNats, natsSource } from "@wardline/sdk/nats";
import { postgresSource } from "@wardline/sdk/postgres";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { policy, projectFolder, run } from "./project.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

test("a repository in a database is published into, refreshed and rolled back, and read by the application's role", async () => {
  const folder = projectFolder();
  const wardline = (...args: readonly string[]) => run(folder, args);
  const { host, port, user, password, database } = server;
  const address = `postgres://${user}:${password}@${host}:${port}/${database}`;
  vi.stubEnv("REPOSITORY", address);
  const name = `postgres://${host}:${port}/${database}`;
  await wardline("keys", "init", "keys");
  const publish = () => wardline("publish", "--to", "env:REPOSITORY", "--keys", "keys");

  expect(await publish()).toMatchObject({
    code: 2,
    err: expect.stringContaining("wardline db apply") as string,
  });
  expect((await wardline("keys", "context", "context-key.json")).code).toBe(0);
  const applied = await wardline(
    "db",
    "apply",
    "--database",
    "env:REPOSITORY",
    "--context-key",
    "context-key.json",
  );
  expect(applied).toMatchObject({ code: 0 });
  expect(await wardline("refresh", address, "--keys", "keys")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/there is no repository in postgres:\/\/127/) as string,
  });

  expect(await publish()).toEqual({ code: 0, out: `north: revision 1 in ${name}\n`, err: "" });
  expect(await publish()).toMatchObject({ code: 0, out: `north: revision 2 in ${name}\n` });
  expect(await wardline("refresh", address, "--keys", "keys")).toEqual({
    code: 0,
    out: `${name}: timestamp 3\n`,
    err: "",
  });
  expect(
    await wardline("rollback", address, "--tenant", "north", "--to", "1", "--keys", "keys"),
  ).toMatchObject({
    code: 0,
    out: "north: revision 3, with the content of revision 1\n",
  });

  const superuser = await connect(server);
  await superuser.exec("ALTER ROLE wardline_app PASSWORD 'app'");
  await superuser.close();
  const read = async () => {
    const opened = await openRepository({
      source: postgresSource({ host, port, database, user: "wardline_app", password: "app" }),
      root: new Uint8Array(readFileSync(join(folder, "keys/metadata/1.root.json"))),
      seen: new Map(),
      now: Math.floor(Date.now() / 1000),
    });
    if ("error" in opened) throw new Error(opened.error.message);
    return opened.bundles.get("north")?.revision;
  };
  expect(await read()).toBe(3);

  // The application's login publishes nothing; nor does a policy with an error, or an address with a slip in it.
  const asApplication = `postgres://wardline_app:app@${host}:${port}/${database}`;
  const refused = await wardline("publish", "--to", asApplication, "--keys", "keys");
  expect(refused).toMatchObject({ code: 2 });
  expect(refused.err).not.toContain("app@");
  expect(await wardline("publish", "--to", `${address}?sslmode=disable`, "--keys", "keys")).toMatchObject({
    code: 2,
  });
  expect(await wardline("publish", "--to", "s3://bucket/x", "--keys", "keys")).toMatchObject({ code: 2 });
  const bad = projectFolder({
    "north.ward": `${policy}
permit broken: nobody to fly Loan
`,
  });
  await run(bad, ["keys", "init", "keys"]);
  expect((await run(bad, ["publish", "--to", address, "--keys", "keys"])).code).toBe(1);
  expect(await read()).toBe(3);
  vi.unstubAllEnvs();
});

const missing = natsMissing();
test.skipIf(missing !== null)(
  `a repository in a bucket is published into, refreshed and rolled back${missing === null ? "" : ` (${missing})`}`,
  async () => {
    const nats = await startNats({ config: "authorization { user: publisher, password: secret }" });
    const folder = projectFolder();
    const wardline = (...args: readonly string[]) => run(folder, args);
    const server = `nats://publisher:secret@127.0.0.1:${nats.port}`;
    const address = `${server}/policies`;
    const name = `nats://127.0.0.1:${nats.port}/policies`;
    await wardline("keys", "init", "keys");
    for (let revision = 1; revision <= 2; revision += 1)
      expect(await wardline("publish", "--to", address, "--keys", "keys")).toEqual({
        code: 0,
        out: `north: revision ${revision} in ${name}\n`,
        err: "",
      });
    expect(await wardline("refresh", address, "--keys", "keys")).toMatchObject({
      code: 0,
      out: `${name}: timestamp 3\n`,
    });
    expect(
      await wardline("rollback", address, "--tenant", "north", "--to", "1", "--keys", "keys"),
    ).toMatchObject({ code: 0 });
    const connection = await connectNats({ address: server });
    const opened = await openRepository({
      source: natsSource(connection, { bucket: "policies" }),
      root: new Uint8Array(readFileSync(join(folder, "keys/metadata/1.root.json"))),
      seen: new Map(),
      now: Math.floor(Date.now() / 1000),
    });
    await connection.close();
    expect("error" in opened ? opened.error : opened.bundles.get("north")?.revision).toBe(3);
    for (const wrong of [
      `${server}/a.b`,
      `${server}/*`,
      `${server}/a?x=1`,
      server,
      address.replace("secret", "guess"),
    ]) {
      const refused = await wardline("publish", "--to", wrong, "--keys", "keys");
      expect(refused, wrong).toMatchObject({ code: 2 });
      expect(refused.err).not.toMatch(/secret|guess/);
    }
    await nats.stop();
  },
);
