/** A text that does not parse, and what is said of it. */
export interface Hint {
  readonly code?: string;
  /** `⟪…⟫` marks what is underlined. */
  readonly text: string;
  readonly help: string;
  /** The text after the fix; left out where there is no plain one. */
  readonly fixed?: string;
}
