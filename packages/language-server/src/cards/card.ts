/**
 * The visual form of a policy, as plain data: a card for each statement, a sentence on each card, slots in the sentence,
 * a picker for each slot. `cardsOf` makes it, a screen draws it, `editCard` answers an edit of it.
 */
import type { Finding, Span, TextEdit } from "@wardline/core";

/** What a statement is. `model` is any statement of a model; `damaged` is text that is no statement. */
export type CardKind =
  | "permit"
  | "forbid"
  | "require"
  | "ceiling"
  | "floor"
  | "share"
  | "assert"
  | "role"
  | "let"
  | "settings"
  | "use"
  | "parameter"
  | "test"
  | "model"
  | "damaged";

/** A file as cards. */
export interface CardFile {
  readonly file: string;
  /** What the file is loaded as. */
  readonly kind: "model" | "platform" | "pack" | "policy";
  /** One for each statement, in the order of the text. */
  readonly cards: readonly Card[];
  /**
   * Options by the name of their list: pickers, additions and new cards name a list, since many have the same one. A slot
   * may hold a value that is not in its list.
   */
  readonly lists: Readonly<Record<string, readonly Option[]>>;
  /** What cards can be put into the file, for an edit `addCard`. Empty where nothing can be added. */
  readonly newCards: readonly NewCard[];
}

export interface Card {
  /** Names the card in edits. It holds for one text only: an edit may renumber the cards that follow. */
  readonly id: string;
  readonly kind: CardKind;
  /** The rule's name, the pack's, the test's title; null where a statement has none. */
  readonly name: string | null;
  /** For a heading: `Permit`, `Settings`, `Pack`. */
  readonly heading: string;
  /** The sentence without slots, for a screen reader, a search, and the list of cards. */
  readonly summary: string;
  /** What belongs to the card: the comments directly above it, the statement, a comment behind it on its last line. */
  readonly span: Span;
  /** The statement alone, from its first annotation or keyword to its last token. */
  readonly statement: Span;
  /** The text at `span`, as written. */
  readonly text: string;
  /** The text of the `///` lines above the statement; null without. An edit `document` sets it. */
  readonly documentation: string | null;
  /** Not null: the card shows its text and can be moved, removed and documented, or not even that; see {@link Locked}. */
  readonly locked: Locked | null;
  /** The comments (`//`) of the card, without slashes; documentation is not among them. */
  readonly comments: readonly string[];
  /** The sentence, a part a line; of a locked card empty. The first is the head, if there is one. */
  readonly parts: readonly Part[];
  /** What can be added to the card, for an edit `add`. */
  readonly additions: readonly Addition[];
  /** What the checker says of this statement. */
  readonly findings: readonly Finding[];
  readonly can: CardAbilities;
}

export interface Locked {
  /** A sentence for people: why this card cannot be edited by picking. */
  readonly reason: string;
}

/** Which edits of the whole card are answered; the others are refused with a reason. */
export interface CardAbilities {
  readonly remove: boolean;
  readonly moveUp: boolean;
  readonly moveDown: boolean;
  readonly rename: boolean;
  readonly document: boolean;
  readonly copy: boolean;
}

/** A line of a card. */
export interface Part {
  /** Names the part in edits `remove`, `negate`, `group`. */
  readonly id: string;
  readonly kind: "head" | "condition" | "group" | "obligation" | "because" | "trusting" | "entry" | "step";
  /** 0; one more than the part before it that it belongs to: a group, an entry, a block. */
  readonly depth: number;
  readonly segments: readonly Segment[];
  readonly canRemove: boolean;
  /** A condition that can be turned into its opposite. */
  readonly canNegate: boolean;
  /** Of a group: whether all or any of its conditions must hold. */
  readonly group: "all" | "any" | null;
}

export type Segment = { readonly kind: "words"; readonly text: string } | Slot;

/** A word of the sentence that can be picked. */
export interface Slot {
  readonly kind: "slot";
  /** Names the slot in an edit `set`. It is one of a kind in its card. */
  readonly id: string;
  /** What it asks, for a screen reader: `Who`, `How many`. */
  readonly label: string;
  /** What the sentence shows. */
  readonly shown: string;
  readonly picker: Picker;
  /** The value of now, as an edit `set` would give it. Setting it again changes nothing. */
  readonly value: SlotValue;
}

/**
 * A value of a slot. A picker that lets several be chosen takes a list, every other one a text: the id of an option, or
 * what was typed, without quotes.
 */
export type SlotValue = string | readonly string[];

/** What can be chosen. */
export interface Option {
  /** The value to send. */
  readonly id: string;
  readonly label: string;
  /** What it is, in a sentence or two; from the model's documentation where it has some. */
  readonly documentation: string | null;
  /** The heading under which it stands in a list, such as `The request`; null without. */
  readonly section: string | null;
}

/** A key of {@link CardFile.lists}. */
export type ListName = string;

