/** Attacks on a bundle's signatures and claims, with every digest above them made right again. */
import { packBundle, paths, signaturesName, type BundleManifest, type NextState } from "@wardline/backends";
import { canonicalJson, type Program } from "@wardline/core";
import { beforeAll, describe, expect, test } from "vitest";
import { documentOf, forgedSignatures, signedClaims, usualHeader, type Header } from "./forger.ts";
import { emptyProgram } from "./small-bundle.ts";
import {
  bytes,
  codeOf,
  day,
  keysOf,
  newKeys,
  newRepository,
  now,
  open,
  published,
  roleOf,
  sha256,
  signedBundle,
  text,
  always,
  type Keys,
  type Name,
  type Opening,
  type Repository,
} from "./town.ts";

let keys: Keys;
let repository: Repository;
const type = "wardline-bundle+jwt";

beforeAll(async () => {
  keys = await newKeys();
  repository = await newRepository(keys);
});

type Files = ReadonlyMap<string, Uint8Array>;
type Claims = ReturnType<typeof signedClaims>;

/** What a reader says where a publisher, who holds every key but those of tenants, puts these files in place of north's. */
async function codeFor(
  files: Files,
  change: Partial<NextState> = {},
  opening: Opening = {},
): Promise<string> {
  const { manifest } = await signedBundle(keys, { revision: 8 });
  const next = await published(keys, repository, {
    bundles: new Map([["north", { files, manifest }]]),
    ...change,
  });
  return codeOf(keys, next, opening);
}

/** North's next bundle with other signatures. */
async function resigned(sign: (claims: Claims, files: Files) => Uint8Array): Promise<Files> {
  const { files } = await signedBundle(keys, { revision: 8 });
  return new Map(files).set(signaturesName, sign(signedClaims(files.get(signaturesName)), files));
}

const by = (...names: readonly Name[]) => names.map((name) => keys[name]);
const claimed = (change: (claims: Claims) => object) =>
  resigned((claims) => forgedSignatures({ ...claims, ...change(claims) }, by("north")));
const saying = (change: object) => claimed(({ wardline }) => ({ wardline: { ...wardline, ...change } }));
const headed = (header: () => Header, signer: Name = "north") =>
  resigned((claims) => forgedSignatures(claims, by(signer), header));

test("the forger's own tools make what is accepted, when they sign with the right key", async () => {
  expect(await codeFor(await resigned((claims) => forgedSignatures(claims, by("north"))))).toBe("opened");
});

