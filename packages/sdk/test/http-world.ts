/** Two tenants with a canary each, and a verifier that knows its callers by name: what the middleware is tested with. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSchema, createTenantKeys, loadRows } from "../src/operator/index.ts";
import { pglite } from "../src/pglite.ts";
import {
  IdentityRefused,
  tenantFromHeader,
  Wardline,
  type ScopeOptions,
  type Session,
  type Verified,
  type Verifier,
} from "../src/index.ts";
import { afterAll } from "vitest";
import { bundleFolder, keysOfFile, programOf } from "./library-bundles.ts";

/** Once for a file. */
export async function openWorld(): Promise<Wardline> {
  await createSchema(database, ["north", "south"].map(programOf));
  for (const tenant of ["north", "south"] as const) {
    await createTenantKeys({ database, keys }, tenant);
    const to = { database, keys, program: programOf(tenant) };
    await loadRows(to, "Branch", [{ id: branch, attributes: {} }]);
    await loadRows(to, "Book", [
      {
        id: books[tenant],
        attributes: {
          title: "saga",
          code: "c",
          price: "9.50",
          branch,
          shelf: "open",
          tags: ["saga"],
        },
      },
    ]);
  }
  const bundles = await bundleFolder(["north", "south"], undefined, folder);
  return Wardline.open({ bundles, trust: "unsigned-development", database, keys });
}

const database = pglite();
const keys = keysOfFile();
const folder = mkdtempSync(join(tmpdir(), "wardline-http-"));
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

const branch = "00000000-0000-7000-8000-000000000001";
/** The canary of each tenant. */
export const books = {
  north: "00000000-0000-7000-8000-0000000000aa",
  south: "00000000-0000-7000-8000-0000000000bb",
} as const;

/** What a handler shows: the ids of the books that its caller reads. */
export async function bookIds(session: Session): Promise<string> {
  const rows = await session.db.selectFrom("books").select("id").execute();
  return rows.map(({ id }) => id).join(",");
}

/** `ada.north` is a good token of a member of north alone; a third part is for how many milliseconds. */
export const byName: Verifier = {
  verify: ({ token, tenant: named }): Promise<Verified> => {
    const [, id, tenant, life] = /^([a-z]+)\.([a-z]+)(?:\.(\d+))?$/.exec(token) ?? [];
    if (id === undefined || tenant === undefined || id === "mallory")
      return Promise.reject(new IdentityRefused("identity/bad-signature"));
    if (named !== null && named !== tenant)
      return Promise.reject(new IdentityRefused("identity/unknown-tenant"));
    return Promise.resolve({
      tenant,
      principal: {
        type: "Member",
        id,
        roles: ["reader"],
        in: [branch],
        attributes: { level: 3, since: "2020-01-01T00:00:00.000000Z" },
      },
      context: { purpose: "study" },
      session: null,
      until: new Date(Date.now() + Number(life ?? 60_000)),
    });
  },
};

export const worldOptions = (wardline: Wardline): ScopeOptions => ({
  wardline,
  verifier: byName,
  tenant: tenantFromHeader("x-tenant"),
  attributes: () => ({ lends: true }),
});

export const asMember = (token: string, tenant = token.split(".")[1] ?? ""): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  "x-tenant": tenant,
});
