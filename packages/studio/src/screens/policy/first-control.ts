/** Where the focus goes in a card, or in a line of one, that came: to its first word, and only without one to a button. */
export function firstControl(place: Element | null | undefined): HTMLElement | null {
  const [word, button] = [".slot", "button:not(:disabled)"].map((of) =>
    place?.querySelector<HTMLElement>(of),
  );
  return word ?? button ?? null;
}
