/** A name of a test that is one of some. */
import type { Name } from "@wardline/compiler";
import type { ListName, Slot } from "../card.ts";
import { plain } from "../../plain-words.ts";
import { refuse } from "../text/change.ts";
import type { TestScope } from "./test-scope.ts";

export interface NameSlot {
  readonly id: string;
  readonly label: string;
  readonly name: Name;
  /** What the picker offers. */
  readonly options: ListName;
  /** What is taken. */
  readonly among: readonly { readonly name: string }[];
  /** Why another name is not: a sentence. */
  readonly refused: string;
}

export function nameSlot({ draft }: TestScope, { id, label, name, options, among, refused }: NameSlot): Slot {
  const { start, end } = name.span;
  return draft.slot({
    id,
    label,
    shown: plain(name.text),
    picker: { kind: "one", options },
    value: name.text,
    start,
    end,
    set: (chosen) => {
      const one = among.find((known) => known.name === chosen);
      return one === undefined ? refuse(refused) : [{ start, end, text: one.name }];
    },
  });
}
