/** An error as Vault answers it: a status and its sentences. */
export class VaultError extends Error {
  readonly status: number;
  readonly errors: readonly string[];

  constructor(status: number, ...errors: readonly string[]) {
    super(errors.join("; "));
    this.status = status;
    this.errors = errors;
  }
}

export function badRequest(error: string): VaultError {
  return new VaultError(400, error);
}
