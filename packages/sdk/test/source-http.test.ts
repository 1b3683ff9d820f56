/** The repository on a web server: ETags, held requests, and what servers, caches and addresses are not let to do. */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeAuthority } from "@wardline/database-testing";
import {
  maxTimestampSize,
  openRepository,
  paths,
  type RepositorySource,
  type SeenVersions,
} from "@wardline/backends";
import { afterEach, expect, test, vi } from "vitest";
import { folderSource, httpSource, type HttpSourceOptions } from "../src/index.ts";
import { temporaryFolder } from "./library-bundles.ts";
import { second, Town } from "./signed-town.ts";
import { serveRepository, type RepositoryServer, type ServerOptions } from "./repository-server.ts";
import { watchSource } from "./watch-source.ts";

const coded = (code: string) => expect.objectContaining({ name: "SourceError", code });
const text = (content: string) => new TextEncoder().encode(content);
const atLast = (check: () => void) => vi.waitFor(check, { timeout: 60_000, interval: 5 });
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

let files: Map<string, Uint8Array>;
async function serve(options?: ServerOptions): Promise<RepositoryServer> {
  files = new Map([
    [paths.timestamp, text("1")],
    ["metadata/1.snapshot.json", text("snapshot")],
  ]);
  const server = await serveRepository(files, options);
  ends.push(() => server.close());
  return server;
}

const timestampOf = async ({ read }: RepositorySource) => {
  const bytes = await read(paths.timestamp, maxTimestampSize);
  return typeof bytes === "string" ? bytes : new TextDecoder().decode(bytes);
};

async function watch(source: RepositorySource) {
  const { end, ...told } = await watchSource(source);
  ends.push(end);
  return told;
}

test("a look sends the ETag that the timestamp had, and a load never does", async () => {
  const server = await serve();
  const source = httpSource(server.url, { pollEvery: 10 });
  await watch(source);
  await atLast(() => expect(server.asked.length).toBeGreaterThan(1));
  const looks = server.asked.slice(0, 2).map(({ status, etag }) => [status, etag !== undefined]);
  expect(looks).toEqual([
    [200, false],
    [304, true],
  ]);
  for (const end of ends.splice(1)) await end();
  server.asked.length = 0;
  expect(await timestampOf(source)).toBe("1");
  expect(await timestampOf(source)).toBe("1");
  await source.read("metadata/1.snapshot.json", 100);
  await source.read("metadata/1.snapshot.json", 100);
  expect(await source.read(paths.root(2), 100)).toBe("missing");
  files.set(paths.timestamp, text("2"));
  expect(await timestampOf(source)).toBe("2");
  expect(server.asked.map(({ status, etag }) => [status, etag !== undefined])).toEqual([
    [200, false],
    [200, false],
    [200, false],
    [200, false],
    [404, false],
    [200, false],
  ]);
});

test("a new timestamp is found by asking, and an outage is told and outlived", async () => {
  const server = await serve();
  const { onChange, onTrouble } = await watch(httpSource(server.url, { pollEvery: 10 }));
  files.set(paths.timestamp, text("2"));
  await atLast(() => expect(onChange).toHaveBeenCalledOnce());
  server.trouble = (_, response) => response.writeHead(503).end() !== undefined;
  await atLast(() => expect(onTrouble).toHaveBeenCalled());
  expect(onTrouble.mock.calls[0]?.[0]).toEqual(coded("source/unavailable"));
  files.set(paths.timestamp, text("3"));
  server.trouble = null;
  await atLast(() => expect(onChange).toHaveBeenCalledTimes(2));
});

test("a server that holds requests tells of a change by its answer", async () => {
  const server = await serve({ holds: true });
  const { onChange, onTrouble } = await watch(httpSource(server.url, { wait: 30, pollEvery: 3_600_000 }));
  await atLast(() => expect(server.held.size).toBe(1));
  files.set(paths.timestamp, text("2"));
  server.changed();
  await atLast(() => expect(onChange).toHaveBeenCalledOnce());
  await atLast(() => expect(server.held.size).toBe(1));
  expect(onTrouble).not.toHaveBeenCalled();
});

test("a server that does not hold requests is told, and asked now and then", async () => {
  const server = await serve();
  const { onChange, onTrouble } = await watch(httpSource(server.url, { wait: 30, pollEvery: 20 }));
  await atLast(() => expect(onTrouble).toHaveBeenCalled());
  files.set(paths.timestamp, text("2"));
  await atLast(() => expect(onChange).toHaveBeenCalled());
  expect(server.asked.length).toBeLessThan(100);
});

test("nobody is followed elsewhere, and the token goes to nobody else", async () => {
  const server = await serve();
  const other = await serve();
  const tokens: unknown[] = [];
  other.trouble = (request) => tokens.push(request.headers.authorization) < 0;
  for (const status of [301, 302, 303, 307, 308]) {
    server.trouble = (_, response) =>
      response.writeHead(status, { location: `${other.url}${paths.timestamp}` }).end() !== undefined;
    await expect(timestampOf(httpSource(server.url, { token: "secret" }))).rejects.toEqual(
      coded("source/unavailable"),
    );
  }
  expect(tokens).toEqual([]);
});

test("no more is taken than a file may have, whatever length the server says, and no longer than asked", async () => {
  const server = await serve();
  const source = httpSource(server.url);
  server.trouble = (_, response) => {
    response.writeHead(200);
    response.on("error", () => undefined);
    const more = (): void => void (response.writable && response.write(Buffer.alloc(65_536), more));
    more();
    return true;
  };
  expect(await source.read(paths.timestamp, 1000)).toBe("too-large");
  // It begins, and never comes to its end.
  server.trouble = (_, response) => response.writeHead(200).write("{") !== undefined;
  await expect(timestampOf(httpSource(server.url, { timeout: 300 }))).rejects.toThrow(/took too long/);
  server.trouble = (_, response) => {
    response.writeHead(200, { "content-length": "10" }).write("12345", () => response.destroy());
    return true;
  };
  await expect(timestampOf(source)).rejects.toEqual(coded("source/unavailable"));
});

