/** Buttons that put another card into the file. Those that most people need say in plain words what they do. */
import { memo } from "react";
import type { CardKind, NewCard } from "@wardline/language-server";
import { useCardList } from "./card-list-context.ts";
import { AddButton } from "./add-button.tsx";

const plainWords: { readonly [Kind in CardKind]?: string } = {
  permit: "Let somebody do something",
  forbid: "Forbid something",
  require: "Ask for something first",
  role: "Add a role",
  settings: "Change settings",
  use: "Use a pack",
  let: "Name a condition",
  assert: "Say what must always hold",
  test: "Add a test",
};

export interface NewCardsProps {
  readonly newCards: readonly NewCard[];
  /** The card after which they come; null: at the beginning. */
  readonly after: string | null;
}

export const NewCards = memo(function NewCards({ newCards, after }: NewCardsProps) {
  const { edit } = useCardList();
  if (newCards.length === 0) return null;
  return (
    <section className="new-cards" aria-labelledby="new-cards">
      <h2 id="new-cards">Add to this policy</h2>
      <ul>
        {newCards.map(({ id, label, documentation, choices, kind }) => (
          <li key={id} className={`new-card kind-${kind}`}>
            <AddButton
              label={plainWords[kind] ?? label}
              choices={choices}
              className="button add-card"
              add={(choice) =>
                edit({ kind: "addCard", after, card: id, choice, name: null }, plainWords[kind] ?? label)
              }
            />
            <p className="new-card-hint">{documentation}</p>
          </li>
        ))}
      </ul>
    </section>
  );
});
