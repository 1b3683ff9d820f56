/** Signed notes, checkpoints and their history: what is believed, and each way in which one is not. */
import { mkdtempSync, readFileSync, statSync, writeFileSync, chmodSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it, test } from "vitest";
import {
  checkpointDigest,
  formatCheckpoint,
  parseCheckpoint,
  type Checkpoint,
} from "../src/audit/checkpoint/checkpoint.ts";
import { CheckpointHistory } from "../src/audit/checkpoint/history.ts";
import { readNoteSigner, writeNoteSigner } from "../src/audit/checkpoint/note-key-file.ts";
import {
  createNoteSigner,
  formatNoteKey,
  formatNoteSigner,
  parseNoteKey,
  parseNoteSigner,
  type NoteKey,
} from "../src/audit/checkpoint/note-key.ts";
import { openNote, parseNote, signNote } from "../src/audit/checkpoint/note.ts";
import { formatRecord, parseRecord, type CheckpointRecord } from "../src/audit/checkpoint/record.ts";
import {
  inTreeOrder,
  proveTenant,
  tenantLeaf,
  TenantTree,
  verifyTenant,
  type TenantHead,
} from "../src/audit/checkpoint/tenant-tree.ts";
import { leafHash } from "../src/audit/tree/merkle-hash.ts";
import { leavesOf, rootOf } from "../src/audit/tree/prove.ts";

