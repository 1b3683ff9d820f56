/**
 * Which refused statements go on record as violations: those that name what no handle may use, or leave the guarded way. What is
 * refused for its shape, its types or its values is a mistake, and what failed is neither. Invariant: each code is decided here.
 */
import type { ChallengeRefusedCode, IsolationViolationCode, UnsupportedQueryCode } from "../errors.ts";

const counts: Readonly<
  Record<IsolationViolationCode | UnsupportedQueryCode | ChallengeRefusedCode, boolean>
> = {
  // Did not pass the final check.
  "check/statement": true,
  "check/node": true,
  "check/relation": true,
  "check/shape": true,
  "check/fence": true,
  "check/parameter": true,
  "check/column": true,
  "check/function": true,
  "check/operator": true,
  "check/type": true,
  "check/cast": true,
  "check/collation": true,
  "check/target": true,
  "check/deparse": true,
  // Leaves the guarded way.
  "query/raw-statement": true,
  "query/schema-statement": true,
  "query/transaction-setting": true,
  "query/schema-qualified": true,
  // Names what handles do not have: another table, the tenant's column, a function, a key, what is hidden or sealed.
  "query/unknown-table": true,
  "query/unknown-column": true,
  "query/unsupported-function": true,
  "query/unsupported-operator": true,
  "query/sealed-column": true,
  "write/unknown-column": true,
  "write/hidden-field": true,
  "write/key-column": true,
  // What was handed to somebody else, or made up.
  "challenge/invalid": true,
  "challenge/approval": true,
  // On record by themselves, or a mistake.
  "challenge/expired": false,
  "challenge/spent": false,
  "challenge/changed": false,
  "challenge/not-approvable": false,
  "challenge/hidden-value": false,
  "challenge/reason": false,
  // A context that is not what it was, or not ours.
  "handle/no-context": true,
  "context/refused": true,
  "context/stale-facts": true,
  "policy/rolled-back": true,
  "database/settings": true,
  "seal/misplaced-cell": true,
  // Mistakes of whoever writes queries.
  "query/ambiguous-column": false,
  "query/duplicate-name": false,
  "query/unsupported-node": false,
  "query/unsupported-value": false,
  "query/type-mismatch": false,
  "query/misplaced": false,
  "query/recursive": false,
  "query/streaming": false,
  "write/unsupported-shape": false,
  "write/bad-value": false,
  "write/no-action": false,
  "write/ambiguous-action": false,
  "write/too-many-rows": false,
  "write/matched-twice": false,
  "write/constraint": false,
  "write/conflict": false,
  "audit/one-session": false,
  // Nobody's context, or a handle that is over and can ask for nothing.
  "handle/revoked": false,
  "handle/no-policy": false,
  "session/unknown": false,
  "session/over": false,
  "session/idle": false,
  "handle/bad-tenant": false,
  "handle/nested-scope": false,
  "handle/no-reason": false,
  "handle/polluted": false,
  "handle/other-copy": false,
  "transaction/ended": false,
  "context/no-key": false,
  "database/operator": false,
  // States of the place, the database, the log and the keys.
  "placement/unknown-tenant": false,
  "placement/stale": false,
  "placement/read-only": false,
  "placement/suspended": false,
  "placement/behind": false,
  "placement/unknown-cell": false,
  "placement/unreachable": false,
  "database/failed": false,
  "database/timeout": false,
  "database/lost": false,
  "database/unknown-outcome": false,
  "audit/failed": false,
  "keys/registry": false,
};

export function countsAsViolation(code: string): boolean {
  return Object.hasOwn(counts, code) && counts[code as keyof typeof counts];
}
