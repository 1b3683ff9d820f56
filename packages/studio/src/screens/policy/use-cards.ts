/** The cards of the chosen file, asked for again as its text changes, and edits of them. */
import type { CardEdit, CardFile } from "@wardline/language-server";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { keepCards } from "./keep-cards.ts";
import { useStudio } from "../../session/use-studio.ts";

export interface CardsNow {
  readonly file: string;
  /** The text that the cards are of. */
  readonly text: string;
  readonly cards: CardFile;
}

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
}

/** While somebody types, cards follow a moment after the last letter, in milliseconds. */
const typingPause = 120;

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
  useEffect(() => {
    let wanted = true;
    const ask = async () => {
      const answer = await request("wardline/cards", { file });
      if (!wanted) return;
      if ("refused" in answer) setProblem(answer.refused);
      else {
        setProblem(null);
        setNow((before) => ({ file, text, cards: keepCards(before?.cards ?? null, answer) }));
      }
    };
    const fail = (error: unknown) => {
      const words = session.language.failed.get() === null ? String(error) : withoutChecks;
      if (wanted) setProblem(words);
    };
    const timer = setTimeout(() => void ask().catch(fail), typed.current ? typingPause : 0);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [session, file, text, request]);
  const edit = useCallback<EditCards>(
    async (change, label) => {
      const before = latest.current?.text ?? "";
      const answer = await request("wardline/editCard", { file, text: before, edit: change });
      if ("refused" in answer) return answer.refused;
      if (answer.edits.length === 0) return null;
      if (store.text(file) !== before || !store.edit({ label, edits: answer.edits }, "cards"))
        return "The text has changed meanwhile. Look at the card again, then choose once more.";
      announce(`${label}: done`);
      return null;
    },
    [file, request, store, announce],
  );
  const isCurrent = useCallback(
    () => latest.current?.file === file && store.text(file) === latest.current.text,
    [file, store],
  );
  const shown = now?.file === file ? now : null;
  return useMemo(() => ({ now: shown, problem, edit, isCurrent }), [shown, problem, edit, isCurrent]);
}
