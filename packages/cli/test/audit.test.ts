/** `wardline audit` on a real server, as an auditor's login, and offline. What `audit query` says is in a file of its own. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startObjectStore } from "@wardline/database-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lineCount, openAuditServer, type AuditServer } from "./audit-server.ts";
import { run, type Ran } from "./project.ts";
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
    await server.admin.exec("alter table wardline.audit disable trigger all");
    await server.admin.query(
      "update wardline.audit set entry = replace(entry, 'desk', 'none') where tenant_id = $1 and seq = 2",
      [tenant],
    );
    await server.admin.exec("alter table wardline.audit enable trigger all");
    const stopped = await sign("--every", "3600");
    expect(stopped).toMatchObject({ code: 6 });
    expect(stopped.err).toContain(
      `the chain of ${tenant} does not go on from the last checkpoint: entry 2 is edited`,
    );
    expect(readFileSync(join(folder, "signer/records.jsonl"), "utf8")).toBe(before);
    await server.admin.query("alter table wardline.audit disable trigger all");
    await server.admin.query(
      "update wardline.audit set entry = replace(entry, 'none', 'desk') where tenant_id = $1 and seq = 2",
      [tenant],
    );
    await server.admin.exec("alter table wardline.audit enable trigger all");
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
  await expect.poll(() => lineCount(readFileSync(journal, "utf8"))).toBe(2);
  expect(await sign()).toMatchObject({
    code: 2,
    err: expect.stringContaining("another process signs") as unknown,
  });
  stop();
  expect(await first).toMatchObject({ code: 0 });
  expect(await sign()).toMatchObject({ code: 0 });
});
