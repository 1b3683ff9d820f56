export type KeyRegistryErrorCode =
  /** The tenant has no key for the purpose, or not the version that was asked for. */
  | "keys/no-keys"
  /** Not every process knows of the newest version yet. */
  | "keys/not-settled"
  /** Sealed cells of a column that is being adopted may still be under the version. */
  | "keys/adopting"
  /** The keys of the tenant are disabled: enable them first. */
  | "keys/disabled"
  /** The keys of the tenant were destroyed. */
  | "keys/destroyed"
  /** The registry knows keys as living that their provider destroyed: the database was restored from before that. */
  | "keys/restored";

/** A change of a tenant's keys was refused; nothing was changed. */
export class KeyRegistryError extends Error {
  override readonly name = "KeyRegistryError";
  readonly code: KeyRegistryErrorCode;

  constructor(code: KeyRegistryErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
