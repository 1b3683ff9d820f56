/** The place of a card in the list. One that is far from what is seen shows its words alone, and its controls when it comes near. */
import { memo, useEffect, useMemo, useRef, useState, type RefObject } from "react";
import { CardListContext, useCardList, type CardList } from "./card-list-context.ts";
import { CardView } from "./card-view.tsx";
import type { ShownCard } from "./keep-cards.ts";

/** Words alone: there is nothing to choose in a card that nobody sees. */
const wordsAlone: CardList = {
  lists: {},
  edit: () => Promise.resolve("This card is not in sight."),
  isCurrent: () => false,
  findingsOf: () => [],
  readOnly: true,
};

/** What is done with a card as a whole, by its id. */
export interface CardActions {
  readonly select: (card: string) => void;
  readonly showText: (card: string) => void;
}

export interface CardPlaceProps {
  readonly card: ShownCard;
  readonly selected: boolean;
  readonly reveal: boolean;
  /** With its controls from the beginning. */
  readonly atOnce: boolean;
  /** Which of how many it is, from 1. */
  readonly position: number;
  readonly count: number;
  readonly actions: CardActions;
}

export const CardPlace = memo(Place, (before, now) =>
  // What it has from the beginning does not change any more.
  (Object.keys(now) as (keyof CardPlaceProps)[]).every((key) => key === "atOnce" || before[key] === now[key]),
);

function Place({ card, selected, reveal, atOnce, position, count, actions }: CardPlaceProps) {
  const list = useCardList();
  const place = useRef<HTMLLIElement>(null);
  const near = useNear(place, atOnce);
  const { id } = card;
  const own = useMemo(
    () => ({
      select: () => actions.select(id),
      showText: () => actions.showText(id),
    }),
    [actions, id],
  );
  return (
    <li ref={place} aria-posinset={position} aria-setsize={count}>
      <CardListContext value={near ? list : wordsAlone}>
        <Whole card={card} selected={selected} reveal={reveal} {...own} />
      </CardListContext>
    </li>
  );
}

const Whole = memo(CardView);

/** Whether an element has come within a page's height of what is seen. Once near, always. */
function useNear(place: RefObject<HTMLLIElement | null>, atOnce: boolean): boolean {
  const [near, setNear] = useState(atOnce);
  useEffect(() => {
    const element = place.current;
    if (near || element === null) return;
    watched.set(element, () => setNear(true));
    observer.observe(element);
    return () => {
      watched.delete(element);
      observer.unobserve(element);
    };
  }, [near, place]);
  return near;
}

/** One for all places: an observer of its own for each takes as long as showing it. */
const observer = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) watched.get(target)?.();
  },
  { rootMargin: "100% 0px" },
);
const watched = new Map<Element, () => void>();
