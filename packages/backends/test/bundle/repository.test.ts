/** A repository as it should be, and what the next state of it leaves alone. */
import {
  mapSource,
  openRepository,
  packBundle,
  paths,
  seenInMemory,
  unpackBundle,
  type Release,
  type RepositorySource,
} from "@wardline/backends";
import { beforeAll, describe, expect, test } from "vitest";
import {
  always,
  codeOf,
  day,
  keysOf,
  newKeys,
  newRepository,
  now,
  open,
  published,
  roleOf,
  rootDocument,
  signedBundle,
  text,
  type Keys,
  type Repository,
} from "./town.ts";

let keys: Keys;
let repository: Repository;

beforeAll(async () => {
  keys = await newKeys();
  repository = await newRepository(keys);
});

async function opened(files: Repository, opening: Parameters<typeof open>[2] = {}) {
  const result = await open(keys, files, opening);
  if ("error" in result) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result;
}

describe("a repository", () => {
  test("opens, with every bundle and the time until which it is in force", async () => {
    const { bundles, metadata, seen } = await opened(repository);
    expect([...bundles.keys()]).toEqual(["north", "south"]);
    expect(bundles.get("north")).toMatchObject({ revision: 7, until: always.expires });
    expect(bundles.get("north")?.program.tenant).toBe("north");
    expect(metadata.root.version).toBe(1);
    expect([...seen.keys()].map((name) => name.replace(/@.*/, ""))).toEqual([
      "root",
      "timestamp",
      "snapshot",
      "release:library",
      "bundle:north",
      "bundle:south",
    ]);
  });

  test("is the same bytes for the same keys, contents and times", async () => {
    expect(await newRepository(keys)).toEqual(repository);
  });

  test("has a path for each file, and the timestamp is the last to be written", () => {
    expect([...repository.keys()]).toEqual([
      "metadata/1.root.json",
      "bundles/north/7.tar.gz",
      "bundles/south/7.tar.gz",
      "metadata/1.release-library.json",
      "metadata/1.snapshot.json",
      "metadata/timestamp.json",
    ]);
  });

  test("changes one tenant's bundle and keeps every other file but the timestamp", async () => {
    const after = await published(keys, repository, {
      bundles: new Map([["north", await signedBundle(keys, { revision: 8 })]]),
    });
    const { bundles } = await opened(after);
    expect([...bundles].map(([tenant, { revision }]) => [tenant, revision])).toEqual([
      ["north", 8],
      ["south", 7],
    ]);
    for (const [path, content] of repository)
      if (path !== paths.timestamp) expect(after.get(path)).toBe(content);
  });

  test("withdraws a tenant", async () => {
    const after = await published(keys, repository, { withdrawn: new Set(["south"]) });
    expect([...(await opened(after)).bundles.keys()]).toEqual(["north"]);
  });

  test("opens with the keys of any who may sign", async () => {
    const north = await signedBundle(keys, { by: [keys.north2.signer, keys.north.signer], revision: 8 });
    expect(
      await codeOf(keys, await published(keys, repository, { bundles: new Map([["north", north]]) })),
    ).toBe("opened");
  });

  test("is in force no longer than the release and the staleness that its bundle allows", async () => {
    const stale = await signedBundle(keys, { revision: 8, lifetime: { maxStaleness: 1000 } });
    const after = await published(keys, repository, { bundles: new Map([["north", stale]]) });
    const { bundles } = await opened(after);
    expect(bundles.get("north")?.until).toBe(now - 60 + 1000);
    expect(bundles.get("south")?.until).toBe(always.expires);
  });

  test("is not read again where nothing changed, but its time is looked at, and a new release is", async () => {
    const first = await opened(repository);
    const root = await rootDocument(keys);
    const asked: string[] = [];
    const read = async (files: Repository, at = now) => {
      const inner = mapSource(files);
      const source: RepositorySource = {
        read: (path, maxSize) => {
          asked.push(path);
          return inner.read(path, maxSize);
        },
      };
      asked.length = 0;
      const result = await openRepository({ source, root, seen: first.seen, now: at }, first.bundles);
      return "error" in result ? result.error.code : result.bundles.get("north")?.program;
    };
    expect(await read(repository)).toBe(first.bundles.get("north")?.program);
    expect(asked.filter((path) => path.startsWith("bundles/"))).toEqual([]);
    const late = always.expires - 1;
    const year = { notBefore: now - 60, expires: now + 365 * day };
    const longer = await published(keys, repository, {
      snapshot: { ...year, signers: [keys.snapshot.signer] },
      timestamp: { ...year, signers: [keys.timestamp.signer] },
    });
    expect(await read(longer, late)).toBe(first.bundles.get("north")?.program);
    expect(await read(longer, late + 1)).toBe("trust/expired");
    const brief = await signedBundle(keys, { revision: 8, lifetime: { expires: now + day } });
    const ending = await published(keys, longer, {
      bundles: new Map([["north", brief]]),
      timestamp: { ...year, signers: [keys.timestamp.signer] },
    });
    const known = await opened(ending);
    const again = { source: mapSource(ending), root, seen: first.seen, now: now + day };
    const over = await openRepository(again, known.bundles);
    expect("error" in over && over.error.code).toBe("bundle/expired");
    const { model, platform } = first.metadata.releases.get("library") as Release;
    const taken = await published(keys, longer, {
      release: {
        ...year,
        model,
        platform,
        keys: keysOf(keys.north2, keys.south),
        tenants: { north: roleOf(1, keys.north2), south: roleOf(1, keys.south) },
        signers: [keys.release.signer],
      },
      snapshot: { ...year, signers: [keys.snapshot.signer] },
      timestamp: { ...year, signers: [keys.timestamp.signer] },
    });
    expect(await read(taken)).toBe("trust/unknown-key");
  });

  test("is what was checked, whatever its source does with the bytes meanwhile", async () => {
    const inner = mapSource(repository);
    const source: RepositorySource = {
      read: async (path, maxSize) => {
        const bytes = await inner.read(path, maxSize);
        if (typeof bytes === "string") return bytes;
        const shared = Uint8Array.from(bytes);
        setImmediate(() => shared.fill(0));
        return shared;
      },
    };
    const result = await openRepository({ source, root: await rootDocument(keys), seen: new Map(), now });
    expect("bundles" in result && result.bundles.size).toBe(2);
  });
});