/** How a value is picked. */
export type Picker =
  /** One of several. */
  | { readonly kind: "one"; readonly options: ListName }
  /** Some of several, at least `least`. `all`: an option that stands for everything, and alone. */
  | {
      readonly kind: "many";
      readonly options: ListName;
      readonly least: number;
      readonly all: Option | null;
    }
  /** Whom a rule is about. The value is names, or `anyone` and after it the names of those who are excepted. */
  | {
      readonly kind: "who";
      readonly options: ListName;
      /** Who can be excepted. */
      readonly except: ListName;
    }
  /** Words for people. `least`: the fewest characters. */
  | { readonly kind: "text"; readonly lines: "one" | "many"; readonly least: number }
  /** A name of the language: small letters, digits and `_`. */
  | { readonly kind: "name" }
  /** A number within bounds, both of which it may be; null: none. `decimals`: digits after the point at the most. */
  | {
      readonly kind: "number";
      readonly min: string | null;
      readonly max: string | null;
      readonly decimals: number;
    }
  /** A length of time such as `15m`: a whole number and one of the units, at most `most`. */
  | { readonly kind: "duration"; readonly units: ListName; readonly most: string | null }
  /** `22:00` */
  | { readonly kind: "time" }
  /** `22:00..06:00`, without its end, and around midnight where it ends before it begins. */
  | { readonly kind: "time_range" }
  /** `2026-01-05` */
  | { readonly kind: "date" }
  /** `2026-01-05T09:00:00Z` */
  | { readonly kind: "instant" }
  /** `10.20.0.0/16`, or an address by itself. `networks: false`: an address alone. */
  | { readonly kind: "address"; readonly networks: boolean }
  | { readonly kind: "uuid" }
  /** The id of a row or a principal of this type. */
  | { readonly kind: "entity"; readonly entity: string }
  /**
   * One of several, or another of a type by an id. The value is the id of an option, or `=` and an id, as in `=main`. What is
   * described on the spot has `*`, which is not offered.
   */
  | { readonly kind: "reference"; readonly entity: string; readonly options: ListName }
  /** Several values of one picker, at least `least`. The value is a list. */
  | { readonly kind: "list"; readonly of: Picker; readonly least: number };

/** Something that can be put into a card. What is added is complete and valid; its slots are then set. */
export interface Addition {
  /** For an edit `add`. */
  readonly id: string;
  readonly label: string;
  /** What kind of part comes of it. */
  readonly adds: Part["kind"];
  /** The list of what one must be chosen, for `choice`: the fact of a condition, the obligation. Null: nothing to choose. */
  readonly choices: ListName | null;
  /** The part that it is put to, and stands beside; null: the card. */
  readonly part: string | null;
}

/** A card that can be put into a file. */
export interface NewCard {
  /** For an edit `addCard`. */
  readonly id: string;
  readonly kind: CardKind;
  readonly label: string;
  readonly documentation: string;
  /** The list of what one must be chosen: the pack of a `use`. Null: nothing to choose. */
  readonly choices: ListName | null;
}

/** An edit of the visual form. `card` is the id of a card of the text that the edit was made on. */
export type CardEdit =
  /** Gives a slot another value. */
  | { readonly kind: "set"; readonly card: string; readonly slot: string; readonly value: SlotValue }
  /** Adds what an {@link Addition} names. */
  | {
      readonly kind: "add";
      readonly card: string;
      readonly addition: string;
      readonly choice: string | null;
    }
  /** Removes a part of the sentence. */
  | { readonly kind: "remove"; readonly card: string; readonly part: string }
  /** Turns a condition into its opposite. */
  | { readonly kind: "negate"; readonly card: string; readonly part: string }
  /** Says whether all or any of a group's conditions must hold. */
  | { readonly kind: "group"; readonly card: string; readonly part: string; readonly of: "all" | "any" }
  /** Puts what a {@link NewCard} names after a card; null: before the first. `name` is a proposal. */
  | {
      readonly kind: "addCard";
      readonly after: string | null;
      readonly card: string;
      readonly choice: string | null;
      readonly name: string | null;
    }
  /** Puts a statement that was written elsewhere, such as a test that was tried, after a card. */
  | { readonly kind: "addText"; readonly after: string | null; readonly text: string }
  /** Puts the same statement with its documentation below it, under a name of its own. */
  | { readonly kind: "copyCard"; readonly card: string }
  /** Removes a statement with the comments directly above it. */
  | { readonly kind: "removeCard"; readonly card: string }
  /** Changes places with the card before or after it; comments go along. */
  | { readonly kind: "moveCard"; readonly card: string; readonly to: "up" | "down" }
  /** Gives a rule, role or let another name, wherever it stands. */
  | { readonly kind: "rename"; readonly card: string; readonly name: string }
  /** Sets the documentation above a statement; an empty text takes it away. */
  | { readonly kind: "document"; readonly card: string; readonly text: string };

export type EditResult =
  /** In order and apart, all of the edit's file unless it renames. None: there was nothing to do. */
  | { readonly edits: readonly TextEdit[] }
  /** Why nothing was done and what to do instead, in a sentence for people. */
  | { readonly refused: string };
