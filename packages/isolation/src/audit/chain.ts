/** The hashes of the audit chain, as `docs/spec/audit-chain.md` says them; the database computes the same. */
import { hash } from "node:crypto";

const domain = Buffer.from("wardline/audit/2\0", "utf8");
const genesis = Buffer.from([0x02]);

/** What stands before a tenant's first entry, in hex: it binds the whole chain to the tenant. */
export function genesisHash(tenant: string): string {
  return hash("sha256", Buffer.concat([genesis, domain, Buffer.from(tenant, "utf8")]), "hex");
}

/** Where the hash before an entry, its time and its bytes stand in what is hashed; a 0x00 and the domain stand before them. */
const prevAt = 1 + domain.length;
const timeAt = prevAt + 32;
const entryAt = timeAt + 8;

/** Kept from call to call: millions of entries are hashed one by one. */
let hashed = Buffer.alloc(0);
grow(4096);

/** The hash of an entry, in hex: over the hash before it, the microseconds since 1970 at which it was appended, and its bytes as they are stored. */
export function entryHash(prevHash: string, at: number, entry: string): string {
  if (prevHash.length !== 64 || hashed.write(prevHash, prevAt, "hex") !== 32)
    throw new TypeError("a hash has 32 bytes");
  const high = Math.floor(at / 2 ** 32);
  hashed.writeInt32BE(high, timeAt);
  hashed.writeUInt32BE(at - high * 2 ** 32, timeAt + 4);
  // A unit of UTF-16 becomes three bytes at most.
  const most = entryAt + 3 * entry.length;
  if (most > hashed.length) {
    const head = Buffer.from(hashed.subarray(0, entryAt));
    grow(most);
    hashed.set(head);
  }
  const length = hashed.write(entry, entryAt, "utf8");
  return hash("sha256", hashed.subarray(0, entryAt + length), "hex");
}

function grow(size: number): void {
  hashed = Buffer.alloc(size);
  hashed.set(domain, 1);
}
