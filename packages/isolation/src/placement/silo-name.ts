/** Names of schemas and databases that are one tenant's: hashed, so of one length, and never cut by the database. */
import { createHash } from "node:crypto";
import { isTenantId } from "../keys/local/wrapping-key-file.ts";
import { PlacementError } from "./placement-error.ts";

export type SiloKind = "schema" | "database" | "rehearsal";

const prefix: Readonly<Record<SiloKind, string>> = { schema: "ws_", database: "wd_", rehearsal: "wr_" };

/**
 * 43 bytes in every case; the 160 bits of the hash make no two tenants meet, and the catalogue refuses two that do. The cell is in
 * it too: two cells may be on one server.
 */
export function siloName(kind: SiloKind, tenant: string, cell = ""): string {
  checkTenantId(tenant);
  const digest = createHash("sha256")
    .update(`wardline/silo/1\0${kind}\0${cell}\0${tenant}`, "utf8")
    .digest("hex");
  return `${prefix[kind]}${digest.slice(0, 40)}`;
}

/** Whether a schema has the name of one tenant's own. */
export function isSiloSchema(name: string): boolean {
  return /^w[sr]_[0-9a-f]{40}$/.test(name);
}

/** Whether the tables in a schema of a database are one tenant's, and not a rehearsal's. */
export function isTenantsOwn(schema: string, database: string): boolean {
  return /^ws_[0-9a-f]{40}$/.test(schema) || (/^wd_[0-9a-f]{40}$/.test(database) && !isSiloSchema(schema));
}

/** Throws `placement/bad-name`. */
export function checkTenantId(tenant: string): void {
  if (typeof tenant !== "string" || !isTenantId(tenant) || Buffer.byteLength(tenant, "utf8") > 1024)
    throw new PlacementError(
      "placement/bad-name",
      "a tenant's id is a well-formed text of 1 to 1024 bytes without U+0000",
    );
}

/** Cells, regions and operators. Throws `placement/bad-name`. */
export function checkPlainName(what: string, name: string): void {
  if (typeof name !== "string" || !/^[a-z][a-z0-9_-]{0,62}$/.test(name))
    throw new PlacementError(
      "placement/bad-name",
      `a ${what} is called by 1 to 63 lower-case letters, digits, - and _, a letter first`,
    );
}
