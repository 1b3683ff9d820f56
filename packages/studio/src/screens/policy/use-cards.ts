/** The cards of the chosen file, asked for again as its text changes, and edits of them. */
import type { Card, CardEdit } from "@wardline/language-server";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { cardsNow, editOf, type CardsNow } from "./keep-cards.ts";
import { useStudio } from "../../session/use-studio.ts";

export type { CardsNow } from "./keep-cards.ts";

/** Makes an edit of the cards that are shown. Null when it is done; a sentence for people where it is not. */
export type EditCards = (edit: CardEdit, label: string) => Promise<string | null>;

export interface Cards {
  /** Null until the first answer for a file. */
  readonly now: CardsNow | null;
  /** Why there are none: a sentence for people. */
  readonly problem: string | null;
  readonly edit: EditCards;
  /** Whether the cards that are shown are those of the text as it is now. */
  readonly isCurrent: () => boolean;
  /** The findings of a card, with their places in the text that the cards are of. */
  readonly findingsOf: (key: string) => Card["findings"];
}

/** While somebody types, cards follow a moment after the last letter, in milliseconds: after words to go on with, and findings. */
const typingPause = 30;

const changedMeanwhile = "The text has changed meanwhile. Look at the card again, then choose once more.";
const withoutChecks = "There are no cards without the checks. Go on with the text.";

export function useCards(): Cards {
  const { session, file, text, store, request, announce } = useStudio();
  const [now, setNow] = useState<CardsNow | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const latest = useRef(now);
  latest.current = now;
  const typed = useRef(false);
  useEffect(
    () =>
      store.subscribe(({ origin }) => {
        typed.current = origin === "text-editor";
      }),
    [store],
  );
  // One question at a time: what is typed meanwhile is asked for when the answer is there.
  const asking = useRef<Promise<void>>(Promise.resolve());
  useEffect(() => {
    let wanted = true;
    const ask = async (known: number | null) => {
      const answer = await request("wardline/cards", { file, ...(known === null ? {} : { known }) });
      if (!wanted) return;
      if ("refused" in answer) {
        setProblem(answer.refused);
        return;
      }
      const next = cardsNow(latest.current, answer, text);
      if (next === null) {
        await ask(null);
        return;
      }
      setProblem(null);
      latest.current = next;
      setNow(next);
    };
    const fail = (error: unknown) => {
      const words = session.language.failed.get() === null ? String(error) : withoutChecks;
      if (wanted) setProblem(words);
    };
    const begin = () => {
      asking.current = asking.current.then(async () => {
        if (wanted) await ask(latest.current?.file === file ? latest.current.made : null).catch(fail);
      });
    };
    const timer = setTimeout(begin, typed.current ? typingPause : 0);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [session, file, text, request]);
  const edit = useCallback<EditCards>(
    async (change, label) => {
      const before = latest.current?.text ?? "";
      const meant = latest.current === null ? null : editOf(latest.current, change);
      if (meant === null) return changedMeanwhile;
      const answer = await request("wardline/editCard", { file, text: before, edit: meant });
      if ("refused" in answer) return answer.refused;
      if (answer.edits.length === 0) return null;
      if (store.text(file) !== before || !store.edit({ label, edits: answer.edits }, "cards"))
        return changedMeanwhile;
      announce(`${label}: done`);
      return null;
    },
    [file, request, store, announce],
  );
  const isCurrent = useCallback(
    () => latest.current?.file === file && store.text(file) === latest.current.text,
    [file, store],
  );
  const findingsOf = useCallback((key: string) => {
    const { shown: all, cards } = latest.current ?? { shown: [], cards: null };
    return cards?.cards[all.findIndex(({ id }) => id === key)]?.findings ?? [];
  }, []);
  const shown = now?.file === file ? now : null;
  return useMemo(
    () => ({ now: shown, problem, edit, isCurrent, findingsOf }),
    [shown, problem, edit, isCurrent, findingsOf],
  );
}
