import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type AuditEntry,
  type ContextGate,
  auditDdl,
  createAuditLog,
  databaseDdl,
  exportAudit,
  securityDdl,
  verifyAudit,
} from "../src/index.ts";
import { openEntry } from "../src/audit/audit-entry.ts";
import { newEntry } from "../src/audit/new-entry.ts";
import { openTestDatabase, stateOf, type TestDatabase } from "./database-session.ts";
import { library, librarySealed } from "./schema-library.ts";
import { auditSealerFrom } from "./seal-library.ts";
import { claimsFor, openGate } from "./context-gate.ts";

let gate: ContextGate;
const log = createAuditLog();
const failed = { name: "IsolationViolation", code: "audit/failed" };
const stored = { model: library, sealed: librarySealed };
let database: TestDatabase;
const query = (sql: string, ...parameters: unknown[]) => database.session.query(sql, parameters);
/** Tenants that no other test has written for. */
let tenant: string;
let neighbour: string;
let count = 0;

function entry(what: string): AuditEntry {
  return newEntry({
    kind: "write",
    outcome: "permit",
    principal: { type: "Member", id: what },
    action: "update",
    entity: "Book",
    rows: ["7"],
    revision: "r1",
    bundle: "b1",
    at: "2026-01-05T12:00:00.000000Z",
  });
}

/** One sealer for all tenants that tests make up. */
const sealer = auditSealerFrom("all", 1);
const opened = (text: string) => openEntry(text, sealer);

async function append(to: string, ...whats: readonly string[]): Promise<void> {
  await database.commit(async () => {
    await gate.enter(database.session, claimsFor(to));
    await log.append(database.session, to, whats.map(entry), sealer);
  });
}

const exported = (of: string) => exportAudit(database.session, of);
async function verdict(of: string): Promise<unknown> {
  return verifyAudit(await exported(of), { tenant: of });
}

beforeAll(async () => {
  database = await openTestDatabase();
  const options = { schema: "lending", limits: null };
  for (let twice = 0; twice < 2; twice++)
    await database.run([...databaseDdl(stored, options), ...securityDdl(stored, options), ...auditDdl()]);
  gate = await openGate(database.session);
});
beforeEach(() => {
  count++;
  tenant = `north${count}`;
  neighbour = `south${count}`;
});
afterAll(() => database.close());

