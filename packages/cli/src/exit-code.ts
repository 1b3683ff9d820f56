/**
 * What the process says when it ends. The numbers are promised; never reuse one. Where several apply the order is
 * `bug`, `integrity`, `usage`, `findings`, `tests`, `gate`, `denied`.
 */
export const exitCode = {
  /** Nothing to report but warnings. */
  fine: 0,
  /** Errors in the files that were checked, or more warnings than allowed. */
  findings: 1,
  /** Usage, configuration or input. */
  usage: 2,
  /** A test failed, or too little is tested. */
  tests: 3,
  /** A change of access that the gate does not let through. */
  gate: 4,
  /** The decision is not permit (with `--exit-decision`). */
  denied: 5,
  /** A signature or digest is wrong. */
  integrity: 6,
  /** A bug in Wardline. */
  bug: 70,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** Wrong usage, configuration or input: reported as one line with a cure, exit 2. */
export class UsageError extends Error {
  readonly help: string | undefined;
  constructor(message: string, help?: string) {
    super(message);
    this.name = "UsageError";
    this.help = help;
  }
}
