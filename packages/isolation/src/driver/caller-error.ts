/** What a caller sees of an error: one of ours, or a code that says nothing. The original goes to the operator. */
import { ConnectionLost } from "../database/connection-lost.ts";
import {
  AccessDenied,
  ChallengeRefused,
  ChallengeRequired,
  IsolationViolation,
  SealBroken,
  TenantBusy,
  UnsupportedQuery,
} from "../errors.ts";
import { KeyProviderError } from "../keys/key-provider-error.ts";
import { NotResumed, Refusal, sqlState } from "../write/refusal.ts";
import { brokenCell } from "./broken-cell.ts";
import { contextError } from "./context-error.ts";
import { queryError } from "./query-error.ts";

const ours = [
  AccessDenied,
  ChallengeRefused,
  ChallengeRequired,
  IsolationViolation,
  TenantBusy,
  UnsupportedQuery,
];

export function callerError(error: unknown, onOperatorError: ((error: unknown) => void) | undefined): Error {
  if (error instanceof Refusal || error instanceof NotResumed) return error.error;
  if (error instanceof SealBroken) {
    onOperatorError?.(brokenCell(error));
    return error;
  }
  const own = ours.find((type) => error instanceof type);
  if (own !== undefined) return error as Error;
  onOperatorError?.(error);
  // By its code alone: the provider's own error is its cause.
  if (error instanceof KeyProviderError)
    return new KeyProviderError(error.code, "a key of the tenant cannot be used now");
  const refused = contextError(error);
  if (refused !== undefined) return refused;
  const state = sqlState(error) ?? "";
  if (error instanceof ConnectionLost && error.reason !== "limit") return lost();
  if (error instanceof ConnectionLost || timeouts.has(state))
    return new IsolationViolation("database/timeout", "a limit of time was reached, and nothing was kept");
  if (/^(08|57P|53)/.test(state)) return lost();
  return queryError(state) ?? new IsolationViolation("database/failed", "the statement failed");
}

/** Of a statement, of a lock, between statements, of a transaction. */
const timeouts: ReadonlySet<string> = new Set(["57014", "55P03", "25P03", "25P04"]);

function lost(): IsolationViolation {
  return new IsolationViolation(
    "database/lost",
    "there is no connection to the database, and nothing was kept",
  );
}