describe("appending", () => {
  it("makes a chain that verifies offline, with what SQL and this library hash alike", async () => {
    await append(tenant, "ada");
    await append(tenant, "eve", "ida \u0000 'quoted' ñ 🎏");
    await append(tenant);
    const chain = await exported(tenant);
    const rows = chain.entries;
    expect(rows.map((row) => row.seq)).toEqual([1, 2, 3]);
    // The database's clock, which is this process's too.
    for (const { at } of rows) expect(Math.abs(at / 1000 - Date.now())).toBeLessThan(60_000);
    expect(rows[1]!.at).toBeGreaterThan(rows[0]!.at);
    expect(opened(rows[2]!.entry)).toMatchObject({
      tenant,
      principal: { id: "ida \u0000 'quoted' ñ 🎏" },
    });
    expect(verifyAudit(chain)).toEqual({ ok: true, head: { seq: 3, hash: rows[2]!.hash } });
  });

  it("keeps the chains of two tenants apart, whatever the order (91)", async () => {
    for (const to of [tenant, neighbour, neighbour, tenant]) await append(to, "ada");
    for (const of of [tenant, neighbour]) {
      expect((await exported(of)).entries.map((row) => row.seq)).toEqual([1, 2]);
      expect(await verdict(of)).toMatchObject({ ok: true });
    }
    expect(verifyAudit(await exported(neighbour), { tenant })).toMatchObject({
      ok: false,
      seq: 1,
      reason: "wrong_tenant",
    });
  });

  it("goes with its transaction: one that is undone leaves no entry and no gap", async () => {
    await append(tenant, "ada");
    await database.trial(async () => {
      await gate.enter(database.session, claimsFor(tenant));
      await log.append(database.session, tenant, [entry("eve"), entry("eve")], sealer);
    });
    await database.commit(async () => {
      await gate.enter(database.session, claimsFor(tenant));
      await query("savepoint s");
      await log.append(database.session, tenant, [entry("eve")], sealer);
      await query("rollback to s");
      await log.append(database.session, tenant, [entry("ida")], sealer);
    });
    const { entries: rows } = await exported(tenant);
    expect(rows.map((row) => [row.seq, opened(row.entry).principal.id])).toEqual([
      [1, "ada"],
      [2, "ida"],
    ]);
    expect(await verdict(tenant)).toMatchObject({ ok: true });
  });

  it("numbers without gaps when many turns of two tenants come at once, some of them undone", async () => {
    let last: Promise<unknown> = Promise.resolve();
    const turn = (work: () => Promise<unknown>): Promise<unknown> => (last = last.then(work));
    const turns = Array.from({ length: 40 }, (_, n) =>
      turn(() => {
        const to = n % 3 === 0 ? neighbour : tenant;
        if (n % 5 !== 4) return append(to, `${n}a`, `${n}b`);
        return database.trial(async () => {
          await gate.enter(database.session, claimsFor(to));
          await log.append(database.session, to, [entry("undone")], sealer);
        });
      }),
    );
    await Promise.all(turns);
    const counts = await Promise.all([tenant, neighbour].map(async (of) => (await exported(of)).entries));
    expect(counts.map((rows) => rows.length).reduce((a, b) => a + b)).toBe(64);
    for (const rows of counts) expect(rows.map((row) => row.seq)).toEqual(rows.map((_, n) => n + 1));
    expect([await verdict(tenant), await verdict(neighbour)]).toMatchObject([{ ok: true }, { ok: true }]);
  });

  it("takes the tenant from the context: one that is only said is refused, and nothing of it stays", async () => {
    const attempt = database.commit(async () => {
      await gate.enter(database.session, claimsFor(tenant));
      await log.append(database.session, neighbour, [entry("ada")], sealer);
    });
    await expect(attempt).rejects.toMatchObject(failed);
    expect([(await exported(tenant)).entries, (await exported(neighbour)).entries]).toEqual([[], []]);
  });

  it("fails without a context, and for what is no list of texts", async () => {
    // The operator is told why.
    await expect(
      database.trial(() => log.append(database.session, tenant, [entry("ada")], sealer)),
    ).rejects.toMatchObject({ ...failed, cause: { code: "28000" } });
    for (const bad of ["null", "array[null]::text[]", "array[]::text[]", "array[array['a'], array['b']]"]) {
      const attempt = database.trial(async () => {
        await gate.enter(database.session, claimsFor(tenant));
        await query(`select wardline.audit_append(${bad})`);
      });
      expect(await stateOf(attempt), bad).toBe("22023");
    }
  });
});

