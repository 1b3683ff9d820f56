/** What was computed for a text, for as many texts as fit. Texts that come again stay; those that do not go first. */
const maxEntries = 2_000;

/** UTF-16 units of all texts together. */
const maxUnits = 8_000_000;

export interface BoundedCache<T> {
  get(text: string): T | undefined;
  set(text: string, value: T): void;
}

/** Two generations: the older one is dropped whole, and what is asked for from it moves to the younger. */
export function boundedCache<T>(entries = maxEntries, units = maxUnits): BoundedCache<T> {
  let young = new Map<string, T>();
  let old = new Map<string, T>();
  let size = 0;
  const set = (text: string, value: T): void => {
    if (text.length > units / 4) return;
    young.set(text, value);
    size += text.length;
    if (young.size <= entries / 2 && size <= units / 2) return;
    old = young;
    young = new Map();
    size = 0;
  };
  return {
    get(text) {
      const known = young.get(text);
      if (known !== undefined) return known;
      const older = old.get(text);
      if (older !== undefined) set(text, older);
      return older;
    },
    set,
  };
}
