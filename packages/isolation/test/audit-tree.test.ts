/** Trees and their proofs: known answers, and every size against a tree that is written down as RFC 6962 defines it. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { GrowingTree } from "../src/audit/tree/growing-tree.ts";
import { emptyRoot, entryLeafHash, leafHash } from "../src/audit/tree/merkle-hash.ts";
import { leavesOf, proveConsistency, proveInclusion, rootOf } from "../src/audit/tree/prove.ts";
import { verifyConsistency, verifyInclusion } from "../src/audit/tree/verify-proof.ts";

/** The leaves that the logs of Certificate Transparency test with. */
const known = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
].map((hex) => leafHash(Buffer.from(hex, "hex")));
const roots = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/** RFC 6962, 2.1, word by word over bytes. */
function naiveRoot(leaves: readonly Buffer[]): Buffer {
  const sha = (...parts: readonly Uint8Array[]): Buffer => {
    const hash = createHash("sha256");
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
  if (leaves.length === 0) return sha();
  if (leaves.length === 1) return sha(Buffer.from([0]), leaves[0] as Buffer);
  let k = 1;
  while (k << 1 < leaves.length) k <<= 1;
  return sha(Buffer.from([1]), naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}

const texts = Array.from({ length: 140 }, (_, n) => Buffer.from(`leaf ${n}`));
const many = leavesOf(texts.map(leafHash));
const flipped = (hash: string): string => `${hash[0] === "0" ? "1" : "0"}${hash.slice(1)}`;

describe("known answers", () => {
  test.each(roots.map((root, size) => [size, root] as const))("the root over %i leaves", (size, root) => {
    expect(rootOf(leavesOf(known), size)).toBe(root);
    const tree = new GrowingTree();
    for (const leaf of known.slice(0, size)) tree.append(leaf);
    expect(tree.root()).toBe(root);
  });

  test.each<[number, number, readonly string[]]>([
    [0, 1, []],
    [
      0,
      8,
      [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
      ],
    ],
    [
      5,
      8,
      [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      ],
    ],
    [2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]],
    [
      1,
      5,
      [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      ],
    ],
  ])("leaf %i in a tree of %i", (index, size, path) => {
    expect(proveInclusion(leavesOf(known), index, size)).toEqual(path);
    expect(verifyInclusion(known[index] as string, index, size, roots[size] as string, path)).toBe(true);
  });

  test.each<[number, number, readonly string[]]>([
    [1, 1, []],
    [
      1,
      8,
      [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
      ],
    ],
    [
      6,
      8,
      [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      ],
    ],
    [
      2,
      5,
      [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      ],
    ],
  ])("a tree of %i and one of %i", (first, size, proof) => {
    expect(proveConsistency(leavesOf(known), first, size)).toEqual(proof);
    const at = (n: number) => ({ size: n, root: roots[n] as string });
    expect(verifyConsistency(at(first), at(size), proof)).toBe(true);
  });
});

describe("every size up to 70, against the definition", () => {
  const root = (size: number): string => naiveRoot(texts.slice(0, size)).toString("hex");
  const sizes = Array.from({ length: 71 }, (_, size) => size);
  const right = sizes.map(root);

  it("has the root that the definition gives, also grown from an edge that was kept", () => {
    let tree = new GrowingTree();
    for (const size of sizes) {
      expect([size, rootOf(many, size), tree.root()]).toEqual([size, right[size], right[size]]);
      tree = GrowingTree.from(JSON.parse(JSON.stringify(tree.edge())) as ReturnType<GrowingTree["edge"]>);
      tree.append(many.at(size));
    }
  });

  it("proves each leaf at its own index and no other", () => {
    for (const size of sizes.slice(1))
      for (let index = 0; index < size; index += 1) {
        const path = proveInclusion(many, index, size);
        const holds = (at: number, leaf: number) =>
          verifyInclusion(many.at(leaf), at, size, right[size] as string, path);
        expect(holds(index, index)).toBe(true);
        expect(holds(index, index + 1)).toBe(false);
        for (const at of [index - 1, index + 1, size, size * 2 + index]) expect(holds(at, index)).toBe(false);
      }
  });

  it("proves each pair of sizes, and no other pair by that proof", () => {
    const at = (size: number) => ({ size, root: right[size] as string });
    for (const size of sizes.slice(1))
      for (let first = 1; first <= size; first += 1) {
        const proof = proveConsistency(many, first, size);
        expect([first, size, verifyConsistency(at(first), at(size), proof)]).toEqual([first, size, true]);
        if (first === size) continue;
        expect(verifyConsistency(at(size), at(first), proof)).toBe(false);
        expect(verifyConsistency({ size: first, root: right[size] as string }, at(size), proof)).toBe(false);
        expect(verifyConsistency(at(first), { size, root: right[first] as string }, proof)).toBe(false);
      }
  });
});

describe("what is no proof (V91)", () => {
  const seed = Number(process.env["WARDLINE_SEED"] ?? Date.now() % 1_000_000_000);
  console.log(`seed of forged proofs: ${seed}`);
  const some = fc.tuple(fc.integer({ min: 2, max: 140 }), fc.nat(), fc.nat(), fc.nat());
  const forge = (proof: readonly string[], how: number, place: number): readonly string[] => {
    const at = proof.length === 0 ? 0 : place % proof.length;
    const extra = many.at(place % many.size);
    if (how % 5 === 0) return proof.map((step, n) => (n === at ? flipped(step) : step));
    if (how % 5 === 1) return proof.filter((_, n) => n !== at);
    if (how % 5 === 2) return [...proof.slice(0, at), extra, ...proof.slice(at)];
    if (how % 5 === 3) return proof.toReversed();
    return [...proof, extra];
  };
  const same = (a: readonly string[], b: readonly string[]) => JSON.stringify(a) === JSON.stringify(b);

  it("V91: a forged proof of inclusion is refused", () => {
    fc.assert(
      fc.property(some, ([size, index, how, place]) => {
        const at = index % size;
        const path = proveInclusion(many, at, size);
        const forged = forge(path, how, place);
        fc.pre(!same(path, forged));
        expect(verifyInclusion(many.at(at), at, size, rootOf(many, size), forged)).toBe(false);
      }),
      { seed, numRuns: 2000 },
    );
  });

  it("V91: a forged proof of consistency is refused", () => {
    fc.assert(
      fc.property(some, ([size, from, how, place]) => {
        const first = 1 + (from % size);
        const proof = proveConsistency(many, first, size);
        const forged = forge(proof, how, place);
        fc.pre(!same(proof, forged));
        const pair = [
          { size: first, root: rootOf(many, first) },
          { size, root: rootOf(many, size) },
        ] as const;
        expect(verifyConsistency(...pair, forged)).toBe(false);
      }),
      { seed, numRuns: 2000 },
    );
  });

  it("V91: a tree with one leaf changed is not consistent with what it was", () => {
    fc.assert(
      fc.property(some, ([size, from, place]) => {
        const first = 1 + (from % size);
        const changed = place % first;
        const other = leavesOf(
          Array.from({ length: size }, (_, n) => (n === changed ? flipped(many.at(n)) : many.at(n))),
        );
        const proof = proveConsistency(other, first, size);
        const before = { size: first, root: rootOf(many, first) };
        expect(verifyConsistency(before, { size, root: rootOf(other, size) }, proof)).toBe(false);
      }),
      { seed, numRuns: 1000 },
    );
  });

  it("is a path to a node, or a node in a leaf's place", () => {
    const [a, b] = [known[0] as string, known[1] as string];
    const above = roots[2] as string;
    // The node over two leaves is no leaf of the smaller tree above it.
    expect(
      verifyInclusion(above, 0, 4, roots[4] as string, proveInclusion(leavesOf(known), 0, 4).slice(1)),
    ).toBe(false);
    expect(leafHash(Buffer.from(a + b, "hex"))).not.toBe(above);
  });

  it.each<[string, () => boolean]>([
    ["not hex", () => verifyInclusion("x", 0, 1, "x", [])],
    ["in capitals", () => verifyInclusion(emptyRoot.toUpperCase(), 0, 1, emptyRoot.toUpperCase(), [])],
    ["at a broken index", () => verifyInclusion(emptyRoot, 0.5, 1, emptyRoot, [])],
    ["at a negative index", () => verifyInclusion(emptyRoot, -1, 1, emptyRoot, [])],
    ["in an empty tree", () => verifyInclusion(emptyRoot, 0, 0, emptyRoot, [])],
    ["beyond what can be counted", () => verifyInclusion(emptyRoot, 0, 2 ** 53, emptyRoot, [])],
    [
      "from an empty tree that has a root",
      () =>
        verifyConsistency({ size: 0, root: roots[1] as string }, { size: 1, root: roots[1] as string }, []),
    ],
    [
      "from nothing at all",
      () =>
        verifyConsistency({ size: 3, root: roots[3] as string }, { size: 8, root: roots[8] as string }, []),
    ],
  ])("%s", (_, verify) => {
    expect(verify()).toBe(false);
  });
});

test("places that a tree does not have are refused, and edges that cannot be", () => {
  expect(() => proveInclusion(many, 3, 3)).toThrow(RangeError);
  expect(() => proveInclusion(many, 0, many.size + 1)).toThrow(RangeError);
  expect(() => proveConsistency(many, 5, 4)).toThrow(RangeError);
  expect(() => rootOf(many, -1)).toThrow(RangeError);
  expect(() => GrowingTree.from({ size: 3, peaks: [emptyRoot] })).toThrow(TypeError);
  expect(() => entryLeafHash("ab")).toThrow(TypeError);
  expect(() => entryLeafHash("z".repeat(64))).toThrow(TypeError);
});
