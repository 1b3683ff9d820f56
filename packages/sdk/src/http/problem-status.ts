/** The status of each code that a request can end in. A code of these classes without one does not compile. */
import type {
  AccessDeniedCode,
  ChallengeRefusedCode,
  ChallengeRequiredCode,
  IsolationViolationCode,
  KeyProviderErrorCode,
  SealBrokenCode,
  TenantBusyCode,
  UnsupportedQueryCode,
} from "@wardline/isolation";
import type { IdentityRefusedCode } from "../identity/identity-refused.ts";

export type ProblemStatus = 401 | 403 | 404 | 409 | 422 | 429 | 500 | 503;

type ProblemCode =
  | AccessDeniedCode
  | ChallengeRequiredCode
  | ChallengeRefusedCode
  | IsolationViolationCode
  | KeyProviderErrorCode
  | SealBrokenCode
  | UnsupportedQueryCode
  | IdentityRefusedCode
  | TenantBusyCode
  | "bundle/unknown-tenant"
  | "bundle/expired";

/** What is 500 is a fault of the application or of its database, which the caller cannot mend. */
const statuses: Readonly<Record<ProblemCode, ProblemStatus>> = {
  "access/denied": 403,
  "access/not-carried-out": 403,
  "access/limit": 429,
  "access/limit-unavailable": 503,
  "access/challenge": 403,
  "challenge/invalid": 403,
  "challenge/approval": 403,
  "challenge/not-approvable": 403,
  "challenge/hidden-value": 403,
  "challenge/expired": 409,
  "challenge/spent": 409,
  "challenge/changed": 409,
  "challenge/reason": 422,

  "identity/no-evidence": 401,
  "identity/malformed": 401,
  "identity/bad-algorithm": 401,
  "identity/critical": 401,
  "identity/unknown-key": 401,
  "identity/bad-signature": 401,
  "identity/wrong-type": 401,
  "identity/wrong-issuer": 401,
  "identity/wrong-audience": 401,
  "identity/wrong-party": 401,
  "identity/bound-token": 401,
  "identity/expired": 401,
  "identity/not-yet-valid": 401,
  "identity/bad-claims": 401,
  "identity/unknown-tenant": 404,
  "identity/cross-site": 403,
  "identity/unreachable": 503,
  "identity/bad-issuer": 503,
  "identity/bad-option": 500,
  "tenant/busy": 429,
  "bundle/unknown-tenant": 404,
  "bundle/expired": 503,

  "session/unknown": 401,
  "session/over": 401,
  "session/idle": 401,

  "write/constraint": 409,
  "write/conflict": 409,
  "write/matched-twice": 409,
  "write/bad-value": 422,
  "write/unknown-column": 422,
  "write/hidden-field": 422,
  "write/key-column": 422,
  "write/too-many-rows": 422,
  "write/no-action": 500,
  "write/ambiguous-action": 500,
  "write/unsupported-shape": 500,
  "query/unknown-table": 500,
  "query/unknown-column": 500,
  "query/ambiguous-column": 500,
  "query/duplicate-name": 500,
  "query/unsupported-node": 500,
  "query/unsupported-function": 500,
  "query/unsupported-operator": 500,
  "query/unsupported-value": 500,
  "query/type-mismatch": 500,
  "query/misplaced": 500,
  "query/sealed-column": 500,
  "query/recursive": 500,
  "query/streaming": 500,
  "query/raw-statement": 500,
  "query/schema-statement": 500,
  "query/transaction-setting": 500,
  "query/schema-qualified": 500,

  "check/statement": 500,
  "check/node": 500,
  "check/relation": 500,
  "check/shape": 500,
  "check/fence": 500,
  "check/parameter": 500,
  "check/column": 500,
  "check/function": 500,
  "check/operator": 500,
  "check/type": 500,
  "check/cast": 500,
  "check/collation": 500,
  "check/target": 500,
  "check/deparse": 500,

  "handle/bad-tenant": 404,
  "handle/no-policy": 503,
  "handle/revoked": 500,
  "handle/no-context": 500,
  "handle/nested-scope": 500,
  "handle/no-reason": 500,
  "handle/polluted": 500,
  "handle/other-copy": 500,
  "transaction/ended": 500,
  "context/no-key": 500,
  "context/refused": 503,
  "context/stale-facts": 401,
  "policy/rolled-back": 503,

  "placement/unknown-tenant": 404,
  "placement/suspended": 403,
  "placement/stale": 503,
  "placement/read-only": 503,
  "placement/behind": 503,
  "placement/unknown-cell": 503,
  "placement/unreachable": 503,

  "database/settings": 503,
  "database/operator": 500,
  "database/failed": 503,
  "database/timeout": 503,
  "database/lost": 503,
  // It may stand: whoever only asks again may do it twice.
  "database/unknown-outcome": 500,
  "audit/failed": 503,
  "audit/one-session": 500,

  "seal/misplaced-cell": 500,
  "seal/no-key": 500,
  bad_header: 500,
  wrong_key_version: 500,
  destroyed: 500,
  not_authentic: 500,
  "keys/registry": 500,
  "keys/unavailable": 503,
  "keys/refused": 503,
  "keys/disabled": 503,
  "keys/destroyed": 500,
  "keys/not-authentic": 500,
  "keys/wrong-key": 500,
  "keys/missing": 500,
};

/** What looks like no tenant at all, whatever it is that stands in the way. */
const noTenant: ReadonlySet<string> = new Set<ProblemCode>([
  "identity/unknown-tenant",
  "bundle/unknown-tenant",
  "handle/bad-tenant",
  "placement/unknown-tenant",
]);

/** The status and the code to show; undefined for an error that is none of ours. */
export function statusOf(
  error: unknown,
): { readonly status: ProblemStatus; readonly code: string } | undefined {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return undefined;
  const { code } = error;
  if (!Object.hasOwn(statuses, code)) return undefined;
  return {
    status: statuses[code as ProblemCode],
    // Invariant: whoever may not know of a tenant learns nothing by the way in which it is not there.
    code: noTenant.has(code) ? "identity/unknown-tenant" : code,
  };
}
