/** The bytes of tokens, held to those that the specification prints; and what has no encoding. */
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkContextKey } from "../src/context/context-key.ts";
import { createContextSigner, keptTokens, tokenLife } from "../src/context/signer.ts";
import { encodeClaims, signToken } from "../src/context/token.ts";
import type { ContextClaims } from "../src/contracts.ts";

const counted = (from: number, size: number): Uint8Array =>
  Uint8Array.from({ length: size }, (_, n) => from + n);
const key = { id: 7, secret: counted(0, 32) };
const frame = {
  cluster: counted(0xa0, 16),
  audience: 0,
  nonce: counted(0xc0, 16),
  expiry: 800_000_000_000_000n,
};
const claims: ContextClaims = {
  tenant: "north",
  principal: { type: "Member", id: "ada" },
  placementEpoch: 0,
  factsEpoch: null,
  revision: "12",
  intent: "gate",
  facts: {},
};
const placed: ContextClaims = {
  ...claims,
  placementEpoch: 3,
  factsEpoch: 5,
  facts: { roles: ["ü"] },
  intent: "list",
};

const vectors: readonly (readonly [string, number, ContextClaims])[] = [
  ["nothing placed, no facts, any backend", 0, claims],
  ['placement epoch 3, facts epoch 5, facts {"roles":["ü"]}, intent list, backend 4711', 4711, placed],
];

describe("the vectors", () => {
  const page = readFileSync(new URL("../../../docs/spec/context.md", import.meta.url), "utf8");

  test.each(vectors)("%s", (title, audience, given) => {
    const token = Buffer.from(signToken(key, { ...frame, audience }, encodeClaims(given))).toString("hex");
    expect(page).toContain(`- ${title}: \`${token}\``);
  });

  test("the MAC is over all that follows it, and every field stands where the table says", () => {
    const token = Buffer.from(signToken(key, { ...frame, audience: 4711 }, encodeClaims(placed)));
    const body = token.subarray(32);
    expect(createHmac("sha256", key.secret).update(body).digest().equals(token.subarray(0, 32))).toBe(true);
    let at = 0;
    const take = (size: number): Buffer => body.subarray(at, (at += size));
    const text = (): string => take(take(2).readUInt16BE()).toString("utf8");
    expect(take(1)[0]).toBe(16);
    expect(take(16).toString()).toBe("wardline/context");
    expect(take(1)[0]).toBe(1);
    expect(take(4).readUInt32BE()).toBe(7);
    expect([...take(16)]).toEqual([...frame.cluster]);
    expect(take(4).readUInt32BE()).toBe(4711);
    expect(take(8).readBigUInt64BE()).toBe(frame.expiry);
    expect([...take(16)]).toEqual([...frame.nonce]);
    const facts = take(4).readUInt32BE();
    take(32);
    expect([take(8), take(8), take(8)].map((bytes) => bytes.readBigUInt64BE())).toEqual([3n, 5n, 12n]);
    expect([text(), text(), text(), text()]).toEqual(["north", "Member", "ada", "list"]);
    expect(JSON.parse(take(facts).toString("utf8"))).toEqual(placed.facts);
    expect(at).toBe(body.length);
  });
});

