/**
 * The hierarchy of a world: every entity knows the numbers of all its ancestors, and a changed edge changes only those that
 * stand below it. Invariant: it has no cycle, so that nobody is their own ancestor.
 */
import { equalBits, hasBit, noBits, withBits, type Bits } from "./bits.ts";
import type { Entity } from "./entity.ts";

/** True if `above` is a proper ancestor. */
export function isBelow(entity: Entity, above: Entity): boolean {
  return above.number >= 0 && hasBit(entity.ancestors, above.number);
}

/** Adds an edge; false, and nothing changed, if it would close a cycle. `parent` has its number. */
export function addEdge(child: Entity, parent: Entity): boolean {
  if (child === parent || isBelow(parent, child)) return false;
  if (child.parents.has(parent)) return true;
  child.parents.add(parent);
  parent.children.add(child);
  const open = [child];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const wider = withBits(at.ancestors, parent.ancestors, parent.number);
    // Who has them all already has children that do.
    if (wider === at.ancestors) continue;
    at.ancestors = wider;
    for (const below of at.children) open.push(below);
  }
  return true;
}

/** Removes an edge; false if there was none. */
export function removeEdge(child: Entity, parent: Entity): boolean {
  if (!child.parents.delete(parent)) return false;
  parent.children.delete(child);
  const changed = new Set<Entity>();
  for (const at of fromAbove(child)) {
    if (at !== child && !some(at.parents, changed)) continue;
    const found = ancestorsOf(at);
    if (equalBits(found, at.ancestors)) continue;
    at.ancestors = found;
    changed.add(at);
  }
  return true;
}

function ancestorsOf({ parents }: Entity): Bits {
  let bits = noBits;
  for (const parent of parents) bits = withBits(bits, parent.ancestors, parent.number);
  return bits;
}

function some(parents: ReadonlySet<Entity>, changed: ReadonlySet<Entity>): boolean {
  for (const parent of parents) if (changed.has(parent)) return true;
  return false;
}

/** The entity and all that stand below it, each after all of its parents that are among them. */
function fromAbove(start: Entity): readonly Entity[] {
  const done: Entity[] = [];
  const seen = new Set<Entity>([start]);
  const open: { readonly entity: Entity; readonly rest: Iterator<Entity> }[] = [
    { entity: start, rest: start.children.values() },
  ];
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const next = top.rest.next();
    if (next.done === true) {
      done.push(top.entity);
      open.pop();
    } else if (!seen.has(next.value)) {
      seen.add(next.value);
      open.push({ entity: next.value, rest: next.value.children.values() });
    }
  }
  return done.toReversed();
}
