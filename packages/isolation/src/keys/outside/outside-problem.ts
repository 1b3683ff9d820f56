/** The errors of providers outside, in words that hold no key, no token and nothing that was sent. */
import { KeyProviderError, type KeyProviderErrorCode } from "../key-provider-error.ts";

const problems: Readonly<Record<KeyProviderErrorCode, string>> = {
  "keys/unavailable": "did not answer as it should",
  "keys/refused": "does not permit this",
  "keys/missing": "has no wrapping key of the tenant",
  "keys/disabled": "has the tenant's wrapping key disabled",
  "keys/destroyed": "has destroyed the tenant's wrapping key, or is about to",
  "keys/wrong-key": "unwrapped another key than was wrapped",
  "keys/not-authentic": "did not wrap this for this tenant, purpose and version, or it is damaged",
};

export function outsideProblem(
  provider: string,
  code: KeyProviderErrorCode,
  tenant: string,
  why?: string,
): KeyProviderError {
  const reason = why === undefined ? "" : `: ${why}`;
  return new KeyProviderError(
    code,
    `${provider} ${problems[code]}, tenant ${JSON.stringify(tenant)}${reason}`,
  );
}

/** 32 bytes, or the provider did not answer as it should. */
export function wholeKey(provider: string, tenant: string, bytes: Uint8Array | undefined): Uint8Array {
  if (bytes?.length === 32) return bytes;
  bytes?.fill(0);
  throw outsideProblem(provider, "keys/unavailable", tenant, "the answer holds no key of 32 bytes");
}
