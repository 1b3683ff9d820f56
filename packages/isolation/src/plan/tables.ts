/** Tables with their columns, keys and checks; then what refers from one to another, and what is looked up. */
import type { Catalogue, ColumnFacts, ConstraintFacts, RelationFacts } from "../doctor/catalogue.ts";
import { relationName } from "../doctor/catalogue.ts";
import { qualify, quoteName } from "../schema/identifier.ts";
import { comparedSchemas, type Compared } from "./compared.ts";
import { keyMigration, typeMigration } from "./migrations.ts";
import { wantedOwner } from "./roles.ts";
import type { PlanItem, PlanRefusal } from "./step.ts";

/** The tables of the compared schemas, as they are and as they are wanted. */
export function* tablesOf({ there, wanted, schema }: Compared): Generator<{
  readonly right: RelationFacts;
  /** Undefined if it is not there. */
  readonly table: RelationFacts | undefined;
  readonly name: string;
}> {
  const schemas = comparedSchemas({ there, schema });
  for (const right of wanted.relations) {
    if (!schemas.includes(right.schema) || !isTable(right)) continue;
    const table = there.relations.find((other) => relationName(other) === relationName(right));
    yield { right, table, name: qualify(right.schema, right.name) };
  }
}

const isTable = ({ kind }: RelationFacts) => kind === "table" || kind === "partitioned table";
const objectOf = (table: RelationFacts) => ({ kind: "table", name: relationName(table) }) as const;

export function* planTables(at: Compared): Generator<PlanItem> {
  for (const { right, table, name } of tablesOf(at)) {
    if (table === undefined) yield { object: objectOf(right), sql: createTable(right, name) };
    else if (!isTable(table))
      yield {
        object: objectOf(right),
        reason: `a ${table.kind} has its name`,
        cure: "rename it, or drop it if nothing needs it",
      };
    else {
      for (const column of right.columns) yield* planColumn(table, column, name);
      for (const constraint of right.constraints)
        if (constraint.kind !== "foreign") yield* planConstraint(at, table, constraint, name);
    }
    yield* planOwner(at.wanted, right, table, name);
  }
}

function* planOwner(
  wanted: Catalogue,
  right: RelationFacts,
  table: RelationFacts | undefined,
  name: string,
): Generator<PlanItem> {
  const owner = wantedOwner(wanted, right.owner);
  if (owner !== null && table?.owner !== owner)
    yield { object: objectOf(right), sql: `ALTER TABLE ${name} OWNER TO ${quoteName(owner)}` };
}

function createTable(right: RelationFacts, name: string): string {
  const lines = [
    ...right.columns.map(columnText),
    ...right.constraints
      .filter(({ kind }) => kind !== "foreign")
      .map((constraint) => `CONSTRAINT ${quoteName(constraint.name)} ${constraint.definition}`),
  ];
  return `CREATE TABLE ${name} (\n  ${lines.join(",\n  ")}\n)`;
}

function columnType({ type, collation }: ColumnFacts): string {
  return collation === null || collation === "pg_catalog.default"
    ? type
    : `${type} COLLATE ${collationText(collation)}`;
}

function withMigration(migration: readonly string[] | undefined): Pick<PlanRefusal, "migration"> {
  return migration === undefined ? {} : { migration };
}

function columnText(column: ColumnFacts): string {
  const { name, required, expression, generated } = column;
  const parts = [quoteName(name), columnType(column)];
  if (required) parts.push("NOT NULL");
  if (expression !== null)
    parts.push(
      generated === null
        ? `DEFAULT ${expression}`
        : `GENERATED ALWAYS AS (${expression}) ${generated.toUpperCase()}`,
    );
  return parts.join(" ");
}

function collationText(collation: string): string {
  const dot = collation.indexOf(".");
  return qualify(collation.slice(0, dot), collation.slice(dot + 1));
}

