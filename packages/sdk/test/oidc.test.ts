/** Tokens of a real issuer, and each way to forge, stretch or misuse one. */
import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  SignJWT,
  type CryptoKey,
  type JWK,
  type JWTHeaderParameters,
} from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { memorySessionUse } from "../src/index.ts";
import { oidc, type OidcOptions } from "../src/oidc/index.ts";
import { audience, startIssuer, type Issuer } from "./oidc-issuer.ts";

const coded = (code: string) => expect.objectContaining({ code });
let issuer: Issuer;
beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => issuer.close());
beforeEach(() => issuer.answer(undefined));

const now = Math.floor(Date.now() / 1000);
const optionsOf = (more: Partial<OidcOptions> = {}): OidcOptions => ({
  issuer: issuer.url,
  audience,
  transport: "plaintext-development",
  members: { type: "Member", tenants: { kind: "by-tenant", claim: "tenants" } },
  ...more,
});
const bearer = (token: string, tenant: string | null = "north") => ({
  kind: "bearer" as const,
  token,
  tenant,
});

const good = () => ({
  iss: issuer.url,
  aud: audience,
  sub: "ada",
  client_id: "desk",
  iat: now,
  exp: now + 600,
  tenants: { north: ["reader"], south: [] },
});
/** Signed by the issuer's own key, whatever it says. */
async function made(claims: object = {}, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
  const [key] = issuer.keys();
  const protect = { alg: "ES256", typ: "at+jwt", kid: key?.kid, ...header } as JWTHeaderParameters;
  return new SignJWT({ ...good(), ...claims })
    .setProtectedHeader(protect)
    .sign(await importJWK(key ?? {}, "ES256"), { crit: { b64: true, other: true } });
}
const part = (given: unknown): string => Buffer.from(JSON.stringify(given)).toString("base64url");
const verify = (token: string, more: Partial<OidcOptions> = {}, tenant: string | null = "north") =>
  oidc(optionsOf(more)).verify(bearer(token, tenant));

describe("a token by a grant of the issuer", () => {
  test("proves a principal with the roles that it has in the tenant", async () => {
    const claims = { tenants: { north: ["reader"], south: ["keeper"] }, auth_time: now - 60, sid: "s1" };
    const verifier = oidc(optionsOf());
    const token = await issuer.token(claims);
    const found = await verifier.verify(bearer(token, "south"));
    expect(found).toMatchObject({
      tenant: "south",
      principal: { type: "Member", id: "desk", roles: ["keeper"] },
      context: {},
      session: { begunAt: new Date((now - 60) * 1000) },
    });
    expect(found.session?.id).not.toContain("s1");
    expect(found.until.getTime()).toBeGreaterThan(Date.now());
    await expect(verifier.verify(bearer(token, "west"))).rejects.toEqual(coded("identity/unknown-tenant"));
    await expect(verifier.verify(bearer(token, "constructor"))).rejects.toEqual(
      coded("identity/unknown-tenant"),
    );
    // The token is of two tenants, so it does not say which.
    await expect(verifier.verify(bearer(token, null))).rejects.toEqual(coded("identity/unknown-tenant"));
  });

  test("signed by a new key is good at once, by an old one no more; made-up names ask once", async () => {
    let time = Date.now();
    const verifier = oidc(optionsOf({ clock: () => new Date(time) }));
    const old = await made();
    await verifier.verify(bearer(old));
    await issuer.rotate();
    const before = issuer.asked();
    await expect(verifier.verify(bearer(await made()))).rejects.toEqual(coded("identity/unknown-key"));
    expect(issuer.asked()).toBe(before);
    time += 30_000;
    const fresh = await made();
    await Promise.all([1, 2, 3].map(() => verifier.verify(bearer(fresh))));
    expect(issuer.asked()).toBe(before + 1);
    await expect(verifier.verify(bearer(old))).rejects.toEqual(coded("identity/unknown-key"));
    const invented = await Promise.all(Array.from({ length: 20 }, (_, n) => made({}, { kid: `k${n}` })));
    time += 30_000;
    const refused = await Promise.allSettled(invented.map((token) => verifier.verify(bearer(token))));
    for (const one of refused)
      expect(one).toMatchObject({ status: "rejected", reason: { code: "identity/unknown-key" } });
    expect(issuer.asked()).toBe(before + 2);
  });

  test("is checked by keys that are known while the issuer is away, for their life and no longer", async () => {
    let time = Date.now();
    const verifier = oidc(optionsOf({ clock: () => new Date(time) }));
    const token = await made({ exp: now + 7200 });
    await verifier.verify(bearer(token));
    issuer.answer((_, response) => {
      response.writeHead(503).end();
      return true;
    });
    time += 3_590_000;
    await verifier.verify(bearer(token));
    time += 20_000;
    await expect(verifier.verify(bearer(token))).rejects.toEqual(coded("identity/unreachable"));
    issuer.answer(undefined);
    time += 30_000;
    await verifier.verify(bearer(token));
  });
});

