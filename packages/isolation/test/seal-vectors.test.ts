/** The vectors that go with docs/spec/envelope.md: what must come out, and what must not open, by the name of what was changed. */
import { createSecretKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createAuditSealer,
  createSealer,
  deriveAuditKeys,
  deriveKek,
  deriveTenantKeys,
} from "../src/index.ts";
import { deriveIndexKeys, formatBlindIndex } from "../src/seal/blind-index.ts";
import { formatAad, openEnvelope, sealEnvelope } from "../src/seal/envelope.ts";
import { deriveMaskKeys, formatHash, formatToken, openToken } from "../src/seal/masks.ts";
import { gcmDecrypt, hmacSha512, sha256 } from "../src/seal/primitives.ts";
import { deriveSealingKeys, type SealingKeys } from "../src/seal/sealing-keys.ts";
import { subKey, type KeyLabel } from "../src/seal/sub-key.ts";
import { salamander } from "./salamander.ts";
import * as reference from "./seal-reference.ts";

interface Place {
  readonly tenant: string;
  readonly table: string;
  readonly column: string;
  readonly row: string;
  readonly purpose: "field" | "audit";
}
interface Field {
  readonly tenant: string;
  readonly table: string;
  readonly column: string;
}
interface Vectors {
  readonly keks: readonly {
    readonly unwrapped: string;
    readonly tenant: string;
    readonly purpose: "seal";
    readonly version: number;
    readonly kek: string;
  }[];
  readonly sub_keys: { readonly kek: string; readonly keys: Readonly<Record<string, string>> };
  readonly kek: string;
  readonly envelopes: readonly (Place & {
    readonly version: number;
    readonly padding: "none" | "padme";
    readonly plaintext: string;
    readonly random: string;
    readonly aad: string;
    readonly envelope: string;
  })[];
  readonly blind_indexes: readonly (Field & {
    readonly version: number;
    readonly plaintext: string;
    readonly index: string;
  })[];
  readonly masks: readonly (Field & {
    readonly version: number;
    readonly plaintext: string;
    readonly hash: string;
    readonly token: string;
  })[];
  readonly broken: readonly (Place & {
    readonly name: string;
    readonly kek: string;
    readonly version: number;
    readonly envelope: string;
    readonly code: string;
  })[];
}

const path = join(import.meta.dirname, "vectors/envelope.json");
const vectors = JSON.parse(readFileSync(path, "utf8")) as Vectors;
const hex = (text: string): Buffer => Buffer.from(text, "hex");
const key = (text: string) => createSecretKey(hex(text));
const placeOf = ({ tenant, table, column, row, purpose }: Place): Place => ({
  tenant,
  table,
  column,
  row,
  purpose,
});
const kindOf = ({ purpose }: Place) => (purpose === "audit" ? "audit" : "seal");
const one = (keys: SealingKeys) => new Map([[keys.version, keys]]);

