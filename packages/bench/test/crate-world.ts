/** Crates of two tenants in an embedded database, under texts that a test gives: Wardline as an application opens it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildBundle } from "@wardline/backends";
import { compile } from "@wardline/compiler";
import type { Program } from "@wardline/core";
import type { AuditEntry, Database, KeyProvider } from "@wardline/isolation";
import { localKeys, Wardline, type OpenOptions, type Session } from "@wardline/sdk";
import { createSchema, clearEntry, createTenantKeys, exportAudit, loadRows } from "@wardline/sdk/operator";
import { pglite } from "@wardline/sdk/pglite";

export const model = `model yard

context {
  mfa: Bool
}

entity Hall stored in halls {
  name: String
  secret: String
}

principal Worker {
  level: Int(0..5)
}

role packer, clerk, guard for Worker

entity Crate stored in crates {
  hall: Hall
  owner: Worker
  label: String
  weight: Int
  code: String #sealed
}

action read, list, export reads Crate, Hall
action create creates Crate
action update updates Crate
action delete deletes Crate
`;

export const platform = `platform for yard

ceiling all: anyone to read, list, export, create, update, delete Crate, Hall
require sealed: encrypt(#sealed)
`;

export const tenants = ["north", "south"] as const;
export type Tenant = (typeof tenants)[number];

export interface Tables {
  crates: { id: string; hall_id: string; owner_id: string; label: string; weight: number; code: string };
  halls: { id: string; name: string; secret: string };
}

export interface CrateWorld {
  readonly database: Database;
  readonly keys: KeyProvider;
  /** Opens it with policies of the two tenants; the same for both if it is one text. */
  open(policy: string, options?: Partial<OpenOptions>): Promise<Wardline>;
  program(policy: string, tenant?: Tenant): Promise<Program>;
  close(): Promise<void>;
}

export const crate = (number: number, tenant: Tenant = "north"): string =>
  `00000000-0000-7000-${tenant === "north" ? "8001" : "8002"}-00020000${String(number).padStart(4, "0")}`;
export const hall = (number: number, tenant: Tenant = "north"): string =>
  `00000000-0000-7000-${tenant === "north" ? "8001" : "8002"}-00010000${String(number).padStart(4, "0")}`;

export function worker(
  wardline: Wardline,
  id: string,
  roles: readonly string[] = ["packer"],
  tenant: Tenant = "north",
): Session<Tables> {
  return wardline
    .tenant(tenant)
    .as<Tables>({ type: "Worker", id, roles, attributes: { level: 1 } }, { mfa: true });
}

export async function openCrates(): Promise<CrateWorld> {
  const folder = mkdtempSync(join(tmpdir(), "wardline-crates-"));
  const keys = localKeys(join(folder, "keys.json"));
  const database = pglite();
  const programOf = (policy: string, tenant: Tenant): Program => {
    const compiled = compile({
      model: { name: "yard.ward", text: model },
      platform: [{ name: "platform.ward", text: platform }],
      policy: { name: `${tenant}.ward`, text: `policy ${tenant} for yard\n\n${policy}` },
      tenant,
    });
    if (compiled.program === null)
      throw new Error(compiled.findings.map((finding) => finding.message).join("\n"));
    return compiled.program;
  };
  const plain = "permit all: anyone to read, list Crate, Hall";
  await createSchema(
    database,
    tenants.map((tenant) => programOf(plain, tenant)),
  );
  for (const tenant of tenants) {
    await createTenantKeys({ database, keys }, tenant);
    const into = { database, program: programOf(plain, tenant), keys };
    const halls = [1, 2].map((at) => ({
      id: hall(at, tenant),
      attributes: { name: `${tenant} hall ${at}`, secret: `${tenant} secret ${at}` },
    }));
    await loadRows(into, "Hall", halls);
    const crates = Array.from({ length: 10 }, (_, index) => ({
      id: crate(index + 1, tenant),
      attributes: {
        hall: hall(index < 5 ? 1 : 2, tenant),
        owner: index % 2 === 0 ? "ada" : "bob",
        label: `${tenant} label ${index + 1}`,
        weight: index + 1,
        code: `${tenant} code ${index + 1}`,
      },
    }));
    await loadRows(into, "Crate", crates);
  }
  let opened = 0;
  return {
    database,
    keys,
    program: async (policy, tenant = "north") => programOf(policy, tenant),
    async open(policy, options = {}) {
      opened += 1;
      const bundles = join(folder, `bundles-${opened}`);
      mkdirSync(bundles);
      for (const tenant of tenants) {
        const program = programOf(policy, tenant);
        const files = await buildBundle({
          program,
          // An application decides by the program alone: what else a bundle has for others is not made for each text of a test.
          wasm: new Uint8Array([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]),
          rego: "package wardline\n",
          sql: "-- none\n",
          revision: "1",
          compiler: "test",
          sourceMap: { atoms: program.atoms.map(() => []) },
          platform: "ab".repeat(32),
        });
        mkdirSync(join(bundles, tenant));
        for (const [name, bytes] of files) writeFileSync(join(bundles, tenant, name), bytes);
      }
      return Wardline.open({ bundles, trust: "unsigned-development", database, keys, ...options });
    },
    async close() {
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The last entries of a tenant's chain, the newest last. */
export async function recorded(
  { database }: CrateWorld,
  tenant: Tenant,
  count: number,
): Promise<readonly Pick<AuditEntry, "kind" | "reason" | "action" | "entity">[]> {
  const chain = await database.turn((session) => exportAudit(session, tenant));
  return chain.entries.slice(-count).map(({ entry }) => clearEntry(entry) as never);
}
