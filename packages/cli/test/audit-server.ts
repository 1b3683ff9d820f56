/** A real server with an audit log, an auditor's login to it, and folders in which `wardline audit` runs. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, startPostgres, type Connection } from "@wardline/database-testing";
import { expect } from "vitest";
import { model, platform, policy, projectFolder, run, type Ran } from "./project.ts";

export interface AuditBench {
  readonly folder: string;
  readonly tenant: string;
  readonly key: string;
  /** Runs `wardline audit …` in the folder. */
  readonly audit: (...args: readonly string[]) => Promise<Ran>;
  readonly sign: (...args: readonly string[]) => Promise<Ran>;
  readonly exported: (name: string, ...args: readonly string[]) => Promise<string>;
}

export interface AuditServer {
  /** As its superuser. */
  readonly url: string;
  readonly admin: Connection;
  /** The auditor's login. */
  readonly auditor: string;
  /** Appends entries as the database's function does, with a time of their own. */
  append(tenant: string, ...entries: readonly object[]): Promise<void>;
  /** A folder, and a tenant that no other has a chain for. */
  bench(): Promise<AuditBench>;
  stop(): Promise<void>;
}

export async function openAuditServer(): Promise<AuditServer> {
  const server = await startPostgres();
  const admin = await connect(server);
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
  const auditor = `postgres://watcher:watcher@${host}:${port}/${database}`;
  let tenants = 0;
  return {
    url,
    admin,
    auditor,
    append: (tenant, ...entries) => append(admin, tenant, entries),
    bench: () => bench(auditor, `t${(tenants += 1)}`),
    async stop() {
      await admin.close();
      await server.stop();
    },
  };
}

async function append(admin: Connection, tenant: string, entries: readonly object[]): Promise<void> {
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

async function bench(auditor: string, tenant: string): Promise<AuditBench> {
  const folder = projectFolder({ "wardline.config.json": null });
  // Each test signs a log of its own: chains of other tests must not be gone in it.
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

export const lineCount = (text: string): number => text.split("\n").length - 1;
