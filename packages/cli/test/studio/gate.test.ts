/** Attacks on the studio's server by those who have no business there: other pages, other names, other machines. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { textDigest } from "../../src/studio/studio-project.ts";
import { policy } from "../project.ts";
import { exchange, serve } from "./served.ts";

test("connections that ask nothing, that never end what they ask, or that read no answer keep nobody out", async () => {
  const { ask, port, errors } = await serve();
  const heads = [
    "",
    "GET / HTTP/1.1\r\nHost: ",
    `GET /assets/index-a1B2c3D4.js HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`,
  ];
  const sockets = Array.from({ length: 150 }, (_, index) => {
    const socket = connect(port, "127.0.0.1").pause();
    socket.on("error", () => {});
    socket.write(heads[index % heads.length] ?? "");
    return socket;
  });
  await Promise.all(sockets.map((socket) => once(socket, "connect")));
  expect(await ask("GET", "/")).toMatchObject({ status: 200 });
  expect(await ask("GET", "/api/project")).toMatchObject({ status: 200 });
  for (const socket of sockets) socket.destroy();
  expect(errors).toEqual([]);
});

test("a request at work is not ended for connections that ask nothing", async () => {
  const { token, port, folder } = await serve();
  const text = `${policy}// more\n`;
  const asking = request({
    host: "127.0.0.1",
    port,
    method: "PUT",
    path: "/api/files/north.ward",
    headers: {
      authorization: `Bearer ${token}`,
      "if-match": `"${textDigest(policy)}"`,
      "content-length": text.length,
      expect: "100-continue",
    },
  });
  const answered = once(asking, "response") as Promise<[IncomingMessage]>;
  // It is at work when the server has said so.
  await once(asking, "continue");
  const sockets = Array.from({ length: 150 }, () => connect(port, "127.0.0.1").on("error", () => {}));
  await Promise.all(sockets.map((socket) => once(socket, "connect")));
  asking.end(text);
  expect((await answered)[0].statusCode).toBe(200);
  expect(readFileSync(join(folder, "north.ward"), "utf8")).toBe(text);
  for (const socket of sockets) socket.destroy();
});

describe("another name", () => {
  test.each([
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "localhost",
    "[::1]",
    "0.0.0.0",
    "127.0.0.1",
  ])("%s, which points here, gets neither a file nor the project", async (name) => {
    const { ask, port } = await serve();
    for (const path of ["/", "/api/project"])
      for (const host of [`${name}:${port}`, `${name}:${port + 1}`, name]) {
        if (host === `127.0.0.1:${port}`) continue;
        const answered = await ask("GET", path, { headers: { host } });
        expect(answered).toMatchObject({ status: 421, json: { code: "studio/host" } });
      }
  });

  test("two hosts, and none, are refused", async () => {
    const { port, token } = await serve();
    const raw = (head: string) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect(port, "127.0.0.1");
        text(socket).then(resolve, reject);
        socket.write(`${head}\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\n\r\n`);
      });
    const own = `Host: 127.0.0.1:${port}`;
    expect(await raw(`GET /api/project HTTP/1.1\r\n${own}`)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await raw(`GET /api/project HTTP/1.1\r\n${own}\r\nHost: evil.example`)).toMatch(
      /^HTTP\/1\.1 4\d\d /,
    );
    expect(await raw(`GET /api/project HTTP/1.1\r\nHost: evil.example\r\n${own}`)).toMatch(
      /^HTTP\/1\.1 4\d\d /,
    );
    expect(await raw("GET /api/project HTTP/1.1")).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw("GET /api/project HTTP/1.0")).toMatch(/^HTTP\/1\.1 421 /);
    expect(await raw(`GET http://evil.example/api/project HTTP/1.1\r\n${own}`)).toMatch(/^HTTP\/1\.1 400 /);
  });
});

test("no other interface of the machine answers", async () => {
  const { port } = await serve();
  const others = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith("fe80"));
  for (const { address } of [...others, { address: "::1" }]) {
    const answered = await new Promise((resolve) => {
      const socket = connect(port, address);
      socket.once("connect", () => {
        socket.destroy();
        resolve("connected");
      });
      socket.once("error", ({ message }) => resolve(message));
    });
    expect(answered, address).not.toBe("connected");
  }
});

test("a browser that asks for a service worker's script gets one that removes itself, and the token is worth nothing any more", async () => {
  const { ask } = await serve();
  expect((await ask("GET", "/api/project")).status).toBe(200);
  const headers = { "service-worker": "script", "sec-fetch-site": "same-origin" };
  const script = await ask("GET", "/any/worker.js", { headers, token: null });
  expect(script).toMatchObject({
    status: 200,
    headers: { "content-type": "text/javascript; charset=utf-8" },
  });
  expect(script.text).toContain("unregister");
  expect(await ask("GET", "/api/project")).toMatchObject({
    status: 401,
    json: { code: "studio/service-worker", help: expect.stringContaining("start it again") },
  });
  expect((await ask("GET", "/")).status).toBe(200);
});

describe("another page", () => {
  const pages = [
    { origin: "http://evil.example" },
    { origin: "null" },
    { origin: "https://127.0.0.1" },
    { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" },
    { "sec-fetch-site": "same-site", "sec-fetch-mode": "cors" },
    { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" },
    { "sec-fetch-site": "unheard-of" },
  ];
  test.each(pages)("%j is refused, though it had the token, and changes nothing", async (headers) => {
    const { ask, save } = await serve();
    for (const path of ["/", "/api/project"])
      expect(await ask("GET", path, { headers })).toMatchObject({
        status: 403,
        json: { code: "studio/origin" },
      });
    expect((await save("north.ward", "", policy, { headers })).status).toBe(403);
    expect((await ask("OPTIONS", "/api/project", { headers })).status).toBe(403);
  });

  test("of another port of this machine is another page", async () => {
    const { ask, port } = await serve();
    const headers = { origin: `http://127.0.0.1:${port + 1}` };
    expect((await ask("GET", "/api/project", { headers })).status).toBe(403);
  });

  test("may open the application by a link, which says nothing, and no question of the project", async () => {
    const { ask } = await serve();
    const headers = {
      "sec-fetch-site": "cross-site",
      "sec-fetch-mode": "navigate",
      "sec-fetch-dest": "document",
    };
    expect((await ask("GET", "/", { headers, token: null })).status).toBe(200);
    expect((await ask("GET", "/api/project", { headers })).status).toBe(403);
    expect((await ask("POST", "/", { headers })).status).toBe(403);
  });

  test("the studio's own page may ask", async () => {
    const { ask, port } = await serve();
    const headers = { origin: `http://127.0.0.1:${port}`, "sec-fetch-site": "same-origin" };
    expect((await ask("GET", "/api/project", { headers })).status).toBe(200);
  });
});

describe("the token", () => {
  test.each(["/api/project", "/api/files/north.ward", "/api/nonsense", "/api"])(
    "is needed for %s",
    async (path) => {
      const { ask, token, port } = await serve();
      const wrong = [null, "", "x", token.slice(1), `${token}x`, token.toLowerCase(), `${token},${token}`];
      for (const given of wrong)
        for (const method of ["GET", "PUT", "POST", "DELETE"])
          expect(await ask(method, path, { token: given })).toMatchObject({
            status: 401,
            json: { code: "studio/token" },
          });
      const cookie = { cookie: `token=${token}`, authorization: `Basic ${token}`, host: `127.0.0.1:${port}` };
      expect((await exchange(port, "GET", path, cookie)).status).toBe(401);
    },
  );

  test("never counts in a query", async () => {
    const { ask, token } = await serve();
    expect((await ask("GET", `/api/project?token=${token}`, { token: null })).status).toBe(401);
    expect((await ask("GET", `/api/project?token=${token}`)).json).toMatchObject({ code: "studio/query" });
  });

  test("is another one each time, and stands in no answer", async () => {
    const [one, other] = [await serve(), await serve()];
    expect(one.token).not.toBe(other.token);
    expect((await other.ask("GET", "/api/project", { token: one.token })).status).toBe(401);
    for (const path of ["/", "/api/project", "/api/nonsense", `/${one.token}`]) {
      const { headers, text: body } = await one.ask("GET", path);
      expect(JSON.stringify(headers) + body).not.toContain(one.token);
    }
  });
});

test("who opens the page without the token gets no project, the example neither", async () => {
  const { ask } = await serve();
  expect(await ask("GET", "/project.json", { token: null })).toMatchObject({
    status: 401,
    json: { code: "studio/token" },
  });
});

test("every answer has the headers that keep a page to itself, and lets no other page read it", async () => {
  const { ask } = await serve();
  const answers = [
    await ask("GET", "/"),
    await ask("GET", "/assets/index-a1B2c3D4.js"),
    await ask("GET", "/none"),
    await ask("GET", "/api/project"),
    await ask("GET", "/api/project", { token: null }),
    await ask("GET", "/", { headers: { host: "evil.example" } }),
  ];
  for (const { headers } of answers) {
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
    });
    const csp = headers["content-security-policy"] as string;
    for (const part of [
      "default-src 'none'",
      "frame-ancestors 'none'",
      "worker-src 'self'",
      "base-uri 'none'",
    ])
      expect(csp.split("; ")).toContain(part);
    expect(csp).not.toMatch(/'unsafe-eval'|\*|https?:/);
    expect(csp).toMatch(/script-src 'self' 'wasm-unsafe-eval'(?:;|$)/);
    expect(Object.keys(headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
  }
});
