/** What is chosen, of the cards and of the text alike: a place in the text. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Card } from "@wardline/language-server";
import { useObserved, useStudio } from "../../session/use-studio.ts";
import { moved } from "../../store/replacement.ts";
import type { CardsNow } from "./use-cards.ts";

export interface ShownSpan {
  readonly start: number;
  readonly end: number;
  /** The text editor takes the focus. */
  readonly focus: boolean;
}

export interface Selection {
  /** A place in the chosen file; null while nothing is chosen. */
  readonly offset: number | null;
  readonly by: "cards" | "text" | null;
  /** What the text shows as chosen. */
  readonly shown: ShownSpan | null;
  readonly selectCard: (card: Card) => void;
  readonly showCard: (card: Card) => void;
  /** The caret of the text stands here. */
  readonly selectText: (offset: number) => void;
}

interface Chosen {
  readonly file: string;
  readonly offset: number;
  readonly by: "cards" | "text";
  readonly shown: ShownSpan | null;
}

export function useSelection(file: string, now: CardsNow | null): Selection {
  const { session, store } = useStudio();
  const asked = useObserved(session.shown);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const place = useRef<string>(file);
  place.current = file;
  useEffect(() => {
    if (asked === null || asked.file !== file || now === null) return;
    session.shown.set(null);
    const { start, end } = asked;
    setChosen({ file, offset: start, by: "text", shown: { start, end, focus: true } });
  }, [asked, file, now, session]);
  const cardChosen = useCallback(
    ({ statement: { start, end } }: Card, focus: boolean) =>
      setChosen((before) => {
        const same = before?.file === file && before.offset === start && before.by === "cards" && !focus;
        return same ? before : { file, offset: start, by: "cards", shown: { start, end, focus } };
      }),
    [file],
  );
  useEffect(
    () =>
      store.subscribe(({ steps }) =>
        setChosen((before) => {
          if (before === null || !steps.some((step) => step.file === before.file)) return before;
          const to = (at: number) => moved(before.file, at, steps);
          const { shown } = before;
          return {
            ...before,
            offset: to(before.offset),
            shown: shown === null ? null : { start: to(shown.start), end: to(shown.end), focus: false },
          };
        }),
      ),
    [store],
  );
  const here = chosen?.file === file ? chosen : null;
  return useMemo(
    () => ({
      offset: here?.offset ?? null,
      by: here?.by ?? null,
      shown: here?.shown ?? null,
      selectCard: (card) => cardChosen(card, false),
      showCard: (card) => cardChosen(card, true),
      selectText: (offset) => setChosen({ file: place.current, offset, by: "text", shown: null }),
    }),
    [here, cardChosen],
  );
}
