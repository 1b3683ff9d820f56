import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AuditEntry,
  type AuditHead,
  type AuditRow,
  type AuditVerdict,
  verifyAudit,
} from "../src/index.ts";
import { clearEntry, formatEntry, openEntry } from "../src/audit/audit-entry.ts";
import { newEntry } from "../src/audit/new-entry.ts";
import { entryHash, genesisHash } from "../src/audit/chain.ts";
import { auditSealerFrom } from "./seal-library.ts";

const sealer = auditSealerFrom("north", 1);

function entry(n: number): AuditEntry {
  return newEntry({
    id: `e${n}`,
    kind: "write",
    outcome: "permit",
    principal: { type: "Member", id: "ada" },
    action: "update",
    entity: "Book",
    rows: [`row ${n}`],
    rules: ["platform/keepers"],
    predicate: "all of it",
    revision: "r1",
    bundle: "b1",
    at: `2026-01-05T12:00:00.00000${n % 10}Z`,
  });
}

/** Microseconds since 1970. */
const start = 1_767_614_400_000_000;

function chain(tenant: string, length: number): readonly AuditRow[] {
  return rehash(
    tenant,
    Array.from({ length }, (_, n) => formatEntry(tenant, entry(n + 1), sealer)),
  );
}

function rehash(tenant: string, entries: readonly string[]): readonly AuditRow[] {
  let prevHash = genesisHash(tenant);
  return entries.map((text, n) => {
    const at = start + n;
    const row = { tenant, seq: n + 1, at, prevHash, entry: text, hash: entryHash(prevHash, at, text) };
    prevHash = row.hash;
    return row;
  });
}

function verify(entries: readonly AuditRow[], kept: AuditHead): AuditVerdict {
  return verifyAudit({ tenant: "north", head: kept, entries });
}

const rows = chain("north", 6);
const head: AuditHead = { seq: 6, hash: rows[5]!.hash };
const other = (text: string): string => text.replace("update", "delete");
const at = (n: number): AuditRow => rows[n - 1]!;
const patched = (n: number, change: Partial<AuditRow>): readonly AuditRow[] =>
  rows.map((row) => (row.seq === n ? { ...row, ...change } : row));
const swapped = (a: number, b: number, ...keys: readonly (keyof AuditRow)[]): readonly AuditRow[] =>
  rows.map((row) => {
    const from = row.seq === a ? at(b) : row.seq === b ? at(a) : row;
    return { ...row, ...Object.fromEntries(keys.map((key) => [key, from[key]])) };
  });
const renumbered = (list: readonly AuditRow[]): readonly AuditRow[] =>
  list.map((row, n) => ({ ...row, seq: n + 1 }));

describe("a chain that nobody touched", () => {
  it("is whole, with its head, an earlier head and none, and empty", () => {
    expect(verify(rows, head)).toEqual({ ok: true, head });
    expect(verify(rows, { seq: 3, hash: at(3).hash })).toEqual({ ok: true, head });
    const nothing = { seq: 0, hash: genesisHash("north") };
    expect(verify([], nothing)).toEqual({ ok: true, head: nothing });
  });
});

