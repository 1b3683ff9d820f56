/** Attacks on the documents of a repository: each is refused under its own code. */
import { paths } from "@wardline/backends";
import { beforeAll, describe, expect, test } from "vitest";
import { claimsOf, documentOf, envelopeOf, forgedDocument, usualHeader, type Header } from "./forger.ts";
import {
  always,
  base64,
  bytes,
  codeOf,
  day,
  keysOf,
  newKeys,
  newRepository,
  nextState,
  now,
  open,
  published,
  roleOf,
  rootClaims,
  rootDocument,
  text,
  type Keys,
  type Name,
  type Repository,
} from "./town.ts";

let keys: Keys;
let repository: Repository;
const type = "wardline-timestamp+jws";

beforeAll(async () => {
  keys = await newKeys();
  repository = await newRepository(keys);
});

const withTimestamp = (document: Uint8Array): Repository =>
  new Map([...repository, [paths.timestamp, document]]);

/** The timestamp as it stands, signed anew by someone, under some header. */
async function timestampBy(
  by: readonly Name[],
  header?: (kid: Name) => Header,
  claims: object = {},
): Promise<Repository> {
  const document = forgedDocument(
    { ...claimsOf(repository.get(paths.timestamp)), ...claims },
    type,
    by.map((name) => keys[name]),
    header && ((pair) => header(by.find((name) => keys[name] === pair) as Name)),
  );
  return withTimestamp(document);
}

test("the forger's own tools make what is accepted, when they sign with the right key", async () => {
  expect(await codeOf(keys, await timestampBy(["timestamp"]))).toBe("opened");
});

