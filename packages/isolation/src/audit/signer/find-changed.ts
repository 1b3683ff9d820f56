/** Where a chain in the database is not what was signed: the first entry whose bytes do not make the hash that was signed for its place. */
import type { SqlSession } from "../../contracts.ts";
import { entryHash, genesisHash } from "../chain.ts";
import { readChain } from "../read-chain.ts";
import type { Broken } from "../verify/why-broken.ts";
import { readHashes } from "./hash-file.ts";

/** Looks at the entries after one place up to another. Null where they are what was signed. */
export async function findChanged(
  session: SqlSession,
  path: string,
  tenant: string,
  after: number,
  upTo: number,
): Promise<Broken | null> {
  const [before] = after === 0 ? [genesisHash(tenant)] : ([...readHashes(path, after - 1, after)][0] ?? []);
  let prev = before as string;
  let seq = after + 1;
  const signed = flat(readHashes(path, after, upTo));
  for await (const rows of readChain(session, tenant, { after, upTo }))
    for (const row of rows) {
      const expected = signed.next().value as string;
      if (row.seq !== seq) return { seq, reason: "deleted" };
      const made = entryHash(row.prevHash, row.at, row.entry);
      if (made !== expected || row.hash !== expected || row.prevHash !== prev)
        return { seq, reason: made === row.hash ? "rewritten" : "edited" };
      prev = expected;
      seq += 1;
    }
  return seq > upTo ? null : { seq, reason: "truncated" };
}

function* flat(pages: Iterable<readonly string[]>): Generator<string> {
  for (const page of pages) yield* page;
}
