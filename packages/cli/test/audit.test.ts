/** `wardline audit` on a real server, as an auditor's login, and offline. */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  connect,
  startObjectStore,
  startPostgres,
  type Connection,
  type PostgresServer,
} from "@wardline/database-testing";
import { localKeys, operatorSealers } from "@wardline/isolation";
import { createTenantKeys } from "@wardline/sdk/operator";
import { postgresOperator } from "@wardline/sdk/postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { model, platform, policy, projectFolder, run, type Ran } from "./project.ts";
import { schemaOf } from "./schema.ts";

let server: PostgresServer;
let admin: Connection;
let auditor: string;

beforeAll(async () => {
  server = await startPostgres();
  admin = await connect(server);
  const { host, port, user, password, database } = server;
  const url = `postgres://${user}:${password}@${host}:${port}/${database}`;
  const folder = mkdtempSync(join(tmpdir(), "wardline-audit-"));
  for (const [name, text] of Object.entries({
    "wardline.config.json": JSON.stringify({
      model: "library.ward",
      platform: ["platform.ward"],
      tenants: { north: "north.ward" },
    }),
    "library.ward": model,
    "platform.ward": platform,
    "north.ward": policy,
  }))
    writeFileSync(join(folder, name), text);
  const made = await run(folder, ["db", "apply", "--database", url]);
  rmSync(folder, { recursive: true });
  expect(made).toMatchObject({ code: 0 });
  await admin.exec("create role watcher login password 'watcher' in role wardline_auditor");
  auditor = `postgres://watcher:watcher@${host}:${port}/${database}`;
}, 120_000);
afterAll(async () => {
  await admin.close();
  await server.stop();
});

let tenants = 0;
/** A tenant that no other test has a chain for. */
const newTenant = (): string => `t${(tenants += 1)}`;

