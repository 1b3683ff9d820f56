/** Remembers what was made for a pattern of answers. It forgets all when there is too much: answers are anybody's to vary. */

/** 0: no · 1: yes · 2: open. */
export type Answer = 0 | 1 | 2;

export interface PatternTree<T> {
  /** What was made for the pattern, or is made now. All patterns have one length. */
  get(pattern: Uint8Array, make: () => T): T;
}

const mostRemembered = 512;

type Branch<T> = (Branch<T> | T | undefined)[];

export function createPatternTree<T extends object>(length: number): PatternTree<T> {
  let root: Branch<T> = [];
  let only: T | undefined;
  let count = 0;
  return {
    get(pattern, make) {
      if (length === 0) return (only ??= make());
      let at = root;
      for (let i = 0; i < length - 1; i += 1) {
        const answer = pattern[i] as Answer;
        at = (at[answer] ??= []) as Branch<T>;
      }
      const last = pattern[length - 1] as Answer;
      const found = at[last] as T | undefined;
      if (found !== undefined) return found;
      const made = make();
      if (count === mostRemembered) {
        root = [];
        count = 0;
        return made;
      }
      count += 1;
      at[last] = made;
      return made;
    },
  };
}
