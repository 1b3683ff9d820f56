/** The repository in a bucket of a real NATS server: names, accounts, what is put where it does not belong, and a server that dies. */
import { natsMissing, startNats, type NatsServer } from "@wardline/database-testing";
import { openRepository, paths } from "@wardline/backends";
import { Kvm } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/transport-node";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connectNats, natsSource, natsSubject, natsTarget, natsToken } from "../src/nats/index.ts";
import { keyOf } from "../src/nats/kv-file.ts";
import { second, Town } from "./signed-town.ts";
import { watchSource } from "./watch-source.ts";

const coded = (code: string) => expect.objectContaining({ name: "SourceError", code });
const bytes = (content: string) => new TextEncoder().encode(content);
const atLast = (check: () => void) => vi.waitFor(check, { timeout: 60_000, interval: 5 });

const ids = [
  "north",
  "south",
  "north.south",
  "*",
  ">",
  "n*",
  "north.>",
  " ",
  "a b",
  "\t",
  "\0",
  "=2E",
  ".",
  "..",
  "é",
  "$KV",
  "_",
  "-",
];

test("V85: an id is one token of a subject, whatever it holds, and no two ids have one", () => {
  const tokens = ids.map(natsToken);
  expect(new Set(tokens).size).toBe(ids.length);
  for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9_=-]+$/);
  expect(natsSubject("tenant", "*", "jobs")).toBe("tenant.=2A.jobs");
  expect(natsSubject("a.b", "c")).not.toBe(natsSubject("a", "b", "c"));
  for (const id of ["", "\ud800", "x".repeat(2000), undefined, ["north"]])
    expect(() => natsSubject("tenant", id as string)).toThrow(coded("source/bad-path"));
});

test.each(["http://127.0.0.1:4222", "nats://127.0.0.1:4222?tls=false", "127.0.0.1"])(
  "%s is no address of a server",
  async (address) => {
    await expect(connectNats({ address })).rejects.toEqual(coded("source/bad-address"));
  },
);

