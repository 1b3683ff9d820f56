/** What completion offers. Plain data: the server maps offsets and kinds to those of the protocol. */
import type { Place } from "./place.ts";

export type ItemKind =
  | "keyword"
  | "operator"
  | "role"
  | "principal"
  | "entity"
  | "type"
  | "action"
  | "group"
  | "class"
  | "field"
  | "fact"
  | "method"
  | "relation"
  | "let"
  | "parameter"
  | "enum"
  | "value"
  | "literal"
  | "obligation"
  | "mask"
  | "setting"
  | "pack"
  | "rule"
  | "binding"
  | "evidence"
  | "snippet";

/** Whose documentation is asked for when an item is looked at. */
export interface ItemData {
  readonly file: string;
  readonly kind: ItemKind;
  readonly name: string;
  /** The entity of a field, the enum of a value, `context` or `tenant` of a fact. */
  readonly owner?: string;
}

export interface Item {
  readonly label: string;
  readonly kind: ItemKind;
  /** The type, or what it is, in a few words. */
  readonly detail?: string;
  /** Orders the items: what is required next and of the right type first. */
  readonly sortText: string;
  readonly filterText?: string;
  /** Offsets of the text that `insert` replaces; within one line. */
  readonly start: number;
  readonly end: number;
  readonly insert: string;
  /** True if `insert` is a snippet, with `$1`, `${1:word}` and `$0`. */
  readonly isSnippet: boolean;
  readonly commit?: readonly string[];
  readonly data: ItemData;
}

/** An item before it has its place. Rank 0 stands first. */
export interface Offer {
  readonly label: string;
  readonly kind: ItemKind;
  readonly rank?: number;
  readonly detail?: string | undefined;
  readonly insert?: string;
  readonly snippet?: string;
  readonly filter?: string;
  readonly owner?: string | undefined;
  /** The name that is documented, if it is not the label. */
  readonly name?: string;
  readonly commit?: readonly string[];
}

export function itemsOf(place: Place, offers: readonly Offer[]): readonly Item[] {
  const first = new Map<string, Offer>();
  for (const offer of offers) {
    const key = `${offer.label} ${offer.snippet === undefined ? "" : "…"}`;
    const before = first.get(key);
    if (before === undefined || (offer.rank ?? 5) < (before.rank ?? 5)) first.set(key, offer);
  }
  return [...first.values()].map((offer, index) => ({
    label: offer.label,
    kind: offer.kind,
    ...(offer.detail === undefined ? {} : { detail: offer.detail }),
    sortText: `${offer.rank ?? 5}${String(index).padStart(4, "0")}`,
    ...(offer.filter === undefined ? {} : { filterText: offer.filter }),
    start: place.start,
    end: place.end,
    ...insertOf(place, offer),
    ...(offer.commit === undefined ? {} : { commit: offer.commit }),
    data: {
      file: place.file,
      kind: offer.kind,
      name: offer.name ?? offer.label,
      ...(offer.owner === undefined ? {} : { owner: offer.owner }),
    },
  }));
}

/** What is put in; the parentheses that stand there already are not put in again. */
function insertOf(
  { text, end }: Place,
  { label, insert, snippet }: Offer,
): Pick<Item, "insert" | "isSnippet"> {
  if (snippet === undefined) return { insert: insert ?? label, isSnippet: false };
  const isCalled = text.charAt(end) === "(" && snippet.startsWith(`${label}(`);
  return isCalled ? { insert: label, isSnippet: false } : { insert: snippet, isSnippet: true };
}

/** A text of a snippet that means itself. */
export const plainSnippet = (text: string): string => text.replaceAll(/[\\$}]/g, String.raw`\$&`);
