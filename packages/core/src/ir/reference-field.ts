import type { EntityModel, FieldModel, ModelIr } from "./model.ts";
import type { EntityPath } from "./slot.ts";

/** The entity names that a table's paths begin with. */
export interface PathStart {
  readonly principal: string;
  readonly resource: string;
}

/** The reference that a path ends in, as the model declares it; undefined for a root alone, and where it leads nowhere. */
export function referenceField(
  model: ModelIr,
  { principal, resource }: PathStart,
  { root, attribute, further }: EntityPath,
): FieldModel | undefined {
  let at: EntityModel | undefined = entityNamed(model, root === "principal" ? principal : resource);
  let field: FieldModel | undefined;
  for (const step of [attribute, further]) {
    if (step === null || step === undefined) continue;
    field = at?.fields.find((f) => f.name === step);
    at = field?.type.kind === "entity" ? entityNamed(model, field.type.entity) : undefined;
    if (at === undefined) return undefined;
  }
  return field;
}

function entityNamed(model: ModelIr, name: string): EntityModel | undefined {
  return model.entities.find((entity) => entity.name === name);
}