describe("a bundle is refused if its signature", () => {
  test.each<[string, string, () => Promise<Files>]>([
    [
      "is stripped",
      "bundle/unsigned",
      async () => {
        const files = new Map((await signedBundle(keys, { revision: 8 })).files);
        files.delete(signaturesName);
        return files;
      },
    ],
    ["is emptied", "trust/bad-document", () => resigned(() => documentOf({ signatures: [] }))],
    [
      "is another document's",
      "trust/bad-document",
      () => resigned(() => repository.get(paths.timestamp) as Uint8Array),
    ],
    [
      "is a stranger's",
      "trust/unknown-key",
      () => resigned((claims) => forgedSignatures(claims, by("stranger"))),
    ],
    [
      "is of a key of the root, in another role",
      "trust/unknown-key",
      () => resigned((claims) => forgedSignatures(claims, by("release"))),
    ],
    [
      "is another tenant's, on this one's path",
      "trust/foreign-path",
      () => resigned((claims) => forgedSignatures(claims, by("south"))),
    ],
    [
      "is this one's and another tenant's",
      "trust/foreign-path",
      () => resigned((claims) => forgedSignatures(claims, by("north", "south"))),
    ],
    [
      "is a stranger's under the right key's id",
      "trust/bad-signature",
      () => headed(() => usualHeader(keys.north, type), "stranger"),
    ],
    [
      "is of no algorithm",
      "trust/bad-document",
      () => headed(() => ({ ...usualHeader(keys.north, type), alg: "none" })),
    ],
    [
      "is of no algorithm, with something in its place",
      "trust/bad-algorithm",
      () =>
        resigned((claims) =>
          bytes(
            text(
              forgedSignatures(claims, by("north"), () => ({
                ...usualHeader(keys.north, type),
                alg: "none",
              })),
            ).replace('."]', '.AA"]'),
          ),
        ),
    ],
    [
      "is by HMAC with the public key",
      "trust/bad-algorithm",
      () => headed(() => ({ ...usualHeader(keys.north, type), alg: "HS256" })),
    ],
    [
      "asks for an extension",
      "trust/unknown-critical",
      () => headed(() => ({ ...usualHeader(keys.north, type), crit: ["b64"], b64: false })),
    ],
    [
      "brings its key along",
      "trust/bad-header",
      () => headed(() => ({ ...usualHeader(keys.stranger, type), jwk: keys.stranger.publicKey }), "stranger"),
    ],
    [
      "says where its key is",
      "trust/bad-header",
      () => headed(() => ({ ...usualHeader(keys.stranger, type), jku: "file:///etc/keys" }), "stranger"),
    ],
    [
      "is of another kind of document",
      "trust/wrong-kind",
      () => headed(() => usualHeader(keys.north, "wardline-release+jws")),
    ],
    [
      "stands there twice",
      "trust/duplicate-signature",
      () =>
        resigned((claims) => {
          const { signatures } = JSON.parse(text(forgedSignatures(claims, by("north")))) as {
            signatures: string[];
          };
          return documentOf({ signatures: [...signatures, ...signatures] });
        }),
    ],
    [
      "is for other claims than the one beside it",
      "trust/bad-document",
      () =>
        resigned((claims) => {
          const of = (value: object, name: Name) =>
            (JSON.parse(text(forgedSignatures(value, by(name)))) as { signatures: string[] }).signatures;
          const inOrder = ["north", "north2"] as const;
          const [first, then] = inOrder.toSorted((a, b) =>
            keys[a].publicKey.kid < keys[b].publicKey.kid ? -1 : 1,
          ) as [Name, Name];
          return documentOf({ signatures: [...of(claims, first), ...of({ ...claims, exp: 2 }, then)] });
        }),
    ],
  ])("%s: %s", async (_, code, files) => {
    expect(await codeFor(await files())).toBe(code);
  });

  test("is one where two are asked for: trust/threshold", async () => {
    const north = await signedBundle(keys, { revision: 8 });
    const two = {
      ...always,
      model: north.manifest.metadata.wardline.model,
      platform: north.manifest.metadata.wardline.platform,
      keys: keysOf(keys.north, keys.north2, keys.south),
      tenants: { north: roleOf(2, keys.north, keys.north2), south: roleOf(1, keys.south) },
      signers: [keys.release.signer],
    };
    expect(await codeFor(north.files, { release: two })).toBe("trust/threshold");
    const both = await signedBundle(keys, { revision: 8, by: [keys.north.signer, keys.north2.signer] });
    expect(await codeFor(both.files, { release: two })).toBe("opened");
  });

  test("is of a tenant that nobody was delegated: trust/foreign-path", async () => {
    const east = await signedBundle(keys, { tenant: "east", revision: 1, by: [keys.north.signer] });
    expect(
      await codeOf(keys, await published(keys, repository, { bundles: new Map([["east", east]]) })),
    ).toBe("trust/foreign-path");
    const proto = await signedBundle(keys, {
      tenant: "__proto__",
      revision: 1,
      by: [keys.north.signer],
      input: { program: { ...emptyProgram, tenant: "__proto__", rules: [] } },
    });
    expect(
      await codeOf(keys, await published(keys, repository, { bundles: new Map([["__proto__", proto]]) })),
    ).toBe("trust/foreign-path");
  });
});

