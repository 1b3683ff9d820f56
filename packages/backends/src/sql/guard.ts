/**
 * One table of a program as a guarded view: the rows for which the evaluator permits the action, with each cell as the
 * effective mask shows it. Everything that is known is folded; what can't be said in SQL throws.
 */
import type { GuardedView, Pass, SqlExpression, SqlSelect } from "@wardline/core";
import { cell, hiddenCell, indexCell, isMarked, type StoredField, storedFields } from "./cell.ts";
import { type MaskChoice, maskChoices } from "./masks.ts";
import { allOf, isNo, isYes, no } from "./predicate.ts";
import { presentFacts } from "./present-facts.ts";
import { joinedReach } from "./reach.ts";
import { compileRules } from "./rules.ts";
import { rowAlias, type Place, rowColumn, type Scope, sideSelect, tenantColumnOf } from "./scope.ts";

export interface ViewOptions {
  readonly marker: SqlExpression;
  /** Name the rules in the view. */
  readonly notes: boolean;
  /** Ends the view in `OFFSET 0`: see `GuardedView`. */
  readonly fence: boolean;
}

/** What a view is made of, before its references are known. */
type Ground = Omit<Scope, "reach" | "row">;

export function guardTable(ground: Ground, options: ViewOptions): GuardedView {
  const pass = onlyPass(ground);
  const { reach, joins } = joinedReach(ground);
  const scope: Scope = { ...ground, row: "resource", reach };
  const rules = compileRules(scope, pass, options.notes);
  const where = allOf([...presentFacts(scope), rules.permitted]);
  if (isNo(where)) return neverView(scope, options.fence);
  const shown = storedFields(scope).map((field) => {
    const choices = maskChoices(field.field.name, rules.grants, rules.requires);
    const index = field.index === null ? null : indexCell(field.index, choices);
    return { field, choices, cell: cell(scope, field, choices, options.marker), index };
  });
  const view = viewOf(scope, where, shown, joins(), options.fence);
  return { ...view, duties: rules.duties, rules: rules.ids };
}

/** No row, and no column of one either. */
export function neverView(place: Place, fence: boolean): GuardedView {
  const shown = storedFields(place).map((field): Shown => {
    const index: SqlExpression | null = field.index === null ? null : { kind: "null", type: "bytea" };
    return { field, choices: [], cell: hiddenCell(field), index };
  });
  return viewOf(place, no, shown, [], fence);
}

interface Shown {
  readonly field: StoredField;
  readonly choices: readonly MaskChoice[];
  readonly cell: SqlExpression;
  /** Of its blind index; null where the field has none. */
  readonly index: SqlExpression | null;
}

function viewOf(
  place: Place,
  where: SqlExpression,
  shown: readonly Shown[],
  joins: SqlSelect["joins"],
  fence: boolean,
): GuardedView {
  const { entity } = place;
  const { storage, keyType } = entity;
  const key: SqlExpression = isNo(where) ? { kind: "null", type: keyType } : rowColumn(storage.key);
  const indexes = shown.flatMap(({ field: { column, index }, index: expression }) =>
    index === null || expression === null ? [] : [{ column, index, expression }],
  );
  const columns = [
    { expression: key, as: storage.key },
    ...shown.map(({ field, cell: expression }) => ({ expression, as: field.column })),
    ...indexes.map(({ index, expression }) => ({ expression, as: index })),
  ];
  const tenant = tenantColumnOf(entity);
  const names = new Set([tenant, ...columns.map((column) => column.as)]);
  if (names.size !== columns.length + 1) throw new RangeError(`${entity.name} has two fields in one column`);
  const parts = isYes(where) ? [] : where.kind === "and" ? where.of : [where];
  return {
    entity: entity.name,
    residual: isNo(where) ? "never" : isYes(where) ? "always" : "conditional",
    select: { ...rowsOf(place, columns, parts, joins), fence },
    sealedColumns: shown
      .filter(({ field, choices }) => isMarked(field, choices))
      .map(({ field }) => field.column),
    indexes: indexes.map(({ column, index }) => ({ column, index })),
    duties: [],
    rules: [],
  };
}

/** The rows of the tenant. Where something is joined to them they stand alone in a sub-select: no base table is ever joined. */
function rowsOf(
  place: Place,
  columns: SqlSelect["columns"],
  where: readonly SqlExpression[],
  joins: SqlSelect["joins"],
): SqlSelect {
  const { storage } = place.entity;
  const tenant = tenantColumnOf(place.entity);
  if (joins.length === 0) return sideSelect(place, storage.table, tenant, rowAlias, columns, where);
  const stored = [
    storage.key,
    ...storedFields(place).flatMap(({ column, index }) => (index === null ? [column] : [column, index])),
  ];
  const all = [...(tenant === null ? [] : [tenant]), ...stored].map((name) => ({
    expression: rowColumn(name),
    as: name,
  }));
  return {
    kind: "select",
    columns,
    from: {
      kind: "select",
      select: sideSelect(place, storage.table, tenant, rowAlias, all, []),
      alias: rowAlias,
      lateral: false,
    },
    joins,
    where: where.length === 0 ? null : { kind: "and", of: where },
    fence: false,
  };
}

function onlyPass(ground: Ground): Pass {
  const [pass, ...others] = ground.table.passes;
  if (pass === undefined || others.length > 0 || pass.row !== "resource")
    throw new RangeError(`${ground.table.action} is not asked once, of the stored row`);
  return pass;
}
