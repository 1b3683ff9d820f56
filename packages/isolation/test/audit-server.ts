/** A real Postgres with audit chains: appended by the application's role, read by an auditor's login, and changed by a superuser. */
import { auditDdl } from "../src/audit/audit-ddl.ts";
import { exportChains, type ExportKind } from "../src/audit/export/export-chains.ts";
import type { SqlSession } from "../src/contracts.ts";
import { connect } from "@wardline/database-testing";
import { openContextServer, sessionOf, type ContextServer } from "./context-server.ts";

export interface AuditServer extends ContextServer {
  /** Reads the chains, and nothing else. */
  readonly auditor: SqlSession;
  /** A superuser. */
  readonly superuser: SqlSession;
  append(tenant: string, ...actions: readonly string[]): Promise<void>;
  /** As a superuser who took the triggers away; they are there again afterwards. */
  tamper(sql: string, ...parameters: readonly unknown[]): Promise<void>;
  exported(tenants: readonly string[] | null, format?: ExportKind): Promise<string>;
}

export const entryText = (tenant: string, action: string): string =>
  `{"action":${JSON.stringify(action)},"entity":"Book","format":"wardline/audit/2","kind":"write","rules":["desk"],"tenant":"${tenant}"}`;

export async function openAuditServer(): Promise<AuditServer> {
  const context = await openContextServer();
  const { admin, server } = context;
  for (const statement of auditDdl()) await admin.exec(statement);
  await admin.exec("create role watcher login password 'watcher' in role wardline_auditor");
  const application = await context.application();
  const watcher = await connect({ ...server, user: "watcher", password: "watcher" });
  const auditor = sessionOf(watcher);
  return {
    ...context,
    auditor,
    superuser: sessionOf(admin),
    async append(tenant, ...actions) {
      await application.exec("begin");
      await application.query("select wardline.enter($1)", [context.token({ tenant })]);
      await application.query("select wardline.audit_append($1::text[])", [
        actions.map((action) => entryText(tenant, action)),
      ]);
      await application.exec("commit");
    },
    async tamper(sql, ...parameters) {
      const tables = ["wardline.audit", "wardline.audit_head"];
      await admin.exec("begin");
      try {
        for (const table of tables) await admin.exec(`alter table ${table} disable trigger all`);
        await admin.query(sql, [...parameters]);
        for (const table of tables) await admin.exec(`alter table ${table} enable trigger all`);
        await admin.exec("commit");
      } catch (error) {
        await admin.exec("rollback");
        throw error;
      }
    },
    async exported(tenants, format = "jsonl") {
      let text = "";
      for await (const part of exportChains(auditor, { format, tenants })) text += part;
      return text;
    },
    async stop() {
      await watcher.close();
      await context.stop();
    },
  };
}

/** Hashes a chain anew from a place on, as the database would, and puts its head after it. */
export const rehashFrom = `do $$
declare
  r record;
  prev bytea;
  made bytea;
begin
  for r in select a.* from wardline.audit a where a.tenant_id = '%T' order by a.seq loop
    prev := coalesce(made, r.prev_hash);
    if r.seq >= %N then
      made := sha256('\\x00'::bytea || convert_to('wardline/audit/2', 'UTF8') || '\\x00'::bytea || prev || int8send(r.at) || convert_to(r.entry, 'UTF8'));
      update wardline.audit set prev_hash = prev, hash = made where tenant_id = r.tenant_id and seq = r.seq;
    else
      made := r.hash;
    end if;
  end loop;
  update wardline.audit_head set hash = made where tenant_id = '%T';
end $$`;