describe("a bundle is refused if its claims", () => {
  test.each<[string, string, () => Promise<Files>]>([
    ["are for another tenant", "bundle/wrong-tenant", () => saying({ tenant: "south" })],
    ["are for another revision than its manifest", "bundle/wrong-claims", () => saying({ revision: 9 })],
    [
      "are for another model than its manifest",
      "bundle/wrong-claims",
      () => saying({ model: { name: "library", sha256: "cd".repeat(32) } }),
    ],
    [
      "are for another platform than its manifest",
      "bundle/wrong-claims",
      () => saying({ platform: "cd".repeat(32) }),
    ],
    ["are of another compiler than its manifest", "bundle/wrong-claims", () => saying({ compiler: "9" })],
    ["are of another kind", "trust/bad-document", () => saying({ kind: "release" })],
    ["are of another format", "trust/unknown-format", () => saying({ format: "wardline/bundle-claims/9" })],
    ["have a key too many", "trust/bad-document", () => saying({ scope: "all" })],
    [
      "name no kind",
      "trust/bad-document",
      () =>
        claimed(({ wardline }) => ({
          wardline: Object.fromEntries(Object.entries(wardline).filter(([key]) => key !== "kind")),
        })),
    ],
    ["are deep", "trust/too-deep", () => resigned(() => forgedSignatures("[".repeat(500), by("north")))],
    [
      "are written with white space",
      "trust/bad-document",
      () => resigned((claims) => forgedSignatures(`${canonicalJson(claims)} `, by("north"))),
    ],
    [
      "say a thing twice",
      "trust/bad-document",
      () =>
        resigned((claims) =>
          forgedSignatures(canonicalJson(claims).replace("{", '{"exp":9999999999,'), by("north")),
        ),
    ],
    [
      "name a file too few",
      "bundle/extra-file",
      () => claimed(({ files }) => ({ files: (files as object[]).slice(1) })),
    ],
    [
      "name a file too many",
      "bundle/missing-file",
      () =>
        claimed(({ files }) => ({
          files: [...(files as object[]), { algorithm: "SHA-256", hash: "ab".repeat(32), name: "x" }],
        })),
    ],
    [
      "name a file by another hash",
      "bundle/digest-mismatch",
      () =>
        claimed(({ files }) => ({
          files: (files as object[]).map((file, index) =>
            index === 0 ? { ...file, hash: "ab".repeat(32) } : file,
          ),
        })),
    ],
    [
      "name hashes of another algorithm",
      "trust/bad-document",
      () =>
        claimed(({ files }) => ({
          files: (files as object[]).map((file) => ({ ...file, algorithm: "MD5" })),
        })),
    ],
    ["are over", "bundle/expired", () => claimed(() => ({ exp: now }))],
    ["have not begun", "bundle/not-yet-valid", () => claimed(() => ({ nbf: now + 1 }))],
    ["allow no state as old as this", "bundle/stale", () => saying({ max_staleness: 60 })],
    ["allow staleness without a number", "trust/bad-document", () => saying({ max_staleness: 0 })],
  ])("%s: %s", async (_, code, files) => {
    expect(await codeFor(await files())).toBe(code);
  });

  test("are for a model or a platform that was not released", async () => {
    const model = { ...emptyProgram.model, name: "museum" };
    const program: Program = { ...emptyProgram, tenant: "north", model };
    const other = await signedBundle(keys, { revision: 8, input: { program } });
    expect(await codeFor(other.files)).toBe("bundle/wrong-model");
    const platform = await signedBundle(keys, { revision: 8, input: { platform: "cd".repeat(32) } });
    expect(await codeFor(platform.files)).toBe("bundle/wrong-platform");
  });

  test("are right, and it is signed by the right key, but a file of it is not the signed one", async () => {
    const { files } = await signedBundle(keys, { revision: 8 });
    const manifest = JSON.parse(text(files.get(".manifest"))) as {
      metadata: { wardline: { sha256?: string; files: Record<string, object> } };
    };
    const rego = bytes("package wardline\nallow := true\n");
    manifest.metadata.wardline.files["policy.rego"] = { sha256: sha256(rego), size: rego.length };
    delete manifest.metadata.wardline.sha256;
    manifest.metadata.wardline.sha256 = sha256(bytes(canonicalJson(manifest)));
    const forged = new Map(files).set("policy.rego", rego).set(".manifest", bytes(canonicalJson(manifest)));
    expect(await codeFor(forged)).toBe("bundle/digest-mismatch");
  });

  test("are another tenant's whole bundle in this one's place", async () => {
    const { files } = await signedBundle(keys, { tenant: "south", revision: 8 });
    expect(await codeFor(files)).toBe("trust/foreign-path");
  });
});

describe("a revision", () => {
  const bundleOf = (revision: number, manifest?: BundleManifest) =>
    signedBundle(keys, { revision }).then(
      (built) => new Map([["north", { ...built, ...(manifest && { manifest }) }]]),
    );

  test("lower than one that was seen is refused, in a state that is newer and whole", async () => {
    const eight = await published(keys, repository, { bundles: await bundleOf(8) });
    const result = await open(keys, eight);
    if ("error" in result) throw new Error(result.error.message);
    const back = await published(keys, eight, { bundles: await bundleOf(7) });
    expect(await codeOf(keys, back)).toBe("opened");
    expect(await codeOf(keys, back, { seen: result.seen })).toBe("bundle/lower-revision");
  });

  test("that was seen with another content is refused", async () => {
    const result = await open(keys, repository);
    if ("error" in result) throw new Error(result.error.message);
    const other = await signedBundle(keys, { revision: 7, lifetime: { expires: now + day } });
    const again = await published(keys, repository, { bundles: new Map([["north", other]]) });
    expect(await codeOf(keys, again, { seen: result.seen })).toBe("trust/same-version");
  });

  test("other than the snapshot's is refused", async () => {
    const { files } = await signedBundle(keys, { revision: 9 });
    expect(await codeFor(files)).toBe("trust/mixed-snapshot");
  });

  test("of another day under the present snapshot is refused", async () => {
    const eight = await published(keys, repository, { bundles: await bundleOf(8) });
    const old = packBundle(
      (await signedBundle(keys, { revision: 8, lifetime: { expires: now + day } })).files,
    );
    expect(await codeOf(keys, new Map(eight).set(paths.bundle("north", 8), old))).toBe(
      "trust/mixed-snapshot",
    );
    const seven = repository.get(paths.bundle("north", 7)) as Uint8Array;
    expect(await codeOf(keys, new Map(eight).set(paths.bundle("north", 8), seven))).toBe(
      "trust/mixed-snapshot",
    );
  });
});
