/** What an error is counted as: by its class and its code, and by nothing that it says. */
import {
  AccessDenied,
  ChallengeRefused,
  ChallengeRequired,
  IsolationViolation,
  KeyProviderError,
  SchemaMismatch,
  SealBroken,
  TenantBusy,
  UnsupportedQuery,
} from "@wardline/isolation";
import { BundleRejected } from "../bundle-rejected.ts";
import type { Ended } from "./telemetry.ts";

export function outcomeOf(error: unknown): Ended {
  if (error instanceof AccessDenied)
    return { outcome: error.code.startsWith("access/limit") ? "limited" : "denied", code: error.code };
  if (error instanceof ChallengeRequired) return { outcome: "challenged", code: error.code };
  if (error instanceof TenantBusy) return { outcome: "busy", code: error.code };
  if (error instanceof IsolationViolation && error.code === "database/timeout")
    return { outcome: "timeout", code: error.code };
  const code = codeOf(error);
  if (code === null) return { outcome: "failed", code: "other" };
  const isFailure = /^(?:database|audit|keys|placement|context)\//.test(code) || error instanceof SealBroken;
  return { outcome: isFailure ? "failed" : "refused", code };
}

/** A code of ours; null for any other error, whose code may be anything. */
export function codeOf(error: unknown): string | null {
  return ours.some((type) => error instanceof type) ? (error as { readonly code: string }).code : null;
}

const ours = [
  AccessDenied,
  BundleRejected,
  ChallengeRefused,
  ChallengeRequired,
  IsolationViolation,
  KeyProviderError,
  SchemaMismatch,
  SealBroken,
  TenantBusy,
  UnsupportedQuery,
];
