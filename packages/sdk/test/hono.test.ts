/** The middleware for Hono over a server of Node: whose scope a handler is in, when it ends, what errors and caches are told. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problems, scoped, sessionOf } from "../src/hono.ts";
import type { Session, Wardline } from "../src/index.ts";
import { asMember, openWorld, bookIds, books, worldOptions } from "./http-world.ts";

const coded = (code: string) => expect.objectContaining({ code });
let wardline: Wardline;
let base = "";
/** What handlers left behind, by path. */
const kept = new Map<string, Session>();
let sent = Promise.withResolvers<void>();

const app = new Hono();
const server = createAdaptorServer(app);
beforeAll(async () => {
  wardline = await openWorld();
  app.use(scoped(worldOptions(wardline)));
  app.onError(problems());
  app.get("/books", async (c) => {
    const session = wardline.current();
    kept.set("/books", session);
    expect(sessionOf(c)).toBe(session);
    return c.text(await bookIds(session));
  });
  app.get("/public", (c) => {
    c.header("cache-control", "public, max-age=3600");
    c.header("cdn-cache-control", "max-age=3600");
    c.header("etag", '"one"');
    c.header("vary", "accept-language");
    return c.req.header("if-none-match") === undefined ? c.text("whole") : c.body(null, 304);
  });
  app.get("/stream", () => {
    let pages = 0;
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
      const session = wardline.current();
      kept.set("/stream", session);
      const text = await bookIds(session);
      controller.enqueue(new TextEncoder().encode(`${text};`));
      if (++pages === 3) controller.close();
    };
    return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }));
  });
  app.get("/endless", () => {
    kept.set("/endless", wardline.current());
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
      await bookIds(wardline.current());
      controller.enqueue(new Uint8Array(100_000));
    };
    return new Response(new ReadableStream({ pull, cancel: () => sent.resolve() }));
  });
  app.get("/broken-stream", () => {
    kept.set("/broken-stream", wardline.current());
    return new Response(new ReadableStream({ pull: () => Promise.reject(new Error("secret")) }));
  });
  app.get("/throws", () => {
    kept.set("/throws", wardline.current());
    throw new Error("secret");
  });
  app.get("/refuses", async (c) => {
    await sessionOf(c).db.selectFrom("books").select("nothing").execute();
    return c.text("");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const get = (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
  fetch(`${base}${path}`, { ...init, headers });
const isOver = async (path: string): Promise<void> => {
  const session = kept.get(path) as Session;
  // The end of the scope may come a moment after the client's.
  await expect
    .poll(() => bookIds(session).catch((error: unknown) => error), { timeout: 60_000 })
    .toEqual(coded("handle/revoked"));
};

describe("a request", () => {
  test("is in the scope of its own caller, which is over when it is answered", async () => {
    const answer = await get("/books", asMember("ada.north"));
    expect([answer.status, await answer.text()]).toEqual([200, books.north]);
    await isOver("/books");
  });

  test("streams from within its scope, to its end", async () => {
    const answer = await get("/stream", asMember("ada.south"));
    expect(await answer.text()).toBe(`${books.south};`.repeat(3));
    await isOver("/stream");
  });

  test("whose client goes away ends its scope", async () => {
    sent = Promise.withResolvers();
    const leave = new AbortController();
    const answer = await get("/endless", asMember("ada.north"), { signal: leave.signal });
    const reader = answer.body?.getReader();
    await reader?.read();
    leave.abort();
    await sent.promise;
    await isOver("/endless");
  });

  test.each(["/throws", "/broken-stream"])(
    "that fails ends its scope, and tells nothing: %s",
    async (path) => {
      const text = await get(path, asMember("ada.north"))
        .then((answer) => answer.text())
        .catch((error: unknown) => String(error));
      expect(text).not.toContain("secret");
      await isOver(path);
    },
  );

  test("of HEAD ends its scope, whose body nobody reads", async () => {
    const answer = await get("/books", asMember("ada.north"), { method: "HEAD" });
    expect(answer.status).toBe(200);
    await isOver("/books");
  });

  test("goes on no longer than what proved its caller", async () => {
    const answer = await get("/endless", asMember("ada.north.300"));
    await expect(answer.arrayBuffer()).rejects.toThrow();
    await isOver("/endless");
  });

  test("side by side with those of another tenant never sees theirs", async () => {
    const asked = Array.from({ length: 60 }, (_, n) =>
      n % 2 === 0 ? ("north" as const) : ("south" as const),
    );
    const seen = await Promise.all(
      asked.map(async (tenant, n) =>
        (await get(n % 3 === 0 ? "/stream" : "/books", asMember(`ada.${tenant}`))).text(),
      ),
    );
    for (const [n, text] of seen.entries())
      expect(new Set(text.split(";").filter(Boolean))).toEqual(new Set([books[asked[n] ?? "north"]]));
    expect(() => wardline.current()).toThrow(coded("handle/no-context"));
  });
});

describe("who may not come in", () => {
  test.each([
    ["no evidence", {}, 401, "identity/no-evidence", "Bearer"],
    ["no tenant", { authorization: "Bearer ada.north" }, 404, "identity/unknown-tenant", null],
    [
      "evidence that is no good",
      asMember("mallory.north"),
      401,
      "identity/bad-signature",
      'Bearer error="invalid_token"',
    ],
  ])("%s", async (_, headers: Record<string, string>, status, code, challenge) => {
    const given = _ === "no evidence" ? { "x-tenant": "north" } : headers;
    const answer = await get("/books", given);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual(coded(code));
    expect(answer.headers.get("www-authenticate")).toBe(challenge);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
  });

  test("V31: a tenant that is not the caller's, one that does not exist, and what is none are one answer", async () => {
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
});

test("V84: whatever a handler says, caches keep nothing and compare nothing", async () => {
  const answer = await get("/public", { ...asMember("ada.north"), "if-none-match": '"one"' });
  expect([answer.status, await answer.text()]).toEqual([200, "whole"]);
  expect(answer.headers.get("cache-control")).toBe("private, no-store");
  expect(answer.headers.get("etag")).toBeNull();
  expect(answer.headers.get("cdn-cache-control")).toBeNull();
  expect(answer.headers.get("vary")).toBe("accept-language, Authorization, Cookie, x-tenant");
});

test("an error of ours is a problem with a code, and no word of what it is about", async () => {
  const answer = await get("/refuses", asMember("ada.north"));
  expect(answer.headers.get("cache-control")).toBe("private, no-store");
  expect([answer.status, await answer.json()]).toEqual([
    500,
    { title: "Internal Server Error", status: 500, code: "query/unknown-column" },
  ]);
});
