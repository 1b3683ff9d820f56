/**
 * What a tenant's decisions are about, kept in the process: entities with their values, the hierarchy, the relations.
 * Everything is checked when it comes in; what is refused changes nothing.
 */
import type { ListMembers } from "../closure/members.ts";
import { isTextValue } from "../closure/value-check.ts";
import type { Attributes, FactModel, ModelIr } from "@wardline/core";
import { Entity, type Kind, type StoredValue } from "./entity.ts";
import { addEdge, isBelow, removeEdge } from "./hierarchy.ts";
import { Relation } from "./relation.ts";
import { takeValues, WorldError } from "./values.ts";

/** An entity or a principal, as it comes in. */
export interface EntityDocument {
  readonly type: string;
  readonly id: string;
  readonly attributes?: Attributes;
  /** Of a principal: its roles as assigned in the tenant whose policy is asked. */
  readonly roles?: readonly string[];
  /** Direct parents, which stand in the same world. */
  readonly parents?: readonly Entity[];
}

export interface WorldOptions {
  /** The tenant's own facts. */
  readonly attributes?: Attributes;
  /** The world of what all tenants share. */
  readonly shared?: World;
}

const rolesField: Pick<FactModel, "name" | "type"> = {
  name: "roles",
  type: { kind: "set", of: { kind: "string" } },
};

export class World {
  readonly model: ModelIr;
  /** Null: the world of what all tenants share. */
  readonly tenant: string | null;
  /** The tenant's facts, in the model's order. */
  readonly facts: readonly StoredValue[];
  readonly #kinds: ReadonlyMap<string, Kind>;
  readonly #relations: ReadonlyMap<string, Relation>;
  readonly #shared: World | undefined;
  #numbers = 0;
  readonly #free: number[] = [];

