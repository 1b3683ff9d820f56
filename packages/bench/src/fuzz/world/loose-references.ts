/**
 * References that lead to no row. Foreign keys keep a database from holding one, and of a session's own the guard denies what reads it: a
 * world that has one more than another tells a principal nothing that he could learn.
 */
import type { ModelIr, WireValue } from "@wardline/core";
import { isWithin, type Asker, type World } from "@wardline/core/testing";

interface Holder {
  readonly name: string;
  readonly entity: string;
  readonly attributes: Readonly<Record<string, WireValue>>;
  readonly parents: readonly { readonly entity: string; readonly id: string }[];
}

/** Of the asker and of his tenant's rows and pairs, each as one text. */
export function looseReferences(world: World, model: ModelIr, asker: Asker): ReadonlySet<string> {
  const { tenant, principal } = asker;
  const stored = new Set(model.entities.flatMap(({ name, storage }) => (storage === null ? [] : [name])));
  const rows = world.rows.filter((row) => isWithin(row, tenant));
  const there = new Set(rows.map(({ entity, id }) => JSON.stringify([entity, id])));
  const loose = new Set<string>();
  const follow = (holder: string, by: string, entity: string, id: string): void => {
    if (stored.has(entity) && !there.has(JSON.stringify([entity, id])))
      loose.add(JSON.stringify([holder, by, entity, id]));
  };
  const holders: readonly Holder[] = [
    { ...principal, name: "asker", entity: principal.type },
    ...rows.map((row) => ({ ...row, name: JSON.stringify([row.entity, row.id]) })),
  ];
  for (const { name, entity, attributes, parents } of holders) {
    for (const parent of parents) follow(name, "parent", parent.entity, parent.id);
    const fields = model.entities.find((one) => one.name === entity)?.fields ?? [];
    for (const field of fields) {
      const value = Object.hasOwn(attributes, field.name) ? attributes[field.name] : undefined;
      if (field.type.kind === "entity" && typeof value === "string")
        follow(name, field.name, field.type.entity, value);
    }
  }
  for (const pair of world.pairs.filter((one) => one.tenant === tenant)) {
    const relation = model.relations.find(({ name }) => name === pair.relation);
    if (relation === undefined) continue;
    const name = JSON.stringify(pair);
    follow(name, "from", relation.from, pair.from);
    follow(name, "to", relation.to, pair.to);
  }
  return loose;
}