describe("the vectors", () => {
  test("give every key", () => {
    for (const { unwrapped, kek, tenant, purpose, version } of vectors.keks)
      expect(deriveKek({ tenant, purpose, version }, key(unwrapped)).export().toString("hex")).toBe(kek);
    const labels = Object.entries(vectors.sub_keys.keys);
    expect(labels).toHaveLength(8);
    expect(new Set(labels.map(([, value]) => value)).size).toBe(8);
    for (const [label, value] of labels)
      expect(
        subKey(key(vectors.sub_keys.kek), label as KeyLabel)
          .export()
          .toString("hex"),
        label,
      ).toBe(value);
  });

  test("give every envelope, and open again", () => {
    expect(vectors.envelopes.length).toBeGreaterThan(4);
    for (const vector of vectors.envelopes) {
      const keys = deriveSealingKeys(key(vectors.kek), vector.version, kindOf(vector));
      const place = placeOf(vector);
      const made = sealEnvelope(keys, place, hex(vector.plaintext), hex(vector.random), vector.padding);
      expect(formatAad(made.subarray(0, 8), place).toString("hex")).toBe(vector.aad);
      expect(made.toString("hex")).toBe(vector.envelope);
      expect(openEnvelope(one(keys), place, made)).toEqual({
        kind: "opened",
        plaintext: hex(vector.plaintext),
      });
    }
  });

  test("give every blind index, hash and token", () => {
    for (const { tenant, table, column, version, plaintext, index } of vectors.blind_indexes) {
      const keys = deriveIndexKeys(key(vectors.kek), version);
      expect(formatBlindIndex(keys, tenant, { table, column }, hex(plaintext)).toString("hex")).toBe(index);
    }
    for (const { tenant, table, column, version, plaintext, hash, token } of vectors.masks) {
      const keys = deriveMaskKeys(key(vectors.kek), version);
      expect(formatHash(keys, tenant, { table, column }, hex(plaintext))).toBe(hash);
      expect(formatToken(keys, tenant, { table, column }, hex(plaintext))).toBe(token);
      expect(openToken(keys, tenant, { table, column }, token)).toEqual(hex(plaintext));
    }
  });

  test.each(vectors.broken.map((vector) => [vector.name, vector] as const))(
    "V71, V74, V75, V82: %s does not open",
    (_, vector) => {
      const keys = deriveSealingKeys(key(vector.kek), vector.version, kindOf(vector));
      const opened = openEnvelope(one(keys), placeOf(vector), hex(vector.envelope));
      expect(opened).toEqual({ kind: "broken", code: vector.code });
    },
  );

  test("have a broken one for each thing that can be changed", () => {
    const names = vectors.broken.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
    expect(names).toEqual(
      expect.arrayContaining([
        "wrong_tenant",
        "wrong_table",
        "wrong_column",
        "wrong_row",
        "wrong_purpose",
        "wrong_version",
        "wrong_key",
        "uncommitted_key",
        "commitment_of_other_message",
        "changed_salt",
        "changed_body",
        "changed_tag",
        "cut_tag",
        "bad_header",
        "old_format",
        "not_sealed",
        "empty",
        "boundary_moved",
        "wrong_padding",
        "padding_without_marker",
        "padding_of_zeros_alone",
        "padding_too_long",
        "padding_too_short",
        "padding_between_lengths",
        "padded_and_empty",
        "padded_told_as_unpadded",
        "unpadded_told_as_padded",
        "unknown_format",
      ]),
    );
  });
});