describe("the tables of the chain", () => {
  it.each([
    "select * from wardline.audit",
    "select * from wardline.audit_head",
    "insert into wardline.audit values ('x', 1, 1, '\\x', '{}', '\\x')",
    "update wardline.audit set entry = '{}'",
    "delete from wardline.audit",
    "truncate wardline.audit",
    "update wardline.audit_head set seq = 0",
    "select wardline.audit_is_final()",
    "alter table wardline.audit disable trigger all",
  ])("are closed to the application's role: %s", async (sql) => {
    await append(tenant, "ada");
    const attempt = database.trial(async () => {
      await gate.enter(database.session, claimsFor(tenant));
      await query(sql);
    });
    expect(await stateOf(attempt)).toBe("42501");
  });

  it.each([
    "update wardline.audit set entry = '{}'",
    "update wardline.audit set entry = entry",
    "delete from wardline.audit",
    "truncate wardline.audit",
    "truncate wardline.audit_head cascade",
    "delete from wardline.audit_head",
    "update wardline.audit_head set seq = seq - 1",
    "update wardline.audit_head set tenant_id = 'x'",
  ])("refuse even their owner, also as a replica: %s", async (sql) => {
    await append(tenant, "ada");
    expect(await stateOf(database.trial(() => query(sql)))).toBe("42501");
    const asReplica = database.trial(async () => {
      await query("set local session_replication_role = replica");
      await query(sql);
    });
    expect(await stateOf(asReplica)).toBe("42501");
  });

  it("are read by an auditor, who sees every chain and nothing else, and changes nothing", async () => {
    await append(tenant, "ada");
    await append(neighbour, "eve");
    const asAuditor = (sql: string): Promise<readonly unknown[]> =>
      database.trial(async () => {
        await query("create role checker in role wardline_auditor");
        await query("set local role checker");
        return (await query(sql)).rows;
      });
    const both = [tenant, neighbour].toSorted();
    const named = `where tenant_id in ('${tenant}', '${neighbour}') order by 1`;
    expect(await asAuditor(`select tenant_id from wardline.audit ${named}`)).toEqual(
      both.map((tenant_id) => ({ tenant_id })),
    );
    expect(await asAuditor(`select tenant_id from wardline.audit_head ${named}`)).toHaveLength(2);
    for (const sql of [
      "select * from lending.books",
      "select * from wardline.context_keys",
      "select wardline.audit_append('{x}')",
      "insert into wardline.audit_head values ('x', 0, '\\x')",
      "update wardline.audit set entry = '{}'",
      "delete from wardline.audit",
      "select wardline.enter('\\x')",
    ])
      expect(await stateOf(asAuditor(sql)), sql).toMatch(/42501|42P01/);
  });

  it("show nothing to a role that was granted them by mistake", async () => {
    await append(tenant, "ada");
    await database.trial(async () => {
      await query("create role stranger");
      await query("grant usage on schema wardline to stranger");
      await query("grant select on wardline.audit, wardline.audit_head to stranger");
      await query("set local role stranger");
      expect((await query("select from wardline.audit")).rows).toHaveLength(0);
      expect((await query("select from wardline.audit_head")).rows).toHaveLength(0);
    });
  });
});

describe("a chain that a superuser changed", () => {
  const tampered = (sql: string) =>
    database.trial(async () => {
      await query("alter table wardline.audit disable trigger all");
      await query("alter table wardline.audit_head disable trigger all");
      await query(sql, tenant);
      return verdict(tenant);
    });

  it.each<[string, string, number, string]>([
    [
      "a letter changed",
      "update wardline.audit set entry = replace(entry, 'update', 'delete') where tenant_id = $1 and seq = 3",
      3,
      "edited",
    ],
    [
      "a byte of a hash changed",
      "update wardline.audit set hash = set_byte(hash, 31, get_byte(hash, 31) # 1) where tenant_id = $1 and seq = 2",
      2,
      "edited",
    ],
    ["one deleted", "delete from wardline.audit where tenant_id = $1 and seq = 2", 2, "deleted"],
    ["the last deleted", "delete from wardline.audit where tenant_id = $1 and seq = 4", 4, "truncated"],
    ["all deleted", "delete from wardline.audit where tenant_id = $1", 1, "truncated"],
    ["a time changed", "update wardline.audit set at = at - 1 where tenant_id = $1 and seq = 3", 3, "edited"],
    [
      "two exchanged",
      "update wardline.audit a set entry = b.entry, at = b.at, prev_hash = b.prev_hash, hash = b.hash from wardline.audit b where a.tenant_id = $1 and b.tenant_id = $1 and a.seq in (2, 3) and b.seq = 5 - a.seq",
      2,
      "swapped",
    ],
  ])("is found broken: %s", async (_, sql, seq, reason) => {
    await append(tenant, "c1", "c2", "c3", "c4");
    expect(await tampered(sql)).toEqual({ ok: false, seq, reason });
    expect(await verdict(tenant)).toMatchObject({ ok: true, head: { seq: 4 } });
  });

  it("is found to be another tenant's", async () => {
    await append(neighbour, "c1", "c2");
    const moved = database.trial(async () => {
      await query("alter table wardline.audit disable trigger all");
      await query("alter table wardline.audit_head disable trigger all");
      await query("update wardline.audit set tenant_id = $1 where tenant_id = $2", tenant, neighbour);
      await query("update wardline.audit_head set tenant_id = $1 where tenant_id = $2", tenant, neighbour);
      return verdict(tenant);
    });
    expect(await moved).toEqual({ ok: false, seq: 1, reason: "wrong_tenant" });
  });
});