describe("claims", () => {
  test("that differ in anything have other bytes", () => {
    const others: readonly Partial<ContextClaims>[] = [
      { tenant: "nort", principal: { type: "hMember", id: "ada" } },
      { principal: { type: "Membera", id: "da" } },
      { placementEpoch: 1 },
      { factsEpoch: 0 },
      { revision: "1" },
      { intent: "gat", facts: { e: 1 } },
      { facts: { a: 1 } },
    ];
    const bytes = [{}, ...others].map((change) =>
      Buffer.from(encodeClaims({ ...claims, ...change })).toString("hex"),
    );
    expect(new Set(bytes).size).toBe(bytes.length);
  });

  test.each<readonly [string, Partial<ContextClaims>]>([
    ["an empty tenant", { tenant: "" }],
    ["a tenant with U+0000", { tenant: "a\0" }],
    ["a lone surrogate", { principal: { type: "Member", id: "\ud800" } }],
    ["an id that is too long", { principal: { type: "Member", id: "a".repeat(1025) } }],
    ["a negative epoch", { placementEpoch: -1 }],
    ["a broken epoch", { factsEpoch: 1.5 }],
    ["a revision that is no number", { revision: "r1" }],
    ["facts with U+0000", { facts: { a: "\0" } }],
    ["facts with a lone surrogate", { facts: { a: "\udfff" } }],
    ["facts that are too large", { facts: { a: "x".repeat(1_048_577) } }],
  ])("%s has no encoding", (_, change) => {
    expect(() => encodeClaims({ ...claims, ...change })).toThrow(
      expect.objectContaining({ code: "handle/no-context" }),
    );
  });

  test("a backslash before u is no escape", () => {
    expect(() => encodeClaims({ ...claims, facts: { a: "\\u0000", b: "\\\\ud800" } })).not.toThrow();
  });
});

describe("the signer", () => {
  let now = 1_900_000_000_000;
  const signer = createContextSigner({ key, cluster: frame.cluster, now: () => now });

  test("V103: keeps a token for half its life, by all of what it says and by whom it is for", () => {
    const first = signer.sign(claims, 0);
    now += tokenLife / 2 - 1;
    expect(signer.sign({ ...claims }, 0)).toBe(first);
    for (const [change, audience] of [
      [{}, 1],
      [{ tenant: `${claims.tenant}x` }, 0],
      [{ principal: { type: "Member", id: "eve" } }, 0],
      [{ principal: { ...claims.principal, type: `${claims.principal.type}x` } }, 0],
      [{ placementEpoch: claims.placementEpoch + 1 }, 0],
      [{ factsEpoch: (claims.factsEpoch ?? 0) + 1 }, 0],
      [{ revision: `${claims.revision}1` }, 0],
      [{ facts: { a: 1 } }, 0],
      [{ intent: "x" }, 0],
    ] as const)
      expect(Buffer.from(signer.sign({ ...claims, ...change }, audience)).equals(Buffer.from(first))).toBe(
        false,
      );
    now += 1;
    expect(signer.sign(claims, 0)).not.toBe(first);
    const later = signer.sign(claims, 0);
    // A clock that goes back does not bring a token that lives too long.
    now -= 3_600_000;
    expect(signer.sign(claims, 0)).not.toBe(later);
  });

  test("what has no encoding never passes as what was kept", () => {
    signer.sign({ ...claims, factsEpoch: null, facts: {} }, 0);
    for (const wrong of [{ factsEpoch: Number.NaN }, { placementEpoch: Number.NaN }, { tenant: "" }])
      expect(() => signer.sign({ ...claims, factsEpoch: null, facts: {}, ...wrong }, 0)).toThrow(
        expect.objectContaining({ code: "handle/no-context" }),
      );
    const text = (facts: object) =>
      Buffer.from(signer.sign({ ...claims, facts: facts as never }, 0)).toString("latin1");
    expect(text({})).not.toContain("{}");
    expect(text({ a: undefined })).toContain("{}");
  });

  test("keeps so many and no more", () => {
    const first = signer.sign(claims, 0);
    for (let n = 1; n <= keptTokens; n++) signer.sign(claims, n);
    expect(signer.sign(claims, 0)).not.toBe(first);
  });
});

test.each([
  { id: -1, secret: counted(0, 32) },
  { id: 2 ** 32, secret: counted(0, 32) },
  { id: 1.5, secret: counted(0, 32) },
  { id: 1, secret: counted(0, 31) },
  { id: 1, secret: "a".repeat(32) as unknown as Uint8Array },
])("what is no key is refused, and not shown (%#)", (given) => {
  expect(() => checkContextKey(given)).toThrow(TypeError);
});
