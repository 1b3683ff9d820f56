/** Many who append at once on a real server: the chains have no gap and no fork, whatever is undone, refused or killed meanwhile. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { newEntry } from "../src/audit/new-entry.ts";
import { createAuditLog, exportAudit, verifyAudit, type AuditEntry, type SqlSession } from "../src/index.ts";
import { claimsFor } from "./context-gate.ts";
import { auditSealerFrom } from "./seal-library.ts";
import { openServerLibrary, type ServerLibrary } from "./server-library.ts";

const tenants = ["north", "south", "east", "west"];
const writers = 50;
const rounds = 4;
const log = createAuditLog();
const sealer = auditSealerFrom("all", 1);
let library: ServerLibrary;
let operator: SqlSession;

beforeAll(async () => {
  library = await openServerLibrary();
  operator = {
    query: async (sql, parameters) => ({ rows: await library.raw(sql, [...parameters]), affected: 0 }),
  };
});
afterAll(() => library.close());

function entry(id: string): AuditEntry {
  const said = { kind: "write", outcome: "permit", action: "update", entity: "Book" } as const;
  const who = { principal: { type: "Member", id: "ada" }, revision: "1", bundle: null };
  return newEntry({ id, ...said, ...who, at: "2026-01-05T12:00:00.000000Z" });
}

/** One transaction that appends two entries. False where the server, or whoever kills, did not let it. */
async function append(tenant: string, id: string, level: string, undo: boolean): Promise<boolean> {
  try {
    return await library.database.turn(async (session) => {
      await session.query(`begin isolation level ${level}`, []);
      await library.gate.enter(session, claimsFor(tenant));
      await log.append(session, tenant, [entry(`${id}a`), entry(`${id}b`)], sealer);
      await session.query(undo ? "rollback" : "commit", []);
      return !undo;
    });
  } catch {
    return false;
  }
}

/** What every writer was told stands, by tenant. */
async function write(level: string, name: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const kept = new Map<string, string[]>(tenants.map((tenant) => [tenant, []]));
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let round = 0; round < rounds; round += 1) {
        const tenant = tenants[(writer + round) % tenants.length] as string;
        const id = `${name}-${writer}-${round}-`;
        if (await append(tenant, id, level, (writer + round) % 7 === 0))
          kept.get(tenant)?.push(`${id}a`, `${id}b`);
      }
    }),
  );
  return kept;
}

async function check(
  kept: ReadonlyMap<string, readonly string[]>,
  name: string,
  exactly: boolean,
): Promise<void> {
  for (const [tenant, ids] of kept) {
    const chain = await exportAudit(operator, tenant);
    expect(verifyAudit(chain, { tenant }), tenant).toMatchObject({ ok: true });
    expect(chain.entries.map(({ seq }) => seq)).toEqual(chain.entries.map((_, at) => at + 1));
    expect(chain.head.seq).toBe(chain.entries.length);
    const stored = chain.entries.map(({ entry: text }) => (JSON.parse(text) as { id: string }).id);
    const mine = stored.filter((id) => id.startsWith(name));
    expect(new Set(mine).size).toBe(mine.length);
    expect(
      ids.filter((id) => !mine.includes(id)),
      "acknowledged and lost",
    ).toEqual([]);
    if (exactly) expect(mine).toHaveLength(ids.length);
    // What one transaction appended stands together, in its order.
    for (const [at, id] of mine.entries())
      if (id.endsWith("a")) expect(mine[at + 1]).toBe(`${id.slice(0, -1)}b`);
  }
}

test.each(["read committed", "repeatable read", "serializable"])(
  "V91, V106: fifty at once, some undone, make no gap and no fork: %s",
  async (level) => {
    const name = level.replaceAll(" ", "");
    const kept = await write(level, name);
    expect([...kept.values()].flat().length).toBeGreaterThan(0);
    await check(kept, name, true);
  },
  120_000,
);

test("V91, V106: backends that are killed meanwhile make no gap and no fork, and nothing acknowledged is lost", async () => {
  const writing = new AbortController();
  const killer = (async () => {
    let killed = 0;
    while (!writing.signal.aborted) {
      const rows = await library.raw(
        `select pg_terminate_backend(pid) from (select pid from pg_stat_activity
          where usename = 'wardline_app' and state <> 'idle' order by random() limit 2) as victims`,
      );
      killed += rows.length;
      await new Promise((done) => setTimeout(done, 5));
    }
    return killed;
  })();
  const kept = await write("read committed", "killed");
  writing.abort();
  const killed = await killer;
  expect(killed).toBeGreaterThan(0);
  await check(kept, "killed", false);
});

test("V91: a chain is not written past its function, nor by a tenant's context into another's chain", async () => {
  const before = await exportAudit(operator, "south");
  const attempts = [
    "insert into wardline.audit values ('south', 1, 1, '\\x', '{}', '\\x')",
    "update wardline.audit_head set seq = 0",
    "select wardline.audit_is_final()",
  ];
  for (const sql of attempts)
    await expect(
      library.database.turn(async (session) => {
        await session.query("begin", []);
        await library.gate.enter(session, claimsFor("north"));
        await session.query(sql, []);
      }),
    ).rejects.toMatchObject({ code: "42501" });
  await expect(
    library.database.turn(async (session) => {
      await session.query("begin", []);
      await library.gate.enter(session, claimsFor("north"));
      await log.append(session, "south", [entry("forged")], sealer);
      await session.query("commit", []);
    }),
  ).rejects.toMatchObject({ code: "audit/failed" });
  expect(await exportAudit(operator, "south")).toEqual(before);
});
