/** Checks of a model against itself: names are unique and everything named exists. */
import { weekdayType } from "../../value/clock.ts";
import type { ScalarType, ValueType } from "../../value/type.ts";
import { blindIndexColumn } from "../blind-index.ts";
import type { EntityModel, ModelIr } from "../model.ts";
import { storedColumns } from "../stored-columns.ts";
import { refuse, under, type Place } from "../../value/decode.ts";
import { entityNamed } from "./entity-named.ts";

export function checkModel(model: ModelIr, at: Place): void {
  for (const key of ["enums", "tenant", "context", "entities", "relations", "actions", "roles"] as const)
    checkUnique(
      model[key].map((item) => item.name),
      under(at, key),
    );
  model.enums.forEach(({ values }, i) => {
    if (values.length === 0) refuse(under(at, "enums", i), "an enum needs a value");
    checkUnique(values, under(at, "enums", i, "values"));
  });
  for (const key of ["tenant", "context"] as const)
    model[key].forEach((fact, i) => checkType(model, fact.type, under(at, key, i, "type")));
  model.entities.forEach((entity, i) => checkEntity(model, entity, under(at, "entities", i)));
  model.relations.forEach((relation, i) => {
    checkEntityName(model, relation.from, under(at, "relations", i, "from"));
    checkEntityName(model, relation.to, under(at, "relations", i, "to"));
  });
  model.actions.forEach((action, i) => {
    checkUnique(action.entities, under(at, "actions", i, "entities"));
    action.entities.forEach((name, k) => {
      const here = under(at, "actions", i, "entities", k);
      checkEntityName(model, name, here);
      const isShared = entityNamed(model, name)?.shared === true;
      if (isShared && action.kind !== "reads") refuse(here, `${name} is shared, and no handle writes it`);
    });
  });
  model.roles.forEach((role, i) =>
    role.extends.forEach((name, k) => {
      if (!model.roles.some((other) => other.name === name))
        refuse(under(at, "roles", i, "extends", k), `there is no role ${name}`);
    }),
  );
  checkRoleCycles(model, under(at, "roles"));
}

/** No role extends itself, directly or through others. */
function checkRoleCycles({ roles }: ModelIr, at: Place): void {
  let open = roles;
  for (;;) {
    const isOpen = new Set(open.map((role) => role.name));
    const left = open.filter((role) => role.extends.some((name) => isOpen.has(name)));
    if (left.length === 0) return;
    if (left.length === open.length) refuse(at, `${left[0]?.name ?? ""} extends itself, or one that does`);
    open = left;
  }
}

function checkEntity(model: ModelIr, entity: EntityModel, at: Place): void {
  checkUnique(
    entity.fields.map((field) => field.name),
    under(at, "fields"),
  );
  if (entity.shared === true && entity.storage === null) refuse(under(at, "shared"), "is not stored");
  entity.parents.forEach((parent, i) =>
    checkEntityName(model, parent.entity, under(at, "parents", i, "entity")),
  );
  entity.fields.forEach((field, i) => checkType(model, field.type, under(at, "fields", i, "type")));
  checkIndexColumns(entity, under(at, "fields"));
}

/** Whichever policy seals it, the column beside a searchable one is free for its blind index. */
function checkIndexColumns(entity: EntityModel, at: Place): void {
  const taken = new Set([
    ...(entity.storage === null ? [] : [entity.storage.key, entity.storage.tenant]),
    ...storedColumns(entity).flatMap(({ storage }) => (storage?.kind === "column" ? [storage.column] : [])),
  ]);
  entity.fields.forEach(({ searchable, type, storage }, i) => {
    if (!searchable) return;
    if (type.kind !== "string") refuse(under(at, i, "searchable"), "only a string is searchable");
    if (storage?.kind === "column" && taken.has(blindIndexColumn(storage.column)))
      refuse(under(at, i, "searchable"), `${blindIndexColumn(storage.column)} is another column`);
  });
}

/** A type is well formed by itself and agrees with the model's enums and entities. */
export function checkType(model: ModelIr, type: ValueType, at: Place): void {
  if (type.kind === "set") checkScalarType(model, type.of, under(at, "of"));
  else checkScalarType(model, type, at);
}

export function checkScalarType(model: ModelIr, type: ScalarType, at: Place): void {
  switch (type.kind) {
    case "int":
      if (type.min > type.max) refuse(at, "the range is empty");
      return;
    case "decimal":
      if (type.scale > type.precision) refuse(at, "more digits after the point than in all");
      return;
    case "enum": {
      const declared = [...model.enums, weekdayType].find((e) => e.name === type.name);
      if (declared === undefined) refuse(at, `there is no enum ${type.name}`);
      if (!sameList(declared.values, type.values)) refuse(at, `the values of ${type.name} are others`);
      return;
    }
    case "entity":
      checkEntityName(model, type.entity, at);
      return;
    case "bool":
    case "string":
    case "instant":
    case "duration":
    case "uuid":
    case "ip":
    case "date":
    case "time":
      return;
  }
}

export function checkEntityName(model: ModelIr, name: string, at: Place): void {
  if (entityNamed(model, name) === undefined) refuse(at, `there is no entity ${name}`);
}

export function checkUnique(items: readonly (string | number | boolean)[], at: Place): void {
  const seen = new Set<unknown>();
  items.forEach((item, i) => {
    if (seen.has(item)) refuse(under(at, i), `${JSON.stringify(item)} stands here twice`);
    seen.add(item);
  });
}

export function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
