/** A generated model: what the IR says of it, and what only its text says. */
import type { EntityModel, FieldModel, ModelIr } from "../ir/model.ts";

/** `core`: what every backend carries out. `whole`: all that conditions can say. */
export type Constructs = "core" | "whole";

export interface GeneratedModel {
  readonly constructs: Constructs;
  readonly ir: ModelIr;
  readonly groups: readonly { readonly name: string; readonly members: readonly string[] }[];
  /** Roles that tenants may assign and extend. */
  readonly delegated: readonly string[];
  /** Roles that only some principal types hold. */
  readonly roleTypes: ReadonlyMap<string, readonly string[]>;
  /** Evidence by name. `step_up` factors have a Bool first, perhaps a Duration second. */
  readonly evidence: readonly Evidence[];
  /** Principal attributes that the tenant sets, as `Type.field`. */
  readonly tenantSet: ReadonlySet<string>;
  /** The class that the policies of this model seal, without `#`; null if they seal nothing. */
  readonly sealedClass: string | null;
}

export interface Evidence {
  readonly name: string;
  readonly facts: readonly { readonly root: "context" | "principal"; readonly name: string }[];
}

/** An entity or principal of the model. Throws if there is none. */
export function entityNamed(model: ModelIr, name: string): EntityModel {
  const entity = model.entities.find((e) => e.name === name);
  if (entity === undefined) throw new RangeError(`no entity ${name}`);
  return entity;
}

export function principalsOf(model: ModelIr): readonly EntityModel[] {
  return model.entities.filter((entity) => entity.kind === "principal");
}

export function storedOf(model: ModelIr): readonly EntityModel[] {
  return model.entities.filter((entity) => entity.kind === "entity");
}

/** True for a field that the policies of the model seal. */
export function isSealed(model: GeneratedModel, field: FieldModel): boolean {
  return model.sealedClass !== null && field.classes.includes(model.sealedClass);
}

/** The entity types whose rows can be proper ancestors of a type's rows. */
export function ancestorTypes(model: ModelIr, name: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (type: string): void => {
    for (const parent of entityNamed(model, type).parents)
      if (!found.has(parent.entity)) {
        found.add(parent.entity);
        visit(parent.entity);
      }
  };
  visit(name);
  return found;
}
