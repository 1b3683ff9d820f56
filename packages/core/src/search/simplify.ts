/** Makes a witness plain: every fact that need not be what it is becomes the most ordinary one. */
import { changed, type Draft } from "./facts.ts";
import { mayBeAbsent } from "./pools.ts";
import { filler, type Walker } from "./walk.ts";

/** The draft with as many ordinary facts as `holds` lets be. `holds` is true of the draft given, and of the one returned. */
export function simplify(walker: Walker, draft: Draft, holds: (draft: Draft) => boolean): Draft {
  const { space, isFixed } = walker.board;
  const ordinary = (slot: number) =>
    slot === walker.principalTenant ? space.program.tenant : filler(walker, slot);
  let at = draft;
  for (const slot of space.slots) {
    if (isFixed(slot)) continue;
    for (const value of mayBeAbsent(space, slot) ? [undefined, ordinary(slot)] : [ordinary(slot)]) {
      if (JSON.stringify(at.facts.get(slot)) === JSON.stringify(value)) break;
      const next = changed(walker.ties, at, [[slot, value]], (other) => filler(walker, other));
      if (!holds(next)) continue;
      at = next;
      break;
    }
  }
  return at;
}
