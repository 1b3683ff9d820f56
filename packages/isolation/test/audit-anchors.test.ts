/** Anchors against servers on the loopback that check what they are sent, fail, wait and cut; and files that a crash cut off. */
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  mkdirSync,
} from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeAuthority, startObjectStore, type ObjectStore, type Trouble } from "@wardline/database-testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from "vitest";
import type { Anchor } from "../src/audit/anchors/anchor.ts";
import { deliver } from "../src/audit/anchors/deliver.ts";
import { fileAnchor } from "../src/audit/anchors/file-anchor.ts";
import { httpAnchor } from "../src/audit/anchors/http-anchor.ts";
import { s3Anchor } from "../src/audit/anchors/s3-anchor.ts";
import { signRequest } from "../src/audit/anchors/sigv4.ts";
import { checkpointDigest, formatCheckpoint } from "../src/audit/checkpoint/checkpoint.ts";
import { createNoteSigner } from "../src/audit/checkpoint/note-key.ts";
import { signNote } from "../src/audit/checkpoint/note.ts";
import { formatRecord } from "../src/audit/checkpoint/record.ts";
import { emptyRoot } from "../src/audit/tree/merkle-hash.ts";
import { appendRecordLine, readRecordLines, wholeLines } from "../src/audit/signer/record-file.ts";
import { journalFile } from "../src/audit/signer/signer-state.ts";

const credentials = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};
const key = createNoteSigner("example.com/log");
const log = "example.com/log";
let folder: string;
let store: ObjectStore;

beforeAll(async () => {
  store = await startObjectStore(credentials, "eu-central-1");
});
afterAll(() => store.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wardline-anchor-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  store.objects.clear();
  store.troubles.length = 0;
  store.requests.length = 0;
});

const lines: readonly string[] = (() => {
  let previous: string | null = null;
  return [1, 2, 3, 4, 5].map((number) => {
    const text = formatCheckpoint({
      log,
      number,
      time: Date.UTC(2026, 0, number),
      tenants: 0,
      root: emptyRoot,
      previous,
    });
    previous = checkpointDigest(text);
    return formatRecord({ note: signNote(text, key), isFull: true, heads: [] });
  });
})();
const record = (number: number, line = lines[number - 1] as string) => ({ log, number, line });

function journal(upTo: number): void {
  writeFileSync(journalFile(folder), lines.slice(0, upTo).join(""));
}

const bucket = (more: Partial<Parameters<typeof s3Anchor>[0]> = {}): Anchor =>
  s3Anchor({
    bucket: "audit-bucket",
    prefix: "a log/",
    region: "eu-central-1",
    endpoint: store.url,
    credentials,
    ...more,
  });
const object = (number: number): string => `/audit-bucket/a%20log/${String(number).padStart(12, "0")}.json`;

