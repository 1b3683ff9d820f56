/** Entities and principals: fields, where they are kept, and parents. */
import {
  blindIndexColumn,
  type EntityModel,
  type FieldStorage,
  type ParentModel,
  type Span,
  type ValueType,
} from "@wardline/core";
import type { EntityStatement, Field, Join, Parent } from "../ast/statement.ts";
import type { Name } from "../ast/expression.ts";
import { finding } from "../diagnostics/table.ts";
import {
  checkLength,
  keyColumn,
  newColumns,
  tenantColumn,
  twoColumns,
  type Columns,
} from "./database-names.ts";
import { declare } from "./declare.ts";
import { resolveType, type TypeNames } from "./model-type.ts";
import { storageOf } from "./model-storage.ts";
import type { Report } from "./report.ts";
import { unknownName } from "./suggest.ts";
import type { FieldSymbol } from "./symbols.ts";

/** Names that every row and every principal has of itself. */
const ownNames = {
  entity: new Set(["id", "tenant"]),
  principal: new Set(["id", "tenant", "roles"]),
} as const;

export interface CheckedEntity {
  readonly model: EntityModel;
  readonly fields: ReadonlyMap<string, FieldSymbol>;
}

/** Checks one entity. A refused field or parent is left out. */
export function checkEntity(report: Report, names: TypeNames, statement: EntityStatement): CheckedEntity {
  const storage = storageOf(report, statement);
  const isShared = statement.shared && statement.kind === "entity";
  const columns = newColumns(
    report,
    storage?.table ?? statement.name.text,
    storage?.key ?? keyColumn,
    isShared ? null : (storage?.tenant ?? tenantColumn),
  );
  const fields = new Map<string, FieldSymbol>();
  const seen = new Map<string, Span>();
  for (const field of statement.fields) {
    if (ownNames[statement.kind].has(field.name.text)) {
      report.add(finding("name/built-in", field.name.span, { name: field.name.text, owner: statement.kind }));
      continue;
    }
    if (!declare(report, seen, "field", field.name)) continue;
    const checked = checkField(report, names, statement, columns, field);
    if (checked !== null) fields.set(field.name.text, checked);
  }
  const parents = statement.parents.flatMap(
    (parent) => checkParent(report, names, statement, columns, parent, fields) ?? [],
  );
  return {
    fields,
    model: {
      name: statement.name.text,
      kind: statement.kind,
      storage,
      ...(isShared && storage !== null ? { shared: true } : {}),
      keyType: storage === null ? "text" : "uuid",
      parents,
      fields: [...fields.values()].map((field) => field.model),
    },
  };
}

function checkField(
  report: Report,
  names: TypeNames,
  entity: EntityStatement,
  columns: Columns,
  field: Field,
): FieldSymbol | null {
  const name = field.name.text;
  const what = `the field \`${name}\``;
  const type = resolveType(report, names, field.type, what);
  if (type === null) return null;
  if (field.delegated && entity.kind !== "principal")
    report.add(finding("model/mark", field.name.span, { mark: "tenant", what: "a field of an entity" }));
  if (field.searchable && type.kind !== "string")
    report.add(
      finding("model/mark", field.name.span, { mark: "searchable", what: "a field that is no String" }),
    );
  const storage =
    entity.storedIn === null
      ? outside(report, entity.kind, field, what)
      : keep(report, entity.storedIn.table.text, columns, field, type, what);
  if (storage === undefined) return null;
  return {
    model: {
      name,
      type,
      optional: field.type.optional,
      classes: [...new Set(field.classes.map((name) => name.text))],
      searchable: field.searchable,
      storage,
    },
    delegated: field.delegated,
    span: field.name.span,
  };
}

/** A field of a principal that lives outside the database. */
function outside(
  report: Report,
  kind: EntityStatement["kind"],
  field: Field,
  what: string,
): null | undefined {
  // An entity without a table was reported.
  if (field.via === null || kind === "entity") return null;
  report.add(
    finding("model/needless-via", field.via.span, { what: `${what} of a principal without a table` }),
  );
  return undefined;
}

