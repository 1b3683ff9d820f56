/**
 * What the whole language asks of a generated model beside what the engines carry out: evidence of an approval, a role of
 * the platform, and rows that all tenants share.
 */
import type { EntityModel, FactModel, FieldModel } from "../ir/model.ts";
import type { Random } from "../search/random.ts";
import { storedOf, type GeneratedModel } from "./generated-model.ts";

/** A role that the platform alone assigns. */
export const platformRole = "helpdesk";

export function moreModel(random: Random, model: GeneratedModel): GeneratedModel {
  const approved: FactModel = { name: "approved", type: { kind: "bool" }, optional: random.chance(0.5) };
  const age: FactModel = { name: "approved_age", type: { kind: "duration" }, optional: true };
  const hasAge = random.chance(0.7);
  const whole = random.chance(0.5) ? withShared(random, model) : model;
  return {
    ...whole,
    ir: {
      ...whole.ir,
      context: [...whole.ir.context, approved, ...(hasAge ? [age] : [])],
      roles: [...whole.ir.roles, { name: platformRole, extends: [], platform: true }],
    },
    evidence: [
      ...whole.evidence,
      {
        name: "approval",
        facts: [approved, ...(hasAge ? [age] : [])].map(({ name }) => ({ root: "context", name })),
      },
    ],
  };
}

/** A shared entity with fields that another has too, so that rules over both have something to read, and a reference to it. */
function withShared(random: Random, model: GeneratedModel): GeneratedModel {
  const like = random.pick(storedOf(model.ir));
  const fields = like.fields
    .filter(({ type, storage }) => storage?.kind === "column" && type.kind !== "entity")
    .map((field): FieldModel => ({ ...field, classes: [], searchable: false }));
  const tariff: EntityModel = {
    name: "Tariff",
    kind: "entity",
    storage: { table: "tariffs", key: "id", tenant: "tenant_id" },
    shared: true,
    keyType: "uuid",
    parents: [],
    fields,
  };
  const reference: FieldModel = {
    name: "tariff",
    type: { kind: "entity", entity: "Tariff" },
    optional: random.chance(0.5),
    classes: [],
    searchable: false,
    storage: { kind: "column", column: "tariff_id" },
  };
  return {
    ...model,
    ir: {
      ...model.ir,
      entities: [
        ...model.ir.entities.map((entity) =>
          entity === like ? { ...entity, fields: [...entity.fields, reference] } : entity,
        ),
        tariff,
      ],
      actions: model.ir.actions.map((action) =>
        action.kind === "reads" ? { ...action, entities: [...action.entities, tariff.name] } : action,
      ),
    },
  };
}