describe("an issuer", () => {
  test.each<[string, string, (path: string) => [number, string, Record<string, string>?]]>([
    [
      "that is another",
      "identity/bad-issuer",
      () => [200, JSON.stringify({ issuer: "http://127.0.0.1", jwks_uri: "" })],
    ],
    [
      "with a slash more",
      "identity/bad-issuer",
      () => [200, JSON.stringify({ issuer: `${issuer.url}/`, jwks_uri: `${issuer.url}/jwks` })],
    ],
    [
      "whose keys come without TLS",
      "identity/bad-issuer",
      () => [200, JSON.stringify({ issuer: issuer.url, jwks_uri: "http://192.0.2.1/jwks" })],
    ],
    ["that says nothing", "identity/bad-issuer", () => [200, "[]"]],
    [
      "that says too much",
      "identity/bad-issuer",
      () => [200, JSON.stringify({ issuer: "x".repeat(300_000) })],
    ],
    ["that sends elsewhere", "identity/unreachable", () => [302, "", { location: `${issuer.url}/jwks` }]],
    [
      "without asymmetric keys",
      "identity/bad-issuer",
      (path) => [
        200,
        JSON.stringify(
          path === "/jwks"
            ? { keys: [{ kty: "oct", k: "AAAA" }] }
            : { issuer: issuer.url, jwks_uri: `${issuer.url}/jwks` },
        ),
      ],
    ],
  ])("%s is not believed", async (_, code, answer) => {
    issuer.answer((request, response) => {
      const [status, body, headers = {}] = answer(request.url ?? "");
      response.writeHead(status, headers).end(body);
      return true;
    });
    await expect(oidc(optionsOf()).ready()).rejects.toEqual(coded(code));
  });

  test.each<[string, object]>([
    ["issuer", { issuer: "http://issuer.example.org" }],
    ["issuer", { transport: undefined }],
    ["issuer", { issuer: "https://issuer.example.org?x" }],
    ["issuer", { issuer: "https://a:b@issuer.example.org" }],
    ["transport", { transport: "plaintext" }],
    ["algorithms", { algorithms: ["HS256"] }],
    ["algorithms", { algorithms: [] }],
    ["audience", { audience: [] }],
    ["skew", { skew: 3_600_000 }],
    ["keys", { keys: { refresh: 10, life: 5 } }],
    ["type", { type: "any" }],
  ])("is not asked by a wrong option: %s %j", (option, more) => {
    expect(() => oidc(optionsOf(more))).toThrow(coded("identity/bad-option"));
    expect(() => oidc(optionsOf(more))).toThrow(option);
  });
});

describe("a forged token", () => {
  test("signed by nobody, by the public key as a secret, by a key that it brings, is refused", async () => {
    const [key] = issuer.keys();
    const { kty, crv, x, y } = key ?? {};
    const pem = await exportSPKI((await importJWK({ kty, crv, x, y } as JWK, "ES256")) as CryptoKey);
    const own = await generateKeyPair("ES256", { extractable: true });
    const jwk = await exportJWK(own.publicKey);
    const sign = (header: object) =>
      new SignJWT(good()).setProtectedHeader({ alg: "ES256", typ: "at+jwt", ...header }).sign(own.privateKey);
    const secret = await new SignJWT(good())
      .setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid: key?.kid ?? "" })
      .sign(new TextEncoder().encode(pem));
    const asked = issuer.asked();
    const none = `${part({ alg: "none", typ: "at+jwt" })}.${part(good())}.`;
    await expect(verify(none)).rejects.toEqual(coded("identity/bad-algorithm"));
    await expect(
      verify(none.replace(part({ alg: "none", typ: "at+jwt" }), part({ alg: "nOnE", typ: "at+jwt" }))),
    ).rejects.toEqual(coded("identity/bad-algorithm"));
    await expect(verify(secret)).rejects.toEqual(coded("identity/bad-algorithm"));
    expect(issuer.asked()).toBe(asked);
    const elsewhere = { jku: `${issuer.url}/mine`, x5u: `${issuer.url}/mine`, jwk, x5c: ["AAAA"] };
    const fetched: string[] = [];
    issuer.answer((request) => {
      fetched.push(request.url ?? "");
      return false;
    });
    await expect(verify(await sign({ kid: key?.kid, ...elsewhere }))).rejects.toEqual(
      coded("identity/bad-signature"),
    );
    expect(fetched).not.toContain("/mine");
    // Ignored, not refused: what the issuer signed is good whatever it has beside.
    await verify(await made({}, elsewhere));
  });

  test.each([
    ["../../etc/passwd"],
    ["' or 1=1 --"],
    ["__proto__"],
    ["constructor"],
    [""],
    ["http://127.0.0.1/key"],
  ])("with the name %j of a key is of no key", async (kid) => {
    await expect(verify(await made({}, { kid }))).rejects.toEqual(coded("identity/unknown-key"));
  });

  test("changed after it was signed is refused", async () => {
    const [header, , signature] = (await made()).split(".");
    await expect(verify(`${header}.${part({ ...good(), sub: "eve" })}.${signature}`)).rejects.toEqual(
      coded("identity/bad-signature"),
    );
  });

  test.each<[string, string, string]>([
    ["nothing", "", "identity/malformed"],
    ["two parts", "a.b", "identity/malformed"],
    ["five parts, as sealed ones have", "a.b.c.d.e", "identity/malformed"],
    ["no JSON", "AAAA.AAAA.AAAA", "identity/malformed"],
    ["more than there may be", `${"a".repeat(20_000)}.b.c`, "identity/malformed"],
    ["a header without end", `${part({ alg: "ES256", x: "x".repeat(3000) })}.b.c`, "identity/malformed"],
    [
      "a name of a key that is no text",
      `${part({ alg: "ES256", typ: "at+jwt", kid: { a: 1 } })}.b.c`,
      "identity/malformed",
    ],
  ])("of %s is refused", async (_, token, code) => {
    await expect(verify(token)).rejects.toEqual(coded(code));
  });
});

