/** What the application's role finds in bare tables of a server, in a signed context: what would stand if no driver did. */
import { rowFactsClaim } from "@wardline/backends";
import { compile } from "@wardline/compiler";
import type { Program } from "@wardline/core";
import { connect, type Connection, type PostgresServer } from "@wardline/database-testing";
import {
  createContextGate,
  createContextSigner,
  readContextKey,
  sessionSettings,
  type ContextClaims,
} from "@wardline/isolation";
import { expect } from "vitest";
import { model } from "./project.ts";

export const platform = `platform for library

ceiling all: anyone to read, list, update Loan

forbid closed: anyone to read, list Loan
  when resource.title == "closed"
`;
export const southPolicy = `policy south for library

permit every: reader to read, list Loan
`;

/** North's policy shows what its principal borrowed, and south's everything; the platform hides what is closed. */
export const rowsProject = {
  "wardline.config.json": JSON.stringify({
    model: "library.ward",
    platform: ["platform.ward"],
    tenants: { north: "north.ward", south: "south.ward" },
  }),
  "platform.ward": platform,
  "south.ward": southPolicy,
};

/** Titles in the order of their letters, or the code with which the database refuses. */
export type Titles = (
  tenant: string,
  claims?: Partial<ContextClaims>,
  damage?: (token: Uint8Array) => void,
) => Promise<unknown>;

export interface BareRows {
  readonly application: Connection;
  readonly titles: (schema: string, ...of: Parameters<Titles>) => ReturnType<Titles>;
}

/** Logs in as the application's role. `keyFile`: the context key that the database has. */
export async function openBareRows(
  server: PostgresServer,
  { database, password, keyFile }: Record<"database" | "password" | "keyFile", string>,
): Promise<BareRows> {
  const operator = await connect({ ...server, database });
  const { rows } = await operator.query("SELECT encode(wardline.cluster_id(), 'hex') AS id");
  await operator.close();
  const cluster = Uint8Array.from(Buffer.from(String(rows[0]?.["id"]), "hex"));
  const signer = createContextSigner({ key: readContextKey(keyFile), cluster });
  const application = await connect({ ...server, database, user: "wardline_app", password });
  for (const [setting, value] of Object.entries(sessionSettings()))
    await application.exec(`SET "${setting}" = '${value}'`);
  return {
    application,
    async titles(schema, tenant, claims = {}, damage = () => undefined) {
      const sign: typeof signer.sign = (...of) => {
        const token = Uint8Array.from(signer.sign(...of));
        damage(token);
        return token;
      };
      const gate = createContextGate({ signer: { sign }, kind: "server" });
      const whole: ContextClaims = {
        tenant,
        principal: { type: "Member", id: "ada" },
        placementEpoch: 0,
        factsEpoch: null,
        revision: "1",
        intent: "list",
        facts: {},
        ...claims,
      };
      await application.exec("BEGIN");
      try {
        for (const statement of gate.statements(whole))
          await application.query(statement.sql, [...statement.parameters]);
        const found = await application.query(`SELECT title FROM "${schema}".loans ORDER BY title`);
        return found.rows.map((row) => row["title"]);
      } catch (error) {
        const { code } = error as { readonly code?: unknown };
        if (typeof code !== "string") throw error;
        return code;
      } finally {
        await application.exec("ROLLBACK");
      }
    },
  };
}

/** What the driver would claim for a list, by the policy of a tenant. */
export function listed(
  tenant: string,
  text: string,
  roles: readonly string[] = ["reader"],
): Pick<ContextClaims, "intent" | "facts"> {
  const { unfit, ...facts } = rowFactsClaim(
    programOf(tenant, text),
    {
      principal: { type: "Member", id: "ada", tenant, roles, attributes: { level: 1 } },
      tenant: { id: tenant, attributes: {} },
      context: { mfa: true },
      now: "2026-01-01T00:00:00.000000Z",
    },
    [{ entity: "Loan", action: "list" }],
  );
  expect(unfit).toEqual([]);
  return { intent: "list", facts };
}

export function programOf(tenant: string, text: string, platformText = platform): Program {
  const file = (name: string, content: string) => ({ name, text: content });
  const { program } = compile({
    model: file("library.ward", model),
    platform: [file("platform.ward", platformText)],
    policy: file(`${tenant}.ward`, text),
    tenant,
  });
  if (program === null) throw new TypeError(`the policy of ${tenant} has findings`);
  return program;
}

/** Three loans of each tenant: one of ada's, one of bea's, and one of ada's that is closed. */
export async function addLoans(
  operator: Connection,
  schema: string,
  tenants: readonly string[] = ["north", "south"],
): Promise<void> {
  for (const tenant of tenants)
    for (const [title, borrower] of [
      ["mine", "ada"],
      ["theirs", "bea"],
      ["closed", "ada"],
    ])
      await operator.query(
        `INSERT INTO "${schema}".loans (tenant_id, id, borrower_id, title, fee) VALUES ($1, gen_random_uuid(), $2, $3, 1)`,
        [tenant, borrower, title],
      );
}
