/**
 * Where the focus is among the cards. What comes by an edit takes it; what goes away, be it by an edit, an undo or a fix,
 * leaves it to what stands in its place, never to the page.
 */
import type { CardEdit } from "@wardline/language-server";
import { useCallback, useEffect, useRef, type RefObject } from "react";
import { firstControl } from "./first-control.ts";
import type { CardsNow } from "./use-cards.ts";

export interface CardFocus {
  readonly list: RefObject<HTMLOListElement | null>;
  /** Called before an edit is made of the cards that are shown; what it gives is called when the edit is done. */
  readonly follow: (edit: CardEdit) => () => void;
}

/** Where the focus was last: in which card, in which of its lines, on what. */
interface Last {
  readonly element: HTMLElement;
  readonly card: number;
  readonly line: number;
}

/** What takes the focus when the next cards are shown. */
type Wanted =
  | { readonly kind: "card"; readonly place: number }
  | { readonly kind: "line"; readonly card: string; readonly before: readonly string[] };

export function useCardFocus(now: CardsNow | null, select: (place: number) => void): CardFocus {
  const list = useRef<HTMLOListElement>(null);
  const last = useRef<Last | null>(null);
  const wanted = useRef<Wanted | null>(null);
  const latest = useRef({ now, select });
  latest.current = { now, select };
  useEffect(() => {
    const onFocus = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement)) return;
      const here = placeOf(list.current, target);
      if (here !== null) last.current = here;
      // What opens above the page gives the focus back.
      else if (openedAround(target) === null) last.current = null;
    };
    document.addEventListener("focusin", onFocus);
    return () => document.removeEventListener("focusin", onFocus);
  }, []);
  useEffect(() => {
    const next = wanted.current;
    wanted.current = null;
    const opened = openedAround(document.activeElement);
    const settle = () => {
      // Who has opened something else meanwhile goes on there.
      const isElsewhere = ![null, opened].includes(openedAround(document.activeElement));
      if (next !== null && !isElsewhere) controlOf(list.current, next, now)?.focus();
      if (isLost() && last.current !== null) inPlaceOf(list.current, last.current)?.focus();
      const place = placeOf(list.current, document.activeElement)?.card;
      if (place !== undefined) latest.current.select(place);
    };
    if (isLost()) settle();
    // What closes at the same time has given the focus back by then, to what may not be there any more.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(settle);
    });
    return () => cancelAnimationFrame(frame);
  }, [now]);
  const follow = useCallback((edit: CardEdit) => {
    const shown = latest.current.now?.shown ?? [];
    const at = "card" in edit ? shown.findIndex(({ id }) => id === edit.card) : -1;
    const next = wantedAfter(edit, at, shown[at]?.parts.map(({ id }) => id) ?? []);
    return () => {
      wanted.current = next;
    };
  }, []);
  return { list, follow };
}

function wantedAfter(edit: CardEdit, at: number, before: readonly string[]): Wanted | null {
  switch (edit.kind) {
    case "addCard":
      return { kind: "card", place: -1 };
    case "copyCard":
      return { kind: "card", place: at + 1 };
    case "removeCard":
      return { kind: "card", place: Math.max(at, 0) };
    case "add":
      return { kind: "line", card: edit.card, before };
    case "addText":
    case "set":
    case "remove":
    case "negate":
    case "group":
    case "moveCard":
    case "rename":
    case "document":
      return null;
  }
}

function isLost(): boolean {
  const active = document.activeElement;
  return active === null || active === document.body || active.matches(":disabled");
}

/** What is open above the page and has this element. */
const openedAround = (element: Element | null) => element?.closest(".popover, .modal") ?? null;

function placeOf(list: HTMLElement | null, element: Element | null): Last | null {
  const item = element?.closest("[aria-posinset]");
  if (!(element instanceof HTMLElement) || item === null || item?.parentElement !== list || list === null)
    return null;
  const line = element.closest(".part");
  return {
    element,
    card: [...list.children].indexOf(item),
    line: line === null ? -1 : linesOf(item).indexOf(line),
  };
}

const linesOf = (item: Element): readonly Element[] => [...item.querySelectorAll(".part")];

const main = () => document.querySelector<HTMLElement>("#main");

function controlOf(list: HTMLElement | null, wanted: Wanted, now: CardsNow | null): HTMLElement | null {
  if (wanted.kind === "card") {
    const item = [...(list?.children ?? [])].at(wanted.place) ?? list?.lastElementChild;
    return firstControl(item) ?? main();
  }
  const at = now?.shown.findIndex(({ id }) => id === wanted.card) ?? -1;
  const ids = now?.shown[at]?.parts.map(({ id }) => id) ?? [];
  const line = ids.findIndex((id, index) => id !== wanted.before[index]);
  const item = list?.children.item(at);
  return line === -1 || item === null || item === undefined
    ? null
    : firstControl(linesOf(item)[line] ?? null);
}

/** What stands where the focus was: beside it, in its line, in its card, or in the card before. */
function inPlaceOf(list: HTMLElement | null, { element, card, line }: Last): HTMLElement | null {
  if (element.isConnected) {
    if (!element.matches(":disabled")) return element;
    const beside = element.parentElement?.querySelector<HTMLElement>("button:not(:disabled)");
    if (beside !== null && beside !== undefined) return beside;
  }
  const item = list?.children.item(Math.min(card, list.children.length - 1));
  if (item === null || item === undefined) return main();
  const lines = line === -1 ? [] : linesOf(item);
  return firstControl(lines[Math.min(line, lines.length - 1)]) ?? firstControl(item) ?? main();
}
