/** A value of a setting or a pack's parameter as a slot has it. */
import { unquote, type Term } from "@wardline/compiler";
import type { Picker } from "../card.ts";
import { Unshown } from "../text/draft.ts";

export function termValue(term: Term, picker: Picker): string {
  switch (term.kind) {
    case "call":
      if (term.args.length > 0) throw new Unshown("A value has arguments, which cards do not show.");
      return term.name.text;
    case "keyword":
      return term.word;
    case "class":
      return `#${term.name.text}`;
    case "literal":
      return term.type === "string" && picker.kind === "text" ? unquote(term.text) : term.text;
  }
}
