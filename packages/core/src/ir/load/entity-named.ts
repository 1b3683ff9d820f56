/** Entities of a loaded model by name. Only for models that no one changes any more: each is indexed once. */
import type { EntityModel, ModelIr } from "../model.ts";

const indices = new WeakMap<ModelIr, ReadonlyMap<string, EntityModel>>();

export function entityNamed(model: ModelIr, name: string): EntityModel | undefined {
  const index = indices.get(model) ?? new Map(model.entities.map((entity) => [entity.name, entity]));
  indices.set(model, index);
  return index.get(name);
}
