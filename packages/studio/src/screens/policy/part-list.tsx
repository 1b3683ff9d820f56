/** The lines of a card as lists within lists: what belongs to a line stands below it, for eyes and for screen readers. */
import type { Part } from "@wardline/language-server";
import type { ShownCard } from "./keep-cards.ts";
import { PartView } from "./part-view.tsx";

export interface PartListProps {
  readonly card: ShownCard;
  /** In their order. The first is no deeper than any other. */
  readonly parts: readonly Part[];
}

export function PartList({ card, parts }: PartListProps) {
  return (
    <ul className="parts">
      {branches(parts).map(([part, ...below]) => (
        <PartView
          key={part.id}
          card={card.id}
          part={part}
          additions={card.additions.filter((addition) => addition.part === part.id)}
        >
          {below.length === 0 ? null : <PartList card={card} parts={below} />}
        </PartView>
      ))}
    </ul>
  );
}

/** Each line with those that belong to it: they follow it and are deeper. */
function branches(parts: readonly Part[]): readonly (readonly [Part, ...Part[]])[] {
  const [first] = parts;
  const found: [Part, ...Part[]][] = [];
  for (const part of parts) {
    const last = found.at(-1);
    if (last === undefined || part.depth <= (first?.depth ?? 0)) found.push([part]);
    else last.push(part);
  }
  return found;
}
