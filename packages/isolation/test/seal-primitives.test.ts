/** The primitives against the vectors of Project Wycheproof, read where they are present. */
import { createPrivateKey, createPublicKey, createSecretKey, hkdfSync, sign, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { randomBytesFromPool } from "../src/seal/random-pool.ts";
import { conformance } from "./conformance.ts";
import { ctr, gcmDecrypt, gcmEncrypt, hmacSha256, hmacSha512, sha256 } from "../src/seal/primitives.ts";

const suite = conformance("wycheproof");
const folder = suite ?? "";

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

describe.skipIf(suite === null)("Wycheproof (skipped where the suite is absent)", () => {
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

  it("HKDF-SHA256", () => {
    let count = 0;
    for (const group of groups("hkdf_sha256_test.json")) {
      for (const vector of group.tests) {
        const [ikm, salt, info] = ["ikm", "salt", "info"].map((part) => bytes(vector, part)) as [
          Buffer,
          Buffer,
          Buffer,
        ];
        const derive = () => Buffer.from(hkdfSync("sha256", ikm, salt, info, Number(vector["size"])));
        if (vector.result === "invalid") expect(derive, `${vector.tcId}`).toThrow();
        else expect(derive().toString("hex"), `${vector.tcId}`).toBe(vector["okm"]);
        count++;
      }
    }
    expect(count).toBeGreaterThan(50);
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

  it("answer the vectors of AES-256-CTR and HMAC-SHA512 (SP 800-38A F.5.5, RFC 4231)", () => {
    const key = createSecretKey("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", "hex");
    const counter = Buffer.from("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", "hex");
    const plain = Buffer.from("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51", "hex");
    expect(ctr(key, counter, plain).toString("hex")).toBe(
      "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5",
    );
    expect(ctr(key, counter, ctr(key, counter, plain))).toEqual(plain);
    expect(
      hmacSha512(createSecretKey(Buffer.from("Jefe")), Buffer.from("what do ya want for nothing?")).toString(
        "hex",
      ),
    ).toBe(
      "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
    );
  });

  it("answer the vectors of Ed25519, which signs bundles and checkpoints, and take no other (RFC 8032, 7.1)", () => {
    const vectors = [
      [
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
      ],
      [
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
      ],
    ].map((parts) => parts.map((part) => Buffer.from(part, "hex"))) as [Buffer, Buffer, Buffer, Buffer][];
    // The order of the group, by which a signature could be made another one that says the same.
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    for (const [secret, known, message, signature] of vectors) {
      const prefix = Buffer.from("302e020100300506032b657004220420", "hex");
      const key = createPrivateKey({ key: Buffer.concat([prefix, secret]), format: "der", type: "pkcs8" });
      const of = createPublicKey(key);
      expect(of.export({ format: "jwk" }).x).toBe(known.toString("base64url"));
      expect(sign(null, message, key)).toEqual(signature);
      expect(verify(null, message, of, signature)).toBe(true);
      const scalar = BigInt(`0x${Buffer.from(signature.subarray(32).toReversed()).toString("hex")}`) + order;
      const moved = Buffer.from(Buffer.from(scalar.toString(16).padStart(64, "0"), "hex").toReversed());
      for (const wrong of [
        Buffer.concat([signature.subarray(0, 32), moved]),
        Buffer.concat([signature, Buffer.alloc(1)]),
        signature.subarray(0, 63),
        Buffer.alloc(64),
      ])
        expect(verify(null, message, of, wrong)).toBe(false);
      expect(verify(null, Buffer.concat([message, Buffer.alloc(1)]), of, signature)).toBe(false);
    }
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
