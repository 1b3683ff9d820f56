/** The columns of the model's tables, the tenant column before all. */
import { applicationRole } from "../../schema/identifier.ts";
import { allColumns } from "../../schema/table-plan.ts";
import { isAdoptionColumn } from "../../keys/adopt/adoption-names.ts";
import { callableNames } from "../../scope/callable-names.ts";
import { relationName, type ColumnFacts, type RelationFacts } from "../catalogue.ts";
import { modelTables, type DoctorLint, type Examined, type Found } from "../lint.ts";

const onColumn = (table: RelationFacts, column: string, message: string): Found => ({
  object: { kind: "column", name: `${relationName(table)}.${column}` },
  message,
});

function* tenantColumns(
  at: Examined,
): Generator<{ readonly table: RelationFacts; readonly column: ColumnFacts }> {
  for (const { plan, table } of modelTables(at))
    for (const column of table.columns) if (column.name === plan.tenant) yield { table, column };
}

export const tenantNullable: DoctorLint = {
  code: "doctor/tenant-nullable",
  severity: "error",
  summary: "A tenant column may be NULL.",
  why: "A row without a tenant is nobody's: no policy shows it, no key holds it, and what is shredded or moved leaves it behind.",
  cure: "ALTER TABLE … ALTER COLUMN … SET NOT NULL, when every row has a tenant",
  *find(at) {
    for (const { table, column } of tenantColumns(at))
      if (!column.required) yield onColumn(table, column.name, "it may be NULL");
  },
};

export const tenantType: DoctorLint = {
  code: "doctor/tenant-type",
  severity: "error",
  summary: "A tenant column has a type or a collation that can take two tenants for one.",
  why: "Only texts in byte order and uuids are equal if and only if their bytes are. Padding, case folding and nondeterministic collations make two ids one.",
  cure: 'make it text COLLATE "C"',
  *find(at) {
    for (const { table, column } of tenantColumns(at)) {
      const { type, collation, isDomain } = column;
      const exact = !isDomain && (type === "uuid" || (type === "text" && collation === "pg_catalog.C"));
      if (!exact)
        yield onColumn(
          table,
          column.name,
          `it is ${type}${collation === null ? "" : ` COLLATE ${collation}`}`,
        );
    }
  },
};

export const tenantUpdatable: DoctorLint = {
  code: "doctor/tenant-updatable",
  severity: "error",
  summary: "The application may update a tenant column.",
  why: "Row-level security refuses to give a row away only as long as it stands. Without the right the statement fails by itself.",
  cure: "REVOKE UPDATE ON the table, and grant it on the other columns",
  *find(at) {
    const mayUpdate = (grants: ColumnFacts["grants"]) =>
      grants.some(({ to, privilege }) => privilege === "UPDATE" && (to === null || to === applicationRole));
    for (const { table, column } of tenantColumns(at))
      if (mayUpdate(table.grants) || mayUpdate(column.grants))
        yield onColumn(table, column.name, `${applicationRole} has UPDATE on it`);
  },
};

export const missingColumn: DoctorLint = {
  code: "doctor/column-mismatch",
  severity: "error",
  summary: "A column is not there, or is of another type or collation than the model says.",
  why: "Every condition of a policy is made for the types of the model. Under another collation an equality lets in what the policy keeps out, and a sealed field may stand as plain text.",
  cure: "run `wardline db plan`, which says what can be mended and what only a migration of the data can",
  *find(at) {
    for (const { plan, table, wanted } of modelTables(at))
      for (const { name } of allColumns(plan)) {
        if (name === plan.tenant && table.columns.some((column) => column.name === name)) continue;
        const there = table.columns.find((column) => column.name === name);
        const right = wanted.columns.find((column) => column.name === name);
        if (there === undefined) yield onColumn(table, name, "it is not there");
        else if (right !== undefined && !isSame(there, right))
          yield onColumn(table, name, `it is ${textOf(there)}, and the model says ${textOf(right)}`);
      }
  },
};

function isSame(there: ColumnFacts, right: ColumnFacts): boolean {
  return textOf(there) === textOf(right) && there.isDomain === right.isDomain;
}

function textOf({ type, collation, required }: ColumnFacts): string {
  const order = collation === null ? "" : ` COLLATE ${collation}`;
  return `${type}${order}${required ? " NOT NULL" : ""}`;
}

export const unknownColumn: DoctorLint = {
  code: "doctor/unknown-column",
  severity: "warning",
  summary: "A table of the model has a column that the model does not know.",
  why: "No mask and no policy speaks of it; a restore or an export of the model leaves it out.",
  cure: "declare a field for it, or drop it",
  *find(at) {
    for (const { plan, table } of modelTables(at)) {
      const known = new Set(allColumns(plan).map(({ name }) => name));
      for (const { name } of table.columns)
        if (!known.has(name) && !callableNames.has(name) && !isAdoptionColumn(name))
          yield onColumn(table, name, "the model has no such column");
    }
  },
};

export const functionColumn: DoctorLint = {
  code: "doctor/function-column",
  severity: "error",
  summary: "A column bears the name of a function that callers may use.",
  why: "Postgres reads f(t) as the column f of the row t: a call that looks allowed takes a column past its mask.",
  cure: "give the column another name",
  *find(at) {
    for (const { table } of modelTables(at))
      for (const { name } of table.columns)
        if (callableNames.has(name))
          yield onColumn(table, name, `${name} is a function that callers may use`);
  },
};

/** What depends on the session or the server and not on the row. */
const sessionWords =
  /\b(?:current_setting|current_user|session_user|current_role|current_catalog|current_schema|current_tenant|set_config|inet_client_addr|pg_backend_pid|nextval)\b/i;

export const columnDefault: DoctorLint = {
  code: "doctor/column-default",
  severity: "error",
  summary:
    "A default, or a generated column, takes its value from the session, or from a function of somebody's.",
  why: "A stale setting then fills in another tenant or another person. Every value of a row is stamped by the driver, or comes from the row.",
  cure: "ALTER COLUMN … DROP DEFAULT",
  *find(at) {
    for (const { table, wanted } of modelTables(at))
      for (const { name, expression } of table.columns) {
        if (
          expression === null ||
          wanted.columns.some((column) => column.name === name && column.expression === expression)
        )
          continue;
        // What is not of pg_catalog is printed with its schema.
        if (sessionWords.test(expression) || /[\w"]\.[\w"]+\(/.test(expression))
          yield onColumn(table, name, "its default does not come from the row");
      }
  },
};
