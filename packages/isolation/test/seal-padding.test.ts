/** Padding: what of a text's length is left to see, and that a padded text has one form. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createAuditSealer,
  createSealer,
  KeyRing,
  localKeys,
  padded,
  type KeyProvider,
} from "../src/index.ts";
import { newRow } from "./keys-faulty-provider.ts";
import { maxPlaintext } from "../src/seal/envelope.ts";
import { leastPadded, pad, paddedLength, unpad } from "../src/seal/padding.ts";
import { auditKeysFrom, keysOf } from "./seal-library.ts";

const keys = keysOf(1);
const cell = { table: "books", column: "remark", row: "7" };
const plain = createSealer("north", () => keys);
const hiding = createSealer("north", () => keys, "padme");
const lengthOf = (text: string): number => hiding.seal(cell, text).length / 2;

describe("V82: a padded cell", () => {
  test("is as long for every text of up to 63 bytes, and has few lengths beyond", () => {
    const short = ["", "a", "no", "4711", "a".repeat(63), "é".repeat(31)];
    expect(new Set(short.map(lengthOf))).toEqual(new Set([88 + 64]));
    const lengths = new Set(Array.from({ length: 4096 }, (_, length) => lengthOf("a".repeat(length))));
    expect(lengths.size).toBe(81);
    // An unpadded one tells each.
    expect(new Set(short.map((text) => plain.seal(cell, text).length)).size).toBe(6);
  });

  test("opens with and without padding asked for, as do those of before", () => {
    for (const text of ["", "worn", "a\u0080\0\0", "\u0080", "\0", "a".repeat(64), "é".repeat(5000)])
      for (const by of [plain, hiding])
        for (const seals of [plain, hiding]) expect(by.open(cell, seals.seal(cell, text))).toBe(text);
  });

  test("takes the longest text there is, and opens it", () => {
    const longest = "a".repeat(maxPlaintext);
    expect(hiding.open(cell, hiding.seal(cell, longest)) === longest).toBe(true);
    expect(() => hiding.seal(cell, `${longest}a`)).toThrow(
      expect.objectContaining({ code: "write/bad-value" }),
    );
  });

  test("leaves blind indexes and masks as they are", () => {
    expect(hiding.blindIndex(cell, "worn")).toBe(plain.blindIndex(cell, "worn"));
    expect(hiding.mask("token", cell, "worn")).toBe(plain.mask("token", cell, "worn"));
  });
});

test("V82: the personal part of an audit entry is padded alike", () => {
  const sealer = createAuditSealer("north", () => auditKeysFrom(1), "padme");
  const [ada, nobody] = [sealer.seal("7", "ada"), sealer.seal("7", "nobody in particular")];
  expect(ada).toHaveLength(nobody.length);
  expect(sealer.open("7", nobody)).toBe("nobody in particular");
});

describe("a padded length", () => {
  test("holds the text and its marker, grows with it, is a padded length itself, and is less than an eighth longer", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: maxPlaintext }), (length) => {
        const long = paddedLength(length);
        expect(long).toBeGreaterThan(length);
        expect(paddedLength(long - 1)).toBe(long);
        expect(paddedLength(length + 1)).toBeGreaterThanOrEqual(long);
        if (length >= leastPadded) expect(long).toBeLessThan((length + 1) * 1.125);
      }),
      { numRuns: 5000 },
    );
  });

  test("V82: undone gives the text for its one form, and nothing for any other", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (text, at, by) => {
          const form = pad(text);
          expect(unpad(form)).toEqual(Buffer.from(text));
          const changed = Buffer.from(form);
          // Any byte behind the text: the marker, or a zero.
          const index = text.length + (at % (form.length - text.length));
          changed[index] = (changed[index] as number) ^ by;
          const undone = unpad(changed);
          if (undone !== undefined) expect(pad(undone)).toEqual(changed);
          expect(undone === undefined || !undone.equals(Buffer.from(text))).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
    expect(unpad(Buffer.alloc(0))).toBeUndefined();
    expect(unpad(Buffer.alloc(64))).toBeUndefined();
  });
});

describe("keys that are padded", () => {
  async function sealersOf(provider: KeyProvider) {
    const purposes = ["seal", "index", "mask", "audit"] as const;
    const rows = await Promise.all(purposes.map((purpose) => newRow(provider, "north", purpose, 1)));
    const ring = new KeyRing({ provider });
    return ring.of("north", {
      inTransaction: true,
      read: async () => JSON.stringify({ tenant: "north", state: "active", keys: rows }),
    });
  }

  test("V82: seal whatever is sealed under them padded, and do all else as before", async () => {
    const local = localKeys(join(mkdtempSync(join(tmpdir(), "wardline-padded-")), "keys.json"));
    await local.create("north");
    const provider = padded(local);
    const { cells, audit } = await sealersOf(provider);
    expect(cells.seal(cell, "a")).toHaveLength(2 * (88 + 64));
    expect(audit.seal("7", "a")).toHaveLength(2 * (88 + 64));
    expect((await sealersOf(local)).cells.seal(cell, "a")).toHaveLength(2 * (88 + 1));
    expect(await provider.state("north", "data")).toEqual({ kind: "usable" });
    await provider.disable("north", "data");
    expect(await local.state("north", "data")).toEqual({ kind: "disabled" });
    await provider.enable("north", "data");
    await provider.destroy("north", "audit");
    expect(await local.state("north", "audit")).toEqual({ kind: "destroyed" });
  });
});
