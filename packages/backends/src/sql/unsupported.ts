/** Thrown when a rule says what SQL can't say. Nothing is ever left out or approximated instead. */
export class UnsupportedInSql extends Error {
  readonly code = "sql/unsupported";
  /** What can't be said. */
  readonly what: string;
  /** The rule that says it, with its place; null where it is not one rule's. */
  readonly rule: string | null;

  constructor(what: string, rule: string | null = null) {
    super(`${rule === null ? "" : `${rule}: `}cannot be expressed exactly in SQL: ${what}`);
    this.name = "UnsupportedInSql";
    this.what = what;
    this.rule = rule;
  }
}

/** Runs a part of the compilation that belongs to one rule, so that the error names the rule. */
export function inRule<T>(rule: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof UnsupportedInSql && error.rule === null)
      throw new UnsupportedInSql(error.what, rule);
    throw error;
  }
}
