/** Thrown when a rule says what SQL can't say yet. Nothing is ever left out or approximated instead. */
export class UnsupportedInSql extends Error {
  readonly code = "sql/unsupported";

  constructor(what: string) {
    super(what);
    this.name = "UnsupportedInSql";
  }
}

/** Runs a part of the compilation that belongs to one rule, so that the error names the rule. */
export function inRule<T>(place: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof UnsupportedInSql) throw new UnsupportedInSql(`${place}: ${error.message}`);
    throw error;
  }
}
