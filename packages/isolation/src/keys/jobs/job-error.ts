export type KeyJobErrorCode =
  /** Another process is at a job over the tenant's cells. */
  | "keys/job-busy"
  /** Another run has taken over the job; this one stops. */
  | "keys/job-taken"
  /** The tenant is being moved, or is not here: its rows are not changed. */
  | "keys/not-here"
  /** Another schema of the database has cells of the tenant that older keys seal. */
  | "keys/elsewhere"
  /** Nobody said which provider keeps the keys of tenants. */
  | "keys/no-provider";

/** A job over the cells of a tenant did not begin, or stopped. What it did before stands, and running it again goes on. */
export class KeyJobError extends Error {
  override readonly name = "KeyJobError";
  readonly code: KeyJobErrorCode;

  constructor(code: KeyJobErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
