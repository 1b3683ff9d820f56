/** Errors as answers, and what of a request is taken for a tenant or for evidence. */
import type { Decision, Obligation } from "@wardline/core";
import { describe, expect, test } from "vitest";
import {
  AccessDenied,
  BundleRejected,
  bearerCookie,
  ChallengeRequired,
  httpProblem,
  IdentityRefused,
  IsolationViolation,
  tenantFromHeader,
  tenantFromPath,
  tenantFromSubdomain,
  UnsupportedQuery,
  wardlineProblem,
  type ScopeRequest,
} from "../src/index.ts";

const rule = { id: "north/secret", file: "north.ward", line: 1, because: "secret" };
const challenge = (...obligations: Obligation[]): ChallengeRequired => {
  const decision = { outcome: "challenge", obligations, rules: [], reason: null } as unknown as Decision;
  return new ChallengeRequired("update", "Book", decision, [rule]);
};

describe("an error", () => {
  test.each<[number, string, Error]>([
    [403, "access/denied", new AccessDenied("update", "Book", null, [rule])],
    [404, "identity/unknown-tenant", new IdentityRefused("identity/unknown-tenant")],
    [404, "identity/unknown-tenant", new BundleRejected("bundle/unknown-tenant", "secret")],
    [404, "identity/unknown-tenant", new IsolationViolation("placement/unknown-tenant", "secret")],
    [409, "write/constraint", new UnsupportedQuery("write/constraint", "secret")],
    [422, "write/bad-value", new UnsupportedQuery("write/bad-value", "secret")],
    [503, "database/lost", new IsolationViolation("database/lost", "secret")],
    [500, "database/unknown-outcome", new IsolationViolation("database/unknown-outcome", "secret")],
    [401, "context/stale-facts", new IsolationViolation("context/stale-facts", "secret")],
    [500, "internal", new Error("secret")],
    [500, "internal", Object.assign(new Error("secret"), { code: "constructor" })],
  ])("is answered by %i %s, without its words", (status, code, error) => {
    const found = httpProblem(error);
    expect(found).toMatchObject({ status, body: { status, code } });
    expect(found.headers["cache-control"]).toBe("private, no-store");
    expect(JSON.stringify(found)).not.toMatch(/secret|Book/);
    expect(wardlineProblem(error) === undefined).toBe(code === "internal");
  });

  test("that waits says for how long, in whole seconds", () => {
    const limit = Object.assign(new Error("secret"), { code: "access/limit", retryAfter: 1001 });
    expect(httpProblem(limit)).toMatchObject({ status: 429, headers: { "retry-after": "2" } });
    expect(httpProblem(new IsolationViolation("database/timeout", "")).headers["retry-after"]).toBe("1");
  });

  test("that asks for a second factor says so to the client and its issuer", () => {
    const mfa = { type: "step_up", factor: "mfa", within: 90_500_000 } as const;
    const error = Object.assign(challenge(mfa, { type: "hide", field: "secret" }), {
      continuation: "sealed",
    });
    expect(httpProblem(error, { acr: { mfa: "urn:gold" } })).toMatchObject({
      status: 401,
      headers: {
        "www-authenticate":
          'Bearer error="insufficient_user_authentication", acr_values="urn:gold", max_age=90',
      },
      body: { code: "access/challenge", obligations: [mfa], continuation: "sealed" },
    });
    expect(httpProblem(error, { acr: { mfa: 'x", realm="y' } }).headers["www-authenticate"]).not.toContain(
      "realm",
    );
    expect(JSON.stringify(httpProblem(error))).not.toContain("secret");
  });

  test("that asks for a reason is no matter of signing in", () => {
    const found = httpProblem(challenge({ type: "reason" }));
    expect(found).toMatchObject({ status: 403, body: { obligations: [{ type: "reason" }] } });
    expect(found.headers["www-authenticate"]).toBeUndefined();
  });
});

const request = (headers: Record<string, string>, more: Partial<ScopeRequest> = {}): ScopeRequest => ({
  method: "GET",
  host: headers["host"],
  path: "/",
  header: (name) => headers[name],
  ...more,
});

describe("a tenant", () => {
  test.each([
    ["north.example.org", "north"],
    ["NORTH.example.org:8443", "north"],
    ["north-star.example.org", "north_star"],
    ["north_star.example.org", undefined],
    ["a.north.example.org", undefined],
    ["example.org", undefined],
    [".example.org", undefined],
    ["north.example.org.evil.org", undefined],
    ["northexample.org", undefined],
    ["north.example.org, south.example.org", undefined],
    ["south@north.example.org", undefined],
  ])("of the host %s is %s", (host, tenant) => {
    expect(tenantFromSubdomain("example.org").find(request({ host }))).toBe(tenant);
  });

  test("of a forwarded host is none", () => {
    const headers = {
      host: "north.example.org",
      "x-forwarded-host": "south.example.org",
      forwarded: "host=south",
    };
    expect(tenantFromSubdomain("example.org").find(request(headers))).toBe("north");
  });

  test("of a path or a header is what stands there", () => {
    expect(tenantFromPath("/t/").find(request({}, { path: "/t/north/books" }))).toBe("north");
    expect(tenantFromPath("/t/").find(request({}, { path: "/T/north" }))).toBeUndefined();
    expect(tenantFromPath("/t/").find(request({}, { path: "/t/%6eorth" }))).toBe("%6eorth");
    expect(tenantFromHeader("X-Tenant").find(request({ "x-tenant": "north" }))).toBe("north");
  });
});

describe("a cookie", () => {
  const source = bearerCookie("__Host-token");
  const cookie = "a=b; __Host-token=abc.def; c=d";
  const find =
    (headers: Record<string, string>, method = "POST") =>
    () =>
      source.find(request({ host: "north.example.org", cookie, ...headers }, { method }), "north");
  const evidence = { kind: "bearer", token: "abc.def", tenant: "north" };

  test.each([
    [{ "sec-fetch-site": "same-origin" }],
    [{ "sec-fetch-site": "none" }],
    [{ origin: "https://north.example.org" }],
    [{ origin: "http://127.0.0.1:1", host: "127.0.0.1:1" }],
  ])("is evidence where a page of this origin asks: %j", (headers: Record<string, string>) => {
    expect(find(headers)()).toEqual(evidence);
  });

  test.each([
    [{}],
    [{ "sec-fetch-site": "cross-site" }],
    [{ "sec-fetch-site": "same-site", origin: "https://south.example.org" }],
    [{ "sec-fetch-site": "cross-site", origin: "https://north.example.org" }],
    [{ origin: "https://south.example.org" }],
    [{ origin: "http://north.example.org" }],
    [{ origin: "https://north.example.org.evil.org" }],
    [{ origin: "null" }],
  ])("is none where another site may have asked: %j", (headers: Record<string, string>) => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "ANYTHING"])
      expect(find(headers, method)).toThrow(expect.objectContaining({ code: "identity/cross-site" }));
    expect(find(headers, "GET")()).toEqual(evidence);
  });

  test("that is missing, there twice or no token is no evidence", () => {
    const same = { "sec-fetch-site": "same-origin" };
    const coded = (code: string) => expect.objectContaining({ code });
    expect(find({ ...same, cookie: "x__Host-token=a" })).toThrow(coded("identity/no-evidence"));
    expect(find({ ...same, cookie: "__Host-token=a; __Host-token=b" })).toThrow(coded("identity/malformed"));
    expect(find({ ...same, cookie: "__Host-token=a b" })).toThrow(coded("identity/malformed"));
    expect(() => bearerCookie("token")).toThrow(coded("identity/bad-option"));
  });
});
