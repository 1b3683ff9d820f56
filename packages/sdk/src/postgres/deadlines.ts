/**
 * When answers must have come, watched by one timer for all connections: a timer for each statement would cost more than what is
 * left of most statements. It runs only while something is waited for.
 */

/** Milliseconds between two looks; a deadline may be missed by as much. */
const interval = 50;

const waiting = new Map<object, { readonly at: number; readonly miss: () => void }>();
let timer: NodeJS.Timeout | null = null;

/** `miss` is called once, unless `meet` was called before. One deadline for each `who`. */
export function setDeadline(who: object, within: number, miss: () => void): void {
  waiting.set(who, { at: performance.now() + within, miss });
  timer ??= setInterval(look, interval);
}

export function meetDeadline(who: object): void {
  waiting.delete(who);
}

function look(): void {
  const now = performance.now();
  for (const [who, { at, miss }] of waiting)
    if (at <= now) {
      waiting.delete(who);
      miss();
    }
  if (waiting.size > 0 || timer === null) return;
  clearInterval(timer);
  timer = null;
}
