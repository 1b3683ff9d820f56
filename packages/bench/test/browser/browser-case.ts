/** What the test and its page in the browser tell each other. */

/** A module and what it is asked: bytes in base64. */
export interface BrowserCase {
  readonly module: string;
  readonly inputs: readonly string[];
}

/** By case and input: the decision and the permit, or what was thrown; then the decision on the object, if it is JSON. */
export interface BrowserAnswers {
  readonly browser: string;
  readonly answers: readonly (readonly (readonly unknown[])[])[];
}
