/** What a principal may see of a world, by the oracle: two worlds in which it is the same must look the same to him. */
import {
  evaluate,
  maskValue,
  type Decision,
  type FieldModel,
  type ModelIr,
  type Program,
  type WireValue,
} from "@wardline/core";
import {
  isWithin,
  knownFactsFor,
  requestFor,
  valueAmong,
  type Asker,
  type World,
  type WorldRow,
} from "@wardline/core/testing";

export interface Projection {
  /** Everything that may be seen, as one text. */
  readonly text: string;
  /** Rows by entity and id, for the action that queries ask. */
  readonly visible: ReadonlySet<string>;
  /** Cells of such rows that are not shown as they are. */
  readonly masked: readonly { readonly row: string; readonly field: string }[];
}

export const rowKey = (row: { readonly entity: string; readonly id: string }): string =>
  `${row.entity} ${row.id}`;

/** Rows as both ways of reading see them: a query's (`list` where there is one), and a write's. */
export function projectionOf(world: World, program: Program, asker: Asker): Projection {
  const { model } = program;
  const seen: unknown[] = [];
  const visible = new Set<string>();
  const masked: { row: string; field: string }[] = [];
  for (const entity of model.entities) {
    if (entity.storage === null) continue;
    const rows = world.rows.filter((row) => row.entity === entity.name && isWithin(row, asker.tenant));
    for (const action of readActions(model, entity.name)) {
      for (const row of rows) {
        const decision = evaluate(
          program,
          requestFor(world, program, asker, action, entity.name, { resource: row }),
        );
        if (decision.outcome !== "permit") continue;
        visible.add(rowKey(row));
        for (const obligation of decision.obligations)
          if (obligation.type === "mask" || obligation.type === "hide")
            masked.push({ row: rowKey(row), field: obligation.field });
        seen.push([action, row.entity, row.id, cells(entity.fields, row, decision), row.parents]);
      }
    }
  }
  // What is known of the principal is looked up in the world as well, and may be asked before any row is.
  const { ancestors, references } = knownFactsFor(world, program, asker);
  return { text: JSON.stringify([seen, ancestors, references]), visible, masked };
}

/** What a query asks of an entity's rows, and what a write does: the usual names, or the only action there is. */
function readActions(model: ModelIr, entity: string): readonly string[] {
  const names = model.actions.flatMap(({ name, kind, entities }) =>
    kind === "reads" && entities.includes(entity) ? [name] : [],
  );
  const usual = ["list", "read"].filter((name) => names.includes(name));
  if (names.includes("read") || names.length !== 1) return usual;
  return [...new Set([...usual, ...names])];
}

function cells(fields: readonly FieldModel[], row: WorldRow, decision: Decision): unknown {
  return fields.flatMap((field) => {
    if (field.storage?.kind !== "column") return [];
    const value = valueAmong(row.attributes, field.name);
    return [[field.name, value === undefined ? null : shown(field, value, decision)]];
  });
}

function shown(field: FieldModel, value: WireValue, decision: Decision): unknown {
  for (const obligation of decision.obligations) {
    if (obligation.type === "hide" && obligation.field === field.name) return null;
    if (obligation.type !== "mask" || obligation.field !== field.name) continue;
    const { mask } = obligation;
    // A keyed mask tells equal values from others.
    if (mask.kind === "token" || mask.kind === "hash") return value;
    if (field.type.kind === "set" || typeof value === "object") return value;
    return maskValue(mask, value, field.type);
  }
  return value;
}
