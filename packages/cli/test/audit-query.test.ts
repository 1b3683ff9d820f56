/** `wardline audit query`: what it finds and counts, and what it opens with keys. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { localKeys, operatorSealers } from "@wardline/isolation";
import { createTenantKeys } from "@wardline/sdk/operator";
import { postgresOperator } from "@wardline/sdk/postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lineCount, openAuditServer, type AuditServer } from "./audit-server.ts";
import { run } from "./project.ts";
import { schemaOf } from "./schema.ts";

let server: AuditServer;
let auditor: string;
beforeAll(async () => {
  server = await openAuditServer();
  ({ auditor } = server);
});
afterAll(() => server.stop());
const bench = () => server.bench();
const append: AuditServer["append"] = (...given) => server.append(...given);

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
    const { url } = server;
    const operators = postgresOperator({ connectionString: url });
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
      await server.admin.query(
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
      await server.admin.query(
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
    await server.admin.query(
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
