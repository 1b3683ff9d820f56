/** The rewriting of one statement: each table becomes the guarded view of it for the principal who asks. */
import { printSelect, type KnownFacts } from "@wardline/core";
import type { PolicyGuard } from "../contracts.ts";
import {
  actionOf,
  entityOfTable,
  fieldOfColumn,
  listActionOf,
  type StoredEntity,
} from "../gate/catalogue.ts";
import type { Column } from "./relation.ts";
import type { Derived, Rewriting } from "./rewriting.ts";
import { rewriteSelect } from "./select.ts";
import { printed } from "./text.ts";

export interface StatementFrame {
  readonly guard: PolicyGuard;
  readonly facts: KnownFacts;
  readonly schema: string;
  /** A query asks what may be listed; a write looks at what may be read. */
  readonly asks: "list" | "read";
  /** Random, and new for each statement. */
  readonly sealMarker: string;
}

export function createRewriting(frame: StatementFrame): Rewriting {
  const views = new Map<string, Derived>();
  let relations = 0;
  const rewriting: Rewriting = {
    source(table) {
      const known = views.get(table);
      if (known !== undefined) return known;
      const view = guardedSource(frame, entityOfTable(frame.guard.program.model, table));
      views.set(table, view);
      return view;
    },
    alias: () => `w${++relations}`,
    select: (node, outer) => rewriteSelect(rewriting, node, outer),
  };
  return rewriting;
}

function guardedSource(frame: StatementFrame, entity: StoredEntity): Derived {
  const { guard, facts, schema, asks, sealMarker } = frame;
  const { model } = guard.program;
  const action = asks === "list" ? listActionOf(model, entity.name) : actionOf(model, entity.name, "reads");
  const view = guard.view(entity.name, action, facts, { schema, sealMarker });
  // Invariant: a caller's expression never runs on a row that the view leaves out.
  if (!view.select.fence) throw new TypeError(`the view of ${entity.name} has no fence`);
  const columns = view.select.columns.map(({ as }): Column => {
    if (as === entity.storage.tenant)
      throw new TypeError(`the view of ${entity.name} shows the tenant column`);
    if (!view.sealedColumns.includes(as)) return { name: as, sealed: null };
    const field = fieldOfColumn(entity, as);
    if (field === undefined)
      throw new TypeError(`the view of ${entity.name} seals a column that is no field`);
    return { name: as, sealed: { entity: entity.name, field: field.name } };
  });
  const unsealed = sealedFieldsOf(frame, entity).find(
    (name) => !columns.some((column) => column.sealed?.field === name),
  );
  // Invariant: what the policy says to seal never leaves a view as a plain column.
  if (unsealed !== undefined) throw new TypeError(`the view of ${entity.name} does not seal ${unsealed}`);
  const { fragments, parameters } = printSelect(view.select);
  return {
    text: printed(
      fragments,
      parameters.map((parameter) => parameter.value),
    ),
    columns,
  };
}

function sealedFieldsOf(frame: StatementFrame, entity: StoredEntity): readonly string[] {
  return frame.guard.program.sealed.find((sealed) => sealed.entity === entity.name)?.fields ?? [];
}
