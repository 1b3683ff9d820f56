/** The ancestors of an entity that are of one type, as a set of ids. */
import type { Members } from "../closure/members.ts";
import { hasBit } from "./bits.ts";
import type { Entity, Kind } from "./entity.ts";
import { isBelow } from "./hierarchy.ts";

export function ancestorsView(entity: Entity, kind: Kind): Members {
  const known = entity.views.get(kind);
  if (known !== undefined) return known;
  const made = new AncestorMembers(entity, kind);
  entity.views.set(kind, made);
  return made;
}

class AncestorMembers implements Members {
  readonly #entity: Entity;
  readonly #kind: Kind;
  // Rules ask of ancestors only whether one is among them; nothing walks through them.
  readonly items: readonly never[] = [];
  readonly count = 0;

  constructor(entity: Entity, kind: Kind) {
    this.#entity = entity;
    this.#kind = kind;
  }

  has(id: unknown): boolean {
    const found = this.#kind.entities.get(id);
    return found !== undefined && isAbove(found, this.#entity);
  }

  isEmpty(): boolean {
    for (const found of this.#kind.entities.values()) if (isAbove(found, this.#entity)) return false;
    return true;
  }
}

export function isAbove(above: Entity, entity: Entity): boolean {
  if (entity.standing !== "draft") return above.number >= 0 && hasBit(entity.ancestors, above.number);
  // A draft has no ancestors of its own to be kept right: its parents have theirs.
  for (const parent of entity.parents) if (parent === above || isBelow(parent, above)) return true;
  return false;
}
