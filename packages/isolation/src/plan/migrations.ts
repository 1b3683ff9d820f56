/** Statements that settle a refused difference and keep every value and every reference: for somebody to read, and run as a migration. */
import {
  relationName,
  type Catalogue,
  type ColumnFacts,
  type ConstraintFacts,
  type RelationFacts,
} from "../doctor/catalogue.ts";
import { qualify, quoteName } from "../schema/identifier.ts";

/** Undefined where a value could change, or where somebody must say what becomes of it. */
export function typeMigration(
  column: ColumnFacts,
  right: ColumnFacts,
  alterColumn: string,
  typeText: string,
): readonly string[] | undefined {
  if (column.isDomain || right.isDomain || column.generated !== null) return undefined;
  return keepsEveryValue(column.type, right.type) ? [`${alterColumn} TYPE ${typeText}`] : undefined;
}

function keepsEveryValue(there: string, right: string): boolean {
  if (right === "text") return /^(?:text|character varying(?:\(\d+\))?)$/.test(there);
  if (right === "bigint") return there === "integer" || there === "smallint";
  const numeric = (type: string) => /^numeric\((\d+),(\d+)\)$/.exec(type)?.slice(1).map(Number);
  const [[precision = 0, scale = -1] = [], [wanted = 0, wantedScale = -2] = []] = [
    numeric(there),
    numeric(right),
  ];
  return scale === wantedScale && precision <= wanted;
}

/**
 * A primary key that lacks nothing but the tenant's column gets it. What refers to the old key and is the model's is dropped, since
 * the plan makes it anew with the tenant; for what is not, the old key stays unique.
 */
export function keyMigration(
  { there, wanted }: { readonly there: Catalogue; readonly wanted: Catalogue },
  table: RelationFacts,
  primary: ConstraintFacts,
  right: ConstraintFacts,
): readonly string[] | undefined {
  const [tenant, ...rest] = right.columns;
  if (tenant === undefined || rest.join() !== primary.columns.join()) return undefined;
  if (table.columns.find(({ name }) => name === tenant)?.required !== true) return undefined;
  const self = relationName(table);
  const referring = there.relations.flatMap((relation) =>
    relation.constraints
      .filter(
        ({ kind, refersTo, referred }) =>
          kind === "foreign" && refersTo === self && referred.join() === primary.columns.join(),
      )
      .map((constraint) => ({ relation, constraint })),
  );
  const outside = referring.filter(({ relation, constraint }) => !isMadeAnew(wanted, relation, constraint));
  const alter = ({ schema, name }: RelationFacts) => `ALTER TABLE ${qualify(schema, name)}`;
  return [
    ...referring.map(
      ({ relation, constraint }) => `${alter(relation)} DROP CONSTRAINT ${quoteName(constraint.name)}`,
    ),
    `${alter(table)} DROP CONSTRAINT ${quoteName(primary.name)}, ADD CONSTRAINT ${quoteName(right.name)} ${right.definition}`,
    ...(outside.length === 0
      ? []
      : [`${alter(table)} ADD UNIQUE (${primary.columns.map(quoteName).join(", ")})`]),
    ...outside.map(
      ({ relation, constraint }) =>
        `${alter(relation)} ADD CONSTRAINT ${quoteName(constraint.name)} ${constraint.definition}`,
    ),
  ];
}

/** Whether the plan makes a reference of the same columns to the same table, with the tenant's before them. */
function isMadeAnew(
  wanted: Catalogue,
  relation: RelationFacts,
  { columns, refersTo }: ConstraintFacts,
): boolean {
  const right = wanted.relations.find((other) => relationName(other) === relationName(relation));
  return (
    right?.constraints.some(
      (other) =>
        other.kind === "foreign" &&
        other.refersTo === refersTo &&
        other.columns.slice(1).join() === columns.join(),
    ) === true
  );
}