describe("a signature", () => {
  test.each<[string, string, () => Promise<Repository>]>([
    [
      "that is stripped",
      "trust/bad-document",
      async () =>
        withTimestamp(documentOf({ ...envelopeOf(repository.get(paths.timestamp)), signatures: [] })),
    ],
    ["of a stranger's key", "trust/unknown-key", () => timestampBy(["stranger"])],
    ["of another role's key", "trust/wrong-role", () => timestampBy(["snapshot"])],
    ["of a root key", "trust/wrong-role", () => timestampBy(["root1"])],
    [
      "of the right key and of one too many",
      "trust/unknown-key",
      () => timestampBy(["timestamp", "stranger"]),
    ],
    [
      "of a stranger under the right key's id",
      "trust/bad-signature",
      () => timestampBy(["stranger"], () => usualHeader(keys.timestamp, type)),
    ],
    [
      "made for another kind",
      "trust/wrong-kind",
      () => timestampBy(["timestamp"], () => usualHeader(keys.timestamp, "wardline-snapshot+jws")),
    ],
    [
      "without an algorithm",
      "trust/bad-algorithm",
      () => timestampBy(["timestamp"], () => ({ ...usualHeader(keys.timestamp, type), alg: "none" })),
    ],
    [
      "by HMAC with the public key",
      "trust/bad-algorithm",
      () => timestampBy(["timestamp"], () => ({ ...usualHeader(keys.timestamp, type), alg: "HS256" })),
    ],
    [
      "by the algorithm's other name",
      "trust/bad-algorithm",
      () => timestampBy(["timestamp"], () => ({ ...usualHeader(keys.timestamp, type), alg: "Ed25519" })),
    ],
    [
      "with an extension that is critical",
      "trust/unknown-critical",
      () =>
        timestampBy(["timestamp"], () => ({ ...usualHeader(keys.timestamp, type), crit: ["exp"], exp: 1 })),
    ],
    [
      "with an extension that libraries know",
      "trust/unknown-critical",
      () =>
        timestampBy(["timestamp"], () => ({
          ...usualHeader(keys.timestamp, type),
          b64: true,
          crit: ["b64"],
        })),
    ],
    [
      "that brings its key along",
      "trust/bad-header",
      () =>
        timestampBy(["stranger"], () => ({
          ...usualHeader(keys.stranger, type),
          jwk: keys.stranger.publicKey,
        })),
    ],
    [
      "that says where its key is",
      "trust/bad-header",
      () =>
        timestampBy(["stranger"], () => ({
          ...usualHeader(keys.stranger, type),
          jku: "https://keys.example/set.json",
        })),
    ],
    [
      "that names a certificate",
      "trust/bad-header",
      () =>
        timestampBy(["stranger"], () => ({
          ...usualHeader(keys.stranger, type),
          x5u: "https://keys.example/cert",
        })),
    ],
    [
      "whose key id is a path",
      "trust/unknown-key",
      () =>
        timestampBy(["timestamp"], () => ({
          ...usualHeader(keys.timestamp, type),
          kid: "../../keys/timestamp.json",
        })),
    ],
    [
      "whose key id is a name that every object has",
      "trust/unknown-key",
      () => timestampBy(["timestamp"], () => ({ ...usualHeader(keys.timestamp, type), kid: "__proto__" })),
    ],
    [
      "whose key id is no text",
      "trust/bad-header",
      () => timestampBy(["timestamp"], () => ({ ...usualHeader(keys.timestamp, type), kid: { a: 1 } })),
    ],
    [
      "without a key id",
      "trust/bad-header",
      () => timestampBy(["timestamp"], () => ({ alg: "EdDSA", typ: type })),
    ],
  ])("%s is refused: %s", async (_, code, forge) => {
    expect(await codeOf(keys, await forge())).toBe(code);
  });

  test.each<[string, () => Header]>([
    ["long", () => ({ ...usualHeader(keys.timestamp, type), x: "x".repeat(9000) })],
    ["deep", () => ({ alg: Array.from({ length: 60 }).reduce<unknown>((inner) => [inner], 1) })],
  ])("whose header is %s is refused", async (_, header) => {
    expect(await codeOf(keys, await timestampBy(["timestamp"], header))).toBe("trust/bad-header");
  });

  test("that stands there twice counts for nothing", async () => {
    const { payload, signatures } = envelopeOf(repository.get(paths.timestamp));
    const twice = documentOf({ payload, signatures: [...signatures, ...signatures] });
    expect(await codeOf(keys, withTimestamp(twice))).toBe("trust/duplicate-signature");
  });

  test.each([
    ["white space", (header: string) => header.replace(",", ", ")],
    ["a key twice", (header: string) => header.replace("{", '{"alg":"none",')],
  ])("whose header has %s is refused", async (_, change) => {
    const { payload, signatures } = envelopeOf(repository.get(paths.timestamp));
    const [signature] = signatures;
    const header = Buffer.from(signature?.protected ?? "", "base64url").toString();
    const document = documentOf({
      payload,
      signatures: [{ ...signature, protected: base64(change(header)) }],
    });
    expect(await codeOf(keys, withTimestamp(document))).toBe("trust/bad-header");
  });

  test("whose header also stands unprotected is refused", async () => {
    const { payload, signatures } = envelopeOf(repository.get(paths.timestamp));
    const document = documentOf({
      payload,
      signatures: signatures.map((of) => ({ ...of, header: { kid: keys.timestamp.publicKey.kid } })),
    });
    expect(await codeOf(keys, withTimestamp(document))).toBe("trust/bad-document");
  });
});