describe("a token that the issuer signed", () => {
  test.each<[string, string, object, Partial<JWTHeaderParameters>?, Partial<OidcOptions>?]>([
    ["for another service", "identity/wrong-audience", { aud: "https://other.example.org" }],
    ["for no service", "identity/bad-claims", { aud: undefined }],
    ["in another's name", "identity/wrong-issuer", { iss: "http://127.0.0.1" }],
    ["that is over", "identity/expired", { exp: now - 60 }],
    ["without an end", "identity/bad-claims", { exp: undefined }],
    ["with an end that is no number", "identity/bad-claims", { exp: "9999999999" }],
    ["of long ago, whatever it says", "identity/expired", { iat: now - 90_000 }],
    ["made in time to come", "identity/not-yet-valid", { iat: now + 120, exp: now + 600 }],
    ["that has not begun", "identity/not-yet-valid", { nbf: now + 120 }],
    ["without a subject", "identity/bad-claims", { sub: undefined }],
    ["with an empty subject", "identity/bad-claims", { sub: "" }],
    ["bound to a key", "identity/bound-token", { cnf: { jkt: "a" } }],
    ["for an application", "identity/wrong-type", {}, { typ: "JWT" }],
    ["that does not say what it is", "identity/wrong-type", {}, { typ: undefined as never }],
    ["that is a proof of possession", "identity/wrong-type", {}, { typ: "dpop+jwt" }, { type: "JWT" }],
    ["with an extension", "identity/critical", {}, { crit: ["other"], other: 1 }],
    ["for another application", "identity/wrong-party", {}, {}, { parties: ["till"] }],
    ["for two applications", "identity/wrong-party", { azp: "till" }, {}, { parties: ["desk"] }],
    ["by an algorithm that is not allowed", "identity/bad-algorithm", {}, {}, { algorithms: ["RS256"] }],
    ["with tenants of no form", "identity/bad-claims", { tenants: ["north"] }],
    ["with roles of no form", "identity/bad-claims", { tenants: { north: "reader" } }],
    ["without tenants", "identity/unknown-tenant", { tenants: undefined }],
    ["with a sign-in to come", "identity/bad-claims", { auth_time: now + 3600 }],
    ["with a sign-in at no time", "identity/bad-claims", { auth_time: "now" }],
  ])("%s is refused", async (_, code, claims, header, more) => {
    const refused = verify(await made(claims, header), more);
    await expect(refused).rejects.toEqual(coded(code));
    const error = await refused.catch((caught: unknown) => caught);
    expect((error as Error).message).not.toMatch(/north|ada|other\.example|eyJ/);
  });

  test("a little too old or too young passes within the skew, and not beyond", async () => {
    await verify(await made({ exp: now - 20 }));
    await verify(await made({ nbf: now + 20, iat: now + 20 }));
    await expect(verify(await made({ exp: now - 20 }), { skew: 0 })).rejects.toEqual(
      coded("identity/expired"),
    );
  });

  test("of an application is taken where that was said", async () => {
    await verify(await made({}, { typ: "JWT" }), { type: "JWT" });
    await expect(verify(await made(), { type: "JWT" })).rejects.toEqual(coded("identity/wrong-type"));
  });
});

