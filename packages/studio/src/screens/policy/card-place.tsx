/** The place of a card in the list. One that is far from what is seen shows its words alone, and its controls when it comes near. */
import { memo, useEffect, useMemo, useRef, useState } from "react";
import { CardListContext, useCardList, type CardList } from "./card-list-context.ts";
import { CardView, type CardViewProps } from "./card-view.tsx";

/** Words alone: there is nothing to choose in a card that nobody sees. */
const wordsAlone: CardList = {
  lists: {},
  edit: () => Promise.resolve("This card is not in sight."),
  isCurrent: () => false,
  readOnly: true,
};

export interface CardPlaceProps extends CardViewProps {
  /** With its controls from the beginning. */
  readonly atOnce: boolean;
}

export function CardPlace({ atOnce, ...props }: CardPlaceProps) {
  const list = useCardList();
  const [place, near] = useNear(atOnce);
  const latest = useRef(props);
  latest.current = props;
  const { card, selected, reveal } = props;
  // A card that is shown as words alone may be that of an earlier text: what is done with it is done with the one of now.
  const handlers = useMemo(
    () => ({
      select: () => latest.current.select(),
      showText: () => latest.current.showText(),
      removed: () => latest.current.removed(),
    }),
    [],
  );
  return (
    <li ref={place}>
      <CardListContext value={near ? list : wordsAlone}>
        {near ? (
          <Whole card={card} selected={selected} reveal={reveal} {...handlers} />
        ) : (
          <Words card={card} selected={selected} reveal={reveal} {...handlers} />
        )}
      </CardListContext>
    </li>
  );
}

const Whole = memo(CardView);

/** Shown again only where it reads otherwise. */
const Words = memo(
  CardView,
  (before, now) =>
    before.selected === now.selected && before.reveal === now.reveal && readsAs(before) === readsAs(now),
);

function readsAs({ card }: CardViewProps): string {
  const { kind, name, heading, summary, text, documentation, comments, locked, parts, findings } = card;
  const said = findings.map(({ code, severity, message, note, help }) => [
    code,
    severity,
    message,
    note,
    help,
  ]);
  const words = parts.map(({ depth, segments }) => [depth, segments.map(wordsOf)]);
  return JSON.stringify([kind, name, heading, summary, text, documentation, comments, locked, words, said]);
}

function wordsOf(segment: CardViewProps["card"]["parts"][number]["segments"][number]): string {
  return segment.kind === "words" ? segment.text : segment.shown;
}

/** Whether an element has come within a page's height of what is seen. Once near, always. */
function useNear(atOnce: boolean) {
  const place = useRef<HTMLLIElement>(null);
  const [near, setNear] = useState(atOnce);
  useEffect(() => {
    if (near || place.current === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setNear(true);
      },
      { rootMargin: "100% 0px" },
    );
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [near]);
  return [place, near] as const;
}
