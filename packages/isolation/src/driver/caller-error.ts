/** What a caller sees of an error: one of ours, or a code that says nothing. The original goes to the operator. */
import {
  AccessDenied,
  ChallengeRequired,
  IsolationViolation,
  SealBroken,
  UnsupportedQuery,
} from "../errors.ts";
import { Refusal, sqlState } from "../write/refusal.ts";

const ours = [AccessDenied, ChallengeRequired, IsolationViolation, UnsupportedQuery, SealBroken];

export function callerError(error: unknown, onOperatorError: ((error: unknown) => void) | undefined): Error {
  if (error instanceof Refusal) return error.error;
  const own = ours.find((type) => error instanceof type);
  if (own !== undefined) return error as Error;
  onOperatorError?.(error);
  // Class 22: a value does not fit the type it is compared with.
  return sqlState(error)?.startsWith("22") === true
    ? new UnsupportedQuery("query/unsupported-value", "a value in the query does not fit where it stands")
    : new IsolationViolation("database/failed", "the statement failed");
}
