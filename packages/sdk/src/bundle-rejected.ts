/** Why a bundle, or a folder of them, is not accepted. Stable. Codes of a bundle's content come from the bundle's own check. */
export type BundleRejectedCode =
  | "bundle/unsigned"
  | "bundle/no-folder"
  | "bundle/empty-folder"
  | "bundle/unreadable-file"
  | "bundle/unknown-tenant"
  | "bundle/mixed-models"
  | (string & { readonly fromBundle?: never });

/** A bundle was refused; nothing of it is used. */
export class BundleRejected extends Error {
  override readonly name = "BundleRejected";
  readonly code: BundleRejectedCode;

  constructor(code: BundleRejectedCode, message: string) {
    super(message);
    this.code = code;
  }
}
