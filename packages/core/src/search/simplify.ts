/** Makes witnesses plain: facts that need not be what they are become ordinary ones, or what they were. */
import type { Fact } from "../evaluate/facts.ts";
import { changed, type Draft } from "./facts.ts";
import { mayBeAbsent } from "./pools.ts";
import { filler, type Walker } from "./walk.ts";

/** How many of a slot's values are tried where its most ordinary one is none. */
const maxTried = 6;

/**
 * The draft with as many ordinary facts as `holds` lets be: absence, the ordinary value, a value that some literal names,
 * sets without what they need not have. `holds` is true of the draft given, and of the one returned.
 */
export function simplify(walker: Walker, draft: Draft, holds: (draft: Draft) => boolean): Draft {
  const { space, pools, isFixed } = walker.board;
  let at = draft;
  const first = (slot: number, values: readonly Fact[]): void => {
    for (const value of values) {
      if (JSON.stringify(at.facts.get(slot)) === JSON.stringify(value)) return;
      const next = changed(walker.ties, at, [[slot, value]], (other) => filler(walker, other));
      if (!holds(next)) continue;
      at = next;
      return;
    }
  };
  for (const slot of space.slots) {
    if (isFixed(slot)) continue;
    const ordinary = slot === walker.principalTenant ? space.program.tenant : filler(walker, slot);
    const others = pools.get(slot)?.filter((value) => value !== undefined && !Array.isArray(value)) ?? [];
    first(slot, [...(mayBeAbsent(space, slot) ? [undefined] : []), ordinary, ...others.slice(0, maxTried)]);
    const set = at.facts.get(slot);
    if (!Array.isArray(set) || set.length < 2) continue;
    for (const item of set as readonly unknown[]) {
      const left = at.facts.get(slot) as readonly unknown[];
      first(slot, [left.filter((other) => other !== item) as unknown as Fact]);
    }
  }
  return at;
}

/**
 * The draft with as many facts of the original as `holds` lets be; sets keep of the original what they can. `holds` is true
 * of the draft given, and of the one returned.
 */
export function restore(
  walker: Walker,
  draft: Draft,
  original: Draft,
  holds: (draft: Draft) => boolean,
): Draft {
  let at = draft;
  for (const slot of walker.board.space.slots) {
    const before = original.facts.get(slot);
    for (const value of [before, ...between(before, at.facts.get(slot))]) {
      if (JSON.stringify(at.facts.get(slot)) === JSON.stringify(value)) break;
      const next = changed(walker.ties, at, [[slot, value]], (other) => filler(walker, other));
      if (!holds(next)) continue;
      at = next;
      break;
    }
  }
  return at;
}

/** Of two sets the one with what the second has more, and the one without what it has less. */
function between(before: Fact, after: Fact): readonly Fact[] {
  if (!Array.isArray(before) || !Array.isArray(after)) return [];
  const [first, second] = [before as readonly unknown[], after as readonly unknown[]];
  const has = (set: readonly unknown[], item: unknown) =>
    set.some((other) => JSON.stringify(other) === JSON.stringify(item));
  const more = second.filter((item) => !has(first, item));
  return [[...first, ...more], first.filter((item) => has(second, item))] as readonly Fact[];
}
