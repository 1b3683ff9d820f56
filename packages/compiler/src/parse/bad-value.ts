/** Why a literal that has the form of a value is none. */
export interface BadValue {
  readonly what: string;
  readonly why: string;
  /** What to write, where that is known. */
  readonly help?: string;
  /** The value that is most likely meant. */
  readonly meant?: string;
}
