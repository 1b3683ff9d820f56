/** The middleware of each framework: whose scope a handler is in, when it ends, what errors and caches are told. */
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { Agent, interceptors, request as ask } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Session, Wardline } from "../src/index.ts";
import { apps, type App, type Seen } from "./http-apps.ts";
import { asMember, bookIds, books, openWorld, worldOptions } from "./http-world.ts";

const coded = (code: string) => expect.objectContaining({ code });
let wardline: Wardline;
beforeAll(async () => {
  wardline = await openWorld();
});

describe.each(apps)("under %s a request", (_, start) => {
  const seen: Seen = { sessions: new Map(), left: Promise.withResolvers() };
  let app: App;
  beforeAll(async () => {
    app = await start(worldOptions(wardline), seen);
  });
  afterAll(() => app.close());

  const get = (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
    fetch(`${app.base}${path}`, { ...init, headers });
  /** The end of a scope may come a moment after the client's. */
  const endOf = (path: string): Promise<void> =>
    expect
      .poll(() => bookIds(seen.sessions.get(path) as Session).catch((error: unknown) => error))
      .toEqual(coded("handle/revoked"));

  test("is in the scope of its own caller, which is over when it is answered", async () => {
    const answer = await get("/books", asMember("ada.north"));
    expect([answer.status, await answer.text()]).toEqual([200, books.north]);
    await endOf("/books");
  });

  test("with a body is in its scope when that was read", async () => {
    const answer = await get(
      "/books",
      { ...asMember("ada.south"), "content-type": "text/plain" },
      {
        method: "POST",
        body: "x".repeat(80_000),
      },
    );
    expect([answer.status, await answer.text()]).toEqual([200, books.south]);
  });

  test("streams by its handle to the end of the answer", async () => {
    const answer = await get("/stream", asMember("ada.south"));
    expect(await answer.text()).toBe(`${books.south};`.repeat(3));
    await endOf("/stream");
  });

  test("whose client goes away ends its scope", async () => {
    seen.left = Promise.withResolvers();
    const leave = new AbortController();
    const answer = await get("/endless", asMember("ada.north"), { signal: leave.signal });
    await answer.body?.getReader().read();
    leave.abort();
    await seen.left.promise;
    await endOf("/endless");
  });

  test.each(["/throws", "/broken-stream"])(
    "that fails ends its scope, and tells nothing: %s",
    async (path) => {
      const told = await get(path, asMember("ada.north"))
        .then((answer) => answer.text())
        .catch((error: unknown) => (error as Error).message);
      expect(told).not.toContain("secret");
      await endOf(path);
    },
  );

  test("of HEAD ends its scope, whose body nobody reads", async () => {
    const answer = await get("/books", asMember("ada.north"), { method: "HEAD" });
    expect(answer.status).toBe(200);
    await endOf("/books");
  });

  test("has a handle that is good no longer than what proved its caller", async () => {
    const answer = await get("/endless", asMember("ada.north.300"));
    await expect(answer.arrayBuffer()).rejects.toThrow();
    await endOf("/endless");
  });

  test("side by side with those of another tenant never sees theirs", async () => {
    const asked = Array.from({ length: 30 }, (_, n) =>
      n % 2 === 0 ? ("north" as const) : ("south" as const),
    );
    const found = await Promise.all(
      asked.map(async (tenant, n) =>
        (await get(n % 3 === 0 ? "/stream" : "/books", asMember(`ada.${tenant}`))).text(),
      ),
    );
    for (const [n, one] of found.entries())
      expect(new Set(one.split(";").filter(Boolean))).toEqual(new Set([books[asked[n] ?? "north"]]));
    expect(() => wardline.current()).toThrow(coded("handle/no-context"));
  });

  test("on one connection with others, sent before they are answered, is in its own scope", async () => {
    const asked = ["north", "south", "south", "north"] as const;
    const socket = connect(app.port, "127.0.0.1");
    for (const [n, tenant] of asked.entries())
      socket.write(
        [
          `GET ${n % 2 === 0 ? "/stream" : "/books"} HTTP/1.1`,
          "host: a",
          ...Object.entries(asMember(`ada.${tenant}`)).map(([name, value]) => `${name}: ${value}`),
          ...(n === asked.length - 1 ? ["connection: close"] : []),
          "\r\n",
        ].join("\r\n"),
      );
    const all = await text(socket);
    const found = all.split("HTTP/1.1 ").slice(1);
    expect(found).toHaveLength(asked.length);
    for (const [n, one] of found.entries()) {
      const tenant = asked[n] ?? "north";
      expect(one).toMatch(/^200/);
      expect(one).toContain(books[tenant]);
      expect(one).not.toContain(books[tenant === "north" ? "south" : "north"]);
    }
  });

  test.each<[string, Record<string, string>, number, string, string | null]>([
    ["without evidence", { "x-tenant": "north" }, 401, "identity/no-evidence", "Bearer"],
    [
      "with a password",
      { "x-tenant": "north", authorization: "Basic YTpi" },
      401,
      "identity/no-evidence",
      "Bearer",
    ],
    ["without a tenant", { authorization: "Bearer ada.north" }, 404, "identity/unknown-tenant", null],
    [
      "with bad evidence",
      asMember("mallory.north"),
      401,
      "identity/bad-signature",
      'Bearer error="invalid_token"',
    ],
    [
      "with two tokens",
      { ...asMember("ada.north"), authorization: "Bearer a, Bearer b" },
      401,
      "identity/malformed",
      'Bearer error="invalid_token"',
    ],
  ])("%s does not come in", async (_, headers, status, code, challenge) => {
    const answer = await get("/books", headers);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual(coded(code));
    expect(answer.headers.get("www-authenticate")).toBe(challenge);
    expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json(?:;|$)/);
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
  });

  test("V31: for a tenant that is not the caller's, one that does not exist, or what is none has one answer", async () => {
    const answers = await Promise.all(
      [
        asMember("ada.north", "south"),
        asMember("ada.north", "nowhere"),
        asMember("ada.nowhere", "nowhere"),
        asMember("ada.north", "../south"),
        asMember("ada.north", "north, south"),
      ].map(async (headers) => {
        const answer = await get("/books", headers);
        const { date: _, ...rest } = Object.fromEntries(answer.headers);
        return { status: answer.status, rest, body: await answer.text() };
      }),
    );
    expect(answers[0]).toMatchObject({ status: 404 });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  test("that ends in an error of ours has a code, and no word of what it is about", async () => {
    const answer = await get("/refuses", asMember("ada.north"));
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
    const body = { title: "Internal Server Error", status: 500, code: "query/unknown-column" };
    expect([answer.status, await answer.json()]).toEqual([500, body]);
  });

  test("V84: gets an answer that caches keep nothing of and compare nothing with, whatever its handler says", async () => {
    const answer = await get("/careless", {
      ...asMember("ada.north"),
      "if-none-match": '"one"',
      "if-modified-since": "Fri, 02 Jan 2026 00:00:00 GMT",
    });
    expect([answer.status, await answer.text()]).toEqual([200, books.north]);
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
    for (const name of ["etag", "last-modified", "cdn-cache-control"])
      expect(answer.headers.get(name)).toBeNull();
    const vary = answer.headers.get("vary")?.toLowerCase().split(", ");
    expect(vary).toEqual(expect.arrayContaining(["accept-language", "authorization", "cookie", "x-tenant"]));
  });

  test("V84: behind a shared cache is answered anew for each tenant and each caller", async () => {
    const cache = new Agent().compose(interceptors.cache({ type: "shared" }));
    const through = async (path: string, headers: Record<string, string>) => {
      const answer = await ask(`${app.base}${path}`, { dispatcher: cache, headers });
      return { kept: answer.headers["age"] !== undefined, text: await answer.body.text() };
    };
    // The cache does keep what it may: the same headers, where no scope is.
    await through("/health", {});
    expect(await through("/health", {})).toEqual({ kept: true, text: "well" });
    for (const tenant of ["north", "south", "north"] as const)
      expect(await through("/careless", asMember(`ada.${tenant}`))).toEqual({
        kept: false,
        text: books[tenant],
      });
    await cache.close();
  });
});
