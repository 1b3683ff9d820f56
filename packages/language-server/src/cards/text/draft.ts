/**
 * A card in the making: its sentence, and beside each slot and part what an edit of it does to the text. What is shown
 * and what can be done are said in one place, so that neither is forgotten.
 */
import type { Addition, ListName, Part, Picker, Segment, Slot, SlotValue } from "../card.ts";
import { refuse, type Change } from "./change.ts";

/** Beyond what a card shows: it is locked, for this reason. */
export class Unshown extends Error {}

/** A slot with what another value does. */
export interface NewSlot {
  readonly id: string;
  readonly label: string;
  readonly shown: string;
  readonly picker: Picker;
  readonly value: SlotValue;
  readonly start: number;
  readonly end: number;
  readonly set: (value: SlotValue) => Change;
}

export interface NewPart {
  readonly id: string;
  readonly kind: Part["kind"];
  readonly depth?: number;
  readonly group?: "all" | "any";
  readonly remove?: () => Change;
  readonly negate?: () => Change;
  readonly regroup?: (of: "all" | "any") => Change;
}

export class CardDraft {
  readonly file: string;
  readonly parts: Part[] = [];
  readonly additions: Addition[] = [];
  private readonly sets = new Map<string, { readonly slot: Slot; readonly set: NewSlot["set"] }>();
  private readonly adds = new Map<string, (choice: string | null) => Change>();
  private readonly handlers = new Map<string, NewPart>();

  constructor(file: string) {
    this.file = file;
  }

  slot({ id, label, shown, picker, value, set }: NewSlot): Slot {
    const slot: Slot = { kind: "slot", id, label, shown, picker, value };
    this.sets.set(id, { slot, set });
    return slot;
  }

  part(part: NewPart, segments: readonly (Segment | string)[]): void {
    this.handlers.set(part.id, part);
    this.parts.push({
      id: part.id,
      kind: part.kind,
      depth: part.depth ?? 0,
      segments: segments.flatMap((segment) =>
        typeof segment !== "string" ? [segment] : segment === "" ? [] : [{ kind: "words", text: segment }],
      ),
      canRemove: part.remove !== undefined,
      canNegate: part.negate !== undefined,
      group: part.group ?? null,
    });
  }

  addition(
    id: string,
    label: string,
    adds: Part["kind"],
    choices: ListName | null,
    add: (choice: string | null) => Change,
    part: string | null = null,
  ): void {
    this.additions.push({ id, label, adds, choices, part });
    this.adds.set(id, add);
  }

  set(slot: string, value: SlotValue, anew = false): Change {
    const found = this.sets.get(slot);
    if (found === undefined) return refuse(`There is no \`${slot}\` on this card.`);
    if (!anew && JSON.stringify(found.slot.value) === JSON.stringify(value)) return [];
    return found.set(value);
  }

  add(addition: string, choice: string | null): Change {
    const found = this.adds.get(addition);
    return found === undefined ? refuse("This cannot be added to this card.") : found(choice);
  }

  remove(part: string): Change {
    return (
      this.handlers.get(part)?.remove?.() ?? refuse("This part cannot be removed: the sentence needs it.")
    );
  }

  negate(part: string): Change {
    return this.handlers.get(part)?.negate?.() ?? refuse("Only a condition can be turned into its opposite.");
  }

  regroup(part: string, of: "all" | "any"): Change {
    const found = this.handlers.get(part);
    if (found?.regroup === undefined) return refuse("This is no group of conditions.");
    return found.group === of ? [] : found.regroup(of);
  }
}

/** The sentence of some parts, without slots. What stands two levels deep or deeper is held together by parentheses. */
export function sentenceOf(parts: readonly Part[]): string {
  let sentence = "";
  let open = 0;
  for (const part of parts) {
    const said = part.segments.map((s) => (s.kind === "words" ? s.text : s.shown)).join(" ");
    const wanted = Math.max(part.depth - 1, 0);
    const opens = wanted > open;
    sentence += ")".repeat(Math.max(open - wanted, 0));
    if (sentence !== "") sentence += opens ? " (".repeat(wanted - open) : between(sentence, part);
    open = wanted;
    sentence += said;
  }
  return (sentence + ")".repeat(open))
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ ([,.:;?)])/g, "$1")
    .trim();
}

/** What stands before a part in a sentence. */
function between(sentence: string, { kind, depth, id }: Part): string {
  if (/(?::|that)$/.test(sentence) || kind === "head" || kind === "trusting" || id === "must-0") return " ";
  return depth > 0 ? "; " : ", ";
}
