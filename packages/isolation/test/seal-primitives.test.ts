/** The primitives against the vectors of Project Wycheproof, read where they are present. */
import { createSecretKey, hkdfSync } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { randomBytesFromPool } from "../src/seal/random-pool.ts";
import { gcmDecrypt, gcmEncrypt, hmacSha256, hmacSha512, sha256 } from "../src/seal/primitives.ts";

const folder = join(import.meta.dirname, "../../../../shared/conformance/wycheproof");
const present = existsSync(folder);

interface Vector {
  readonly tcId: number;
  readonly result: "valid" | "invalid" | "acceptable";
  readonly [part: string]: string | number | readonly string[];
}
interface Group {
  readonly keySize: number;
  readonly ivSize: number;
  readonly tagSize: number;
  readonly tests: readonly Vector[];
}

function groups(file: string): readonly Group[] {
  return (JSON.parse(readFileSync(join(folder, file), "utf8")) as { testGroups: readonly Group[] })
    .testGroups;
}
const bytes = (vector: Vector, part: string): Buffer => Buffer.from(String(vector[part]), "hex");

describe.skipIf(!present)("Wycheproof (skipped where the suite is absent)", () => {
  it("AES-256-GCM with the nonce and the tag that the seal uses", () => {
    const counted = { valid: 0, invalid: 0, acceptable: 0 };
    for (const group of groups("aes_gcm_test.json")) {
      if (group.keySize !== 256 || group.ivSize !== 96 || group.tagSize !== 128) continue;
      for (const vector of group.tests) {
        const [key, nonce, aad, message] = ["key", "iv", "aad", "msg"].map((part) => bytes(vector, part)) as [
          Buffer,
          Buffer,
          Buffer,
          Buffer,
        ];
        const sealed = Buffer.concat([bytes(vector, "ct"), bytes(vector, "tag")]);
        counted[vector.result]++;
        if (vector.result === "valid") {
          expect(gcmEncrypt(key, nonce, aad, message), `${vector.tcId}`).toEqual(sealed);
          expect(gcmDecrypt(key, nonce, aad, sealed), `${vector.tcId}`).toEqual(message);
        } else {
          expect(gcmDecrypt(key, nonce, aad, sealed), `${vector.tcId}`).toBeUndefined();
        }
      }
    }
    expect(counted.valid).toBeGreaterThan(20);
    expect(counted.invalid).toBeGreaterThan(20);
  });

  it("HMAC-SHA256", () => {
    let count = 0;
    for (const group of groups("hmac_sha256_test.json")) {
      for (const vector of group.tests) {
        const tag = hmacSha256(createSecretKey(bytes(vector, "key")), bytes(vector, "msg")).subarray(
          0,
          group.tagSize / 8,
        );
        expect(tag.toString("hex") === vector["tag"], `${vector.tcId}`).toBe(vector.result === "valid");
        count++;
      }
    }
    expect(count).toBeGreaterThan(100);
  });

  it("HMAC-SHA512, through HKDF-SHA512 written out with it (RFC 5869)", () => {
    let count = 0;
    for (const group of groups("hkdf_sha512_test.json")) {
      for (const vector of group.tests) {
        const size = Number(vector["size"]);
        if (vector.result !== "valid") continue;
        expect(
          expand(bytes(vector, "ikm"), bytes(vector, "salt"), bytes(vector, "info"), size).toString("hex"),
          `${vector.tcId}`,
        ).toBe(vector["okm"]);
        count++;
      }
    }
    expect(count).toBeGreaterThan(50);
  });
});

function expand(ikm: Buffer, salt: Buffer, info: Buffer, size: number): Buffer {
  const prk = createSecretKey(hmacSha512(createSecretKey(salt.length === 0 ? Buffer.alloc(64) : salt), ikm));
  let block: Buffer = Buffer.alloc(0);
  const blocks: Buffer[] = [];
  for (let n = 1; blocks.length * 64 < size; n++) {
    block = hmacSha512(prk, block, info, Buffer.from([n]));
    blocks.push(block);
  }
  return Buffer.concat(blocks).subarray(0, size);
}

describe("primitives", () => {
  it("answer the vectors of their standards (FIPS 180-4, RFC 4231)", () => {
    expect(sha256(Buffer.from("abc")).toString("hex")).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    expect(
      hmacSha256(
        createSecretKey(Buffer.from("Jefe")),
        Buffer.from("what do ya want "),
        Buffer.from("for nothing?"),
      ).toString("hex"),
    ).toBe("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    const okm = Buffer.from(hkdfSync("sha512", "ikm", "salt", "info", 70));
    expect(expand(Buffer.from("ikm"), Buffer.from("salt"), Buffer.from("info"), 70)).toEqual(okm);
  });

  it("give nothing for too short a message", () => {
    expect(gcmDecrypt(Buffer.alloc(32), Buffer.alloc(12), Buffer.alloc(0), Buffer.alloc(15))).toBeUndefined();
  });
});

describe("the pool of random bytes", () => {
  it("gives every byte once, over many refills", () => {
    const seen = new Set(Array.from({ length: 3000 }, () => randomBytesFromPool(32).toString("hex")));
    expect(seen.size).toBe(3000);
    expect([...seen].some((drawn) => /^0+$/.test(drawn))).toBe(false);
  });

  it("refuses a draw that it can't give", () => {
    for (const length of [0, -1, 8193, Number.NaN])
      expect(() => randomBytesFromPool(length)).toThrow(RangeError);
  });
});