test("a 304 to a question without an ETag is no answer", async () => {
  const server = await serve();
  server.trouble = (_, response) => response.writeHead(304).end() !== undefined;
  await expect(timestampOf(httpSource(server.url))).rejects.toEqual(coded("source/unavailable"));
});

test("a certificate that nobody vouches for is refused, whatever the environment says", async () => {
  const { ca, issue } = makeAuthority("bundles");
  const server = await serve({ tls: issue("IP:127.0.0.1") });
  expect(await timestampOf(httpSource(server.url, { ca }))).toBe("1");
  vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
  await expect(timestampOf(httpSource(server.url))).rejects.toEqual(coded("source/unavailable"));
  vi.unstubAllEnvs();
});

test.each<[string, string, HttpSourceOptions?]>([
  ["http://bundles.example/", "source/plaintext"],
  ["http://127.0.0.1.example/", "source/plaintext"],
  ["ftp://bundles.example/", "source/bad-address"],
  ["bundles", "source/bad-address"],
  ["https://user:secret@bundles.example/", "source/bad-address"],
  ["https://bundles.example/repo?X-Amz-Signature=secret", "source/bad-address"],
  ["https://bundles.example/#x", "source/bad-address"],
])("%s is no address: %s", (address, code) => {
  const refused = (): string => {
    try {
      httpSource(address);
      return "";
    } catch (error) {
      expect(error).toEqual(coded(code));
      return (error as Error).message;
    }
  };
  expect(refused()).not.toMatch(/^$|secret/);
  expect(() => httpSource("http://bundles.example", { tls: "plaintext-development" })).not.toThrow();
});

test.each<[string, (folder: string, address: string) => RepositorySource]>([
  ["an address", (_, address) => httpSource(address)],
  ["a folder", (folder) => folderSource(folder)],
])("V86: no path leads out of %s", async (_, open) => {
  const server = await serve();
  const folder = temporaryFolder();
  mkdirSync(join(folder, "repository/metadata"), { recursive: true });
  writeFileSync(join(folder, "secret"), "secret");
  const source = open(join(folder, "repository"), server.url);
  for (const path of [
    "../secret",
    "metadata/../../secret",
    "bundles/../../secret",
    "bundles/north/../../../secret",
    `${folder}/secret`,
    "//elsewhere/secret",
    "metadata//secret",
    "./secret",
    "",
    "https://elsewhere/x",
    "bundles/%2e%2e%2fsecret",
    "bundles/..%2f..%2fsecret",
    "bundles\\..\\..\\secret",
    "bundles/x?X-Amz-Signature=1",
    "bundles/x#y",
    "bundles/x\0y",
    "bundles/ｎorth/1.tar.gz",
  ])
    await expect(source.read(path, 100), path).rejects.toEqual(coded("source/bad-path"));
  expect(server.asked).toEqual([]);
});

test("V86: what a shared cache answers for another path, or of another day, is refused", async () => {
  const town = await Town.make();
  await town.publish([
    { tenant: "north", revision: 1 },
    { tenant: "south", revision: 1 },
  ]);
  const old = new Map(town.files);
  await town.publish([{ tenant: "north", revision: 2 }]);
  const server = await serveRepository(town.files);
  ends.push(() => server.close());
  let seen: SeenVersions = new Map();
  const open = async (answers: Readonly<Record<string, Uint8Array | undefined>> = {}) => {
    server.trouble = (_, response, path) => {
      const other = answers[path];
      return other !== undefined && response.writeHead(200, { etag: '"cached"' }).end(other) !== undefined;
    };
    const opened = await openRepository({
      source: httpSource(server.url),
      root: town.root,
      seen,
      now: second,
    });
    if ("error" in opened) return opened.error.code;
    seen = opened.seen;
    return "opened";
  };
  expect(await open()).toBe("opened");
  const { files } = town;
  const north = paths.bundle("north", 2);
  expect(await open({ [north]: files.get(paths.bundle("south", 1)) })).toBe("trust/mixed-snapshot");
  expect(await open({ [north]: files.get(paths.bundle("north", 1)) })).toBe("trust/mixed-snapshot");
  expect(await open({ [paths.timestamp]: files.get(paths.snapshot(2)) })).toBe("trust/wrong-kind");
  expect(await open({ [paths.snapshot(2)]: files.get(paths.snapshot(1)) })).toBe("trust/mixed-snapshot");
  expect(await open({ [paths.timestamp]: old.get(paths.timestamp) })).toBe("trust/lower-version");
  expect(await open({ [paths.root(2)]: files.get(paths.timestamp) })).not.toBe("opened");
  expect(await open()).toBe("opened");
});

test("V86: a wrong answer under the right ETag does not outlive the next load", async () => {
  const server = await serve();
  const source = httpSource(server.url, { pollEvery: 10 });
  const { onChange } = await watch(source);
  files.set(paths.timestamp, text("2"));
  const etag = `"${createHash("sha256").update("2").digest("hex")}"`;
  let wrong = 0;
  server.trouble = (_, response) =>
    wrong++ === 0 && response.writeHead(200, { etag }).end("poison") !== undefined;
  await atLast(() => expect(onChange).toHaveBeenCalled());
  // The look is told that nothing has changed since, and the load gets what is there.
  expect(await timestampOf(source)).toBe("2");
});