describe("roots", () => {
  test("are followed one by one, each signed by the old and the new keys", async () => {
    const fresh = await newKeys();
    const mixed: Keys = { ...keys, root1: fresh.root1, root2: fresh.root2, timestamp: fresh.timestamp };
    const second = await rootDocument({ ...mixed, stranger: keys.root2, north: keys.root1 }, { version: 2 }, [
      "root1",
      "root2",
      "stranger",
      "north",
    ]);
    const after = await published(keys, repository);
    const moved: Repository = new Map([...after, [paths.root(2), second]]);
    // The timestamp is still signed by the old key.
    expect(await codeOf(keys, moved)).toBe("trust/unknown-key");
    const again = await published(keys, after, {
      timestamp: { notBefore: now - 60, expires: now + 600, signers: [mixed.timestamp.signer] },
    });
    const whole: Repository = new Map([...again, [paths.root(2), second]]);
    expect((await opened(whole)).metadata.root.version).toBe(2);
    expect((await opened(whole, { root: second })).metadata.root.version).toBe(2);
  });

  test("that ran out do not matter if a later one has not", async () => {
    const old = await rootDocument(keys, { expires: now - day });
    const files: Repository = new Map([
      ...repository,
      [paths.root(1), old],
      [paths.root(2), await rootDocument(keys, { version: 2 })],
    ]);
    expect(await codeOf(keys, files)).toBe("opened");
  });
});

describe("an archive", () => {
  test("holds the files of the bundle, and is the same bytes for the same files in any order", async () => {
    const { files } = await signedBundle(keys);
    const archive = packBundle(files);
    expect(packBundle(new Map([...files].toReversed()))).toEqual(archive);
    const unpacked = await unpackBundle(archive);
    if ("error" in unpacked) throw new Error(unpacked.error.message);
    expect([...unpacked.files].map(([name, content]) => [name, text(content)])).toEqual(
      [...files].map(([name, content]) => [name, text(content)]),
    );
  });
});

describe("what was seen", () => {
  test("is kept whole or not at all", async () => {
    const store = seenInMemory();
    const at = (version: number, sha256 = "a") => ({ version, sha256 });
    expect(
      await store.raise(
        new Map([
          ["x", at(2)],
          ["y", at(5)],
        ]),
      ),
    ).toBe(true);
    expect(
      await store.raise(
        new Map([
          ["x", at(3)],
          ["y", at(4)],
        ]),
      ),
    ).toBe(false);
    expect(
      await store.raise(
        new Map([
          ["x", at(3)],
          ["y", at(5, "b")],
        ]),
      ),
    ).toBe(false);
    expect((await store.read()).get("x")).toEqual(at(2));
    expect(
      await store.raise(
        new Map([
          ["x", at(3)],
          ["y", at(5)],
        ]),
      ),
    ).toBe(true);
    expect((await store.read()).get("x")).toEqual(at(3));
  });
});
