/** The signer killed at random moments: its folder goes on, no number is signed twice, and anchors have every record once. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CheckpointHistory } from "../src/audit/checkpoint/history.ts";
import { createNoteSigner } from "../src/audit/checkpoint/note-key.ts";
import { writeNoteSigner } from "../src/audit/checkpoint/note-key-file.ts";
import { parseRecord } from "../src/audit/checkpoint/record.ts";
import { vouchedHeads } from "../src/audit/verify/vouched-heads.ts";
import { AuditSigner } from "../src/audit/signer/audit-signer.ts";
import { deliver } from "../src/audit/anchors/deliver.ts";
import { fileAnchor } from "../src/audit/anchors/file-anchor.ts";
import { httpAnchor } from "../src/audit/anchors/http-anchor.ts";
import { readRecordLines, wholeLines } from "../src/audit/signer/record-file.ts";
import { journalFile } from "../src/audit/signer/signer-state.ts";
import { verifyExport } from "../src/audit/verify/verify-export.ts";
import { openAuditServer, type AuditServer } from "./audit-server.ts";
import type { ChildOptions } from "./audit-signer-child.ts";
import { drawFrom, killChildren, killSeed, killsOr, startChild } from "./killed-children.ts";

const kills = killsOr(40);
const key = createNoteSigner("example.com/log");
let audit: AuditServer;
let folder: string;
let anchor: Server;
let given: ChildOptions;
/** What the anchor was sent, by number; a number that comes again must say the same. */
const kept = new Map<number, string>();
let sentAgain = 0;
const conflicts: number[] = [];

beforeAll(async () => {
  audit = await openAuditServer();
  folder = mkdtempSync(join(tmpdir(), "wl-"));
  writeNoteSigner(join(folder, "key"), key);
  anchor = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const line = Buffer.concat(parts).toString("utf8");
      const number = Number(/\/(\d+)"$/.exec(String(request.headers["idempotency-key"]))?.[1]);
      const known = kept.get(number);
      if (known === undefined) kept.set(number, line);
      else if (known === line) sentAgain += 1;
      else conflicts.push(number);
      response.writeHead(known === undefined || known === line ? 204 : 409).end();
    });
  });
  anchor.listen(0, "127.0.0.1");
  await once(anchor, "listening");
  const { host, port, database } = audit.server;
  given = {
    server: { host, port, database, user: "watcher", password: "watcher" },
    folder: join(folder, "state"),
    key: join(folder, "key"),
    file: join(folder, "anchor.jsonl"),
    url: `http://127.0.0.1:${(anchor.address() as AddressInfo).port}/eu`,
  };
});
afterAll(async () => {
  anchor.close();
  await audit.stop();
  rmSync(folder, { recursive: true, force: true });
});

const start = (): ChildProcess => startChild("audit-signer-child.ts", given);

/** Kills it so long after it began to sign; what it wrote to its error stream. */
async function killed(child: ChildProcess, after: number): Promise<string> {
  let errors = "";
  child.stderr?.on("data", (text: Buffer) => (errors += text.toString()));
  const ended = once(child, "exit");
  child.stdin?.write("go\n");
  await Promise.race([once(child.stdout as NonNullable<typeof child.stdout>, "data"), ended]);
  await sleep(after);
  child.kill("SIGKILL");
  const [code] = (await ended) as [number | null];
  return code === null ? "" : `${code}: ${errors}`;
}

const linesOf = (path: string): readonly string[] =>
  [...wholeLines(readRecordLines(path))].map(({ line }) => line);
const numberOf = (line: string): number => Number(/\\nnumber (\d+)\\n/.exec(line)?.[1]);

test(
  `V91: a signer that is killed goes on, signs no number twice and gives anchors every record once (WARDLINE_SEED=${killSeed})`,
  async () => {
    const random = drawFrom(killSeed);
    const writing = new AbortController();
    const writer = (async () => {
      for (let n = 0; !writing.signal.aborted; n += 1) {
        await audit.append(["north", "south", "east"][n % 3] as string, `a${n}`, `b${n}`);
        await sleep(2);
      }
    })();
    try {
      let before: readonly string[] = [];
      let next = start();
      // As long as a round takes here and now, so that about every second one comes to its end.
      let span = 40;
      for (let round = 0; round < kills; round += 1) {
        const child = next;
        if (round + 1 < kills) next = start();
        expect(await killed(child, random() * span), `round ${round}`).toBe("");
        const now = linesOf(journalFile(given.folder));
        // What was signed once stays as it is, and numbers go on.
        expect(now.slice(0, before.length)).toEqual(before);
        expect(now.map(numberOf)).toEqual(now.map((_, at) => at + 1));
        const anchored = linesOf(given.file);
        expect(anchored).toEqual(now.slice(0, anchored.length));
        expect(conflicts).toEqual([]);
        for (const [number, line] of kept) expect(line).toBe(`${now[number - 1]}\n`);
        span *= now.length > before.length ? 0.8 : 1.25;
        before = now;
      }
      expect(before.length).toBeGreaterThan(kills / 5);
    } finally {
      writing.abort();
      await writer;
      killChildren();
    }
    // The last one is not killed: whatever waited is delivered, and all of it vouches for the chains.
    const signer = await AuditSigner.open({ folder: given.folder, key, recheck: 1_000_000 });
    await signer.sign(audit.auditor, Date.now());
    await signer.close();
    const anchors = [fileAnchor(given.file), httpAnchor({ url: given.url })];
    for (const one of anchors)
      expect(await deliver({ folder: given.folder, log: key.name, anchor: one })).toMatchObject({
        waiting: 0,
        error: null,
      });
    const journal = linesOf(journalFile(given.folder));
    expect(readFileSync(given.file, "utf8")).toBe(journal.map((line) => `${line}\n`).join(""));
    expect([...kept].toSorted(([a], [b]) => a - b).map(([, line]) => line)).toEqual(
      journal.map((line) => `${line}\n`),
    );
    const history = new CheckpointHistory([key]);
    const { heads: vouched, faulty } = vouchedHeads(
      history,
      journal.map((line) => parseRecord(line)),
    );
    expect(faulty).toBeNull();
    expect(history.last?.number).toBe(journal.length);
    const text = await audit.exported(null);
    const open = async function* () {
      yield Buffer.from(text);
    };
    const seen = [];
    for await (const { tenant, broken, head, vouched: upTo } of verifyExport({ open, vouched })) {
      expect(broken).toBeNull();
      expect(upTo?.seq).toBe(head.seq);
      seen.push(tenant);
    }
    expect(seen).toEqual(["east", "north", "south"]);
    // Else nothing was killed between a record's delivery and its being noted down.
    if (kills >= 200) expect(sentAgain).toBeGreaterThan(0);
  },
  60_000 + kills * 10_000,
);
