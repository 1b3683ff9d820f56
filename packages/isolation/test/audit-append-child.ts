/**
 * Appends entries without a pause until it is killed, each in a transaction of its own or under a window, and says a line for each that
 * it was told is there, or that it may show: its number, and the milliseconds of a clock that never goes back.
 */
import { createSecretKey } from "node:crypto";
import { writeSync } from "node:fs";
import { connect } from "@wardline/database-testing";
import { createAuditLog } from "../src/audit/audit-log.ts";
import { AuditWindow } from "../src/audit/audit-window.ts";
import { newEntry } from "../src/audit/new-entry.ts";
import { sessionSettings } from "../src/context/pinned-settings.ts";
import { createContextSigner } from "../src/context/signer.ts";
import type { AuditEntry, SqlSession } from "../src/contracts.ts";
import { createAuditSealer } from "../src/seal/audit-sealer.ts";
import { deriveAuditKeys } from "../src/seal/tenant-keys.ts";
import { claimsFor } from "./context-claims.ts";

export interface AppendChildOptions {
  readonly server: Parameters<typeof connect>[0];
  readonly key: { readonly id: number; readonly secret: string };
  readonly cluster: string;
  readonly tenant: string;
  /** Without one each entry is committed before it is said. */
  readonly window: { readonly milliseconds: number; readonly entries: number } | null;
}

const given = JSON.parse(process.argv[2] as string) as AppendChildOptions;
const { server, tenant } = given;
const connection = await connect(server, { settings: sessionSettings() });
const session: SqlSession = {
  query: async (sql, parameters) => ({
    rows: (await connection.query(sql, [...parameters])).rows,
    affected: 0,
  }),
};
const signer = createContextSigner({
  key: { id: given.key.id, secret: Buffer.from(given.key.secret, "hex") },
  cluster: Buffer.from(given.cluster, "hex"),
});
const keys = deriveAuditKeys({ current: 1, keks: new Map([[1, createSecretKey(Buffer.alloc(32, 7))]]) });
const sealer = createAuditSealer(tenant, () => keys);
const log = createAuditLog();

let line: Promise<unknown> = Promise.resolve();
const record = (entries: readonly AuditEntry[]): Promise<void> => {
  const mine = line.then(async () => {
    await session.query("begin", []);
    await session.query("select wardline.enter($1)", [signer.sign(claimsFor(tenant), 0)]);
    await log.append(session, tenant, entries, sealer);
    await session.query("commit", []);
  });
  line = mine.catch(() => undefined);
  return mine;
};

await new Promise((go) => process.stdin.once("data", go));
writeSync(1, "ready\n");
const window = given.window === null ? null : new AuditWindow({ tenants: "all", ...given.window });
const said = () => ({ revision: "1", bundle: null, at: "2026-01-05T12:00:00.000000Z" });
const by = { principal: { type: "Member", id: "ada" }, ...said() };
let next = 0;
const work = async (): Promise<never> => {
  for (;;) {
    const number = (next += 1);
    const entry = newEntry({
      ...by,
      id: `${process.pid}-${number}`,
      kind: "read",
      action: "read",
      entity: "Book",
    });
    await (window === null ? record([entry]) : window.add(tenant, [entry], { said, record }));
    writeSync(1, `${number} ${performance.now()}\n`);
    // As a statement of the database would.
    if (window !== null) await new Promise((done) => setTimeout(done, 1));
  }
};
await Promise.all([work(), work(), work()]);