const folder = mkdtempSync(join(tmpdir(), "wardline-note-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("signed notes", () => {
  /** The example of the package of Go that brought these notes into the world. */
  const text =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
  const verifier = parseNoteKey(
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
  ) as NoteKey;
  const private_ = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
  const known = `${text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;

  it("are those that others write and read", () => {
    expect(openNote(known, [verifier])).toEqual({ text, by: [verifier] });
    const signer = parseNoteSigner(private_);
    expect(signer && signNote(text, signer)).toBe(known);
    expect(signer && formatNoteSigner(signer)).toBe(private_);
    expect(formatNoteKey(verifier)).toBe(
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    );
  });

  it("are read again by their own keys, through both forms", () => {
    const signer = createNoteSigner("example.com/log");
    const read = parseNoteSigner(formatNoteSigner(signer));
    const note = signNote("a\n\nb\n", read ?? signer);
    expect(openNote(note, [parseNoteKey(formatNoteKey(signer)) as NoteKey])).toMatchObject({
      text: "a\n\nb\n",
    });
  });

  it.each<[string, string, string]>([
    ["a letter changed", known.replace("answer", "Answer"), "bad_signature"],
    ["a signature changed", known.replace("/ZJk", "/ZJl"), "bad_signature"],
    ["the key's id changed", known.replace("x08g", "x18g"), "unknown_key"],
    ["another name", known.replace("— PeterNeumann", "— PeterNewman"), "unknown_key"],
    ["no signature", `${text}\n`, "malformed"],
    ["no empty line", known.replace("\n\n", "\n"), "malformed"],
    ["a carriage return", known.replace("\n", "\r\n"), "malformed"],
    ["something after the end", `${known}x`, "malformed"],
    ["base64 with another reading", known.replace("nAM=\n", "nAN=\n"), "malformed"],
    ["too long", `${"x".repeat(70_000)}${known}`, "malformed"],
    ["seventeen signatures", known + known.slice(known.lastIndexOf("— ")).repeat(16), "malformed"],
    ["nothing", "", "malformed"],
  ])("V91: are refused with %s", (_, note, refused) => {
    expect(openNote(note, [verifier])).toEqual({ refused });
  });

  it("are believed with unknown signatures beside a known one, and not with a false one of a known key", () => {
    const other = createNoteSigner("other");
    const line = (note: string) => note.slice(note.lastIndexOf("— "));
    expect(openNote(known + line(signNote(text, other)), [verifier])).toMatchObject({ text });
    const false_ = known + line(signNote("another text\n", other));
    expect(openNote(false_, [verifier, other])).toEqual({ refused: "bad_signature" });
  });

  it("have keys whose id is made of their name, so that a key is of one log", () => {
    const signer = createNoteSigner("a");
    expect(parseNoteKey(formatNoteKey(signer).replace("a+", "b+"))).toBeNull();
    expect(parseNoteSigner(formatNoteSigner(signer).replace("KEY+a+", "KEY+b+"))).toBeNull();
    for (const bad of ["", "a+b", "a+00000000+AQ==", "x".repeat(500)]) {
      expect(parseNoteKey(bad)).toBeNull();
      expect(parseNoteSigner(bad)).toBeNull();
    }
    for (const name of ["", "a b", "a+b", "a\nb", "a\u0000"])
      expect(() => createNoteSigner(name)).toThrow(TypeError);
  });

  it("cannot be made of a text that would be read as another", () => {
    const signer = createNoteSigner("a");
    for (const bad of ["no end", "tab\there\n", "\ud800\n", ""])
      expect(() => signNote(bad, signer)).toThrow(TypeError);
  });

  it("V91: never throw, whatever they are made of", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (given) => {
        expect(openNote(given, [verifier])).toHaveProperty("refused");
        parseNote(`${given}\n\n— x ${given}\n`);
      }),
    );
  });

  it("are signed by a key in a file of its owner, which is never written over", () => {
    const path = join(folder, "key");
    const signer = createNoteSigner("a");
    writeNoteSigner(path, signer);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(formatNoteSigner(readNoteSigner(path))).toBe(formatNoteSigner(signer));
    expect(() => writeNoteSigner(path, signer)).toThrow(expect.objectContaining({ code: "keys/exists" }));
    chmodSync(path, 0o640);
    expect(() => readNoteSigner(path)).toThrow(expect.objectContaining({ code: "keys/exposed" }));
    chmodSync(path, 0o600);
    writeFileSync(path, `${readFileSync(path, "utf8")}more`);
    expect(() => readNoteSigner(path)).toThrow(expect.objectContaining({ code: "keys/malformed" }));
    expect(() => readNoteSigner(join(folder, "none"))).toThrow(
      expect.objectContaining({ code: "keys/malformed" }),
    );
  });
});

const root = (n: number): string => leafHash(Buffer.from(`root ${n}`));
const first: Checkpoint = {
  log: "example.com/log",
  number: 1,
  time: Date.UTC(2026, 0, 5, 12),
  tenants: 2,
  root: root(0),
  previous: null,
};

describe("a checkpoint", () => {
  it("has one form", () => {
    const text = formatCheckpoint(first);
    expect(text).toBe(
      `wardline/audit-checkpoint/1\nlog example.com/log\nnumber 1\ntime 2026-01-05T12:00:00.000Z\ntenants 2\nroot ${root(0)}\nprevious none\n`,
    );
    expect(parseCheckpoint(text)).toEqual(first);
  });

  it.each<[string, (text: string) => string]>([
    ["a zero before a number", (text) => text.replace("number 1", "number 01")],
    ["another form of time", (text) => text.replace(".000Z", "+00:00Z")],
    ["a time that is none", (text) => text.replace("01-05", "13-05")],
    ["a line more", (text) => `${text}more\n`],
    ["a predecessor of the first", (text) => text.replace("none", root(1))],
    ["none of a later one", (text) => text.replace("number 1", "number 2")],
    ["number 0", (text) => text.replace("number 1", "number 0")],
    ["another format", (text) => text.replace("checkpoint/1", "checkpoint/2")],
    ["hex in capitals", (text) => text.replace(root(0), root(0).toUpperCase())],
  ])("has no other: %s", (_, change) => {
    const changed = change(formatCheckpoint(first));
    expect(changed).not.toBe(formatCheckpoint(first));
    expect(parseCheckpoint(changed)).toBeNull();
  });
});

const head = (tenant: string, size: number, of = size): TenantHead => ({ tenant, size, root: root(of) });

describe("the tree over tenants", () => {
  it("is the one of RFC 6962 over sorted tenants, however it came about", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,2}$/), fc.nat(99)), { maxLength: 12 })),
        (rounds) => {
          const tree = new TenantTree();
          const all = new Map<string, TenantHead>();
          for (const round of rounds) {
            const heads = round.map(([tenant, size]) => head(tenant, size));
            for (const one of heads) all.set(one.tenant, one);
            tree.update(heads);
            const leaves = inTreeOrder(all.values()).map(tenantLeaf);
            expect(tree.root()).toBe(rootOf(leavesOf(leaves)));
          }
          for (const tenant of all.keys()) {
            const proof = proveTenant(all.values(), tenant);
            const at = { tenants: all.size, root: tree.root() };
            expect(proof && verifyTenant(proof, at)).toBe(true);
            if (proof === null) continue;
            const forged = { ...proof, head: { ...proof.head, size: proof.head.size + 1 } };
            expect(verifyTenant(forged, at)).toBe(false);
            expect(verifyTenant({ ...proof, head: { ...proof.head, tenant: "zzz" } }, at)).toBe(false);
          }
        },
      ),
      { numRuns: 60 },
    );
    expect(proveTenant([head("a", 1)], "b")).toBeNull();
    expect(() => inTreeOrder([head("a", 1), head("a", 2)])).toThrow(TypeError);
  });

  it("sorts by bytes, and has a leaf of one form", () => {
    expect(
      inTreeOrder(["é", "z", "a_", "a", "ab"].map((id) => head(id, 1))).map((one) => one.tenant),
    ).toEqual(["a", "a_", "ab", "z", "é"]);
    expect(tenantLeaf(head("a", 1))).toBe(
      leafHash(Buffer.from(`{"root":"${root(1)}","size":1,"tenant":"a"}`)),
    );
  });
});

describe("a history", () => {
  const signer = createNoteSigner("example.com/log");
  const stranger = createNoteSigner("example.com/log");

  /** Records of rounds: which heads the tenants have after each. */
  function records(
    rounds: readonly (readonly TenantHead[])[],
    change: (checkpoint: Checkpoint) => Checkpoint = (checkpoint) => checkpoint,
    by = signer,
  ): readonly CheckpointRecord[] {
    const tree = new TenantTree();
    let previous: string | null = null;
    return rounds.map((heads, at) => {
      tree.replace(heads);
      const text = formatCheckpoint(
        change({
          log: "example.com/log",
          number: at + 1,
          time: first.time + at * 60_000,
          tenants: heads.length,
          root: tree.root(),
          previous,
        }),
      );
      previous = checkpointDigest(text);
      const changed = heads.filter(
        (one) =>
          JSON.stringify(rounds[at - 1]?.find(({ tenant }) => tenant === one.tenant)) !== JSON.stringify(one),
      );
      const isFull = at % 3 === 0;
      return { note: signNote(text, by), isFull, heads: isFull ? heads : changed };
    });
  }

  const rounds = [
    [head("a", 1), head("b", 2)],
    [head("a", 4), head("b", 2)],
    [head("a", 4), head("b", 2)],
    [head("a", 4), head("b", 3), head("c", 1)],
    [head("a", 9), head("b", 3), head("c", 1)],
  ];
  const right = records(rounds);

  function follow(list: readonly CheckpointRecord[], keys: readonly NoteKey[] = [signer]) {
    const history = new CheckpointHistory(keys);
    for (const record of list) {
      const seen = history.add(record);
      if ("fault" in seen) return seen;
    }
    return { last: history.last?.number, heads: [...history.heads.values()] };
  }

  it("is followed, from its beginning or from one with all heads, with some seen again", () => {
    expect(follow(right)).toEqual({ last: 5, heads: rounds[4] });
    expect(follow(right.slice(3))).toEqual({ last: 5, heads: rounds[4] });
    expect(follow([...right, ...right.slice(1)])).toEqual({ last: 5, heads: rounds[4] });
    for (const record of right) expect(parseRecord(formatRecord(record))).toEqual(record);
  });

  it("names the chains that changed with each", () => {
    const history = new CheckpointHistory([signer]);
    const changed = right.map((record) => {
      const seen = history.add(record);
      return "fault" in seen ? seen.fault : seen.changed.map(({ tenant }) => tenant).join("");
    });
    expect(changed).toEqual(["ab", "a", "", "bc", "a"]);
  });

  const broken = (
    at: number,
    change: (record: CheckpointRecord) => CheckpointRecord,
  ): readonly CheckpointRecord[] => right.map((record, n) => (n === at ? change(record) : record));
  const forked = (heads: readonly TenantHead[]) => [
    ...right,
    records([...rounds.slice(0, 4), heads])[4] as CheckpointRecord,
  ];

  it.each<[string, readonly CheckpointRecord[], string, number | null, string | null]>([
    [
      "a letter of a note",
      broken(2, (r) => ({ ...r, note: r.note.replace("12:02", "12:03") })),
      "bad_signature",
      3,
      null,
    ],
    ["another's signature", records(rounds, undefined, stranger), "unknown_key", 1, null],
    [
      "no checkpoint",
      broken(2, (r) => ({ ...r, note: signNote("hello\n", signer) })),
      "malformed",
      null,
      null,
    ],
    ["one left out", right.filter((_, n) => n !== 2), "gap", 4, null],
    ["the first left out", right.slice(1), "gap", 2, null],
    ["another head beside it", broken(4, (r) => ({ ...r, heads: [head("a", 8)] })), "heads", 5, null],
    ["a head left out", broken(4, (r) => ({ ...r, heads: [] })), "heads", 5, null],
    ["a tenant more", broken(4, (r) => ({ ...r, heads: [...r.heads, head("d", 1)] })), "heads", 5, null],
    [
      "a tenant fewer where all should be",
      broken(3, (r) => ({ ...r, heads: r.heads.slice(1) })),
      "heads",
      4,
      null,
    ],
    [
      "two that say different things",
      forked([head("a", 7), head("b", 3), head("c", 1)]),
      "split_view",
      5,
      null,
    ],
    [
      "a chain that shrank",
      records([...rounds.slice(0, 4), [head("a", 3), head("b", 3), head("c", 1)]]),
      "shrunk",
      5,
      "a",
    ],
    ["a chain that is gone", records([...rounds.slice(0, 3), [head("a", 4)]]), "shrunk", 4, "b"],
    [
      "a chain that changed and did not grow",
      records([...rounds.slice(0, 4), [head("a", 4, 99), head("b", 3), head("c", 1)]]),
      "rewritten",
      5,
      "a",
    ],
    [
      "time going back",
      records(rounds, (c) => (c.number === 4 ? { ...c, time: first.time } : c)),
      "time",
      4,
      null,
    ],
    [
      "another predecessor",
      records(rounds, (c) => (c.number === 4 ? { ...c, previous: root(7) } : c)),
      "broken_link",
      4,
      null,
    ],
    [
      "the name of another log",
      records(rounds, (c) => (c.number === 4 ? { ...c, log: "example.com/other" } : c)),
      "wrong_log",
      4,
      null,
    ],
  ])("V91: is refused with %s", (_, list, fault, number, tenant) => {
    expect(follow(list)).toEqual({ fault, number, tenant });
  });

  it("is not changed by a record that was refused", () => {
    const history = new CheckpointHistory([signer]);
    for (const record of right.slice(0, 4)) history.add(record);
    for (const bad of [
      { ...(right[4] as CheckpointRecord), heads: [head("a", 8), head("d", 1)] },
      { ...(right[4] as CheckpointRecord), isFull: true, heads: [head("d", 1)] },
    ])
      expect(history.add(bad)).toMatchObject({ fault: "heads" });
    expect(history.add(right[4] as CheckpointRecord)).toMatchObject({ checkpoint: { number: 5 } });
    expect([...history.heads.values()].toSorted((a, b) => (a.tenant < b.tenant ? -1 : 1))).toEqual(rounds[4]);
  });
});

test("a record has one form", () => {
  const line = formatRecord({ note: "x", isFull: true, heads: [head("a", 1)] });
  expect(parseRecord(line.trimEnd())).not.toBeNull();
  for (const bad of [
    line.replace(":true", ": true"),
    line.replace('"x"', '"\\u0078"'),
    line.replace(",1,", ",1.5,"),
    line.replace('"a"', "7"),
    line.replace("record/1", "record/2"),
    "[]",
    "null",
    "{",
    "",
  ])
    expect(parseRecord(bad), bad).toBeNull();
});
