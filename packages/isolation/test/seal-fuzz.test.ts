/** Envelopes that were changed at random: none opens, and what is told of one is what whoever wrote it knows already. */
import { randomInt } from "node:crypto";
import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSealer, SealBroken, type Sealer, type SealedPlace } from "../src/index.ts";
import { keysOf } from "./seal-library.ts";

const seed = Number(process.env["SEAL_SEED"] ?? randomInt(2 ** 31));
const settings = (numRuns: number) => ({ seed, numRuns });
const secret = "a-text-that-nobody-may-see";
const cell: SealedPlace = { table: "books", column: "remark", row: "7" };
const readable = [1, 2, 3];
const all = keysOf(1, readable, 2);
const sealers: readonly Sealer[] = [
  createSealer("north", () => all),
  createSealer("north", () => all, "padme"),
  createSealer("north", () => keysOf(1, [3])),
];
const open = (hex: string, at: SealedPlace = cell): string => (sealers[0] as Sealer).open(at, hex);

/** What a reader of the table can say of some bytes without any key. */
function publicClass(hex: string): string {
  const bytes = Buffer.from(hex, "hex");
  if (bytes.toString("hex") !== hex || bytes.length < 88) return "bad_header";
  if (!["574c5302", "574c5303"].includes(hex.slice(0, 8))) return "bad_header";
  return readable.includes(bytes.readUInt32BE(4)) ? "not_authentic" : "wrong_key_version";
}

function codeOf(hex: string, at: SealedPlace = cell): string {
  try {
    open(hex, at);
    return "opened";
  } catch (error) {
    // One error, whose every part but its code is the same.
    expect(error).toBeInstanceOf(SealBroken);
    const { message, code, cause, ...more } = error as SealBroken & { readonly cause?: unknown };
    expect([message, cause, Object.keys(more)]).toEqual([
      "a sealed value does not open",
      undefined,
      ["name"],
    ]);
    const shown = inspect(error, { depth: 9, showHidden: true });
    for (const part of [
      secret,
      Buffer.from(secret).toString("hex"),
      hex.length > 80 ? hex.slice(16, 80) : secret,
    ])
      expect(shown).not.toContain(part);
    return code;
  }
}

type Change = (bytes: Buffer, other: Buffer) => Buffer;
const place = fc.nat({ max: 0xffff });
const noise = fc.uint8Array({ minLength: 1, maxLength: 100 });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(place, fc.integer({ min: 0, max: 7 })).map(([at, bit]): Change => (bytes) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[at % copy.length] = (copy[at % copy.length] as number) ^ (1 << bit);
    return copy;
  }),
  place.map(
    (at): Change =>
      (bytes) =>
        bytes.subarray(0, at % (bytes.length + 1)),
  ),
  place.map(
    (at): Change =>
      (bytes) =>
        bytes.subarray(at % (bytes.length + 1)),
  ),
  noise.map(
    (more): Change =>
      (bytes) =>
        Buffer.concat([bytes, more]),
  ),
  noise.map(
    (more): Change =>
      (bytes) =>
        Buffer.concat([more, bytes]),
  ),
  fc.constant<Change>((bytes, other) => Buffer.concat([bytes, other])),
  fc.constant<Change>((bytes) => Buffer.concat([bytes, bytes])),
  fc.tuple(place, place).map(([from, to]): Change => (bytes, other) => {
    // A part of the other one, in the same place.
    const [start, end] = [from % (bytes.length + 1), to % (bytes.length + 1)].toSorted((a, b) => a - b);
    return Buffer.concat([bytes.subarray(0, start), other.subarray(start, end), bytes.subarray(end)]);
  }),
  fc.tuple(place, place).map(([from, to]): Change => (bytes) => {
    const [start, end] = [from % (bytes.length + 1), to % (bytes.length + 1)].toSorted((a, b) => a - b);
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
  }),
  fc.tuple(place, noise).map(([at, more]): Change => (bytes) => {
    const start = at % (bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, start), more, bytes.subarray(start + more.length)]);
  }),
  fc.constantFrom(2, 3).map((format): Change => (bytes) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 3) copy[3] = format;
    return copy;
  }),
  fc.integer({ min: 0, max: 5 }).map((version): Change => (bytes) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 7) copy.writeUInt32BE(version, 4);
    return copy;
  }),
);
const sealed = fc
  .tuple(fc.nat({ max: sealers.length - 1 }), fc.integer({ min: 0, max: 3 }))
  .map(([by, times]) => (sealers[by] as Sealer).seal(cell, secret.repeat(times)));

describe(`a sealer, with SEAL_SEED=${seed}`, () => {
  test("V71, V74: opens none of the envelopes that were changed, and tells of each what can be seen without a key", () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(sealed, sealed, fc.array(change, { minLength: 1, maxLength: 4 }), (one, other, changes) => {
        const hex = changes
          .reduce<Buffer>((bytes, by) => by(bytes, Buffer.from(other, "hex")), Buffer.from(one, "hex"))
          .toString("hex");
        // What was changed back, or became the other one, is as it was sealed.
        if (hex === one || hex === other) return;
        const code = codeOf(hex);
        expect(code).toBe(publicClass(hex));
        seen.set(code, (seen.get(code) ?? 0) + 1);
      }),
      settings(6000),
    );
    // Every class was met, often.
    for (const code of ["bad_header", "wrong_key_version", "not_authentic"])
      expect(seen.get(code), code).toBeGreaterThan(100);
  });

  test("V74: opens no text that is no envelope, however it is written", () => {
    const unit = fc.constantFrom("0", "5", "7", "4", "c", "3", "2", "f", "A", "\\", "x", " ", "\n", "é");
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit, maxLength: 300 }), fc.string({ unit: "binary" })), (text) => {
        expect(codeOf(text)).toBe(publicClass(text));
        expect(codeOf(`574c5302${text}`)).toBe(publicClass(`574c5302${text}`));
      }),
      settings(2000),
    );
  });

  test("V71: opens what it sealed at its place, and tells of another place nothing else than of any fault", () => {
    const name = fc.constantFrom("7", "8", "books", "remark", "loans", "a", "");
    fc.assert(
      fc.property(sealed, fc.record({ table: name, column: name, row: name }), (hex, at) => {
        const isThere = at.table === cell.table && at.column === cell.column && at.row === cell.row;
        expect(codeOf(hex, at)).toBe(isThere ? "opened" : "not_authentic");
        expect(codeOf(hex)).toBe("opened");
      }),
      settings(1000),
    );
  });
});
