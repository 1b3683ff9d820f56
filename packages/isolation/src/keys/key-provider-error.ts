export type KeyProviderErrorCode =
  /** An outage, a time limit, or too many requests: it may be tried again. */
  | "keys/unavailable"
  /** The provider does not permit it to this process. */
  | "keys/refused"
  /** The tenant's wrapping key is disabled. */
  | "keys/disabled"
  /** The tenant's wrapping key was destroyed, or is about to be. */
  | "keys/destroyed"
  /** What was to be unwrapped is another tenant's, purpose's or version's, or is damaged. */
  | "keys/not-authentic"
  /** The provider unwrapped something, and it is not the key that was wrapped. */
  | "keys/wrong-key"
  /** The provider has no wrapping key of the tenant. */
  | "keys/missing";

/** A provider of keys did not do what it was asked. The message names provider and tenant, and never bytes of a key. */
export class KeyProviderError extends Error {
  override readonly name = "KeyProviderError";
  readonly code: KeyProviderErrorCode;

  /** `cause` is the provider's own error, for the operator. */
  constructor(code: KeyProviderErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
