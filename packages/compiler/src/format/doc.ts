/**
 * What a text is made of before its lines are: atoms, and the places between them where a line may or must end. Each
 * part carries its measures, so that printing looks at no part twice.
 */

/** A comment on a line of its own. */
export interface Note {
  readonly text: string;
  readonly start: number;
  /** Whether a blank line stands before it. */
  readonly blank: boolean;
}

/** A comment after something on its line. */
export interface Trailing {
  readonly text: string;
  readonly start: number;
  /** Its line and column in the text as written, and the spaces before it. */
  readonly line: number;
  readonly column: number;
  readonly gap: number;
}

export interface Measures {
  /** Columns, if all of it stands on one line. */
  readonly width: number;
  /** Columns up to the first place where a line may end. */
  readonly lead: number;
  /** Whether a line may end in it, or must, between its first and its last atom. */
  readonly canBreak: boolean;
  readonly mustBreak: boolean;
  /** Whether it begins with a comment on a line of its own, or ends with a comment. */
  readonly below: boolean;
  readonly ended: boolean;
  /** Whether no atom and no comment is in it. */
  readonly empty: boolean;
}

/** A token with the comments that belong to it. */
export interface Atom extends Measures {
  readonly kind: "atom";
  readonly text: string;
  readonly start: number;
  readonly before: readonly Note[];
  readonly after: Trailing | null;
  /** Whether a blank line stands before it. */
  readonly blank: boolean;
}

/** Comments that stand before a closing bracket or at the end of a file. */
export interface Notes extends Measures {
  readonly kind: "notes";
  readonly notes: readonly Note[];
}

/** A space. A line ends here only where a comment makes it; what follows then stands indented. */
export interface Space extends Measures {
  readonly kind: "space";
}

/**
 * Where a line may end. `soft`: all of a group's or none; `fill`: if what follows does not fit; `hard`: always. `blank`
 * says which blank lines of the text are kept here: none, those after the first comment, all, or one in any case.
 */
export interface Line extends Measures {
  readonly kind: "line";
  readonly how: "soft" | "fill" | "hard";
  readonly flat: "" | " ";
  readonly blank: "none" | "later" | "all" | "one";
}

/** Parts after one another. A group is laid out on one line if it fits; its lines end together if not. */
export interface Sequence extends Measures {
  readonly kind: "sequence";
  readonly of: readonly Doc[];
  readonly group: boolean;
  readonly indented: boolean;
}

export type Doc = Atom | Notes | Space | Line | Sequence;

const blankMeasures = {
  width: 0,
  lead: 0,
  canBreak: true,
  mustBreak: false,
  below: false,
  ended: false,
  empty: true,
};

export function atom(token: Pick<Atom, "text" | "start" | "before" | "blank">, after: Atom["after"]): Atom {
  const { text, start, before, blank } = token;
  const below = before.length > 0;
  const ended = after !== null;
  return {
    kind: "atom",
    text,
    start,
    before,
    after,
    blank,
    width: text.length,
    lead: below ? 0 : text.length,
    canBreak: below || ended,
    mustBreak: false,
    below,
    ended,
    empty: false,
  };
}

export function notes(all: readonly Note[]): Notes {
  return {
    ...blankMeasures,
    kind: "notes",
    notes: all,
    mustBreak: all.length > 0,
    below: true,
    ended: true,
    empty: all.length === 0,
  };
}

const line = (how: Line["how"], flat: Line["flat"], blank: Line["blank"] = "none"): Line => ({
  ...blankMeasures,
  kind: "line",
  width: flat.length,
  mustBreak: how === "hard",
  how,
  flat,
  blank,
});

export const softLine = line("soft", " ");
/** Nothing, if the group stands on one line. */
export const softBreak = line("soft", "");
export const fillLine = line("fill", " ");
export const hardLine = (blank: Line["blank"]): Line => line("hard", "", blank);

function composite(of: readonly Doc[], group: boolean, indented: boolean): Sequence {
  let width = 0;
  let lead = 0;
  let canBreak = false;
  let mustBreak = false;
  let below = false;
  let ended = false;
  let empty = true;
  for (const doc of of) {
    if (!canBreak) lead += doc.canBreak ? doc.lead : doc.width;
    width += doc.width;
    canBreak ||= doc.canBreak;
    mustBreak ||= doc.mustBreak;
    if (doc.empty) continue;
    if (empty) below = doc.below;
    else mustBreak ||= doc.below || ended;
    ended = doc.ended;
    empty = false;
  }
  return {
    kind: "sequence",
    of,
    group,
    indented,
    width,
    lead,
    canBreak,
    mustBreak,
    below,
    ended,
    empty,
  };
}

export const sequence = (of: readonly Doc[]): Sequence => composite(of, false, false);
export const group = (of: readonly Doc[]): Sequence => composite(of, true, false);
export const indent = (of: readonly Doc[]): Sequence => composite(of, false, true);

export const gap: Space = { ...blankMeasures, kind: "space", width: 1, lead: 1, canBreak: false };
