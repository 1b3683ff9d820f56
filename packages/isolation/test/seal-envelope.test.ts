import { createSecretKey, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSealer, SealBroken, type SealedPlace } from "../src/index.ts";
import {
  type BoundPlace,
  formatAad,
  maxPlaintext,
  openEnvelope,
  overhead,
  sealEnvelope,
} from "../src/seal/envelope.ts";
import { keyCheck } from "../src/seal/key-check.ts";
import { keysOf } from "./seal-library.ts";
import { deriveSealingKeys, type SealingKeys } from "../src/seal/sealing-keys.ts";

const all = keysOf(1);
const keys = all.seal.current;
/** Of every character that there is, and no half of one. */
const anyText = fc
  .array(fc.integer({ min: 0, max: 0x10_ffff }), { maxLength: 50 })
  .map((points) => String.fromCodePoint(...points).toWellFormed());
const purpose = fc.constantFrom("field" as const, "audit" as const);
const place: BoundPlace = {
  tenant: "north",
  table: "books",
  column: "remark",
  row: "0190a0b0-0000-7000-8000-000000000001",
  purpose: "field",
};
const text = Buffer.from("dog-eared on page 7", "utf8");
const random = Buffer.alloc(32, 2);
const sealed = sealEnvelope(keys, place, text, random);

const header = 0;
const salt = 8;
const commitment = 40;
const body = 72;
const tag = sealed.length - 16;

function codeOf(at: BoundPlace, envelope: Buffer, by: SealingKeys = keys): string {
  const opened = openEnvelope(new Map([[by.version, by]]), at, envelope);
  return opened.kind === "broken" ? opened.code : "opened";
}

function flipped(at: number, bit = 0): Buffer {
  const copy = Buffer.from(sealed);
  copy[at] = (copy[at] as number) ^ (1 << bit);
  return copy;
}

describe("an envelope", () => {
  it("opens where it was sealed, and adds 88 bytes", () => {
    expect(openEnvelope(new Map([[1, keys]]), place, sealed)).toEqual({ kind: "opened", plaintext: text });
    expect(overhead).toBe(88);
    expect(sealed).toHaveLength(text.length + 88);
    expect(sealed.includes(text)).toBe(false);
  });

  it.each<[string, BoundPlace]>([
    ["wrong_tenant", { ...place, tenant: "south" }],
    ["wrong_table", { ...place, table: "loans" }],
    ["wrong_column", { ...place, column: "title" }],
    ["wrong_row", { ...place, row: "0190a0b0-0000-7000-8000-000000000002" }],
    ["row_in_other_case", { ...place, row: place.row.toUpperCase() }],
    ["wrong_purpose", { ...place, purpose: "audit" }],
    ["table_and_column_swapped", { ...place, table: place.column, column: place.table }],
    ["boundary_moved", { ...place, table: "book", column: "sremark" }],
  ])("V71: does not open at the %s", (_, at) => {
    expect(codeOf(at, sealed)).toBe("not_authentic");
  });

  it.each<[string, Buffer, string]>([
    ["magic", flipped(header), "bad_header"],
    ["format_version", flipped(header + 3, 2), "bad_header"],
    ["format_of_padded_texts", flipped(header + 3), "not_authentic"],
    ["key_version", flipped(header + 7, 1), "wrong_key_version"],
    ["salt", flipped(salt), "not_authentic"],
    ["last_salt_byte", flipped(commitment - 1, 7), "not_authentic"],
    ["commitment", flipped(commitment), "not_authentic"],
    ["last_commitment_byte", flipped(body - 1, 7), "not_authentic"],
    ["body", flipped(body), "not_authentic"],
    ["tag", flipped(tag), "not_authentic"],
    ["last_tag_byte", flipped(sealed.length - 1, 7), "not_authentic"],
    ["cut_by_a_byte", sealed.subarray(0, -1), "not_authentic"],
    ["longer_by_a_byte", Buffer.concat([sealed, Buffer.alloc(1)]), "not_authentic"],
    ["cut_to_the_overhead", sealed.subarray(0, overhead), "not_authentic"],
    ["cut_below_the_overhead", sealed.subarray(0, overhead - 1), "bad_header"],
    ["empty", Buffer.alloc(0), "bad_header"],
    [
      "plain_text",
      Buffer.from(
        "a plain text that is long enough to be an envelope, and that is none at all, as one can see",
      ),
      "bad_header",
    ],
  ])("V74: with another %s is refused", (_, envelope, code) => {
    expect(codeOf(place, envelope)).toBe(code);
  });

  it("does not survive any single bit that is flipped", () => {
    for (let at = 0; at < sealed.length; at++) {
      for (let bit = 0; bit < 8; bit++)
        expect(codeOf(place, flipped(at, bit)), `${at}.${bit}`).not.toBe("opened");
    }
  });

  it("does not open under another key, and says no more than that", () => {
    const other = deriveSealingKeys(createSecretKey(Buffer.alloc(32, 3)), 1);
    expect(codeOf(place, sealed, other)).toBe("not_authentic");
    expect(codeOf(place, sealed, { ...keys, version: 2 })).toBe("wrong_key_version");
  });

  it("V75: does not open with the commitment of another message", () => {
    const other = sealEnvelope(keys, { ...place, row: "x" }, text, random);
    const mixed = Buffer.concat([
      sealed.subarray(0, commitment),
      other.subarray(commitment, body),
      sealed.subarray(body),
    ]);
    expect(codeOf(place, mixed)).toBe("not_authentic");
    const foreignBody = Buffer.concat([sealed.subarray(0, body), other.subarray(body)]);
    expect(codeOf(place, foreignBody)).toBe("not_authentic");
  });

  it("goes with a check value of its key, which docs/spec/envelope.md writes out and which is no key of a use", () => {
    const spec = readFileSync(join(import.meta.dirname, "../../../docs/spec/envelope.md"), "utf8");
    const [, kek = ""] = /^kek += ([0-9a-f]+)$/m.exec(spec) ?? [];
    const [, check] = /^check += ([0-9a-f]+)$/m.exec(spec) ?? [];
    expect(keyCheck(createSecretKey(Buffer.from(kek, "hex"))).toString("hex")).toBe(check);
    expect(check).toHaveLength(32);
    expect(() => keyCheck(createSecretKey(Buffer.alloc(16)))).toThrow(RangeError);
  });

  it("is as docs/spec/envelope.md writes it out", () => {
    const spec = readFileSync(join(import.meta.dirname, "../../../docs/spec/envelope.md"), "utf8");
    const vector = (name: string): string =>
      new RegExp(`^${name} *= ([0-9a-f]+)$`, "m").exec(spec)?.[1] ?? name;
    const plaintext = Buffer.from(vector("plaintext"), "hex");
    const at = { tenant: "north", table: "books", column: "remark", row: "7", purpose: "field" } as const;
    const by = deriveSealingKeys(createSecretKey(Buffer.from(vector("kek"), "hex")), 1);
    expect(formatAad(Buffer.from(vector("header"), "hex"), at).toString("hex")).toBe(vector("aad"));
    expect(sealEnvelope(by, at, plaintext, Buffer.from(vector("random"), "hex")).toString("hex")).toBe(
      vector("envelope"),
    );
  });
});