function keep(
  report: Report,
  table: string,
  columns: Columns,
  field: Field,
  type: ValueType,
  what: string,
): FieldStorage | undefined {
  const name = field.name.text;
  if (type.kind === "set") {
    if (field.via === null) {
      report.add(
        finding("model/needs-via", field.name.span, {
          what: `the set \`${name}\``,
          help: "write `via TABLE(owner, value)` after its type",
        }),
      );
      return undefined;
    }
    const pair = twoColumns(report, field.via, what, "owner and value");
    if (pair === null) return undefined;
    return { kind: "table", table: field.via.table.text, owner: pair[0], value: pair[1] };
  }
  const place = field.via === null ? field.name : columnOf(report, table, field.via, what);
  if (place === null) return undefined;
  const column = field.via === null && type.kind === "entity" ? `${name}_id` : place.text;
  checkLength(report, { text: column, span: place.span });
  columns.take(column, holds(type, name), place.span);
  if (field.searchable && type.kind === "string") {
    // Kept free whether a policy seals the field or not: another tenant's may.
    const index = blindIndexColumn(column);
    checkLength(report, { text: index, span: place.span });
    columns.take(index, `the blind index of \`${name}\``, place.span);
  }
  return { kind: "column", column };
}

/** The column that `via TABLE(COLUMN)` names; null if it is no column of the entity's own table. */
function columnOf(report: Report, table: string, via: Join, what: string): Name | null {
  const [column, more] = via.columns;
  if (column !== undefined && more === undefined && via.table.text === table) return column;
  const help = `the column is that of its name; another one is named by \`via ${table}(COLUMN)\``;
  report.add(finding("model/needless-via", via.span, { what }, { help }));
  return null;
}

/** A reference field and a parent may share a column if both hold the same type. */
function holds(type: ValueType, name: string): string {
  return type.kind === "entity" ? `the reference to \`${type.entity}\`` : `\`${name}\``;
}

function checkParent(
  report: Report,
  names: TypeNames,
  entity: EntityStatement,
  columns: Columns,
  parent: Parent,
  fields: ReadonlyMap<string, FieldSymbol>,
): ParentModel | null {
  const target = parent.entity.text;
  if (!names.entities.has(target)) {
    report.add(unknownName("entity", parent.entity, names.entities));
    return null;
  }
  const what = `the parent \`${target}\``;
  const { via } = parent;
  if (via === null) {
    const help =
      entity.kind === "principal"
        ? "write `via session` or `via TABLE(child, parent)`"
        : "write `via COLUMN`";
    report.add(finding("model/needs-via", parent.entity.span, { what, help }));
    return null;
  }
  if (via.columns !== null) {
    const { span } = via.name;
    const pair = twoColumns(
      report,
      { table: via.name, columns: via.columns, span },
      what,
      "child and parent",
    );
    if (pair === null) return null;
    return { entity: target, via: { kind: "table", table: via.name.text, child: pair[0], parent: pair[1] } };
  }
  if (via.name.text === "session" && entity.kind === "principal")
    return { entity: target, via: { kind: "session" } };
  if (entity.storedIn === null) {
    if (entity.kind === "entity") return null;
    report.add(
      finding("model/needs-via", via.name.span, {
        what,
        help: "write `via session` or `via TABLE(child, parent)`",
      }),
    );
    return null;
  }
  checkLength(report, via.name);
  // A parent's column is seen under its own name, beside the fields.
  const field = fields.get(via.name.text)?.model;
  if (field !== undefined && (field.storage?.kind !== "column" || field.storage.column !== via.name.text))
    report.add(
      finding("name/taken", via.name.span, {
        name: via.name.text,
        other: `a field of \`${entity.name.text}\``,
      }),
    );
  columns.take(via.name.text, `the reference to \`${target}\``, via.name.span);
  return { entity: target, via: { kind: "column", column: via.name.text } };
}