test("a second implementation, made from the page, gives the same bytes", async () => {
  const name = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
    .filter((text) => text.isWellFormed());
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const place = fc.record({ tenant: name, table: name, column: name, row: name });
  const version = fc.integer({ min: 1, max: 0xffff_ffff });
  const plain = fc.uint8Array({ maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(bytes, bytes, place, version, plain, async (kek, random, at, number, text) => {
      const secret = createSecretKey(kek);
      const [own, salt, value] = [kek, random, text].map((part) => Uint8Array.from(part)) as [
        Uint8Array<ArrayBuffer>,
        Uint8Array<ArrayBuffer>,
        Uint8Array<ArrayBuffer>,
      ];
      for (const [kind, purpose] of [
        ["seal", "field"],
        ["audit", "audit"],
      ] as const) {
        const keys = deriveSealingKeys(secret, number, kind);
        const place = { ...at, purpose };
        expect(sealEnvelope(keys, place, text, random)).toEqual(
          Buffer.from(await reference.sealed(own, kind, number, place, value, salt)),
        );
        const body = reference.padded(value);
        expect(sealEnvelope(keys, place, text, random, "padme")).toEqual(
          Buffer.from(await reference.sealed(own, kind, number, place, body, salt, 3)),
        );
      }
      const index = formatBlindIndex(deriveIndexKeys(secret, number), at.tenant, at, text);
      expect(index).toEqual(Buffer.from(await reference.blindIndex(own, number, at, value)));
      const masks = deriveMaskKeys(secret, number);
      expect(formatHash(masks, at.tenant, at, text)).toBe(await reference.hashMask(own, number, at, value));
      expect(formatToken(masks, at.tenant, at, text)).toBe(await reference.tokenMask(own, number, at, value));
    }),
    { numRuns: 100 },
  );
});

describe("V75: one ciphertext for two keys", () => {
  const place: Place = { tenant: "north", table: "books", column: "remark", row: "7", purpose: "field" };
  const [mine, theirs] = [1, 2].map((seed) => deriveSealingKeys(key(`0${seed}`.repeat(32)), 1)) as [
    SealingKeys,
    SealingKeys,
  ];
  const header = Buffer.from("574c530200000001", "hex");
  const salt = Buffer.alloc(32, 9);
  const aad = formatAad(header, place);
  const okm = (keys: SealingKeys) =>
    hmacSha512(keys.data, Buffer.from("wardline/seal/1\0"), header, salt, sha256(aad));
  const [a, b] = [okm(mine), okm(theirs)];
  const message = [a.subarray(0, 32), b.subarray(0, 32)] as const;
  const both = salamander(message, [aad, aad]);

  test("the cipher alone opens it under both, to two texts", () => {
    const texts = message.map((by) => gcmDecrypt(by, Buffer.alloc(12), aad, both));
    expect(texts.map((text) => text?.length)).toEqual([32, 32]);
    expect(texts[0]).not.toEqual(texts[1]);
  });

  test("an envelope opens it under the key that it is committed to, and under no other", () => {
    for (const [committed, other, keys] of [
      [mine, theirs, a],
      [theirs, mine, b],
    ] as const) {
      const envelope = Buffer.concat([header, salt, keys.subarray(32), both]);
      expect(openEnvelope(one(committed), place, envelope).kind).toBe("opened");
      expect(openEnvelope(one(other), place, envelope)).toEqual({ kind: "broken", code: "not_authentic" });
    }
  });
});

test("V71: a cell opens at its own tenant, table, column and row, and at no other", () => {
  const kek = (tenant: string, purpose: "seal" | "index" | "mask") => ({
    current: 1,
    keks: new Map([[1, deriveKek({ tenant, purpose, version: 1 }, key("07".repeat(32)))]]),
  });
  // One unwrapped key for both: the place alone must keep them apart, and the derivation does so too.
  const alike = deriveTenantKeys({
    seal: kek("x", "seal"),
    index: kek("x", "index"),
    mask: kek("x", "mask"),
  });
  const own = (tenant: string) =>
    deriveTenantKeys({ seal: kek(tenant, "seal"), index: kek(tenant, "index"), mask: kek(tenant, "mask") });
  const two = (name: string) => [`${name}1`, `${name}2`];
  for (const keysOf of [() => alike, own]) {
    const places = two("tenant").flatMap((tenant) =>
      two("table").flatMap((table) =>
        two("column").flatMap((column) => two("row").map((row) => ({ tenant, table, column, row }))),
      ),
    );
    const sealers = new Map(
      two("tenant").map((tenant) => [tenant, createSealer(tenant, () => keysOf(tenant))]),
    );
    const sealerAt = ({ tenant }: { tenant: string }) => sealers.get(tenant) ?? expect.fail();
    const cells = places.map((place) => sealerAt(place).seal(place, JSON.stringify(place)));
    for (const [from, cell] of cells.entries())
      for (const [to, place] of places.entries()) {
        const open = () => sealerAt(place).open(place, cell);
        if (from === to) expect(open()).toBe(JSON.stringify(place));
        else expect(open).toThrow(expect.objectContaining({ name: "SealBroken", code: "not_authentic" }));
      }
  }
});

test("V71: the personal part of an audit entry opens at its entry alone, and as no cell", () => {
  const kek = { current: 1, keks: new Map([[1, key("08".repeat(32))]]) };
  const audit = createAuditSealer("north", () => deriveAuditKeys(kek));
  const tenant = deriveTenantKeys({ seal: kek, index: kek, mask: kek });
  const sealed = audit.seal("7", "ada");
  expect(audit.open("7", sealed)).toBe("ada");
  expect(() => audit.open("8", sealed)).toThrow("does not open");
  const cell = { table: "wardline.audit", column: "sealed", row: "7" };
  const sealer = createSealer("north", () => tenant);
  expect(() => sealer.open(cell, sealed)).toThrow("does not open");
  expect(() => audit.open("7", sealer.seal(cell, "ada"))).toThrow("does not open");
});
