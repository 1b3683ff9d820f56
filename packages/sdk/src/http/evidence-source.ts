/** Where a request brings its evidence. */
import { IdentityRefused } from "../identity/identity-refused.ts";
import type { Evidence } from "../identity/verifier.ts";
import type { ScopeRequest } from "./scope-request.ts";

export interface EvidenceSource {
  /** Throws {@link IdentityRefused}: `identity/no-evidence` where there is none. */
  readonly find: (request: ScopeRequest, tenant: string | null) => Evidence;
}

/** Characters of a header with a token that are looked at at all. */
const longestHeader = 16_384;

/** `Authorization: Bearer …` (RFC 6750), once, and nowhere else: no query, no body. */
export const bearerHeader: EvidenceSource = {
  find: ({ header }, tenant) => {
    const given = header("authorization");
    if (given === undefined) throw new IdentityRefused("identity/no-evidence");
    if (given.length > longestHeader) throw new IdentityRefused("identity/malformed");
    if (!/^bearer /i.test(given)) throw new IdentityRefused("identity/no-evidence");
    const token = given.slice("bearer ".length);
    if (!/^[\w.~+/-]+=*$/.test(token)) throw new IdentityRefused("identity/malformed");
    return { kind: "bearer", token, tenant };
  },
};
