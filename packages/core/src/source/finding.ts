import type { Span } from "./span.ts";

export type Severity = "error" | "warning" | "info";

/** One replacement of text. Every fix, formatter change and visual edit is made of these. */
export interface TextEdit {
  readonly span: Span;
  readonly text: string;
}

export interface Label {
  readonly span: Span;
  readonly message?: string;
}

export interface Fix {
  readonly title: string;
  /** True if it settles what only the author can know; it is offered, and never carried out unasked. */
  readonly choice?: true;
  readonly edits: readonly TextEdit[];
}

/**
 * What a check found. `message` says what is wrong, `note` why it matters, `help` what to do.
 * The first label is the place; further labels show what it relates to.
 */
export interface Finding {
  /** `area/kebab-name`, stable. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly labels: readonly [Label, ...Label[]];
  readonly note?: string;
  readonly help?: string;
  readonly fixes: readonly Fix[];
}
