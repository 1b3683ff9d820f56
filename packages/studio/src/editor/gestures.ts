/** What a person does in one go, though the editor tells of it in several changes: one key, one choice, one word of an input method. */

export interface Gestures {
  /** What belongs together until the work at hand is done, or the composition has ended. */
  readonly current: () => object;
  readonly startComposition: () => void;
  readonly endComposition: () => void;
}

export function watchGestures(): Gestures {
  let gesture: object | null = null;
  let isComposing = false;
  const endSoon = () =>
    queueMicrotask(() => {
      if (!isComposing) gesture = null;
    });
  return {
    current: () => {
      if (gesture === null) {
        gesture = {};
        endSoon();
      }
      return gesture;
    },
    startComposition: () => {
      isComposing = true;
      gesture = {};
    },
    endComposition: () => {
      isComposing = false;
      endSoon();
    },
  };
}
