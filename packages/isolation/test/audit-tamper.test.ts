/**
 * Each way of tampering with a chain, carried out by a superuser in SQL on a real server: an export of it is held against checkpoints
 * offline, and the signer is asked for its next one. Both name the first entry that is wrong.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from "vitest";
import { CheckpointHistory } from "../src/audit/checkpoint/history.ts";
import { createNoteSigner } from "../src/audit/checkpoint/note-key.ts";
import { parseRecord } from "../src/audit/checkpoint/record.ts";
import { AuditSigner } from "../src/audit/signer/audit-signer.ts";
import { journalFile } from "../src/audit/signer/signer-state.ts";
import { vouchedHeads } from "../src/audit/verify/vouched-heads.ts";
import { verifyExport, type VerifiedChain } from "../src/audit/verify/verify-export.ts";
import { openAuditServer, rehashFrom, type AuditServer } from "./audit-server.ts";

let server: AuditServer;
let folder: string;
const key = createNoteSigner("example.com/log");
const start = Date.UTC(2026, 0, 5, 12);
let rounds = 0;
let tenant: string;
let neighbour: string;
let count = 0;

beforeAll(async () => {
  server = await openAuditServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  count += 1;
  // A server of its own for each would take a second: what another test left in the tables is none of this one's log.
  await server.tamper("truncate wardline.audit, wardline.audit_head");
  [tenant, neighbour] = [`north${count}`, `south${count}`];
  folder = mkdtempSync(join(tmpdir(), "wardline-tamper-"));
  await server.append(tenant, "a1", "a2", "a3");
  await server.append(neighbour, "b1");
  await sign();
  await server.append(tenant, "a4", "a5");
  await sign();
  await server.append(tenant, "a6");
  return () => rmSync(folder, { recursive: true, force: true });
});

async function sign() {
  const signer = await AuditSigner.open({ folder, key });
  try {
    rounds += 1;
    return await signer.sign(server.auditor, start + rounds * 1000);
  } finally {
    await signer.close();
  }
}

async function refusal(): Promise<unknown> {
  const before = readFileSync(journalFile(folder), "utf8");
  const error = await sign().then(
    () => null,
    (thrown: { readonly code: string; readonly at: unknown }) => ({ code: thrown.code, at: thrown.at }),
  );
  if (error !== null) expect(readFileSync(journalFile(folder), "utf8")).toBe(before);
  return error;
}

function vouched() {
  const history = new CheckpointHistory([key]);
  return vouchedHeads(
    history,
    readFileSync(journalFile(folder), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => parseRecord(line)),
  ).heads;
}

async function verify(text: string, of = [tenant, neighbour]): Promise<readonly VerifiedChain[]> {
  const open = async function* () {
    yield Buffer.from(text, "utf8");
  };
  const chains: VerifiedChain[] = [];
  for await (const chain of verifyExport({ open, vouched: vouched(), tenants: of })) chains.push(chain);
  return chains;
}

const at = (seq: number, reason: string) => ({ code: "audit/inconsistent", at: { tenant, seq, reason } });

it("signs what nobody touched, and what was exported of it verifies as far as checkpoints vouch", async () => {
  const chains = await verify(await server.exported([tenant, neighbour]));
  expect(chains).toMatchObject([
    { tenant, head: { seq: 6 }, vouched: { seq: 5, checkpoint: 2 }, broken: null },
    { tenant: neighbour, head: { seq: 1 }, vouched: { seq: 1, checkpoint: 1 }, broken: null },
  ]);
  const round = await sign();
  expect(round).toMatchObject({ entries: 1, checkpoint: { number: 3, tenants: 2 } });
  expect((await sign()).entries).toBe(0);
});

it("follows a chain of several pages, as it is signed, exported and read again", async () => {
  await server.append(tenant, ...Array.from({ length: 2300 }, (_, n) => `more ${n}`));
  expect(await sign()).toMatchObject({ entries: 2301 });
  const signer = await AuditSigner.open({ folder, key, recheck: 5000 });
  try {
    expect(await signer.sign(server.auditor, start + 10_000_000)).toMatchObject({ entries: 0 });
  } finally {
    await signer.close();
  }
  expect(await verify(await server.exported([tenant, neighbour]))).toMatchObject([
    { head: { seq: 2306 }, vouched: { seq: 2306, checkpoint: 3 }, broken: null },
    { broken: null },
  ]);
});

type Case = readonly [
  what: string,
  sql: readonly string[],
  offline: { readonly seq: number; readonly through?: number; readonly reason: string },
  signer: { readonly seq: number; readonly reason: string } | null,
];
const of = "where tenant_id = '%T' and seq";
const renumber = (from: number, by: number) =>
  `update wardline.audit set seq = seq + 1000 ${of} >= ${from}; update wardline.audit set seq = seq - 1000 + ${by} ${of} >= 1000`;

describe("V91: each tampering is found offline, and stops the signer where it touches what it reads", () => {
  test.each<Case>([
    [
      "a letter of a signed entry edited",
      [`update wardline.audit set entry = replace(entry, 'a2', 'x2') ${of} = 2`],
      { seq: 2, reason: "edited" },
      null,
    ],
    [
      "a letter of a new entry edited",
      [`update wardline.audit set entry = replace(entry, 'a6', 'x6') ${of} = 6`],
      { seq: 6, reason: "edited" },
      { seq: 6, reason: "edited" },
    ],
    [
      "the time of an entry edited",
      [`update wardline.audit set at = at - 1 ${of} = 4`],
      { seq: 4, reason: "edited" },
      null,
    ],
    ["an entry deleted", [`delete from wardline.audit ${of} = 2`], { seq: 2, reason: "deleted" }, null],
    [
      "a new entry deleted",
      [`delete from wardline.audit ${of} = 6`],
      { seq: 6, reason: "truncated" },
      { seq: 6, reason: "truncated" },
    ],
    [
      "an entry deleted, the others renumbered and hashed anew, and the head with them",
      [
        `delete from wardline.audit ${of} = 2`,
        renumber(3, -1),
        "update wardline.audit_head set seq = 5 where tenant_id = '%T'",
        rehashFrom.replaceAll("%N", "2"),
      ],
      { seq: 1, through: 3, reason: "rewritten" },
      { seq: 2, reason: "rewritten" },
    ],
    [
      "two entries swapped",
      [
        `update wardline.audit a set entry = b.entry, at = b.at, prev_hash = b.prev_hash, hash = b.hash from wardline.audit b where a.tenant_id = '%T' and b.tenant_id = '%T' and a.seq in (2, 4) and b.seq = 6 - a.seq`,
      ],
      { seq: 2, reason: "swapped" },
      null,
    ],
    [
      "cut off before what was signed, the head set back",
      [
        `delete from wardline.audit ${of} > 3`,
        "update wardline.audit_head h set seq = 3, hash = a.hash from wardline.audit a where h.tenant_id = '%T' and a.tenant_id = '%T' and a.seq = 3",
      ],
      { seq: 4, reason: "truncated" },
      { seq: 4, reason: "truncated" },
    ],
    [
      "all deleted, and the head too",
      [
        "delete from wardline.audit where tenant_id = '%T'",
        "delete from wardline.audit_head where tenant_id = '%T'",
      ],
      { seq: 1, reason: "truncated" },
      { seq: 1, reason: "truncated" },
    ],
    [
      "forked: another entry in the place of a signed one, and all after it hashed anew",
      [
        `update wardline.audit set entry = replace(entry, 'a5', 'fork') ${of} = 5`,
        rehashFrom.replaceAll("%N", "5"),
      ],
      { seq: 4, through: 5, reason: "rewritten" },
      { seq: 5, reason: "rewritten" },
    ],
    [
      "forked: an entry doubled behind itself",
      [
        renumber(4, 1),
        "insert into wardline.audit (tenant_id, seq, at, prev_hash, entry, hash) select tenant_id, 4, at, prev_hash, entry, hash from wardline.audit where tenant_id = '%T' and seq = 3",
        "update wardline.audit_head set seq = 7 where tenant_id = '%T'",
      ],
      { seq: 4, reason: "forked" },
      { seq: 4, reason: "rewritten" },
    ],
    [
      "rewritten as a whole with recomputed hashes",
      [
        "update wardline.audit set entry = replace(entry, 'desk', 'none') where tenant_id = '%T'",
        rehashFrom.replaceAll("%N", "1"),
      ],
      { seq: 1, through: 3, reason: "rewritten" },
      { seq: 1, reason: "rewritten" },
    ],
    [
      "one entry rewritten with its own hash alone",
      [
        `update wardline.audit set entry = replace(entry, 'a2', 'x2'), hash = sha256('\\x00'::bytea || convert_to('wardline/audit/2', 'UTF8') || '\\x00'::bytea || prev_hash || int8send(at) || convert_to(replace(entry, 'a2', 'x2'), 'UTF8')) ${of} = 2`,
      ],
      { seq: 2, reason: "rewritten" },
      null,
    ],
    [
      "the newest entry another tenant's",
      [
        `update wardline.audit set entry = replace(entry, '%T', '%N') ${of} = 6`,
        rehashFrom.replaceAll("%N", "6"),
      ],
      { seq: 6, reason: "wrong_tenant" },
      { seq: 6, reason: "wrong_tenant" },
    ],
  ])("V91: %s", async (_, statements, offline, signer) => {
    for (const sql of statements)
      for (const one of sql.startsWith("do") ? [sql] : sql.split("; "))
        await server.tamper(one.replaceAll("%T", tenant).replaceAll("%N", neighbour));
    const chains = await verify(await server.exported([tenant, neighbour]));
    const broken = { through: offline.seq, ...offline };
    expect(chains.find((chain) => chain.tenant === tenant)).toMatchObject({ broken });
    expect(chains.find((chain) => chain.tenant === neighbour)).toMatchObject({ broken: null });
    expect(await refusal()).toEqual(signer === null ? null : at(signer.seq, signer.reason));
  });

  test("V91: an old entry edited is found by the signer's own second look", async () => {
    await server.tamper(
      `update wardline.audit set entry = replace(entry, 'a2', 'x2') where tenant_id = '${tenant}' and seq = 2`,
    );
    const signer = await AuditSigner.open({ folder, key, recheck: 4 });
    try {
      const error: unknown = await signer
        .sign(server.auditor, start + 1_000_000)
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject(at(2, "edited"));
    } finally {
      await signer.close();
    }
  });

  test("V91: a chain of another tenant under this one's name", async () => {
    const text = (await server.exported([neighbour])).replaceAll(
      `"tenant":"${neighbour}"`,
      `"tenant":"${tenant}"`,
    );
    expect((await verify(text, [tenant]))[0]).toMatchObject({ broken: { seq: 1 } });
    const rows = (await server.exported([neighbour])).split("\n")[1] as string;
    const [head, ...own] = (await server.exported([tenant])).split("\n");
    const mixed = [head, own[0], rows, ...own.slice(1)].join("\n");
    expect((await verify(mixed, [tenant]))[0]).toMatchObject({ broken: { seq: 2, reason: "forked" } });
  });

  test("V91: a tenant left out of an export, one that nobody asked for, and one twice", async () => {
    const [a, b] = [await server.exported([tenant]), await server.exported([neighbour])];
    expect((await verify(a)).map(({ broken }) => broken?.reason ?? null)).toEqual([null, "truncated"]);
    expect((await verify(a + b, [tenant])).map(({ broken }) => broken?.reason ?? null)).toEqual([
      null,
      "wrong_tenant",
    ]);
    expect((await verify(a + b + a)).map(({ broken }) => broken?.reason ?? null)).toEqual([
      null,
      null,
      "forked",
    ]);
  });
});

test("V91: the auditor's login reads the chains, and can neither write them nor read a tenant's rows", async () => {
  for (const sql of [
    "select * from lending.books",
    "insert into wardline.audit values ('x', 1, 1, '', '', '')",
    "update wardline.audit set entry = ''",
    "delete from wardline.audit",
    "select wardline.audit_append(array['{}'])",
    "select * from wardline.context_key",
    "select * from wardline.tenant_key",
  ])
    await expect(server.auditor.query(sql, []), sql).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:42501|42P01)$/) as unknown,
    });
});