describe("claims", () => {
  const members = { type: "Member", roles: { "app:read": "reader" } };
  test("name tenants as a list, one by one, or by a function; other roles are none", async () => {
    const list = {
      ...members,
      tenants: { kind: "list", claim: "https://x/orgs", tenant: "id", roles: "r" },
    } as const;
    const orgs = [{ id: "north", r: ["app:read", "app:all"] }, { id: "south" }];
    const token = await made({ "https://x/orgs": orgs, org: "north", roles: ["app:read"], __proto__x: 1 });
    const roles = async (more: Partial<OidcOptions>, tenant: string | null) =>
      (await verify(token, more, tenant)).principal.roles;
    expect(await roles({ members: list }, "north")).toEqual(["reader"]);
    expect(await roles({ members: list }, "south")).toEqual([]);
    const one = { ...members, tenants: { kind: "one", tenant: "org", roles: "roles" } } as const;
    expect(await roles({ members: one }, null)).toEqual(["reader"]);
    await expect(roles({ members: one }, "south")).rejects.toEqual(coded("identity/unknown-tenant"));
    const twice = await made({ "https://x/orgs": [...orgs, { id: "north", r: [] }] });
    await expect(verify(twice, { members: list })).rejects.toEqual(coded("identity/unknown-tenant"));
    const eager = { ...members, tenants: () => ({ tenant: "south", roles: ["reader"] }) };
    await expect(roles({ members: eager }, "north")).rejects.toEqual(coded("identity/unknown-tenant"));
    const own = { ...members, id: "email", tenants: () => ({ tenant: "north", attributes: { level: 2 } }) };
    await expect(roles({ members: own }, "north")).rejects.toEqual(coded("identity/bad-claims"));
  });

  test("prove a second factor, and its age, and nothing that they do not say", async () => {
    const context = {
      mfa: { kind: "met", amr: ["otp", "hwk"], acr: ["gold"] },
      mfa_age: { kind: "age", amr: ["otp", "hwk"] },
      desk: { kind: "claim", claim: "desk" },
    } as const;
    const clock = () => new Date(now * 1000);
    const facts = async (claims: object) => (await verify(await made(claims), { context, clock })).context;
    expect(await facts({ amr: ["pwd", "otp"], auth_time: now - 90, desk: "d1" })).toEqual({
      mfa: true,
      mfa_age: 90_000_000,
      desk: "d1",
    });
    expect(await facts({ amr: ["pwd"], auth_time: now - 90 })).toEqual({ mfa: false });
    expect(await facts({ acr: "gold" })).toEqual({ mfa: true });
    expect(await facts({})).toEqual({ mfa: false });
    await expect(facts({ amr: "otp" })).rejects.toEqual(coded("identity/bad-claims"));
  });
});

describe("a session", () => {
  test("that was idle too long stays so, by new tokens too, until the person signs in again", async () => {
    let time = now * 1000;
    const sessions = memorySessionUse();
    const idle = async (claims: object) => {
      const verifier = oidc(optionsOf({ sessions, clock: () => new Date(time) }));
      const found = await verifier.verify(
        bearer(await made({ iat: Math.floor(time / 1000), exp: now + 90_000, ...claims })),
      );
      return [(time - (found.session?.usedAt.getTime() ?? 0)) / 1000, found.session?.id] as const;
    };
    const signedIn = { sid: "s", auth_time: now - 100 };
    const [first, id] = await idle(signedIn);
    expect(first).toBe(0);
    time += 60_000;
    expect(await idle(signedIn)).toEqual([60, id]);
    time += 1_800_000;
    expect(await idle(signedIn)).toEqual([1800, id]);
    time += 1000;
    expect(await idle(signedIn)).toEqual([1800, id]);
    expect((await idle({ ...signedIn, sid: "other" }))[0]).toBe(0);
    expect(await idle({ sid: "s", auth_time: Math.floor(time / 1000) })).toEqual([0, id]);
  });

  test("is not known without the time of its sign-in, unless the token may stand for it", async () => {
    expect((await verify(await made({ sid: "s" }))).session).toBeNull();
    const { session } = await verify(await made({ sid: "s", iat: now - 5 }), { sessionStart: "iat" });
    expect(session?.begunAt).toEqual(new Date((now - 5) * 1000));
  });

  test("of many is remembered within a bound", async () => {
    const use = memorySessionUse({ most: 2 });
    const at = (seconds: number) => new Date(seconds * 1000);
    for (const [n, name] of ["a", "b", "c"].entries()) await use.use(name, at(n), at(n));
    expect(await use.use("c", at(10), at(10))).toEqual(at(2));
    expect(await use.use("a", at(10), at(10))).toEqual(at(10));
  });
});