describe("a document", () => {
  const replaced = async (path: string, document: Uint8Array) =>
    codeOf(keys, new Map([...repository, [path, document]]));

  test.each([
    ["empty", "", "trust/bad-document"],
    ["no JSON", "{\n", "trust/bad-document"],
    ["a page of errors", "<html>502</html>\n", "trust/bad-document"],
    ["not an object", "[]\n", "trust/bad-document"],
    ["with a mark before it", "\ufeff{}\n", "trust/bad-document"],
    ["deep", `${"[".repeat(7000)}\n`, "trust/too-deep"],
    ["deep in objects", `${'{"a":'.repeat(2000)}\n`, "trust/too-deep"],
    ["large", " ".repeat(20_000), "trust/too-large"],
  ])("that is %s is refused", async (_, content, code) => {
    expect(await replaced(paths.timestamp, bytes(content))).toBe(code);
  });

  test("that says a thing twice, or in another way, is refused", async () => {
    const document = text(repository.get(paths.timestamp));
    for (const other of [
      document.trimEnd(),
      ` ${document}`,
      document.replace("{", '{"payload":"e30",'),
      document.replace('":', '": '),
    ])
      expect(await replaced(paths.timestamp, bytes(other))).toBe("trust/bad-document");
  });

  test.each<[string, string, object]>([
    ["of another format", "trust/unknown-format", { format: "wardline/trust/2" }],
    ["of another kind", "trust/wrong-kind", { kind: "snapshot" }],
    ["with a key too many", "trust/bad-document", { trusted: true }],
    ["with a version that is none", "trust/bad-document", { version: 0 }],
    ["with a version beyond numbers", "trust/bad-document", { version: 2 ** 53 }],
    ["with a time that is no whole number", "trust/bad-document", { expires: now + 0.5 }],
    [
      "with a path for a version",
      "trust/bad-document",
      { snapshot: { version: "../1", sha256: "ab".repeat(32), size: 1 } },
    ],
    ["over already", "trust/expired", { expires: now }],
    ["not begun", "trust/not-yet-valid", { not_before: now + 1 }],
    [
      "of the present, naming a snapshot of another content",
      "trust/mixed-snapshot",
      { snapshot: { version: 1, sha256: "ab".repeat(32), size: 400 } },
    ],
    [
      "of the present, naming a snapshot that is not there",
      "trust/missing-document",
      { snapshot: { version: 9, sha256: "ab".repeat(32), size: 400 } },
    ],
    [
      "of the present, naming a snapshot as large as a disk",
      "trust/too-large",
      { snapshot: { version: 1, sha256: "ab".repeat(32), size: 2 ** 39 } },
    ],
  ])("%s is refused: %s", async (_, code, claims) => {
    expect(await codeOf(keys, await timestampBy(["timestamp"], undefined, claims))).toBe(code);
  });

  test("of a kind stands for no other, though the same key signed it", async () => {
    const all = await newKeys();
    // One key for all roles, as small shops may have.
    const one: Keys = { ...all, timestamp: all.snapshot, release: all.snapshot };
    const root = await rootDocument(one, {
      keys: [all.root1, all.root2, all.root3, all.snapshot]
        .map(({ publicKey }) => publicKey)
        .toSorted((a, b) => (a.kid < b.kid ? -1 : 1)),
    });
    const files = await newRepository(one);
    files.set(paths.root(1), root);
    expect(await codeOf(one, files)).toBe("opened");
    files.set(paths.timestamp, files.get(paths.snapshot(1)) as Uint8Array);
    expect(await codeOf(one, files)).toBe("trust/wrong-kind");
  });

  test("that is missing is refused", async () => {
    for (const path of [
      paths.timestamp,
      paths.snapshot(1),
      paths.release(1, "library"),
      paths.bundle("north", 7),
    ]) {
      const files = new Map(repository);
      files.delete(path);
      expect(await codeOf(keys, files), path).toBe("trust/missing-document");
    }
  });
});

