/** What a diagnostic's page says beside the message: data for `docs/diagnostics/`, never read while compiling. */
import type { DiagnosticCode } from "../table.ts";

export interface DiagnosticPage {
  /** What is wrong, in one sentence. */
  readonly summary: string;
  /** Why it matters, in one or two sentences. */
  readonly why: string;
  /** Of a lint: why no edit mends it. Left out where one does. */
  readonly noFix?: string;
  /** Gives the code under each `⟪…⟫` and nowhere else. */
  readonly wrong: WrongExample;
  /** The same without the mistake: gives no finding but what `also` names. */
  readonly right: WrongExample;
}

/** The files that an example can say. Those that it does not say are the library's of `library.ts`. */
export type ExampleFile = "model" | "platform" | "policy" | "pack";

/** A text alone is statements of a tenant's policy. */
export type Example = string | ExampleSet;

export interface ExampleSet {
  /** Which file the text is; a tenant's policy if it is not said. */
  readonly file?: ExampleFile;
  /** With a header it is the whole file; without, statements that are added to the library's file. */
  readonly text: string;
  /** Set where the text is a whole file and has no header, or a damaged one. */
  readonly whole?: true;
  /** What the page shows in place of a text that is too long to be read. */
  readonly shown?: string;
  /** Other files of the set, whole. */
  readonly beside?: { readonly [File in ExampleFile]?: string };
}

export type WrongExample = string | WrongSet;

export interface WrongSet extends ExampleSet {
  /** Further findings that it gives, where it cannot be shown without. */
  readonly also?: readonly DiagnosticCode[];
}

/** The pages of some codes: one that is missing, or that has no entry in the table, does not compile. */
export type PagesOf<Entries> = { readonly [Code in keyof Entries]: DiagnosticPage };