describe("the place in the AAD", () => {
  it("V81: is encoded in one way only: a|bc is not ab|c", () => {
    const head = sealed.subarray(0, 8);
    const encode = (at: BoundPlace): string => formatAad(head, at).toString("hex");
    expect(encode({ ...place, table: "a", column: "bc" })).not.toBe(
      encode({ ...place, table: "ab", column: "c" }),
    );
    const part = fc.oneof(anyText, fc.constantFrom("", "a", "\0", "\0\0\0\u0001a"));
    const anyPlace = fc.record({ tenant: part, table: part, column: part, row: part, purpose });
    fc.assert(
      fc.property(anyPlace, anyPlace, (a, b) => {
        expect(encode(a) === encode(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
      { numRuns: 500 },
    );
  });
});

describe("repeated randomness", () => {
  it("V76, V106: repeats a message and never a key for another", () => {
    const salts = new Map<string, string>();
    const part = fc.constantFrom("a", "b", "ab");
    fc.assert(
      fc.property(
        fc.record({ tenant: part, table: part, column: part, row: part, purpose }),
        fc.string({ maxLength: 3 }),
        (at, plain) => {
          const envelope = sealEnvelope(keys, at, Buffer.from(plain), random);
          const what = JSON.stringify([at, plain]);
          const used = envelope.subarray(salt, commitment).toString("hex");
          expect(salts.get(used) ?? what).toBe(what);
          salts.set(used, what);
          expect(sealEnvelope(keys, at, Buffer.from(plain), random).equals(envelope)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
    expect(salts.size).toBeGreaterThan(100);
  });

  it("does not happen between calls: one text sealed often is never the same twice", () => {
    const sealer = createSealer("north", () => all);
    const seen = new Set(Array.from({ length: 1000 }, () => sealer.seal(place, "same")));
    expect(seen.size).toBe(1000);
  });
});

describe("a sealer", () => {
  const sealer = createSealer("north", () => all);
  const cell: SealedPlace = { table: "books", column: "remark", row: "7" };
  const hex = sealer.seal(cell, "a remark");

  function broken(work: () => unknown): unknown {
    try {
      return work();
    } catch (error) {
      expect(error).toBeInstanceOf(SealBroken);
      expect((error as Error).message).toBe("a sealed value does not open");
      return (error as SealBroken).code;
    }
  }

  it("gives back every text, as lower-case hex in between", () => {
    fc.assert(
      fc.property(anyText, (plain) => {
        const text = plain.toWellFormed();
        const through = sealer.seal(cell, text);
        expect(through).toMatch(/^574c530200000001[0-9a-f]+$/);
        expect(sealer.open(cell, through)).toBe(text);
      }),
    );
    expect(sealer.open(cell, sealer.seal(cell, ""))).toBe("");
    expect(sealer.open(cell, sealer.seal(cell, "\ufeffbom"))).toBe("\ufeffbom");
  });

  it("V74: never gives back what it was given when it does not open", () => {
    for (const not of [
      "",
      "a remark",
      hex.toUpperCase(),
      hex.slice(1),
      `${hex}0`,
      ` ${hex}`,
      `${hex}zz`,
      `\\x${hex}`,
    ]) {
      expect(
        broken(() => sealer.open(cell, not)),
        not.slice(0, 12),
      ).toBe("bad_header");
    }
    expect(broken(() => sealer.open({ ...cell, row: "8" }, hex))).toBe("not_authentic");
    expect(broken(() => createSealer("south", () => all).open(cell, hex))).toBe("not_authentic");
  });

  it("refuses places and texts that have no exact encoding", () => {
    for (const bad of [
      { ...cell, row: "" },
      { ...cell, row: "\ud800" },
      { ...cell, column: "\udfff" },
    ]) {
      expect(() => sealer.seal(bad, "x")).toThrow(expect.objectContaining({ code: "write/bad-value" }));
      expect(broken(() => sealer.open(bad, hex))).toBe("not_authentic");
    }
    const replaced = sealer.seal({ ...cell, row: "\ufffd" }, "x");
    expect(broken(() => sealer.open({ ...cell, row: "\ud800" }, replaced))).toBe("not_authentic");
    expect(() => sealer.seal(cell, "\ud800")).toThrow(expect.objectContaining({ code: "write/bad-value" }));
  });

  it("refuses a text over 16 MiB, without a word of it", () => {
    const long = "a".repeat(maxPlaintext + 1);
    expect(() => sealer.seal(cell, long)).toThrow(
      expect.objectContaining({ message: "the value of books.remark can't be sealed" }),
    );
  });

  it("V82: tells the length of its text, a token in steps of 16 bytes, a hash nothing of it", () => {
    const field = { table: "books", column: "remark" };
    const lengths = (texts: readonly string[], of: (text: string) => string): number[] => [
      ...new Set(texts.map((text) => of(text).length)),
    ];
    const texts = ["", "a", "b", "123456789012345"];
    expect(lengths(texts, (text) => sealer.seal(cell, text))).toEqual([176, 178, 206]);
    expect(lengths(texts, (text) => sealer.mask("token", field, text))).toHaveLength(1);
    expect(lengths([...texts, "a".repeat(1000)], (text) => sealer.mask("hash", field, text))).toHaveLength(1);
    expect(
      lengths(["a".repeat(15), "a".repeat(16)], (text) => sealer.mask("token", field, text)),
    ).toHaveLength(2);
  });

  it("finds and masks equal texts alike, each under a key of its own", () => {
    const field = { table: "books", column: "remark" };
    const rotated = keysOf(1, [1, 2, 3], 2);
    const now = createSealer("north", () => rotated);
    expect(now.blindIndexes(field, "x")[0]).toBe(now.blindIndex(field, "x"));
    expect(now.blindIndexes(field, "x").map((index) => index.slice(0, 8))).toEqual([
      "00000002",
      "00000001",
      "00000003",
    ]);
    expect(now.blindIndexes(field, "x")).toContain(sealer.blindIndex(field, "x"));
    expect(now.open(cell, hex)).toBe("a remark");
    expect(broken(() => sealer.open(cell, now.seal(cell, "new")))).toBe("wrong_key_version");
    const token = sealer.mask("token", field, "x");
    expect(now.mask("token", field, "x")).not.toBe(token);
    expect(now.revealToken(field, token)).toBe("x");
    expect(broken(() => sealer.revealToken(field, now.mask("token", field, "x")))).toBe("wrong_key_version");
    for (const not of ["", "x", "t1.", "t0.AAAA", "h1.00", sealer.mask("hash", field, "x"), `${token} `])
      expect(broken(() => sealer.revealToken(field, not))).toBe("bad_header");
    for (const not of [
      `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`,
      token.slice(0, -2),
      `${token}AA`,
    ])
      expect(broken(() => sealer.revealToken(field, not))).toBe("not_authentic");
    for (const bad of ["\ud800", "a".repeat(maxPlaintext + 1)]) {
      expect(() => sealer.blindIndex(field, bad)).toThrow(
        expect.objectContaining({ code: "write/bad-value" }),
      );
      expect(() => sealer.mask("token", field, bad)).toThrow(
        expect.objectContaining({ code: "write/bad-value" }),
      );
    }
  });

  it("refuses authentic bytes that are no text", () => {
    const bytes = sealEnvelope(
      keys,
      { tenant: "north", purpose: "field", ...cell },
      Buffer.from([0xff]),
      randomBytes(32),
    );
    expect(broken(() => sealer.open(cell, bytes.toString("hex")))).toBe("not_authentic");
  });

  it("takes only keys of 32 bytes and versions from 1", () => {
    expect(() => deriveSealingKeys(createSecretKey(Buffer.alloc(16)), 1)).toThrow(RangeError);
    for (const version of [0, 1.5, -1, 2 ** 32])
      expect(() => deriveSealingKeys(createSecretKey(Buffer.alloc(32)), version)).toThrow(RangeError);
  });
});