describe("a chain that someone touched (91)", () => {
  it.each<[string, readonly AuditRow[], number, string]>([
    ["entry edited", patched(3, { entry: other(at(3).entry) }), 3, "edited"],
    ["entry edited by a space", patched(3, { entry: `${at(3).entry} ` }), 3, "edited"],
    ["time edited", patched(3, { at: at(3).at - 1 }), 3, "edited"],
    [
      "time and its hash edited",
      patched(3, { at: start, hash: entryHash(at(3).prevHash, start, at(3).entry) }),
      3,
      "rewritten",
    ],
    ["hash edited", patched(3, { hash: "0".repeat(64) }), 3, "edited"],
    ["previous hash edited", patched(3, { prevHash: "0".repeat(64) }), 3, "edited"],
    ["entry made no JSON", patched(3, { entry: "{" }), 3, "edited"],
    [
      "entry and its hash edited",
      patched(3, {
        entry: other(at(3).entry),
        hash: entryHash(at(3).prevHash, at(3).at, other(at(3).entry)),
      }),
      3,
      "rewritten",
    ],
    ["first deleted", rows.slice(1), 1, "deleted"],
    ["middle deleted", rows.filter((row) => row.seq !== 3), 3, "deleted"],
    ["middle deleted, renumbered", renumbered(rows.filter((row) => row.seq !== 3)), 3, "deleted"],
    ["first deleted, renumbered", renumbered(rows.slice(1)), 1, "deleted"],
    ["last deleted", rows.slice(0, -1), 6, "truncated"],
    ["all deleted", [], 1, "truncated"],
    ["rows out of order", [at(1), at(3), at(2), ...rows.slice(3)], 2, "swapped"],
    ["entries swapped", swapped(2, 5, "entry", "at"), 2, "swapped"],
    ["entries swapped without their times", swapped(2, 5, "entry"), 2, "swapped"],
    ["entries and hashes swapped", swapped(2, 5, "entry", "at", "prevHash", "hash"), 2, "swapped"],
    ["neighbours swapped", swapped(2, 3, "entry", "at", "prevHash", "hash"), 2, "swapped"],
    ["an entry twice", [...rows.slice(0, 3), at(3), ...rows.slice(3)], 4, "forked"],
    ["an entry twice, renumbered", renumbered([...rows.slice(0, 3), at(3), ...rows.slice(3)]), 4, "forked"],
    [
      "all written anew",
      rehash(
        "north",
        rows.map((row) => other(row.entry)),
      ),
      6,
      "rewritten",
    ],
    [
      "written anew from the middle",
      rehash(
        "north",
        rows.map((row) => (row.seq < 4 ? row.entry : other(row.entry))),
      ),
      6,
      "rewritten",
    ],
    ["one row of another tenant", patched(3, { tenant: "south" }), 3, "wrong_tenant"],
    ["another tenant's chain", chain("south", 6), 1, "wrong_tenant"],
    [
      "another tenant's chain under this name",
      chain("south", 6).map((row) => ({ ...row, tenant: "north" })),
      1,
      "wrong_tenant",
    ],
    [
      "another tenant's entries hashed for this one",
      rehash(
        "north",
        chain("south", 6).map((row) => row.entry),
      ),
      1,
      "wrong_tenant",
    ],
    ["a number that is none", patched(3, { seq: 2.5 }), 3, "malformed"],
    ["a time that is none", patched(3, { at: Number.NaN }), 3, "malformed"],
    ["a hash that is none", patched(3, { hash: "x" }), 3, "malformed"],
    ["a hash in capitals", patched(3, { hash: at(3).hash.toUpperCase() }), 3, "malformed"],
  ])("%s", (_, touched, seq, reason) => {
    expect(verify(touched, head)).toEqual({ ok: false, seq, reason });
  });

  it("shows a fork whose new branch was hashed", () => {
    const forged = formatEntry("north", { ...entry(9), kind: "refusal" }, sealer);
    const prevHash = at(2).hash;
    const branch: AuditRow = {
      tenant: "north",
      seq: 3,
      at: start,
      prevHash,
      entry: forged,
      hash: entryHash(prevHash, start, forged),
    };
    expect(verify([...rows.slice(0, 2), branch, ...rows.slice(2)], head)).toEqual({
      ok: false,
      seq: 4,
      reason: "forked",
    });
    expect(verify(renumbered([...rows.slice(0, 2), branch, ...rows.slice(2)]), head)).toEqual({
      ok: false,
      seq: 4,
      reason: "forked",
    });
  });

  it("is believed only as far as its head was kept elsewhere", () => {
    expect(verify(rows.slice(0, 4), { seq: 4, hash: at(4).hash })).toMatchObject({ ok: true });
    const cut = { tenant: "north", head: { seq: 4, hash: at(4).hash }, entries: rows.slice(0, 4) };
    expect(verifyAudit(cut, { head })).toMatchObject({ ok: false, seq: 5, reason: "truncated" });
    expect(verifyAudit(cut, { tenant: "south" })).toMatchObject({
      ok: false,
      seq: 1,
      reason: "wrong_tenant",
    });
    expect(verify([], { seq: 0, hash: genesisHash("south") })).toMatchObject({
      reason: "wrong_tenant",
    });
  });

  it("is found broken at or before the place of any change of one character", () => {
    const keys = ["tenant", "prevHash", "entry", "hash"] as const;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom(...keys),
        fc.nat(),
        fc.constantFrom("0", "1", " ", "é"),
        (n, key, place, sign) => {
          const text = at(n)[key];
          const changed = text.slice(0, place % text.length) + sign + text.slice((place % text.length) + 1);
          fc.pre(changed !== text);
          const verdict = verify(patched(n, { [key]: changed }), head);
          expect(verdict).toMatchObject({ ok: false, seq: n });
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("an entry", () => {
  const secrets = { rows: ["a row's id"], words: "said by ruth", facts: { mail: "ruth's mail" } };
  // A name that cannot stand in hex by chance, as what is sealed does.
  const principal = { type: "Member", id: "ruth" };
  const told = { ...entry(1), ...secrets, principal, predicate: "code = 'ruth'", obligations: [] };

  it("is canonical JSON with its tenant, and nothing that was not listed", () => {
    const extra = { ...told, secret: "x", principal: { ...principal, mail: "x" } };
    expect(JSON.stringify(clearEntry(formatEntry("north", extra, sealer)))).toBe(
      '{"action":"update","at":"2026-01-05T12:00:00.000001Z","count":1,"entity":"Book","fields":null,"format":"wardline/audit/2",' +
        '"id":"e1","kind":"write","obligations":[],"of":null,"outcome":"permit","policy":{"bundle":"b1","revision":"r1"},' +
        `"predicate":"${sealer.digest("code = 'ruth'")}","principal":{"type":"Member"},"reason":null,"rules":["platform/keepers"],` +
        '"stage":null,"tenant":"north"}',
    );
  });

  it("shows who, which rows, what was said and what was asked to nobody without the key, and opens with it in its own place alone", () => {
    const text = formatEntry("north", told, sealer);
    for (const secret of ["ruth", "a row's id", "said by", "mail", "code ="])
      expect(text).not.toContain(secret);
    expect(openEntry(text, sealer)).toMatchObject({ principal, ...secrets });
    const wrong = expect.objectContaining({ name: "SealBroken" });
    expect(() => openEntry(text.replace('"id":"e1"', '"id":"e2"'), sealer)).toThrow(wrong);
    expect(() => openEntry(text, auditSealerFrom("south", 1))).toThrow(wrong);
    expect(() => openEntry(text, auditSealerFrom("north", 2))).toThrow(wrong);
    expect(auditSealerFrom("north", 2).digest("x")).not.toBe(sealer.digest("x"));
  });

  it("of an operator, who has no key, has his name in clear and nothing that were to be sealed", () => {
    const plain = { ...entry(1), kind: "operation", rows: [], predicate: "x" } as const;
    const text = formatEntry("north", plain, null);
    expect(clearEntry(text)).toMatchObject({ principal: { id: "ada" }, predicate: null });
    expect(openEntry(text, sealer)).toMatchObject({ principal: { type: "Member", id: "ada" }, rows: [] });
    expect(() => formatEntry("north", told, null)).toThrow(TypeError);
  });

  it("that has no canonical form is refused, not bent", () => {
    for (const bad of [{ action: "\ud800" }, { words: "\ud800" }])
      expect(() => formatEntry("north", { ...entry(1), ...bad }, sealer)).toThrow(
        expect.objectContaining({ code: "audit/failed" }),
      );
  });
});