describe("a root", () => {
  const withRoot = async (version: number, document: Promise<Uint8Array>) =>
    codeOf(keys, new Map([...repository, [paths.root(version), await document]]));

  test("with fewer signatures than its threshold is refused", async () => {
    expect(await codeOf(keys, repository, { root: await rootDocument(keys, {}, ["root1"]) })).toBe(
      "trust/threshold",
    );
  });

  test("with one signature twice is refused", async () => {
    const { payload, signatures } = envelopeOf(await rootDocument(keys, {}, ["root1"]));
    const root = documentOf({ payload, signatures: [...signatures, ...signatures] });
    expect(await codeOf(keys, repository, { root })).toBe("trust/duplicate-signature");
  });

  test("that the one before it did not sign is refused", async () => {
    const fresh = await newKeys();
    const taken: Keys = { ...keys, root1: fresh.root1, root2: fresh.root2, root3: fresh.root3 };
    expect(await withRoot(2, rootDocument(taken, { version: 2 }))).toBe("trust/rotation");
    // One of the two that the old root asks for.
    const half = rootDocument({ ...taken, stranger: keys.root1 }, { version: 2 }, [
      "root1",
      "root2",
      "stranger",
    ]);
    expect(await withRoot(2, half)).toBe("trust/rotation");
  });

  test("that its own keys did not sign is refused", async () => {
    const fresh = await newKeys();
    const taken: Keys = { ...keys, root1: fresh.root1, root2: fresh.root2, root3: fresh.root3 };
    const { payload } = envelopeOf(await rootDocument(taken, { version: 2 }));
    const claims = Buffer.from(payload, "base64url").toString();
    const document = forgedDocument(claims, "wardline-root+jws", [keys.root1, keys.root2]);
    expect(await withRoot(2, Promise.resolve(document))).toBe("trust/threshold");
  });

  test("that skips a version, or repeats one, is refused", async () => {
    expect(await withRoot(2, rootDocument(keys, { version: 3 }))).toBe("trust/mixed-snapshot");
    expect(await withRoot(2, rootDocument(keys, { version: 1 }))).toBe("trust/mixed-snapshot");
  });

  test("that ran out, or has not begun, is refused", async () => {
    expect(await codeOf(keys, repository, { root: await rootDocument(keys, { expires: now }) })).toBe(
      "trust/expired",
    );
    expect(await codeOf(keys, repository, { root: await rootDocument(keys, { not_before: now + 1 }) })).toBe(
      "trust/not-yet-valid",
    );
  });

  test.each<[string, () => object]>([
    ["a threshold of none", () => ({ roles: { root: { keys: [], threshold: 0 } } })],
    [
      "more signatures asked for than there are keys",
      () => ({ roles: { root: roleOf(4, keys.root1, keys.root2, keys.root3) } }),
    ],
    ["a key of another curve", () => ({ keys: [{ ...keys.root1.publicKey, crv: "X25519" }] })],
    ["a role for a key that is not there", () => ({ releases: { library: roleOf(1, keys.stranger) } })],
    ["a model whose name is a path", () => ({ releases: { "../library": roleOf(1, keys.release) } })],
  ])("with %s is refused", async (_, change) => {
    const claims = { ...claimsOf(repository.get(paths.root(1))), ...change() };
    const root = forgedDocument(claims, "wardline-root+jws", [keys.root1, keys.root2]);
    expect(await codeOf(keys, repository, { root })).toBe("trust/bad-document");
  });

  test("with one key under two ids is refused, which would count it twice", async () => {
    const alias = { ...keys.root1, publicKey: { ...keys.root1.publicKey, kid: "z".repeat(43) } };
    const both = [keys.root1, alias];
    const claims = rootClaims(keys);
    const change = {
      ...claims,
      keys: keysOf(...both, keys.release, keys.snapshot, keys.timestamp),
      roles: { ...claims.roles, root: roleOf(2, ...both) },
    };
    const root = forgedDocument(change, "wardline-root+jws", both);
    expect(await codeOf(keys, repository, { root })).toBe("trust/bad-document");
    const honest = {
      ...change,
      keys: keysOf(keys.root1, keys.root2, keys.release, keys.snapshot, keys.timestamp),
    };
    const roles = { ...claims.roles, root: roleOf(2, keys.root1, keys.root2) };
    const two = forgedDocument({ ...honest, roles }, "wardline-root+jws", [keys.root1, keys.root2]);
    expect(await codeOf(keys, repository, { root: two })).toBe("opened");
  });

  test("that takes a role from a key ends what that key signed", async () => {
    const fresh = await newKeys();
    const after = { ...keys, timestamp: fresh.timestamp };
    expect(await withRoot(2, rootDocument(after, { version: 2 }))).toBe("trust/unknown-key");
  });
});

