/** What the process says when it ends. The numbers are promised; never reuse one. */
export const exitCode = {
  fine: 0,
  /** Errors in the files that were checked. */
  findings: 1,
  /** Usage, configuration or input. */
  usage: 2,
  /** The decision is not permit (with `--exit-decision`). */
  denied: 5,
  /** A bug in Wardline. */
  bug: 70,
} as const;

/** Wrong usage, configuration or input: reported as one line with a cure, exit 2. */
export class UsageError extends Error {
  readonly help: string | undefined;
  constructor(message: string, help?: string) {
    super(message);
    this.name = "UsageError";
    this.help = help;
  }
}
