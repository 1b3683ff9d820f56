/** What the transit engine says of a key, and what of it counts here. */
import type { Refusal } from "./vault-client.ts";

export interface KeyFacts {
  readonly latest: number;
  readonly minDecryption: number;
  readonly minEncryption: number;
  readonly minAvailable: number;
  /** A key whose bytes can leave Vault, or that does not bind the context, is no wrapping key. */
  readonly fault: string | undefined;
  readonly deletionAllowed: boolean;
}

/** Undefined for an answer that tells no key. */
export function readKeyFacts(data: Readonly<Record<string, unknown>>): KeyFacts | undefined {
  const [latest, minDecryption, minEncryption, minAvailable] = [
    data["latest_version"],
    data["min_decryption_version"],
    data["min_encryption_version"],
    data["min_available_version"] ?? 0,
  ];
  const isNumber = (value: unknown): value is number => Number.isInteger(value);
  if (!isNumber(latest) || !isNumber(minDecryption) || !isNumber(minEncryption) || !isNumber(minAvailable))
    return undefined;
  return {
    latest,
    minDecryption,
    minEncryption,
    minAvailable,
    fault: faultOf(data),
    deletionAllowed: data["deletion_allowed"] === true,
  };
}

function faultOf(data: Readonly<Record<string, unknown>>): string | undefined {
  if (data["derived"] !== true) return "the key is not derived, so it does not bind purpose and version";
  if (data["convergent_encryption"] === true) return "the key enciphers the same to the same";
  if (data["exportable"] !== false || data["allow_plaintext_backup"] !== false)
    return "the key can be exported, so destroying it would not be final";
  if (data["type"] !== "aes256-gcm96") return "the key is of another type";
  return undefined;
}

/**
 * The engine knows no disabled keys. One is disabled by a new version and by putting both least versions to it: what older ones wrapped
 * then unwraps no more, by Vault's own word, until the least versions are put back.
 */
export function isDisabled({ minDecryption, minEncryption, minAvailable }: KeyFacts): boolean {
  return minDecryption > Math.max(1, minAvailable) && minEncryption === minDecryption;
}

/** Of reading a key: 404 without a sentence. With one it is no such path, which says nothing about keys. */
export function isNoKey({ status, sentence }: Refusal): boolean {
  if (status === 404) return sentence === "";
  return (
    sentence.includes("encryption key not found") ||
    sentence.includes("no existing key named") ||
    sentence.includes("could not delete key; not found") ||
    sentence === "key not found"
  );
}
