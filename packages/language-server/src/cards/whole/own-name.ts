/** The name of a statement as a word of its sentence: choosing another one renames it wherever it stands. */
import type { Name } from "@wardline/compiler";
import type { Slot } from "../card.ts";
import { nameText } from "../condition/value.ts";
import { plain } from "../../plain-words.ts";
import { refuse } from "../text/change.ts";
import type { CardDraft } from "../text/draft.ts";

/** An edit `set` of this slot is the edit `rename` of its card. */
export const ownName = "name";

export function ownNameSlot(draft: CardDraft, { text: name, span: { start, end } }: Name): Slot {
  return draft.slot({
    id: ownName,
    label: "Name",
    shown: plain(name),
    picker: { kind: "name" },
    value: name,
    start,
    end,
    set: (value) => {
      const text = typeof value === "string" ? nameText(value) : refuse("Give one name.");
      return typeof text === "string" ? [{ start, end, text }] : text;
    },
  });
}
