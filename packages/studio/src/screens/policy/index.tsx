/** The screen *Policy*: rules as cards that read as sentences, beside their text. */
import type { Card } from "@wardline/language-server";
import { lazy, memo, Suspense, useMemo, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { PlusIcon, TextIcon } from "../../controls/icons.tsx";
import { chosenOf, keepChoice } from "../../session/preferences.ts";
import { useStudio } from "../../session/use-studio.ts";
import { CardListContext, type CardList } from "./card-list-context.ts";
import { cardAt } from "./card-keys.ts";
import { CardPlace, type CardActions } from "./card-place.tsx";
import type { ShownCard } from "./keep-cards.ts";
import { NewCards } from "./new-cards.tsx";
import { Problems } from "./problems.tsx";
import { Refused } from "./refused.tsx";
import { ToMend } from "./to-mend.tsx";
import { useCardFocus, type CardFocus } from "./use-card-focus.ts";
import { useCards, type Cards, type CardsNow } from "./use-cards.ts";
import { useGrowing } from "./use-growing.ts";
import { useSelection, type Selection } from "./use-selection.ts";
import "./policy.css";

const TextPanel = lazy(async () => ({ default: (await import("../../editor/text-panel.tsx")).TextPanel }));

export function Screen() {
  const { tier, file, fileKind, project } = useStudio();
  const cards = useCards();
  const [textOpen, setTextOpen] = useTextOpen(tier);
  const selection = useSelection(file, cards.now);
  const isKept = project.files.some((one) => one.name === file && one.readOnly !== null);
  const readOnly = isKept || (tier === "basic" && fileKind.kind !== "policy");
  const focus = useCardFocus(cards.now, (place) => {
    const card = cards.now?.cards.cards[place];
    if (card !== undefined) selection.selectCard(card);
  });
  const list = useCardListOf(cards, focus.follow, readOnly);
  const shown = cards.now?.shown ?? noCards;
  const selected =
    selection.offset === null || cards.now === null ? -1 : cardAt(cards.now.cards.cards, selection.offset);
  const isMany = shown.length > fewCards;
  const count = useGrowing(file, shown.length, fewCards, selected + 1);
  const actions = useCardActions(cards.now, selection, setTextOpen);
  return (
    <section className="screen policy" aria-labelledby="screen-title" data-text={textOpen}>
      <div className="policy-head">
        <div>
          <h1 id="screen-title">{titleOf(fileKind, file)}</h1>
          <p className="policy-hint">{hintOf(fileKind.kind, readOnly, isKept)}</p>
        </div>
        <div className="policy-buttons">
          <ToMend />
          {!readOnly && shown.length > 0 && (
            <Button className="button" onPress={goToNewCards}>
              <PlusIcon />
              Add a rule
            </Button>
          )}
          <Button className="button" aria-expanded={textOpen} onPress={() => setTextOpen(!textOpen)}>
            <TextIcon />
            {textOpen ? "Hide the text" : "Show the text"}
          </Button>
        </div>
      </div>
      <div className="policy-columns">
        <CardListContext value={list}>
          <div className="card-column">
            <Refused why={cards.problem} />
            {cards.now === null && cards.problem === null && <p className="loading">Reading the policy …</p>}
            {cards.now !== null && shown.length === 0 && <EmptyPolicy readOnly={readOnly} />}
            <ol className="cards" aria-label="Cards" data-many={isMany} key={file} ref={focus.list}>
              <CardPlaces {...{ shown, count, isMany, selected, actions }} byText={selection.by === "text"} />
            </ol>
            {!readOnly && cards.now !== null && (
              <NewCards newCards={cards.now.cards.newCards} after={shown.at(-1)?.id ?? null} />
            )}
            <Problems />
          </div>
        </CardListContext>
        {textOpen && (
          <div className="text-column">
            <Suspense fallback={<p className="loading">Loading the text editor …</p>}>
              <TextPanel selection={selection} readOnly={readOnly} />
            </Suspense>
          </div>
        )}
      </div>
    </section>
  );
}

interface CardPlacesProps {
  readonly shown: readonly ShownCard[];
  /** So many of them; infinite once all have been shown. */
  readonly count: number;
  readonly isMany: boolean;
  readonly selected: number;
  /** What is selected was chosen by the caret of the text. */
  readonly byText: boolean;
  readonly actions: CardActions;
}

const CardPlaces = memo(function CardPlaces(props: CardPlacesProps) {
  const { shown, count, isMany, selected, byText, actions } = props;
  return shown
    .slice(0, count)
    .map((card, place) => (
      <CardPlace
        key={card.id}
        card={card}
        atOnce={!isMany || place < firstCards || count === Infinity}
        selected={place === selected}
        reveal={place === selected && byText}
        position={place + 1}
        count={shown.length}
        actions={actions}
      />
    ));
});

/** So many cards all have their controls at once. Of more the first few have, and the others when they come near. */
const fewCards = 40;
const firstCards = 12;

const noCards: readonly ShownCard[] = [];

/** The same object as long as nothing but the cards changes, so that no card is shown anew for another's sake. */
function useCardListOf(
  { now, edit, isCurrent, findingsOf }: Cards,
  follow: CardFocus["follow"],
  readOnly: boolean,
): CardList {
  const lists = useRef<CardList["lists"]>({});
  lists.current = now?.cards.lists ?? {};
  return useMemo(
    () => ({
      get lists() {
        return lists.current;
      },
      edit: async (change, label) => {
        const done = follow(change);
        const problem = await edit(change, label);
        if (problem === null) done();
        return problem;
      },
      isCurrent,
      findingsOf,
      readOnly,
    }),
    [edit, follow, isCurrent, findingsOf, readOnly],
  );
}

/** What cards do as a whole, with the cards of now. */
function useCardActions(
  now: CardsNow | null,
  selection: Selection,
  setTextOpen: (open: boolean) => void,
): CardActions {
  const latest = useRef({ now, selection, setTextOpen });
  latest.current = { now, selection, setTextOpen };
  return useMemo(() => {
    const placeOf = (key: string) => latest.current.now?.shown.findIndex(({ id }) => id === key) ?? -1;
    const withCard = (key: string, does: (card: Card) => void) => {
      const card = latest.current.now?.cards.cards[placeOf(key)];
      if (card !== undefined) does(card);
    };
    return {
      select: (key) => withCard(key, (card) => latest.current.selection.selectCard(card)),
      showText: (key) =>
        withCard(key, (card) => {
          latest.current.setTextOpen(true);
          latest.current.selection.showCard(card);
        }),
    };
  }, []);
}

/** What can be added stands below the cards, which may be many. */
function goToNewCards(): void {
  const first = document.querySelector<HTMLElement>(".new-cards button");
  first?.focus({ preventScroll: true });
  first?.scrollIntoView({ block: "center" });
}

/** The text is open in the advanced tier and folded away in the basic one, unless it was chosen otherwise. */
function useTextOpen(tier: "basic" | "advanced"): [boolean, (open: boolean) => void] {
  const choices = tier === "advanced" ? (["open", "folded"] as const) : (["folded", "open"] as const);
  const [, changed] = useState(0);
  const open = chosenOf(`text.${tier}`, choices) === "open";
  return [
    open,
    (next) => {
      keepChoice(`text.${tier}`, next ? "open" : "folded");
      changed((count) => count + 1);
    },
  ];
}

function EmptyPolicy({ readOnly }: { readonly readOnly: boolean }) {
  return (
    <div className="empty-policy">
      <p>
        {readOnly
          ? "There is nothing in this file yet."
          : "Nobody may do anything yet, beyond what the platform gives everyone. Begin by letting somebody do something."}
      </p>
    </div>
  );
}

function titleOf(kind: ReturnType<typeof useStudio>["fileKind"], file: string): string {
  switch (kind.kind) {
    case "policy":
      return `Policy of ${kind.tenant}`;
    case "model":
      return "The model";
    case "platform":
    case "pack":
    case "unknown":
      return file.split("/").at(-1) ?? file;
  }
}

function hintOf(
  kind: ReturnType<typeof useStudio>["fileKind"]["kind"],
  readOnly: boolean,
  isKept: boolean,
): string {
  if (isKept) return "You can read this here, and not change it.";
  if (readOnly) return "You can read this here. Switch to Advanced to change it.";
  switch (kind) {
    case "policy":
      return "Each card is a rule. Choose a bold word to change it; point at a card to add to it.";
    case "model":
      return "What there is: types, fields, roles, actions.";
    case "platform":
      return "What holds for every tenant.";
    case "pack":
      return "Rules that policies can use, with parameters.";
    case "unknown":
      return "This file says by its first line what it is.";
  }
}
