/** An entity of a world, with its values checked and its ancestors known. */
import type { EntityModel, WireScalar } from "@wardline/core";
import type { ListMembers, Members } from "../closure/members.ts";
import type { RoleNumbers } from "../closure/role-numbers.ts";
import { noBits, type Bits } from "./bits.ts";
import type { World } from "./world.ts";

/** A value as rules see it: a scalar, the members of a set, or undefined where it is absent. */
export type StoredValue = WireScalar | Members | undefined;

/** The entities of one type in one world. */
export interface Kind {
  /** Its place in the model. */
  readonly at: number;
  readonly model: EntityModel;
  readonly world: World;
  readonly entities: Map<unknown, Entity>;
}

/** Roles as the numbers of one engine. */
export interface NumberedRoles {
  readonly roles: ListMembers;
  readonly by: RoleNumbers;
  readonly numbers: readonly number[];
}

/** Made by a world alone, and changed by that world alone: whoever holds one always sees it as it is now. */
export class Entity {
  readonly kind: Kind;
  readonly id: string;
  /** By place of the field in the model. */
  values: readonly StoredValue[];
  /** Every field that is not optional has a value. A decision that reads one that has none is `invalid_input`. */
  isWhole: boolean;
  /** By place of the field: what a reference was found to lead to, so that it need not be looked up again. */
  links: (Entity | undefined)[];
  /** The roles that are assigned to a principal. */
  roles: ListMembers;
  /** What an engine found the roles to be, so that they need not be looked up again while they are the same. */
  numbered: NumberedRoles | null = null;
  /** A draft stands in no world; what was removed stands in none any more, and may not be asked about. */
  standing: "draft" | "stored" | "removed" = "draft";
  readonly parents = new Set<Entity>();
  readonly children = new Set<Entity>();
  /** Its number among those that have been a parent; −1 if it never was one. */
  number = -1;
  /** The numbers of all its proper ancestors; of a draft none. */
  ancestors: Bits = noBits;
  /** Ways to ask for its ancestors, by their type. */
  readonly views = new Map<Kind, Members>();

  constructor(kind: Kind, id: string, values: readonly StoredValue[], roles: ListMembers) {
    this.kind = kind;
    this.id = id;
    this.values = values;
    this.isWhole = kind.model.fields.every(({ optional }, at) => optional || values[at] !== undefined);
    this.links = values.map(() => undefined);
    this.roles = roles;
  }

  get type(): string {
    return this.kind.model.name;
  }
}
