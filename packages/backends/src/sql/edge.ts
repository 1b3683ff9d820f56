/** The declared parents of the model as edges between types. */
import type { EntityModel, ModelIr, ParentModel } from "@wardline/core";
import { tenantColumnOf } from "./scope.ts";
import { sideTenant } from "./sql-type.ts";
import { UnsupportedInSql } from "./unsupported.ts";

export interface Edge {
  readonly child: EntityModel;
  readonly parent: ParentModel;
}

/** The edges that lie on some way up from one type to the other. */
export function edgesBetween(model: ModelIr, start: string, target: string): readonly Edge[] {
  const all = model.entities.flatMap((child) => child.parents.map((parent) => ({ child, parent })));
  const up = closure(start, (type) => all.filter((e) => e.child.name === type).map((e) => e.parent.entity));
  const down = closure(target, (type) =>
    all.filter((e) => e.parent.entity === type).map((e) => e.child.name),
  );
  return all.filter((e) => up.has(e.child.name) && down.has(e.parent.entity));
}

function closure(start: string, next: (type: string) => readonly string[]): ReadonlySet<string> {
  const found = new Set([start]);
  for (const type of found) for (const other of next(type)) found.add(other);
  return found;
}

/** The table that holds an edge, and its columns; `tenant` is null where the table is shared by all. */
export function edgeTable(edge: Edge) {
  const { child, parent } = edge;
  switch (parent.via.kind) {
    case "table":
      return {
        table: parent.via.table,
        tenant: sideTenant,
        child: parent.via.child,
        parent: parent.via.parent,
      };
    case "column": {
      const { storage } = child;
      if (storage === null) throw new UnsupportedInSql(`the parents of ${child.name}, which has no table`);
      const tenant = tenantColumnOf({ ...child, storage });
      return { table: storage.table, tenant, child: storage.key, parent: parent.via.column };
    }
    case "session":
      throw new UnsupportedInSql(
        `the ancestors of a row through ${child.name}, whose parents come with the session`,
      );
  }
}
