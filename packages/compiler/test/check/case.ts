/** One finding that the checker must make: where, with what code, under exactly which text. */
export interface FindingCase {
  readonly code: string;
  /** The file in which the marked text stands; the other files are the library's. */
  readonly file: "model" | "platform" | "policy" | "pack";
  /** `⟪…⟫` marks what is underlined. In a model: lines added to the library's, or a whole one with a header. */
  readonly text: string;
  /** A part of the message. */
  readonly says?: string;
  readonly help?: string;
  /** What the marked text is after the fix. */
  readonly fix?: string;
  /** Texts of the other files, where the default will not do. */
  readonly model?: string;
  readonly platform?: string;
  readonly policy?: string;
  /** Packs at hand, whole. The first is called `pack.ward`, as is the marked text where it is a pack's. */
  readonly packs?: readonly string[];
}
