import type { BundleError } from "@wardline/backends";

/** Why a bundle, a folder of them, or a repository is not accepted. Stable. */
export type BundleRejectedCode =
  | BundleError["code"]
  | "bundle/no-folder"
  | "bundle/empty-folder"
  | "bundle/unreadable-file"
  | "bundle/unreachable"
  | "bundle/unwatched"
  | "bundle/no-memory"
  | "bundle/unknown-tenant"
  | "bundle/mixed-models";

/** A bundle was refused; nothing of it is used. */
export class BundleRejected extends Error {
  override readonly name = "BundleRejected";
  readonly code: BundleRejectedCode;

  constructor(code: BundleRejectedCode, message: string) {
    super(message);
    this.code = code;
  }
}

export function unknownTenant(): BundleRejected {
  return new BundleRejected("bundle/unknown-tenant", "there is no bundle for this tenant");
}

/** Handles that are in use know the model, and the tables were made for it and for what is sealed: another needs a new start. */
export function otherTables(): BundleRejected {
  return new BundleRejected(
    "bundle/mixed-models",
    "the new bundles are for another model, or seal other fields: change the tables and start again",
  );
}
