/** What a person chose of the studio's looks, kept by the browser. */

export type Tier = "basic" | "advanced";
export type Theme = "system" | "light" | "dark";

export const tiers: readonly Tier[] = ["basic", "advanced"];
export const themes: readonly Theme[] = ["system", "light", "dark"];

const key = (name: string) => `wardline.studio.${name}`;

/** The first of `choices` where nothing was chosen, or where the browser keeps nothing. */
export function chosenOf<Choice extends string>(name: string, choices: readonly Choice[]): Choice {
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(key(name));
  } catch {
    // A browser that keeps nothing shows the studio as it comes.
  }
  return choices.find((choice) => choice === kept) ?? (choices[0] as Choice);
}

export function keepChoice(name: string, choice: string): void {
  try {
    localStorage.setItem(key(name), choice);
  } catch {
    // It holds until the page is closed.
  }
}

/** The style sheet goes by this attribute, and by what the system prefers where it is missing. */
export function showTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}