describe("a snapshot and a release, under the timestamp of those who may,", () => {
  const codeWith = async (change: Parameters<typeof newRepository>[1]) =>
    codeOf(keys, await newRepository(keys, change));
  const release = async (change: object) => {
    const { release: usual } = await nextState(keys, null);
    return { release: { ...(usual as NonNullable<typeof usual>), ...change } };
  };

  test("are refused if someone else signed them", async () => {
    const snapshot = (signer: Name) => ({ snapshot: { ...always, signers: [keys[signer].signer] } });
    expect(await codeWith(snapshot("snapshot"))).toBe("opened");
    expect(await codeWith(snapshot("stranger"))).toBe("trust/unknown-key");
    expect(await codeWith(snapshot("timestamp"))).toBe("trust/wrong-role");
    expect(await codeWith(await release({ signers: [keys.release.signer] }))).toBe("opened");
    expect(await codeWith(await release({ signers: [keys.stranger.signer] }))).toBe("trust/unknown-key");
    expect(await codeWith(await release({ signers: [keys.snapshot.signer] }))).toBe("trust/wrong-role");
    expect(await codeWith(await release({ signers: [keys.north.signer] }))).toBe("trust/unknown-key");
  });

  test("are refused before and after their time", async () => {
    const times = [
      ["trust/not-yet-valid", { notBefore: now + 1, expires: now + day }],
      ["trust/expired", { notBefore: now - day, expires: now }],
    ] as const;
    for (const [code, time] of times) {
      expect(await codeWith({ snapshot: { ...time, signers: [keys.snapshot.signer] } })).toBe(code);
      expect(await codeWith(await release(time))).toBe(code);
    }
  });

  test("are refused for a model that the root does not know", async () => {
    const model = { name: "museum", sha256: "ab".repeat(32) };
    expect(await codeWith(await release({ model }))).toBe("trust/wrong-role");
    expect(await codeWith(await release({ model: { ...model, name: "constructor" } }))).toBe(
      "trust/wrong-role",
    );
  });
});

describe("an old state", () => {
  test("is refused by whoever has seen a newer one: timestamp, snapshot, release, root", async () => {
    const later = await published(keys, repository);
    const result = await open(keys, later);
    if ("error" in result) throw new Error(result.error.message);
    const { seen } = result;
    expect(await codeOf(keys, later, { seen })).toBe("opened");
    expect(await codeOf(keys, repository, { seen })).toBe("trust/lower-version");
    for (const only of ["timestamp", "snapshot"]) {
      const one = new Map([...seen].filter(([name]) => name.startsWith(only)));
      expect(await codeOf(keys, repository, { seen: one }), only).toBe("trust/lower-version");
    }
    const root = new Map([["root", { version: 2, sha256: "ab".repeat(32) }]]);
    expect(await codeOf(keys, repository, { seen: root })).toBe("trust/lower-version");
    const [release] = [...seen.keys()].filter((name) => name.startsWith("release"));
    const higher = new Map([[release as string, { version: 2, sha256: "ab".repeat(32) }]]);
    expect(await codeOf(keys, repository, { seen: higher })).toBe("trust/lower-version");
  });

  test("is refused once its timestamp is over, though nobody has seen more", async () => {
    expect(await codeOf(keys, repository, { now: now + 599 })).toBe("opened");
    expect(await codeOf(keys, repository, { now: now + 600 })).toBe("trust/expired");
    expect(await codeOf(keys, repository, { now: now - 61 })).toBe("trust/not-yet-valid");
  });

  test("is refused where nobody knows what time it is", async () => {
    expect(await codeOf(keys, repository, { now: Number.NaN })).toBe("trust/not-yet-valid");
  });

  test("in part, under a newer timestamp, is refused", async () => {
    const later = await published(keys, repository);
    const mixed = new Map([...later, [paths.snapshot(2), repository.get(paths.snapshot(1)) as Uint8Array]]);
    expect(await codeOf(keys, mixed)).toBe("trust/mixed-snapshot");
  });

  test("two contents of one version are refused", async () => {
    const one = await published(keys, repository, {});
    const other = await published(keys, repository, {
      timestamp: { notBefore: now - 60, expires: now + 601, signers: [keys.timestamp.signer] },
    });
    const result = await open(keys, one);
    if ("error" in result) throw new Error(result.error.message);
    expect(await codeOf(keys, other, { seen: result.seen })).toBe("trust/same-version");
  });

  test("whose versions a thief drove up does not bind once the key is replaced", async () => {
    const stolen = await timestampBy(["timestamp"], undefined, { version: 2 ** 50 });
    const result = await open(keys, stolen);
    if ("error" in result) throw new Error(result.error.message);
    const fresh = await newKeys();
    const after: Keys = { ...keys, timestamp: fresh.timestamp };
    const next = await published(keys, repository, {
      timestamp: { notBefore: now - 60, expires: now + 600, signers: [fresh.timestamp.signer] },
    });
    next.set(paths.root(2), await rootDocument(after, { version: 2, not_before: now - day }));
    expect(await codeOf(keys, next, { seen: result.seen })).toBe("opened");
  });
});
