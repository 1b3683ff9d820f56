/** The hashes of the audit chain, as `docs/spec/audit-chain.md` says them; the database computes the same. */
import { hash } from "node:crypto";

const domain = Buffer.from("wardline/audit/2\0", "utf8");
const leaf = Buffer.from([0x00]);
const genesis = Buffer.from([0x02]);

/** What stands before a tenant's first entry, in hex: it binds the whole chain to the tenant. */
export function genesisHash(tenant: string): string {
  return hash("sha256", Buffer.concat([genesis, domain, Buffer.from(tenant, "utf8")]), "hex");
}

/** The hash of an entry, in hex: over the hash before it, the microseconds since 1970 at which it was appended, and its bytes as they are stored. */
export function entryHash(prevHash: string, at: number, entry: string): string {
  const time = Buffer.alloc(8);
  time.writeBigInt64BE(BigInt(at));
  return hash(
    "sha256",
    Buffer.concat([leaf, domain, Buffer.from(prevHash, "hex"), time, Buffer.from(entry, "utf8")]),
    "hex",
  );
}
