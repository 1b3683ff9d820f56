/** One application three times: for Hono, Express and Fastify, over servers of Node, with handlers that do what handlers do. */
// These versions take the errors of handlers that are awaited.
/* oxlint-disable oxc/no-async-endpoint-handlers */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import express from "express";
import { fastify } from "fastify";
import { Hono } from "hono";
import * as forExpress from "../src/express.ts";
import * as forFastify from "../src/fastify.ts";
import * as forHono from "../src/hono.ts";
import type { ScopeOptions, Session } from "../src/index.ts";
import { bookIds } from "./http-world.ts";

export interface App {
  readonly base: string;
  readonly port: number;
  readonly close: () => void;
}

/** What handlers saw, for a test to look at: the last session by path. */
export interface Seen {
  readonly sessions: Map<string, Session>;
  /** An endless answer that is not wanted any more. */
  left: PromiseWithResolvers<void>;
}

/** Three pages of books, each read as it is asked for. */
async function* pages(session: Session, count: number, seen?: Seen): AsyncGenerator<Uint8Array> {
  try {
    for (let page = 0; page < count; page++)
      yield new TextEncoder().encode(`${await bookIds(session)};`.padEnd(seen ? 400_000 : 0));
  } finally {
    seen?.left.resolve();
  }
}

async function* broken(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(1);
  throw new Error("secret");
}

/** What a handler says that must not be obeyed. */
export const careless = {
  "cache-control": "public, max-age=3600",
  "cdn-cache-control": "max-age=3600",
  etag: '"one"',
  "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT",
  vary: "accept-language",
};

type Start = (options: ScopeOptions, seen: Seen) => Promise<App>;

const keep = (options: ScopeOptions, seen: Seen, path: string): Session => {
  const session = options.wardline.current();
  seen.sessions.set(path, session);
  return session;
};

const startHono: Start = (options, seen) => {
  const app = new Hono();
  app.get("/health", (c) => c.text("well", 200, careless));
  app.use(forHono.scoped(options));
  app.onError(forHono.problems());
  const stream = (from: AsyncGenerator<Uint8Array>): Response =>
    new Response(Readable.toWeb(Readable.from(from)) as ReadableStream);
  app.get("/books", async (c) => {
    const session = keep(options, seen, "/books");
    if (forHono.sessionOf(c) !== session) throw new Error("another's");
    return c.text(await bookIds(session));
  });
  app.post("/books", async (c) => {
    await c.req.text();
    return c.text(await bookIds(keep(options, seen, "/books")));
  });
  app.get("/careless", async (c) => c.text(await bookIds(options.wardline.current()), 200, careless));
  app.get("/stream", () => stream(pages(keep(options, seen, "/stream"), 3)));
  app.get("/endless", () => stream(pages(keep(options, seen, "/endless"), Infinity, seen)));
  app.get("/broken-stream", () => (keep(options, seen, "/broken-stream"), stream(broken())));
  app.get("/throws", () => {
    keep(options, seen, "/throws");
    throw new Error("secret");
  });
  app.get("/refuses", async (c) => {
    await forHono.sessionOf(c).db.selectFrom("books").select("nothing").execute();
    return c.text("");
  });
  return listen(createServer(getRequestListener(app.fetch)));
};

const startExpress: Start = (options, seen) => {
  const app = express();
  app.get("/health", (_, response) => void response.set(careless).send("well"));
  app.use(forExpress.scoped(options));
  app.use(express.text({ type: "*/*" }));
  app.get("/books", async (request, response) => {
    const session = keep(options, seen, "/books");
    if (forExpress.sessionOf(request) !== session) throw new Error("another's");
    response.send(await bookIds(session));
  });
  app.post("/books", async (_, response) => {
    response.send(await bookIds(keep(options, seen, "/books")));
  });
  app.get("/careless", async (_, response) => {
    const text = await bookIds(options.wardline.current());
    response.writeHead(200, "OK", careless).end(text);
  });
  app.get(
    "/stream",
    (_, response) => void Readable.from(pages(keep(options, seen, "/stream"), 3)).pipe(response),
  );
  app.get("/endless", (_, response) => {
    const from = Readable.from(pages(keep(options, seen, "/endless"), Infinity, seen));
    response.on("close", () => from.destroy());
    from.on("error", () => response.destroy()).pipe(response);
  });
  app.get("/broken-stream", (_, response) => {
    keep(options, seen, "/broken-stream");
    Readable.from(broken())
      .on("error", () => response.destroy())
      .pipe(response);
  });
  app.get("/throws", () => {
    keep(options, seen, "/throws");
    throw new Error("secret");
  });
  app.get("/refuses", async (request) => {
    await forExpress.sessionOf(request).db.selectFrom("books").select("nothing").execute();
  });
  app.use(forExpress.problems());
  // What is no error of ours is the application's own to answer.
  app.use(
    (_error: unknown, _request: express.Request, response: express.Response, _next: express.NextFunction) =>
      void response.status(500).end(),
  );
  return listen(createServer(app));
};

const startFastify: Start = async (options, seen) => {
  const app = fastify();
  await app.register((outside, _, done) => {
    outside.get("/health", (_, reply) => reply.headers(careless).send("well"));
    done();
  });
  await app.register(async (inside) => {
    await inside.register(forFastify.scoped(options));
    inside.setErrorHandler(forFastify.problems());
    inside.get("/books", async (request) => {
      const session = keep(options, seen, "/books");
      if (forFastify.sessionOf(request) !== session) throw new Error("another's");
      return bookIds(session);
    });
    inside.post("/books", () => bookIds(keep(options, seen, "/books")));
    inside.get("/careless", async (_, reply) =>
      reply.headers(careless).send(await bookIds(options.wardline.current())),
    );
    inside.get("/stream", (_, reply) => reply.send(Readable.from(pages(keep(options, seen, "/stream"), 3))));
    inside.get("/endless", (_, reply) =>
      reply.send(Readable.from(pages(keep(options, seen, "/endless"), Infinity, seen))),
    );
    inside.get("/broken-stream", (_, reply) => {
      keep(options, seen, "/broken-stream");
      return reply.send(Readable.from(broken()));
    });
    inside.get("/throws", () => {
      keep(options, seen, "/throws");
      throw new Error("secret");
    });
    inside.get("/refuses", (request) =>
      forFastify.sessionOf(request).db.selectFrom("books").select("nothing").execute(),
    );
  });
  await app.listen({ port: 0, host: "127.0.0.1" });
  return { ...addressOf(app.server), close: () => void app.close() };
};

async function listen(server: Server): Promise<App> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { ...addressOf(server), close: () => (server.closeAllConnections(), void server.close()) };
}

const addressOf = (server: { address: Server["address"] }): { base: string; port: number } => {
  const { port } = server.address() as AddressInfo;
  return { base: `http://127.0.0.1:${port}`, port };
};

export const apps: readonly (readonly [string, Start])[] = [
  ["Hono", startHono],
  ["Express", startExpress],
  ["Fastify", startFastify],
];