describe("signing as AWS does", () => {
  // The examples of its documentation, "Signature Calculations for the Authorization Header".
  const example = {
    region: "us-east-1",
    service: "s3",
    credentials: {
      accessKeyId: "AKIAIOSFODNN7EXAMPLE",
      secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    },
    now: new Date("2013-05-24T00:00:00Z"),
  };

  test.each([
    [
      "GET",
      "/test.txt",
      { range: "bytes=0-9" },
      "",
      "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    ],
    [
      "PUT",
      "/test%24file.text",
      { date: "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY" },
      "Welcome to Amazon S3.",
      "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    ],
    ["GET", "/?lifecycle=", {}, "", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"],
    [
      "GET",
      "/?max-keys=2&prefix=J",
      {},
      "",
      "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    ],
  ] as const)("%s %s", (method, path, headers, body, signature) => {
    const url = new URL(`https://examplebucket.s3.amazonaws.com${path}`);
    const signed = signRequest({ ...example, method, url, headers, body: Buffer.from(body) });
    expect(signed["authorization"]).toContain(`Signature=${signature}`);
  });
});

describe("a bucket", () => {
  it("gets one object a checkpoint, signed, put only where there is none, and locked where that is asked for", async () => {
    await bucket().put(record(1));
    await bucket({ lock: { mode: "compliance", days: 30 } }).put(record(2));
    expect([...store.objects.keys()]).toEqual([object(1), object(2)]);
    expect(store.objects.get(object(1))?.body.toString()).toBe(lines[0]);
    const { headers } = store.objects.get(object(2)) as { headers: Record<string, string> };
    expect(headers).toMatchObject({ "if-none-match": "*", "x-amz-object-lock-mode": "COMPLIANCE" });
    const until = Date.parse(String(headers["x-amz-object-lock-retain-until-date"]));
    expect(Math.abs(until - Date.now() - 30 * 86_400_000)).toBeLessThan(60_000);
  });

  it("may have it already, and not another", async () => {
    await bucket().put(record(1));
    await bucket().put(record(1));
    await expect(bucket().put(record(1, lines[1]))).rejects.toMatchObject({ code: "anchor/conflict" });
    expect(store.objects.get(object(1))?.body.toString()).toBe(lines[0]);
  });

  it.each([
    "../other-bucket/",
    "..",
    "a/../../other-bucket/",
    "a/..",
    "./",
    "/other-bucket/",
    "a//b",
    "a\\..\\b",
    "a\0b",
    "\ud800",
  ])("V86: a prefix that leads out of the bucket is none: %j", (prefix) => {
    expect(() => bucket({ prefix })).toThrow(expect.objectContaining({ code: "anchor/bad-option" }));
  });

  it.each(["%2e%2e/", "..%2fother-bucket/", "...", "a..b/", "?x=1#y/", "tenants/north/", "Ünïcode/"])(
    "V86: whatever else a prefix holds stays in the bucket: %j",
    async (prefix) => {
      await bucket({ prefix }).put(record(1));
      const [path] = [...store.objects.keys()];
      expect(path).toMatch(/^\/audit-bucket\//);
      expect(decodeURIComponent(path ?? "")).toBe(`/audit-bucket/${prefix}000000000001.json`);
    },
  );

  it("V86: no address that was signed is taken for a place, and no request holds one that could be used again", async () => {
    for (const query of [
      "X-Amz-Signature=abc",
      "x-goog-signature=abc",
      "sv=2024&sig=abc",
      "Signature=abc&Expires=1",
    ])
      for (const anchor of [
        () => bucket({ endpoint: `${store.url}/?${query}` }),
        () => httpAnchor({ url: `https://anchor.example/x?${query}` }),
      ]) {
        expect(anchor).toThrow(expect.objectContaining({ code: "anchor/bad-option" }));
        expect(anchor).not.toThrow(/abc/);
      }
    await bucket().put(record(1));
    // The signature stands in a header, over the path, the body and the time.
    expect(store.requests).toEqual([`PUT ${object(1)} 200`]);
    const headers = store.objects.get(object(1))?.headers as Record<string, string>;
    const replay = (path: string, body: string) =>
      fetch(`${store.url}${path}`, {
        method: "PUT",
        headers: { authorization: headers["authorization"] ?? "", "x-amz-date": headers["x-amz-date"] ?? "" },
        body,
      }).then(({ status }) => status);
    expect(await replay(object(2), lines[0] as string)).toBe(403);
    expect(await replay("/other-bucket/x.json", lines[0] as string)).toBe(403);
    expect(await replay(object(1), lines[1] as string)).toBe(403);
    expect([...store.objects.keys()]).toEqual([object(1)]);
  });

  it("is not reached with the wrong secret, nor for another region", async () => {
    const wrong = { ...credentials, secretAccessKey: "x" };
    await expect(bucket({ credentials: wrong }).put(record(1))).rejects.toMatchObject({
      code: "anchor/refused",
    });
    await expect(bucket({ region: "eu-west-1" }).put(record(1))).rejects.toMatchObject({
      code: "anchor/refused",
    });
    expect(store.objects.size).toBe(0);
  });

  test.each<[string, Trouble]>([
    ["throttles", { status: 503 }],
    ["asks to wait", { status: 429, retryAfter: 0 }],
    ["has another request under way", { status: 409 }],
    ["says nothing", "silence"],
    ["cuts before it has stored", "cut-before"],
    ["cuts after it has stored", "cut-after"],
  ])("is tried again when it %s, and has each record once, in order", async (_, trouble) => {
    journal(4);
    store.troubles.push(trouble, trouble);
    // Only silence is waited for; else the time limit is to be out of the way of a busy machine.
    const anchor = bucket(trouble === "silence" ? { timeout: 1_000 } : {});
    const done = await deliver({ folder, log, anchor, pause: 5 });
    expect(done).toEqual({ number: 4, waiting: 0, error: null });
    expect([...store.objects.keys()]).toEqual([1, 2, 3, 4].map(object));
    for (const n of [1, 2, 3, 4]) expect(store.objects.get(object(n))?.body.toString()).toBe(lines[n - 1]);
  });

  it("gets what waited, in order, once an outage is over; nothing is sent twice", async () => {
    journal(2);
    store.troubles.push(...Array.from({ length: 3 }, (): Trouble => ({ status: 500 })));
    const options = { folder, log, anchor: bucket(), pause: 1, tries: 3 };
    expect(await deliver(options)).toMatchObject({
      number: 0,
      waiting: 2,
      error: { code: "anchor/unavailable" },
    });
    expect(store.objects.size).toBe(0);
    journal(5);
    expect(await deliver(options)).toEqual({ number: 5, waiting: 0, error: null });
    store.requests.length = 0;
    expect(await deliver(options)).toEqual({ number: 5, waiting: 0, error: null });
    expect(store.requests).toEqual([]);
    expect([...store.objects.keys()]).toEqual([1, 2, 3, 4, 5].map(object));
  });

  it("that refuses or has another record keeps the rest waiting", async () => {
    journal(3);
    await bucket().put(record(2, lines[4]));
    const options = { folder, log, anchor: bucket(), pause: 1 };
    expect(await deliver(options)).toMatchObject({
      number: 1,
      waiting: 2,
      error: { code: "anchor/conflict" },
    });
    expect(store.objects.has(object(3))).toBe(false);
  });
});

describe("an address that takes records by POST", () => {
  async function listening(
    status: () => number,
    run: (url: string, seen: string[]) => Promise<void>,
  ): Promise<void> {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      let body = "";
      request.on("data", (part) => (body += String(part)));
      request.on("end", () => {
        seen.push(`${request.headers.authorization} ${String(request.headers["idempotency-key"])} ${body}`);
        response.writeHead(status(), { location: "http://127.0.0.1:1/" });
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}/records`, seen);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  it("gets each with a token and a key of its own", async () => {
    await listening(
      () => 201,
      async (url, seen) => {
        await httpAnchor({ url, token: "secret" }).put(record(1));
        expect(seen).toEqual([`Bearer secret "example.com%2Flog/1" ${lines[0]}`]);
      },
    );
  });

  test.each([
    [500, "anchor/unavailable"],
    [429, "anchor/unavailable"],
    [401, "anchor/refused"],
    [302, "anchor/refused"],
    [409, "anchor/conflict"],
  ])("that answers %i: %s", async (status, code) => {
    await listening(
      () => status,
      async (url) => {
        const error: unknown = await httpAnchor({ url, token: "secret" })
          .put(record(1))
          .catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code });
        expect(String(error)).not.toContain("secret");
      },
    );
  });

  it("is believed with a certificate that is verified, and not without, whatever the environment says", async () => {
    const { NODE_TLS_REJECT_UNAUTHORIZED: before } = process.env;
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    const [authority, other] = [makeAuthority("one"), makeAuthority("other")];
    const { key: secret, cert } = authority.issue("DNS:localhost");
    let got = 0;
    const server = createSecureServer({ key: secret, cert }, (request, response) => {
      request.resume();
      got += 1;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `https://localhost:${(server.address() as AddressInfo).port}/`;
    try {
      await httpAnchor({ url, ca: authority.ca }).put(record(1));
      for (const ca of [other.ca, undefined])
        await expect(
          httpAnchor({ url, ...(ca === undefined ? {} : { ca }) }).put(record(1)),
        ).rejects.toMatchObject({
          code: "anchor/unavailable",
        });
      expect(got).toBe(1);
    } finally {
      if (before === undefined) delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
      else process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = before;
      server.closeAllConnections();
      server.close();
    }
  });

  test.each([
    "http://example.com/",
    "ftp://localhost/",
    "https://user:word@example.com/",
    "nowhere",
    "https://h/#x",
  ])("is refused: %s", (url) => {
    expect(() => httpAnchor({ url })).toThrow(expect.objectContaining({ code: "anchor/bad-option" }));
  });
});

describe("a file", () => {
  it("is appended to, for its owner alone, and goes on where it ended", async () => {
    const path = join(folder, "anchor.jsonl");
    await fileAnchor(path).put(record(1));
    const again = fileAnchor(path);
    await again.put(record(1));
    await again.put(record(2));
    expect(readFileSync(path, "utf8")).toBe(`${lines[0]}${lines[1]}`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await expect(again.put(record(2, lines[2]))).rejects.toMatchObject({ code: "anchor/conflict" });
  });

  it("that holds something else, or is no file, is left alone", () => {
    const path = join(folder, "other");
    writeFileSync(path, "hello\nworld\n");
    expect(() => fileAnchor(path)).toThrow(expect.objectContaining({ code: "anchor/conflict" }));
    mkdirSync(join(folder, "more"));
    expect(() => fileAnchor(join(folder, "more"))).toThrow(
      expect.objectContaining({ code: "anchor/bad-option" }),
    );
  });

  it("cut off at any byte of its last record is read, and gets that record whole", async () => {
    const path = join(folder, "anchor.jsonl");
    const whole = `${lines[0]}${lines[1]}`;
    const [first, all] = [Buffer.byteLength(lines[0] as string), Buffer.byteLength(whole)];
    for (let cut = first; cut < all; cut += 37) {
      writeFileSync(path, whole);
      truncateSync(path, cut);
      await fileAnchor(path).put(record(2));
      await fileAnchor(path).put(record(3));
      const read = [...wholeLines(readRecordLines(path))].map(({ line }) => `${line}\n`);
      expect(read, String(cut)).toEqual(lines.slice(0, 3));
    }
  });

  it("has lines longer than a buffer, and characters on its edge", () => {
    const path = join(folder, "long");
    const long = `${"é".repeat(200_000)}\n`;
    appendRecordLine(path, `x${long}`);
    appendRecordLine(path, long);
    appendFileSync(path, "torn");
    const read = [...readRecordLines(path)];
    expect(read.map(({ line, isWhole }) => [line.length, isWhole])).toEqual([
      [200_001, true],
      [200_000, true],
      [4, false],
    ]);
    expect([...readRecordLines(path, read[1]?.at)].map(({ line }) => line.length)).toEqual([200_000, 4]);
  });
});
