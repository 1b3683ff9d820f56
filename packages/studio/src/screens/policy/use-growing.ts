/** A long list that is shown piece by piece, so that the page answers meanwhile. */
import { useEffect, useState } from "react";

/** So many come with each piece. */
const piece = 25;

/**
 * How many of `all` are to be shown by now: at first `first`, then more with every turn until all are. What comes later, when
 * all are shown, is shown at once. `key`: another list begins anew. `least`: so many are wanted in any case.
 */
export function useGrowing(key: string, all: number, first: number, least: number): number {
  const [grown, setGrown] = useState({ key, count: first });
  const count = Math.max(grown.key === key ? grown.count : first, least);
  const isWhole = count >= all;
  useEffect(() => {
    if (all === 0 || count === Infinity) return undefined;
    const timer = setTimeout(() => setGrown({ key, count: isWhole ? Infinity : count + piece }));
    return () => clearTimeout(timer);
  }, [key, all, count, isWhole]);
  return count;
}
