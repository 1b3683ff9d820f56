/** Buttons that put another card into the file. */
import type { NewCard } from "@wardline/language-server";
import { useCardList } from "./card-list-context.ts";
import { AddButton } from "./add-button.tsx";

export interface NewCardsProps {
  readonly newCards: readonly NewCard[];
  /** The card after which they come; null: at the beginning. */
  readonly after: string | null;
}

export function NewCards({ newCards, after }: NewCardsProps) {
  const { edit } = useCardList();
  if (newCards.length === 0) return null;
  return (
    <section className="new-cards" aria-labelledby="new-cards">
      <h2 id="new-cards">Add to this policy</h2>
      <ul>
        {newCards.map(({ id, label, documentation, choices, kind }) => (
          <li key={id} className={`new-card kind-${kind}`}>
            <AddButton
              label={label}
              choices={choices}
              className="button add-card"
              add={(choice) => edit({ kind: "addCard", after, card: id, choice, name: null }, label)}
            />
            <p className="new-card-hint">{documentation}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
