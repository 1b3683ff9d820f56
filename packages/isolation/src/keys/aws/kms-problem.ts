/** What an error of KMS's client means. What is not known may be tried again, and unwraps nothing. */
import { KeyProviderError, type KeyProviderErrorCode } from "../key-provider-error.ts";
import { outsideProblem } from "../outside/outside-problem.ts";

export const awsName = "aws-kms";

const codes: ReadonlyMap<string, KeyProviderErrorCode> = new Map([
  ["NotFoundException", "keys/missing"],
  ["DisabledException", "keys/disabled"],
  ["InvalidCiphertextException", "keys/not-authentic"],
  ["IncorrectKeyException", "keys/not-authentic"],
  ["AccessDeniedException", "keys/refused"],
  ["UnrecognizedClientException", "keys/refused"],
  ["InvalidSignatureException", "keys/refused"],
  ["IncompleteSignatureException", "keys/refused"],
  ["MissingAuthenticationTokenException", "keys/refused"],
  ["InvalidClientTokenId", "keys/refused"],
  ["ExpiredTokenException", "keys/refused"],
  ["OptInRequired", "keys/refused"],
  ["NotAuthorized", "keys/refused"],
  ["InvalidGrantTokenException", "keys/refused"],
  ["MalformedPolicyDocumentException", "keys/refused"],
  ["InvalidAliasNameException", "keys/refused"],
  ["TagException", "keys/refused"],
  ["ValidationException", "keys/refused"],
]);

/** By the name of the error: `NotFoundException`. */
export function kmsErrorName(error: unknown): string {
  return error instanceof Error ? error.name : "";
}

export function kmsProblem(error: unknown, tenant: string): KeyProviderError {
  if (error instanceof KeyProviderError) return error;
  const name = kmsErrorName(error);
  // Invariant: nothing of the client's error is handed on but its name and numbers. It holds the answer, and a message about a
  // signature holds the session's token.
  const { code, $metadata } = (error ?? {}) as {
    readonly code?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: unknown; readonly requestId?: unknown };
  };
  const words = [name, code, $metadata?.httpStatusCode, $metadata?.requestId];
  const why = words
    .filter((word) => typeof word === "string" || typeof word === "number")
    .filter((word) => /^[\w.-]{1,100}$/.test(String(word)))
    .join(" ");
  return outsideProblem(awsName, codes.get(name) ?? "keys/unavailable", tenant, why);
}
