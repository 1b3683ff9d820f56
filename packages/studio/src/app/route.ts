/** The screens, by the hash of the address: `#/policy`. */

export const screens = ["policy", "try", "who-can", "review", "artefacts", "templates"] as const;
export type ScreenName = (typeof screens)[number];

/** The screen of a hash; the first for a hash that names none. */
export function screenOf(hash: string): ScreenName {
  return screens.find((name) => hash === `#/${name}` || hash.startsWith(`#/${name}?`)) ?? screens[0];
}

export function goTo(screen: ScreenName): void {
  location.hash = `#/${screen}`;
}

export function onHash(listener: () => void): () => void {
  addEventListener("hashchange", listener);
  return () => removeEventListener("hashchange", listener);
}