const missing = natsMissing();
describe.skipIf(missing !== null)(`on a server${missing === null ? "" : ` (${missing})`}`, () => {
  let nats: NatsServer;
  let publisher: NatsConnection;
  let reader: NatsConnection;
  let stranger: NatsConnection;

  // As docs/bundles.md says it.
  const config = `
accounts {
  POLICIES {
    jetstream: enabled
    users: [
      { user: publisher, password: p }
      { user: reader, password: r, permissions: {
        publish: [
          "$JS.API.INFO", "$JS.API.STREAM.INFO.KV_policies", "$JS.API.STREAM.MSG.GET.KV_policies"
          "$JS.API.CONSUMER.*.KV_policies", "$JS.API.CONSUMER.*.KV_policies.>", "$JS.FC.KV_policies.>"
        ]
        subscribe: ["_INBOX.>"]
      } }
    ]
  }
  OTHER { jetstream: enabled, users: [ { user: stranger, password: s } ] }
}`;
  const as = (login: string) => connectNats({ address: `nats://${login}@127.0.0.1:${nats.port}` });
  const target = () => natsTarget(publisher, { bucket: "policies" });
  let number = 0;
  const publish = (files: readonly (readonly [string, Uint8Array])[] = []) =>
    target().publication("new or present", (write) =>
      write(new Map([...files, [paths.timestamp, bytes(`${(number += 1)}`)]])),
    );

  beforeAll(async () => {
    nats = await startNats({ config });
    publisher = await as("publisher:p");
    await publish();
    reader = await as("reader:r");
    stranger = await as("stranger:s");
  });
  afterAll(async () => {
    for (const connection of [publisher, reader, stranger]) await connection.close();
    await nats.stop();
  });

  test("V85: a subscription to an id of wildcards hears that id alone", async () => {
    const heard: string[] = [];
    const names = ["*", ">", "north.south"];
    const subscriptions = names.map((id) =>
      publisher.subscribe(natsSubject("jobs", id), {
        callback: (_, { subject }) => void heard.push(subject),
      }),
    );
    await publisher.flush();
    for (const id of ids) publisher.publish(natsSubject("jobs", id));
    publisher.publish(natsSubject("jobs", "north", "south"));
    await publisher.flush();
    for (const subscription of subscriptions) subscription.unsubscribe();
    expect(heard.toSorted()).toEqual(names.map((id) => natsSubject("jobs", id)).toSorted());
  });

  test("files are read up to a size, also those that are larger than a message", async () => {
    const large = new Uint8Array(700_000).map((_, at) => at % 251);
    const even = new Uint8Array(512 * 1024).fill(7);
    await publish([
      [paths.bundle("north", 1), large],
      [paths.bundle("north", 2), even],
      [paths.bundle("north", 3), new Uint8Array()],
    ]);
    const { read } = natsSource(reader, { bucket: "policies" });
    expect(await read(paths.bundle("north", 1), 700_000)).toEqual(large);
    expect(await read(paths.bundle("north", 2), 1_000_000)).toEqual(even);
    expect(await read(paths.bundle("north", 3), 0)).toEqual(new Uint8Array());
    expect(await read(paths.bundle("north", 1), 699_999)).toBe("too-large");
    expect(await read(paths.bundle("north", 4), 10)).toBe("missing");
    // What says that it has parts, and has none, is no file, however large it says that it is.
    const store = await new Kvm(publisher).open("policies");
    const head = Buffer.alloc(9, 0xff);
    head[0] = 0x70;
    await store.put(keyOf(paths.bundle("north", 5)), head);
    expect(await read(paths.bundle("north", 5), 1_000_000)).toBe("too-large");
    head.fill(0, 1, 8);
    await store.put(keyOf(paths.bundle("north", 5)), head);
    await expect(read(paths.bundle("north", 5), 1_000_000)).rejects.toEqual(coded("source/unavailable"));
    await store.put(keyOf(paths.bundle("north", 5)), "");
    await expect(read(paths.bundle("north", 5), 1_000_000)).rejects.toEqual(coded("source/unavailable"));
    for (const path of ["bundles/*/1.tar.gz", "bundles/>", "metadata/*", "metadata..timestamp.json"])
      await expect(read(path, 10), path).rejects.toEqual(coded("source/bad-path"));
  });

  test("V85: a reader's login writes nothing and reads no other bucket, and another account has other buckets", async () => {
    const secret = natsTarget(publisher, { bucket: "secret" });
    await secret.publication("new or present", (write) => write(new Map([[paths.timestamp, bytes("x")]])));
    await expect(
      natsTarget(reader, { bucket: "policies" }).publication("present", (write) =>
        write(new Map([[paths.timestamp, bytes("forged")]])),
      ),
    ).rejects.toEqual(coded("source/unavailable"));
    reader.publish(`$KV.policies.${keyOf(paths.timestamp)}`, "wforged");
    await reader.flush();
    expect(await target().source.read(paths.timestamp, 100)).toEqual(bytes(`${number}`));
    await expect(natsSource(reader, { bucket: "secret" }).read(paths.timestamp, 100)).rejects.toEqual(
      coded("source/unavailable"),
    );
    await expect(natsSource(stranger, { bucket: "policies" }).read(paths.timestamp, 100)).rejects.toEqual(
      coded("source/unavailable"),
    );
    const theirs = natsTarget(stranger, { bucket: "policies" });
    await theirs.publication("new or present", (write) =>
      write(new Map([[paths.timestamp, bytes("theirs")]])),
    );
    expect(await natsSource(reader, { bucket: "policies" }).read(paths.timestamp, 100)).toEqual(
      bytes(`${number}`),
    );
    for (const bucket of ["policies.*", "*", ">", "", "a b", "../policies"])
      expect(() => natsSource(reader, { bucket })).toThrow(coded("source/bad-address"));
  });

  test("V85: another tenant's bundle under a tenant's key, an older state and a foreign bucket are refused", async () => {
    const [town, elsewhere] = [await Town.make(), await Town.make()];
    const both = (revision: number) => ["north", "south"].map((tenant) => ({ tenant, revision }));
    const into = (bucket: string, files: ReadonlyMap<string, Uint8Array>) =>
      natsTarget(publisher, { bucket }).publication("new or present", (write) => write(files));
    await town.publish(both(1));
    const old = new Map(town.files);
    await town.publish(both(2));
    await elsewhere.publish(both(9));
    await into("town", town.files);
    await into("elsewhere", elsewhere.files);
    const open = async (bucket: string, seen = new Map()) => {
      const source = natsSource(publisher, { bucket });
      const opened = await openRepository({ source, root: town.root, seen, now: second });
      return "error" in opened ? opened.error.code : opened;
    };
    const good = await open("town");
    if (typeof good === "string") return expect.fail(good);
    expect(await open("elsewhere")).toBe("trust/unknown-key");
    // Whoever may write there replays what he has seen.
    const archive = (tenant: string) => paths.bundle(tenant, 2);
    await into("town", new Map([[archive("north"), town.files.get(archive("south")) as Uint8Array]]));
    expect(await open("town")).toBe("trust/mixed-snapshot");
    await into("town", new Map([[archive("north"), town.files.get(archive("north")) as Uint8Array]]));
    expect(await open("town", new Map(good.seen))).toHaveProperty("bundles");
    await into("town", new Map([[paths.timestamp, old.get(paths.timestamp) as Uint8Array]]));
    expect(await open("town", new Map(good.seen))).toBe("trust/lower-version");
  });

  test("of two publications at one time one is refused, and the other is whole", async () => {
    const publication = (content: string, first: () => Promise<unknown>) =>
      target().publication("present", async (write) => {
        await first();
        await write(
          new Map([
            ["metadata/7.snapshot.json", bytes(content)],
            [paths.timestamp, bytes(content)],
          ]),
        );
      });
    await expect(publication("outer", () => publication("inner", () => Promise.resolve()))).rejects.toEqual(
      coded("source/conflict"),
    );
    for (const path of [paths.timestamp, "metadata/7.snapshot.json"])
      expect(await target().source.read(path, 100)).toEqual(bytes("inner"));
    await expect(
      natsTarget(publisher, { bucket: "absent" }).publication("present", () => Promise.resolve()),
    ).rejects.toEqual(coded("source/unavailable"));
  });

  test("a server that dies is trouble, and what is published after it is back is told", async () => {
    const source = natsSource(reader, { bucket: "policies", pollEvery: 200 });
    const { onChange, onTrouble, end } = await watchSource(source);
    await publish();
    await atLast(() => expect(onChange).toHaveBeenCalled());
    await nats.crash();
    await atLast(() => expect(onTrouble).toHaveBeenCalled());
    expect(onTrouble.mock.calls[0]?.[0]).toEqual(coded("source/unavailable"));
    await nats.restart();
    const calls = onChange.mock.calls.length;
    await vi.waitFor(() => publish(), { timeout: 60_000, interval: 50 });
    await atLast(() => expect(onChange.mock.calls.length).toBeGreaterThan(calls));
    await end();
  });
});