/** Appends entries as the database's function does, with a time of their own. */
async function append(tenant: string, ...entries: readonly object[]): Promise<void> {
  await admin.query(
    "insert into wardline.audit_head values ($1, 0, sha256('\\x02'::bytea || convert_to('wardline/audit/2', 'UTF8') || '\\x00'::bytea || convert_to($1, 'UTF8'))) on conflict do nothing",
    [tenant],
  );
  for (const [n, entry] of entries.entries()) {
    const at = String(Date.UTC(2026, 0, 5, 12) * 1000);
    const given = {
      action: "update",
      entity: "Loan",
      format: "wardline/audit/2",
      kind: "write",
      rules: ["desk"],
      id: `e${n + 1}`,
      ...entry,
    };
    const text = JSON.stringify(
      Object.fromEntries(Object.entries({ ...given, tenant }).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    );
    await admin.query(
      `with h as (update wardline.audit_head set seq = seq + 1, hash = sha256('\\x00'::bytea || convert_to('wardline/audit/2', 'UTF8') || '\\x00'::bytea || hash || int8send($2::bigint) || convert_to($3, 'UTF8')) where tenant_id = $1 returning seq, hash, (select o.hash from wardline.audit_head o where o.tenant_id = $1) as prev)
       insert into wardline.audit (tenant_id, seq, at, prev_hash, entry, hash) select $1, seq, $2::bigint, prev, $3, hash from h`,
      [tenant, at, text],
    );
  }
}

interface Bench {
  readonly folder: string;
  readonly tenant: string;
  readonly key: string;
  /** Runs `wardline audit …` in the folder. */
  readonly audit: (...args: readonly string[]) => Promise<Ran>;
  readonly sign: (...args: readonly string[]) => Promise<Ran>;
  readonly exported: (name: string, ...args: readonly string[]) => Promise<string>;
}

async function bench(): Promise<Bench> {
  const folder = projectFolder({ "wardline.config.json": null });
  // Each test signs a log of its own: chains of other tests must not be gone in it.
  const tenant = newTenant();
  const made = await run(folder, ["keys", "audit", "log.key", "--name", "audit.example.com"]);
  expect(made).toMatchObject({ code: 0, err: "" });
  expect(statSync(join(folder, "log.key")).mode & 0o777).toBe(0o600);
  const audit = (...args: readonly string[]) => run(folder, ["audit", ...args]);
  return {
    folder,
    tenant,
    key: made.out.trim(),
    audit,
    sign: (...args) =>
      audit("checkpoint", "--database", auditor, "--key", "log.key", "--state", "signer", ...args),
    exported: async (name, ...args) => {
      expect(await audit("export", "--database", auditor, "--out", name, ...args)).toMatchObject({
        code: 0,
        err: "",
      });
      return readFileSync(join(folder, name), "utf8");
    },
  };
}

const lineCount = (text: string): number => text.split("\n").length - 1;

describe("sign, export, verify", () => {
  test("one log from its first checkpoint to an anchor that vouches for an export", async () => {
    const { folder, tenant, key, audit, sign, exported } = await bench();
    await append(tenant, {}, { kind: "refusal", rules: [] });
    expect(await sign("--anchor", "anchor.jsonl")).toMatchObject({ code: 0, err: "" });
    await append(tenant, { action: "create" });
    const signed = await sign("--anchor", "anchor.jsonl", "--format", "json");
    const report: unknown = JSON.parse(signed.out);
    const fits = schemaOf("audit-checkpoint-report");
    expect(fits(report), JSON.stringify(fits.errors)).toBe(true);
    expect(report).toMatchObject({
      signed: { number: 2, entries: 1 },
      anchors: [{ number: 2, waiting: 0, error: null }],
    });
    // On a clock also where nothing happened.
    expect((await sign("--anchor", "anchor.jsonl")).out).toMatch(/^checkpoint 3: 0 new entries/);
    expect(lineCount(readFileSync(join(folder, "anchor.jsonl"), "utf8"))).toBe(3);

    await exported("own.jsonl", "--tenant", tenant);
    const trust = ["--checkpoints", "anchor.jsonl", "--key", key, "--tenant", tenant];
    const verified = await audit("verify", "own.jsonl", ...trust, "--not-older-than", "1h");
    expect(verified).toMatchObject({ code: 0, err: "" });
    expect(verified.out).toContain(`${tenant}: 3 entries fine, checkpoints vouch for 3`);
    const json = await audit("verify", "own.jsonl", ...trust, "--format", "json");
    const fitsVerify = schemaOf("audit-verify-report");
    expect(fitsVerify(JSON.parse(json.out)), JSON.stringify(fitsVerify.errors)).toBe(true);
    expect(fitsVerify({ formatVersion: 1 })).toBe(false);

    // A checkpoint that is too old vouches for nothing that happened since.
    const late = await audit(
      "verify",
      "own.jsonl",
      ...trust,
      "--not-older-than",
      "1h",
      "--at",
      "2099-01-01T00:00:00Z",
    );
    expect(late).toMatchObject({ code: 6 });
    expect(late.out).toContain("is too old");
    // Without a key nothing vouches but the export for itself, and that is said.
    const alone = await audit("verify", "own.jsonl");
    expect(alone).toMatchObject({ code: 0 });
    expect(alone.err).toContain("vouches for itself alone");
  });

  test("V91: an edited line, a cut off file and an edited anchor exit 6 and name the place", async () => {
    const { folder, tenant, key, audit, sign, exported } = await bench();
    await append(tenant, {}, {}, {});
    await sign("--anchor", "anchor.jsonl");
    const text = await exported("own.jsonl", "--tenant", tenant);
    const trust = ["--checkpoints", "anchor.jsonl", "--key", key];
    const put = (name: string, content: string) => writeFileSync(join(folder, name), content);
    const lines = text.split("\n");
    put(
      "edited.jsonl",
      [...lines.slice(0, 2), lines[2]?.replace("Loan", "Moan"), ...lines.slice(3)].join("\n"),
    );
    expect(await audit("verify", "edited.jsonl", ...trust)).toMatchObject({
      code: 6,
      out: expect.stringContaining(`${tenant}: entry 2 is edited`) as unknown,
    });
    put("cut.jsonl", lines.slice(0, 3).join("\n"));
    expect(await audit("verify", "cut.jsonl", ...trust)).toMatchObject({
      code: 6,
      out: expect.stringContaining(`${tenant}: entry 3 is truncated`) as unknown,
    });
    put("half.jsonl", text.slice(0, -20));
    expect((await audit("verify", "half.jsonl", ...trust)).out).toContain("entry 3 is malformed");
    const anchor = readFileSync(join(folder, "anchor.jsonl"), "utf8");
    put("forged.jsonl", anchor.replace(`["${tenant}",3,`, `["${tenant}",2,`));
    const forged = await audit("verify", "own.jsonl", "--checkpoints", "forged.jsonl", "--key", key);
    expect(forged).toMatchObject({
      code: 6,
      out: expect.stringContaining("is not believed: heads") as unknown,
    });
  });

  test("V91: two anchors that were shown different logs are a split view", async () => {
    const one = await bench();
    await append(one.tenant, {});
    await one.sign("--anchor", "a.jsonl");
    // The signer's key and folder, copied before the next checkpoint, sign another one.
    mkdirSync(join(one.folder, "twin/hashes"), { recursive: true });
    copyFileSync(join(one.folder, "signer/records.jsonl"), join(one.folder, "twin/records.jsonl"));
    for (const name of readdirSync(join(one.folder, "signer/hashes")))
      copyFileSync(join(one.folder, "signer/hashes", name), join(one.folder, "twin/hashes", name));
    await one.sign("--anchor", "a.jsonl");
    await append(one.tenant, {});
    await one.sign("--state", "twin", "--anchor", "b.jsonl");
    await one.exported("own.jsonl", "--tenant", one.tenant);
    const verified = await one.audit(
      "verify",
      "own.jsonl",
      "--checkpoints",
      "a.jsonl",
      "--checkpoints",
      "b.jsonl",
      "--key",
      one.key,
    );
    expect(verified).toMatchObject({ code: 6 });
    expect(verified.out).toContain("checkpoint 2 is not believed: split_view");
  });

  test("V91: a rewritten chain stops the signer, which says where", async () => {
    const { folder, tenant, sign } = await bench();
    await append(tenant, {}, {}, {});
    await sign();
    const before = readFileSync(join(folder, "signer/records.jsonl"), "utf8");
    await admin.exec("alter table wardline.audit disable trigger all");
    await admin.query(
      "update wardline.audit set entry = replace(entry, 'desk', 'none') where tenant_id = $1 and seq = 2",
      [tenant],
    );
    await admin.exec("alter table wardline.audit enable trigger all");
    const stopped = await sign("--every", "3600");
    expect(stopped).toMatchObject({ code: 6 });
    expect(stopped.err).toContain(
      `the chain of ${tenant} does not go on from the last checkpoint: entry 2 is edited`,
    );
    expect(readFileSync(join(folder, "signer/records.jsonl"), "utf8")).toBe(before);
    await admin.query("alter table wardline.audit disable trigger all");
    await admin.query(
      "update wardline.audit set entry = replace(entry, 'none', 'desk') where tenant_id = $1 and seq = 2",
      [tenant],
    );
    await admin.exec("alter table wardline.audit enable trigger all");
    expect(await sign()).toMatchObject({ code: 0 });
  });
});

describe("proofs", () => {
  test("V91: verify by themselves, and a forged one does not", async () => {
    const { folder, tenant, key, audit, sign } = await bench();
    await append(tenant, {}, {}, {}, {}, {});
    await sign();
    const proved = await audit(
      "prove",
      "signer",
      "--tenant",
      tenant,
      "--key",
      key,
      "--entry",
      "3",
      "--since",
      "2",
    );
    expect(proved).toMatchObject({ code: 0, err: "" });
    const check = async (text: string, ...args: readonly string[]): Promise<Ran> => {
      writeFileSync(join(folder, "proof.json"), text);
      return audit("verify", "proof.json", "--key", key, ...args);
    };
    const fine = await check(proved.out, "--tenant", tenant, "--not-older-than", "1h");
    expect(fine).toMatchObject({ code: 0 });
    expect(fine.out).toContain(`the chain of ${tenant} has 5 entries, entry 3 has the hash`);
    const json = await check(proved.out, "--format", "json");
    const fits = schemaOf("audit-proof-report");
    expect(fits(JSON.parse(json.out)), JSON.stringify(fits.errors)).toBe(true);

    const proof = JSON.parse(proved.out) as {
      tenant: { head: { size: number; tenant: string }; path: string[]; index: number };
      entry: { seq: number; hash: string };
      since: { root: string };
    };
    const forge = (change: (copy: typeof proof) => void): string => {
      const copy = structuredClone(proof);
      change(copy);
      return `${JSON.stringify(copy)}\n`;
    };
    for (const [forged, why] of [
      [forge((it) => (it.tenant.head.size = 6)), "tenant"],
      [forge((it) => (it.tenant.head.tenant = "other")), "tenant"],
      [forge((it) => (it.entry.seq = 4)), "entry"],
      [forge((it) => (it.entry.hash = "0".repeat(64))), "entry"],
      [forge((it) => (it.since.root = "0".repeat(64))), "consistency"],
      [proved.out.replace("number 1", "number 2"), "note"],
      [proved.out.replace('{"format"', '{ "format"'), null],
      [`${proved.out.trimEnd()} \n`, "malformed"],
    ] as const) {
      const refused = await check(forged);
      if (why === null) expect(refused.code).toBe(2);
      else expect(refused).toMatchObject({ code: 6, out: `the proof is refused: ${why}\n` });
    }
    expect(await check(proved.out, "--tenant", "other")).toMatchObject({ code: 6 });
    expect((await audit("prove", "signer", "--tenant", "nobody", "--key", key)).code).toBe(2);
    expect((await audit("prove", "signer", "--tenant", tenant, "--key", key, "--entry", "6")).code).toBe(2);
  });
});

describe("query", () => {
  const entries = [
    { rules: ["desk", "own"], principal: { type: "Member", id: "ada" }, outcome: "permit" },
    { rules: ["desk"], principal: { type: "Member" }, outcome: "permit" },
    { rules: [], kind: "refusal", action: "create", outcome: "deny" },
  ];

  test("finds and counts, in a database and in an export alike", async () => {
    const { tenant, audit, exported } = await bench();
    await append(tenant, ...entries);
    await exported("own.jsonl", "--tenant", tenant);
    for (const where of [
      ["--database", auditor, "--tenant", tenant],
      ["--export", "own.jsonl"],
    ]) {
      const count = async (what: string) =>
        (await audit("query", ...where, "--count-by", what)).out.replaceAll(/ +/g, " ");
      expect(await count("rule")).toBe(" 2 desk\n 1 (none)\n 1 own\n");
      expect(await count("principal")).toBe(" 1 (sealed)\n 1 Member (sealed)\n 1 Member ada\n");
      expect(await count("outcome")).toBe(" 2 permit\n 1 deny\n");
      const found = async (...args: readonly string[]) =>
        lineCount((await audit("query", ...where, ...args)).out);
      expect(await found()).toBe(3);
      expect(await found("--limit", "2")).toBe(2);
      expect(await found("--rule", "own")).toBe(1);
      expect(await found("--kind", "refusal", "--action", "create")).toBe(1);
      expect(await found("--principal", "ada")).toBe(1);
      expect(await found("--entity", "Book")).toBe(0);
      expect(await found("--since", "2026-01-05T12:00:00Z")).toBe(3);
      expect(await found("--until", "2026-01-05T12:00:00Z")).toBe(0);
      const json = await audit("query", ...where, "--rule", "own", "--format", "json");
      const fits = schemaOf("audit-query-report");
      expect(fits(JSON.parse(json.out)), JSON.stringify(fits.errors)).toBe(true);
    }
    expect((await audit("query")).code).toBe(2);
    for (const typo of [
      ["--kind", "writes"],
      ["--outcome", "denied"],
    ])
      expect(await audit("query", "--export", "own.jsonl", ...typo)).toMatchObject({ code: 2, out: "" });
    expect((await audit("query", "--export", "own.jsonl", "--since", "yesterday")).code).toBe(2);
    for (const where of [
      ["--export", "own.jsonl"],
      ["--database", auditor],
    ])
      expect(await audit("query", ...where, "--tenant", "nobody")).toEqual({
        code: 0,
        out: "",
        err: "there is no chain of nobody here\n",
      });
  });

  test("V91: tells of a window that has no end", async () => {
    const { tenant, audit } = await bench();
    const nobody = { kind: "operation", entity: "", rules: [], principal: { type: "", id: "" } };
    await append(
      tenant,
      { ...nobody, id: "w1", action: "window.open", count: 50 },
      { id: "r1", of: "w1", kind: "read", action: "read" },
      { ...nobody, id: "e1", of: "w1", action: "window.close", count: 1 },
      { ...nobody, id: "w2", action: "window.open", count: 70 },
    );
    const where = ["--database", auditor, "--tenant", tenant, "--kind", "write"];
    const { code, out, err } = await audit("query", ...where);
    expect([code, out]).toEqual([0, ""]);
    expect(err).toBe(
      `${tenant}/4 opened a window that has no end here: up to 70 reads may have been shown that are not on record\n`,
    );
    const json = JSON.parse((await audit("query", ...where, "--format", "json")).out) as object;
    expect(json).toMatchObject({ openWindows: [{ tenant, seq: 4, most: 70 }] });
    const fits = schemaOf("audit-query-report");
    expect(fits(json), JSON.stringify(fits.errors)).toBe(true);
  });

  test("shows what an entry says and never lets it act on a terminal", async () => {
    const { tenant, audit } = await bench();
    await append(tenant, { action: "\u001B[31mred" });
    const { out } = await audit("query", "--database", auditor, "--tenant", tenant);
    expect(out).toContain("<U+001B>[31mred");
  });
});

describe("query with keys", () => {
  /** A tenant with keys and sealed entries, and what opens them. */
  async function sealedBench() {
    const of = await bench();
    const { tenant, folder } = of;
    const path = join(folder, "wrapping.json");
    writeFileSync(join(folder, "keys.json"), JSON.stringify({ provider: "local", path }));
    const { host, port, user, password, database } = server;
    const url = `postgres://${user}:${password}@${host}:${port}/${database}`;
    const operators = postgresOperator({ host, port, user, password, database });
    const keys = localKeys(path);
    try {
      await createTenantKeys({ database: operators, keys }, tenant);
      const { audit: sealer } = await operators.turn((session) => operatorSealers(session, keys, tenant));
      const sealed = (id: string, who: string, rows: readonly string[]) => ({
        id,
        principal: { type: "Member" },
        outcome: "permit",
        sealed: sealer.seal(id, JSON.stringify({ principal: who, rows, words: null, facts: null })),
      });
      await append(tenant, sealed("s1", "ada", ["r1", "r2"]), sealed("s2", "ben", []), {
        principal: { type: "Member" },
      });
    } finally {
      await operators.close();
    }
    const opening = ["--keys", "keys.json", "--operator", "olga", "--reason", "ticket-1"];
    return { ...of, url, opening };
  }
  const notes = async (tenant: string) =>
    (
      await admin.query(
        "select entry::jsonb as entry from wardline.audit where tenant_id = $1 and entry::jsonb->>'action' = 'audit.open'",
        [tenant],
      )
    ).rows;

  test("opens who did what, from a database and from files, and that it was opened is on record first", async () => {
    const { tenant, audit, exported, url, opening, folder } = await sealedBench();
    const where = ["--database", auditor, "--tenant", tenant];
    const closed = await audit("query", ...where);
    expect(closed.out).toContain("Member (sealed) update Loan");
    expect(closed.out).not.toMatch(/ada|ben/);
    const opened = await audit("query", ...where, "--registry", url, ...opening);
    expect(opened).toMatchObject({ code: 0, err: "" });
    expect(opened.out).toContain("Member ada update Loan → permit by desk; rows r1 r2\n");
    expect(opened.out).toContain("operator olga audit.open");
    const found = await audit("query", ...where, "--registry", url, ...opening, "--principal", "ben");
    expect(lineCount(found.out)).toBe(1);
    expect(await notes(tenant)).toMatchObject([
      { entry: expect.stringContaining("ticket-1") },
      { entry: expect.stringContaining("olga") },
    ]);

    await exported("own.jsonl", "--tenant", tenant);
    const registry = await run(folder, ["keys", "registry", "--database", url, "--tenant", tenant]);
    expect(registry.code).toBe(0);
    writeFileSync(join(folder, "registry.jsonl"), registry.out);
    const offline = ["--export", "own.jsonl", "--tenant", tenant, "--keys", "keys.json"];
    const json = await audit("query", ...offline, "--registry", "registry.jsonl", "--format", "json");
    const document = JSON.parse(json.out) as { readonly entries: readonly object[] };
    const fits = schemaOf("audit-query-report");
    expect(fits(document), JSON.stringify(fits.errors)).toBe(true);
    expect(document.entries.slice(0, 3)).toMatchObject([
      { part: "opened", opened: { principal: "ada", rows: ["r1", "r2"] } },
      { part: "opened", opened: { principal: "ben" } },
      { part: "none", opened: null },
    ]);
    expect(await notes(tenant)).toHaveLength(2);
  });

  test("says that it is destroyed once the key is, and why what does not open does not", async () => {
    const { tenant, audit, url, opening, folder } = await sealedBench();
    const where = ["--database", url, "--tenant", tenant, ...opening];
    // Swapped between entries, which each is bound to.
    const [first] = (
      await admin.query(
        "select entry::jsonb->>'sealed' as sealed from wardline.audit where tenant_id = $1 and seq = 1",
        [tenant],
      )
    ).rows;
    await append(tenant, { id: "s9", principal: { type: "Member" }, sealed: first?.["sealed"] });
    const swapped = await audit("query", ...where, "--count-by", "principal");
    expect(swapped).toMatchObject({ code: 1, err: "1 sealed parts did not open: not_authentic\n" });
    expect(swapped.out).toContain("Member (not opened)");

    const isGone = async (): Promise<void> => {
      const gone = await audit("query", ...where);
      expect(gone).toMatchObject({ code: 0, err: "" });
      expect(gone.out).toContain("Member (destroyed) update Loan");
      expect(gone.out).not.toMatch(/ada|ben/);
    };
    await localKeys(join(folder, "wrapping.json")).destroy(tenant, "audit");
    await isGone();
    await admin.query(
      "update wardline.tenant_key set state = 'destroyed', wrapped = null where tenant_id = $1 and purpose = 'audit'",
      [tenant],
    );
    await isGone();
  });

  test("opens nothing without saying whose, where the keys are, who and why; and nothing where it cannot be put on record", async () => {
    const { tenant, audit, url, opening } = await sealedBench();
    const base = ["query", "--database", auditor];
    const named = [...base, "--tenant", tenant];
    const [keys, file, ...by] = opening as [string, string, ...string[]];
    for (const args of [
      [...base, "--registry", url, ...opening],
      [...named, "--registry", url, keys, file],
      ["query", "--export", "none.jsonl", "--tenant", tenant, keys, file, ...by],
      [...named, "--registry", url],
      [...named, "--registry", url, keys, file, "--operator", "olga", "--reason", "because ada asked"],
      [...named, "--registry", "keys.json", keys, file],
    ])
      expect((await audit(...args)).code, args.join(" ")).toBe(2);
    // An auditor reads chains, no keys.
    const refused = await audit(...named, ...opening);
    expect(refused.code).toBe(2);
    expect(refused.out).toBe("");
    expect(await notes(tenant)).toEqual([]);
  });
});

describe("events for collectors", () => {
  test("CloudEvents and OCSF, which go on after a number", async () => {
    const { tenant, exported, audit, folder } = await bench();
    await append(
      tenant,
      { id: "e1", principal: { type: "Member", id: "ada" }, outcome: "permit" },
      { kind: "refusal", outcome: "deny" },
    );
    const read = (text: string) =>
      text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    const clouds = read(await exported("clouds.jsonl", "--tenant", tenant, "--format", "cloudevents"));
    expect(clouds[0]).toMatchObject({
      specversion: "1.0",
      id: "e1",
      source: `/wardline/audit/${tenant}`,
      type: "wardline.audit.write",
      time: "2026-01-05T12:00:00.000000Z",
      data: { tenant },
    });
    // CloudEvents 1.0: names of attributes are lower-case letters and digits, and none but data is an object.
    for (const cloud of clouds)
      for (const [name, value] of Object.entries(cloud)) {
        expect(name).toMatch(/^[a-z0-9]{1,20}$/);
        if (name !== "data") expect(typeof value).toBe("string");
      }
    const fits = schemaOf("audit-ocsf");
    const events = read(await exported("ocsf.jsonl", "--tenant", tenant, "--format", "ocsf"));
    for (const event of events) expect(fits(event), JSON.stringify(fits.errors)).toBe(true);
    expect(events[0]).toMatchObject({ type_uid: 300403, status_id: 1, actor: { user: { uid: "ada" } } });
    expect(events[1]).toMatchObject({ type_uid: 300403, status_id: 2 });
    const later = read(await exported("later.jsonl", "--tenant", tenant, "--format", "ocsf", "--after", "1"));
    expect(later).toEqual([events[1]]);
    expect((await audit("export", "--database", auditor, "--out", "x", "--after", "1")).code).toBe(2);
    // Never over another file, and nothing half written.
    expect((await audit("export", "--database", auditor, "--out", "clouds.jsonl")).code).toBe(2);
    expect(
      (await audit("export", "--database", auditor.replace("watcher:", "nobody:"), "--out", "none")).code,
    ).toBe(2);
    expect(() => statSync(join(folder, "none"))).toThrow();
  });
});

describe("anchors", () => {
  test("a bucket that is away gets what waited once it is there; a conflict ends with 6", async () => {
    const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secretsecret" };
    const store = await startObjectStore(credentials, "us-east-1");
    const before = { ...process.env };
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    });
    try {
      const { tenant, sign, audit, exported, folder, key } = await bench();
      await append(tenant, {});
      const where = `s3://audit-bucket/log?region=us-east-1&endpoint=${encodeURIComponent(store.url)}&lock=governance&days=2`;
      store.troubles.push(...Array.from({ length: 4 }, () => ({ status: 503 })));
      const away = await sign("--anchor", where);
      expect(away).toMatchObject({ code: 1 });
      expect(away.err).toContain("1 wait for s3://audit-bucket/log/");
      expect(away.err).not.toContain("secret");
      expect(await sign("--anchor", where)).toMatchObject({ code: 0, err: "" });
      expect([...store.objects.keys()]).toEqual([
        "/audit-bucket/log/000000000001.json",
        "/audit-bucket/log/000000000002.json",
      ]);
      // The objects, brought into a folder, vouch as an anchor's file does.
      mkdirSync(join(folder, "objects"));
      for (const [path, { body }] of store.objects)
        writeFileSync(join(folder, "objects", path.slice(-17)), body);
      await exported("own.jsonl", "--tenant", tenant);
      expect(await audit("verify", "own.jsonl", "--checkpoints", "objects", "--key", key)).toMatchObject({
        code: 0,
      });
      store.objects.set("/audit-bucket/log/000000000003.json", { body: Buffer.from("other"), headers: {} });
      expect(await sign("--anchor", where)).toMatchObject({ code: 6 });
    } finally {
      process.env = before;
      await store.stop();
    }
  });

  test("options that are none are told without secrets", async () => {
    const { sign } = await bench();
    for (const where of ["http://example.com/", "s3://", "s3://b/c?nonsense=1", "https://a:b@example.com/"]) {
      const ran = await sign("--anchor", where);
      expect(ran.code, where).toBe(2);
      expect(ran.err).toContain("--anchor:");
    }
  });
});

test("a second signer in the same folder is refused", async () => {
  const { tenant, sign, folder } = await bench();
  await append(tenant, {});
  await sign();
  let stop = (): void => {};
  const first = run(
    folder,
    [
      "audit",
      "checkpoint",
      "--database",
      auditor,
      "--key",
      "log.key",
      "--state",
      "signer",
      "--every",
      "3600",
    ],
    "",
    {
      onInterrupt: (callback) => {
        stop = callback;
        return () => {};
      },
    },
  );
  const journal = join(folder, "signer/records.jsonl");
  await expect.poll(() => lineCount(readFileSync(journal, "utf8")), { timeout: 20_000 }).toBe(2);
  expect(await sign()).toMatchObject({
    code: 2,
    err: expect.stringContaining("another process signs") as unknown,
  });
  stop();
  expect(await first).toMatchObject({ code: 0 });
  expect(await sign()).toMatchObject({ code: 0 });
});