function* planColumn(table: RelationFacts, right: ColumnFacts, name: string): Generator<PlanItem> {
  const object = { kind: "column", name: `${relationName(table)}.${right.name}` } as const;
  const column = table.columns.find((other) => other.name === right.name);
  const alter = `ALTER TABLE ${name}`;
  const alterColumn = `${alter} ALTER COLUMN ${quoteName(right.name)}`;
  if (column === undefined) {
    yield { object, sql: `${alter} ADD COLUMN ${columnText(right)}` };
    return;
  }
  if (
    column.type !== right.type ||
    column.collation !== right.collation ||
    column.isDomain !== right.isDomain
  ) {
    yield {
      object,
      reason: `it is ${typeText(column)}, and the model says ${typeText(right)}`,
      cure: isToBeSealed(column, right)
        ? "run `wardline keys adopt`, which seals what is in it while the application goes on"
        : "change its type in a migration of yours, which says what becomes of each value",
      ...withMigration(typeMigration(column, right, alterColumn, columnType(right))),
    };
    return;
  }
  if (right.required && !column.required) yield { object, sql: `${alterColumn} SET NOT NULL` };
  if (!right.required && column.required) yield { object, sql: `${alterColumn} DROP NOT NULL` };
  const isGenerated = column.identity || [column, right].some(({ generated }) => generated !== null);
  if (column.expression === right.expression && column.generated === right.generated && !column.identity)
    return;
  if (isGenerated)
    yield {
      object,
      reason:
        right.generated === null
          ? "its value is generated, and the model says that it is written"
          : `the model says that its value is generated as ${right.expression}`,
      cure: "change how it gets its value in a migration of yours",
    };
  else
    yield {
      object,
      sql: `${alterColumn} ${right.expression === null ? "DROP DEFAULT" : `SET DEFAULT ${right.expression}`}`,
    };
}

/** Of the model's columns bytes alone are sealed. */
function isToBeSealed(there: ColumnFacts, right: ColumnFacts): boolean {
  return right.type === "bytea" && /^(?:text|character varying(?:\(\d+\))?)$/.test(there.type);
}

function typeText({ type, collation }: ColumnFacts): string {
  return collation === null ? type : `${type} COLLATE ${collation}`;
}

function* planConstraint(
  at: Compared,
  table: RelationFacts,
  right: ConstraintFacts,
  name: string,
): Generator<PlanItem> {
  const object = { kind: "constraint", name: `${relationName(table)}.${right.name}` } as const;
  const same = (other: ConstraintFacts) => other.kind === right.kind && other.definition === right.definition;
  const stands =
    table.constraints.find((other) => other.name === right.name && same(other)) ??
    table.constraints.find(same);
  if (stands?.validated === true) return;
  // A key that was made by another name is the same key.
  const replaced = table.constraints.find((other) => other.name === right.name);
  if (right.kind === "primary") {
    const primary = table.constraints.find(({ kind }) => kind === "primary");
    if (primary !== undefined) {
      yield {
        object,
        reason: `its primary key is ${primary.definition}, and the model says ${right.definition}`,
        cure: table.columns.some((column) => column.name === right.columns[0] && column.required)
          ? "change the key in a migration of yours, with the keys that refer to it"
          : `add the column ${right.columns[0]} and fill it, so that every row says whose it is; then change the key`,
        ...withMigration(keyMigration(at, table, primary, right)),
      };
      return;
    }
  }
  const drop = replaced === undefined ? "" : `DROP CONSTRAINT ${quoteName(right.name)}, `;
  yield {
    object,
    sql: `ALTER TABLE ${name} ${drop}ADD CONSTRAINT ${quoteName(right.name)} ${right.definition}`,
  };
}

export function* planForeignKeys(at: Compared): Generator<PlanItem> {
  for (const { right, table, name } of tablesOf(at))
    for (const constraint of right.constraints)
      if (constraint.kind === "foreign")
        yield* planConstraint(at, table ?? withoutAny(right), constraint, name);
}

/** A table that was just made, with nothing that refers from it. */
function withoutAny(right: RelationFacts): RelationFacts {
  return { ...right, constraints: [] };
}

export function* planIndexes(at: Compared): Generator<PlanItem> {
  for (const { right, table } of tablesOf(at))
    for (const index of right.indexes) {
      if (index.ofConstraint) continue;
      const object = { kind: "index", name: `${right.schema}.${index.name}` } as const;
      const there = table?.indexes.find((other) => other.name === index.name);
      if (there?.definition === index.definition && there.valid) continue;
      if (there !== undefined) yield { object, sql: `DROP INDEX ${qualify(right.schema, index.name)}` };
      yield { object, sql: index.definition };
    }
}