  /** Throws a {@link WorldError} if the tenant's facts do not fit the model. */
  constructor(model: ModelIr, tenant: string | null, options: WorldOptions = {}) {
    if (tenant !== null && !isTextValue(tenant))
      throw new WorldError("a tenant's name is a well formed text");
    if (options.shared !== undefined && (tenant === null || options.shared.tenant !== null))
      throw new WorldError("what is shared stands in the world of no tenant");
    this.model = model;
    this.tenant = tenant;
    this.facts = tenant === null ? [] : takeValues(model.tenant, options.attributes, `tenant ${tenant}`);
    this.#kinds = new Map(
      model.entities.map((entity, place): [string, Kind] => [
        entity.name,
        { at: place, model: entity, world: this, entities: new Map() },
      ]),
    );
    this.#relations = new Map(model.relations.map(({ name }): [string, Relation] => [name, new Relation()]));
    this.#shared = options.shared;
  }

  /** The entity, or undefined. One that all tenants share is looked up where those stand. */
  entity(type: string, id: string): Entity | undefined {
    const kind = this.#kinds.get(type);
    if (kind === undefined) return undefined;
    return this.#holds(kind) ? kind.entities.get(id) : this.#shared?.entity(type, id);
  }

  /** What an entity's reference leads to; `at` is the place of the field, `type` what the model says it refers to. */
  target(entity: Entity, at: number, type: string): Entity | undefined {
    const known = entity.links[at];
    if (known !== undefined && known.standing === "stored") return known;
    const id = entity.values[at];
    const found = id === undefined ? undefined : this.entity(type, id as string);
    entity.links[at] = found;
    return found;
  }

  /** True if entities of the kind stand in this world: those that are shared in no tenant's, all others in their tenant's. */
  #holds({ model }: Kind): boolean {
    return (model.shared === true) === (this.tenant === null);
  }

  /** The entities of a type; throws a {@link WorldError} if the model has none such. */
  kind(type: string): Kind {
    const kind = this.#kinds.get(type);
    if (kind === undefined) throw new WorldError(`there is no entity ${type} in the model`);
    return kind;
  }

  relation(name: string): Relation {
    const relation = this.#relations.get(name);
    if (relation === undefined) throw new WorldError(`there is no relation ${name} in the model`);
    return relation;
  }

  /**
   * An entity that can be asked about and is not in the world: a row as it would be after a write, or a principal with the
   * roles of one session. Throws a {@link WorldError} if it does not fit the model.
   */
  draft(document: EntityDocument): Entity {
    const { type, id, attributes, roles = [], parents = [] } = document;
    const kind = this.kind(type);
    if (!this.#holds(kind))
      throw new WorldError(
        `${type} is ${this.tenant === null ? "not " : ""}shared: it stands in another world`,
      );
    const whose = `${type} ${JSON.stringify(id)}`;
    if (!isTextValue(id)) throw new WorldError(`${type}: an id is a well formed text`);
    const held = takeValues([rolesField], { roles }, whose)[0] as ListMembers;
    const entity = new Entity(kind, id, takeValues(kind.model.fields, attributes, whose), held);
    for (const parent of parents) this.#checkParent(entity, parent);
    for (const parent of parents) entity.parents.add(parent);
    return entity;
  }

  /**
   * Puts an entity into the world. One of the same type and id becomes what the document says; what stands below it stays
   * there. Throws a {@link WorldError}, and changes nothing, if it does not fit or if its parents stand below it.
   */
  put(document: EntityDocument): Entity {
    const draft = this.draft(document);
    const entity = draft.kind.entities.get(draft.id);
    const parents = [...draft.parents];
    if (entity === undefined) {
      draft.standing = "stored";
      draft.parents.clear();
      draft.kind.entities.set(draft.id, draft);
      for (const parent of parents) this.link(draft, parent);
      return draft;
    }
    for (const parent of parents)
      if (parent === entity || isBelow(parent, entity)) throw new WorldError(ownAncestor(entity));
    entity.values = draft.values;
    entity.isWhole = draft.isWhole;
    entity.links = draft.links;
    entity.roles = draft.roles;
    for (const parent of entity.parents) if (!draft.parents.has(parent)) removeEdge(entity, parent);
    for (const parent of parents) this.link(entity, parent);
    return entity;
  }

  /** Takes an entity, its edges and its pairs out of the world; false if it is not there. It may not be asked about then. */
  remove(entity: Entity): boolean {
    const { entities, model } = entity.kind;
    if (entities.get(entity.id) !== entity || entity.kind.world !== this) return false;
    for (const parent of entity.parents) removeEdge(entity, parent);
    for (const child of entity.children) removeEdge(child, entity);
    entities.delete(entity.id);
    entity.standing = "removed";
    // Nobody stands below it now, so that its number says nothing.
    if (entity.number >= 0) this.#free.push(entity.number);
    entity.number = -1;
    for (const relation of this.model.relations) {
      if (relation.from === model.name) this.relation(relation.name).forget(entity.id, "from");
      if (relation.to === model.name) this.relation(relation.name).forget(entity.id, "to");
    }
    return true;
  }

  /** Adds an edge of the hierarchy. Throws a {@link WorldError}, and changes nothing, if it would close a cycle. */
  link(child: Entity, parent: Entity): void {
    this.#checkParent(child, parent);
    this.#checkStands(child);
    this.#number(parent);
    if (!addEdge(child, parent)) throw new WorldError(ownAncestor(child));
  }

  /** Removes an edge; false if there is none. */
  unlink(child: Entity, parent: Entity): boolean {
    return removeEdge(child, parent);
  }

  relate(name: string, from: string, to: string): void {
    if (!isTextValue(from) || !isTextValue(to)) throw new WorldError(`${name}: an id is a well formed text`);
    this.relation(name).add(from, to);
  }

  /** Removes a pair; false if there is none. */
  unrelate(name: string, from: string, to: string): boolean {
    return this.relation(name).remove(from, to);
  }

  #checkParent(child: Entity, parent: Entity): void {
    const { model } = child.kind;
    const whose = `${child.type} ${JSON.stringify(child.id)}`;
    if (!model.parents.some(({ entity }) => entity === parent.type))
      throw new WorldError(`${whose}: the model gives it no parent ${parent.type}`);
    this.#checkStands(parent);
  }

  #checkStands(entity: Entity): void {
    if (entity.kind.world !== this || entity.kind.entities.get(entity.id) !== entity)
      throw new WorldError(`${entity.type} ${JSON.stringify(entity.id)} does not stand in this world`);
  }

  #number(parent: Entity): void {
    if (parent.number < 0) parent.number = this.#free.pop() ?? this.#numbers++;
  }
}

function ownAncestor({ kind, id }: Entity): string {
  return `${kind.model.name} ${JSON.stringify(id)} would be its own ancestor`;
}
