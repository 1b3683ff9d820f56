/**
 * Why a bundle, a signed document or a repository is refused. Inside, a refusal is thrown; whoever opens something catches
 * it and returns it as a value.
 */
export type BundleErrorCode =
  | "bundle/missing-file"
  | "bundle/extra-file"
  | "bundle/duplicate-file"
  | "bundle/case-twin"
  | "bundle/bad-path"
  | "bundle/link"
  | "bundle/not-a-file"
  | "bundle/too-many-files"
  | "bundle/too-large"
  | "bundle/too-deep"
  | "bundle/bad-archive"
  | "bundle/compressed"
  | "bundle/bad-manifest"
  | "bundle/unknown-format"
  | "bundle/digest-mismatch"
  | "bundle/wrong-tenant"
  | "bundle/wrong-model"
  | "bundle/wrong-platform"
  | "bundle/wrong-claims"
  | "bundle/bad-program"
  | "bundle/unsigned"
  | "bundle/not-yet-valid"
  | "bundle/expired"
  | "bundle/stale"
  | "bundle/lower-revision";

export type TrustErrorCode =
  | "trust/missing-document"
  | "trust/too-large"
  | "trust/too-deep"
  | "trust/bad-document"
  | "trust/unknown-format"
  | "trust/wrong-kind"
  | "trust/bad-header"
  | "trust/bad-algorithm"
  | "trust/unknown-critical"
  | "trust/unknown-key"
  | "trust/wrong-role"
  | "trust/foreign-path"
  | "trust/duplicate-signature"
  | "trust/bad-signature"
  | "trust/threshold"
  | "trust/rotation"
  | "trust/lower-version"
  | "trust/same-version"
  | "trust/mixed-snapshot"
  | "trust/not-yet-valid"
  | "trust/expired";

export interface BundleError {
  /** Stable. */
  readonly code: BundleErrorCode | TrustErrorCode;
  readonly message: string;
}

/** Thrown inside, caught at the way in: it never leaves this package. */
export class BundleRefusal extends Error {
  override readonly name = "BundleRefusal";
  readonly code: BundleError["code"];

  constructor(code: BundleError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

export function refuse(code: BundleError["code"], message: string): never {
  throw new BundleRefusal(code, message);
}

/** A value of a document as a message shows it: one line, and not more than fits there. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** What `run` returns, or why it refused. Any other error is a bug and stays one. */
export async function refusedOr<T extends object>(
  run: () => Promise<T>,
): Promise<T | { readonly error: BundleError }> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof BundleRefusal)) throw error;
    return { error: { code: error.code, message: error.message } };
  }
}
