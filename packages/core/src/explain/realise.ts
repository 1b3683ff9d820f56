/** Looks for a request that differs from another just so that some answers of its atoms are otherwise. */
import type { Program, Table } from "../ir/program.ts";
import { slotsOfAtom } from "../ir/reads.ts";
import { referenceSource, slotPath } from "../ir/slot.ts";
import { all, type Goal } from "../search/goal.ts";
import { randomFrom } from "../search/random.ts";
import { draftOf, requestWith } from "../search/request-from.ts";
import { meets, walkerOf } from "../search/search-requests.ts";
import { restore } from "../search/simplify.ts";
import { atomAt, slotAt, spaceOf, type Space } from "../search/space.ts";
import { walk } from "../search/walk.ts";
import type { Answer } from "./flips.ts";

const [walks, steps] = [4, 24];

/** Finds the request with some flipped answers that meets the goal; null if none was found. */
export type Realise = (flipped: readonly Answer[]) => unknown;

/**
 * Looks for requests in which all other answers stay as they are, else for those in which such stay that read nothing of
 * what the flipped ones read. The principal and the rows are the same.
 */
export function realiser(
  program: Program,
  table: Table,
  request: unknown,
  goal: Goal,
  isTrue: (answer: Answer) => boolean,
  seed: number,
): Realise {
  const space = spaceOf(program, table);
  const isIdentity = (slot: number) => {
    const { source } = slotAt(space, slot);
    return (source.from === "principal" && source.part !== "roles") || source.from === "row";
  };
  const walker = walkerOf(space, { isFixed: isIdentity });
  const start = draftOf(space, request);
  const behind = new Map(space.atoms.map((atom) => [atom, factsBehind(space, atom)]));
  const kept = (atoms: readonly number[]): readonly Goal[] =>
    atoms.map((atom) => ({ kind: "atom", atom, holds: isTrue({ kind: "atom", atom }) }));
  return (flipped) => {
    const turned = flipped.map((answer): Goal => ({ ...answer, holds: !isTrue(answer) }));
    const others = space.atoms.filter((atom) => !flipped.some((f) => f.kind === "atom" && f.atom === atom));
    const touched = new Set(flipped.flatMap((f) => (f.kind === "atom" ? (behind.get(f.atom) ?? []) : [])));
    const apart = others.filter((atom) => behind.get(atom)?.some((fact) => touched.has(fact)) !== true);
    for (const wanted of [all([...turned, ...kept(others)]), all([...turned, goal, ...kept(apart)])])
      for (let i = 0; i < walks; i += 1) {
        const found = walk(walker, wanted, start, steps, randomFrom(seed, `realise ${i}`));
        if (found === null) continue;
        const near = restore(walker, found, start, (draft) => meets(walker, wanted, draft));
        return requestWith(space, request, start, near);
      }
    return null;
  };
}

/** What an atom reads, so that two atoms that cannot be changed apart have something in common. */
function factsBehind(space: Space, atom: number): readonly string[] {
  return slotsOfAtom(atomAt(space, atom)).flatMap((slot) => {
    const { source } = slotAt(space, slot);
    if (source.from === "clock") return ["now"];
    const behind = source.from === "reference" ? referenceSource(source.of) : null;
    return [source, behind].flatMap((one) => (one === null ? [] : [slotPath(one).join(" ")]));
  });
}
