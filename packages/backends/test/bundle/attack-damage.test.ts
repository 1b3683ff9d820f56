/** Accidents, and attempts without a plan: whatever is cut, flipped or exchanged in a repository, nothing of it opens. */
import { openTrustedRoot, paths, unpackBundle } from "@wardline/backends";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { codeOf, newKeys, newRepository, published, type Keys, type Repository } from "./town.ts";

let keys: Keys;
let repository: Repository;
/** The files that an opening reads; the first root is the reader's own. */
let read: readonly string[];
const refusal = /^(?:bundle|trust)\/[a-z-]+$/;

beforeAll(async () => {
  keys = await newKeys();
  repository = await published(keys, await newRepository(keys));
  read = [
    paths.timestamp,
    paths.snapshot(2),
    paths.release(1, "library"),
    paths.bundle("north", 7),
    paths.bundle("south", 7),
  ];
});

test("any bit that is flipped, in a document or bundle of any role, refuses the whole", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.nat(), async (file, place) => {
      const path = read[file % read.length] as string;
      const content = repository.get(path) as Uint8Array;
      const bit = place % (content.length * 8);
      const flipped = content.with(bit >> 3, (content[bit >> 3] as number) ^ (1 << (bit & 7)));
      expect(await codeOf(keys, new Map(repository).set(path, flipped)), `${path}, bit ${bit}`).toMatch(
        refusal,
      );
    }),
    { numRuns: 400 },
  );
});

test("every byte of the timestamp, which no digest guards, counts", async () => {
  const content = repository.get(paths.timestamp) as Uint8Array;
  for (let bit = 0; bit < content.length * 8; bit += 7) {
    const flipped = content.with(bit >> 3, (content[bit >> 3] as number) ^ (1 << (bit & 7)));
    expect(await codeOf(keys, new Map(repository).set(paths.timestamp, flipped)), `bit ${bit}`).toMatch(
      refusal,
    );
  }
});

test("every byte of the trusted root counts", async () => {
  const content = repository.get(paths.root(1)) as Uint8Array;
  for (let bit = 0; bit < content.length * 8; bit += 7) {
    const opened = await openTrustedRoot(
      content.with(bit >> 3, (content[bit >> 3] as number) ^ (1 << (bit & 7))),
    );
    expect("error" in opened && opened.error.code, `bit ${bit}`).toMatch(refusal);
  }
});

test("a file that is cut, grown, emptied, exchanged for another or taken away refuses the whole", async () => {
  for (const path of read) {
    const content = repository.get(path) as Uint8Array;
    const others = [...repository.values()].filter((other) => !Buffer.from(other).equals(content));
    for (const other of [
      content.slice(1),
      content.slice(0, -1),
      content.slice(0, content.length >> 1),
      Uint8Array.of(...content, 10),
      new Uint8Array(),
      ...others,
    ])
      expect(await codeOf(keys, new Map(repository).set(path, other)), path).toMatch(refusal);
    const without = new Map(repository);
    without.delete(path);
    expect(await codeOf(keys, without), path).toBe("trust/missing-document");
  }
});

test("an archive with any bit flipped unpacks to nothing", async () => {
  const content = repository.get(paths.bundle("north", 7)) as Uint8Array;
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (place) => {
      const bit = place % (content.length * 8);
      const unpacked = await unpackBundle(
        content.with(bit >> 3, (content[bit >> 3] as number) ^ (1 << (bit & 7))),
      );
      expect("error" in unpacked && unpacked.error.code, `bit ${bit}`).toMatch(refusal);
    }),
    { numRuns: 300 },
  );
});

test("no content of a document makes opening throw", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...read),
      fc.uint8Array({ maxLength: 200 }),
      fc.jsonValue(),
      async (path, raw, value) => {
        for (const content of [raw, new TextEncoder().encode(`${JSON.stringify(value)}\n`)])
          expect(await codeOf(keys, new Map(repository).set(path, content))).toMatch(refusal);
      },
    ),
    { numRuns: 100 },
  );
});
