/** Where the atoms of a program stand in the texts that it was made of. Kept beside the program, never inside it. */

/**
 * One place that asks an atom, with the words that stand there, on one line. A negation is not part of them: of `a != b` they
 * are `a == b`, of `not x` they are `x`. Where words ask several atoms, they are those that ask this one.
 */
export interface AtomPlace {
  /** Index into `Program.rules`. */
  readonly rule: number;
  readonly file: string;
  /** Both count from 1; `column` counts code points. */
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

export interface SourceMap {
  /** By atom id, in the order of the rules; empty for an atom that no words ask, such as a rule's reach. */
  readonly atoms: readonly (readonly AtomPlace[])[];
}
