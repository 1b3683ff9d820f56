/** The ways across that are tried on one relation as one role: statements that must not count anything. */
import type { RelationFacts } from "../catalogue.ts";
import { applicationRole, qualify, quoteName, quoteText } from "../../schema/identifier.ts";
import type { TablePlan } from "../../schema/table-plan.ts";
import { plantSql, withOtherId, type Canary } from "./canary.ts";

export interface Way {
  /** "reads", "updates", … in a sentence about rows of another tenant. */
  readonly verb: string;
  /** Counts the rows of the other tenant that were reached. */
  readonly sql: string;
}

export interface Crossing {
  readonly mine: Canary;
  readonly other: Canary;
  readonly schema: string;
}

/** The columns that a role may read. */
export function readable(relation: RelationFacts, role: string): readonly string[] {
  const may = (grants: RelationFacts["grants"]) =>
    grants.some(({ to, privilege }) => privilege === "SELECT" && (to === null || to === role));
  return relation.columns.filter(({ grants }) => may(relation.grants) || may(grants)).map(({ name }) => name);
}

/** A read of all that the role may read, which looks for the other tenant's name. Null where it may read nothing. */
export function readWay(relation: RelationFacts, role: string, { tenant }: Canary): Way | null {
  const columns = readable(relation, role);
  if (columns.length === 0) return null;
  const isNamed = columns
    .filter((name) => relation.columns.some((column) => column.name === name && column.type === "text"))
    .map((name) => `t.${quoteName(name)} = ${quoteText(tenant)}`);
  const where = isNamed.length === 0 ? "false" : isNamed.join(" OR ");
  return {
    verb: "reads",
    sql: `SELECT pg_catalog.count(*) AS count FROM ${qualify(relation.schema, relation.name)} AS t WHERE ${where}`,
  };
}

/** What the application could do to rows of the other tenant. Each counts what it did. */
export function writeWays(plan: TablePlan, { mine, other, schema }: Crossing): readonly Way[] {
  const { tenant } = plan;
  if (tenant === null || plan.readOnly) return [];
  const table = qualify(schema, plan.name);
  const column = quoteName(tenant);
  const fixed = new Set(plan.key);
  const free = plan.columns.find(({ name }) => !fixed.has(name));
  const counted = (change: string) =>
    `WITH changed AS (${change} RETURNING 1) SELECT pg_catalog.count(*) AS count FROM changed`;
  const theirs = `WHERE ${column} = ${quoteText(other.tenant)}`;
  return [
    { verb: "deletes", sql: counted(`DELETE FROM ${table} ${theirs}`) },
    ...(free === undefined
      ? []
      : [
          {
            verb: "updates",
            sql: counted(`UPDATE ${table} SET ${quoteName(free.name)} = ${quoteName(free.name)} ${theirs}`),
          },
        ]),
    {
      verb: "gives away its own rows, and so makes",
      sql: counted(
        `UPDATE ${table} SET ${column} = ${quoteText(other.tenant)} WHERE ${column} = ${quoteText(mine.tenant)}`,
      ),
    },
    { verb: "makes", sql: counted(plantSql(schema, plan, withOtherId(other))) },
  ];
}

/** The roles that may do something with a relation, the application's first. */
export function rolesWith(relation: RelationFacts): readonly string[] {
  const grants = [...relation.grants, ...relation.columns.flatMap((column) => column.grants)];
  const named = new Set(grants.flatMap(({ to }) => (to === null ? [] : [to])));
  return [applicationRole, ...[...named].filter((name) => name !== applicationRole).toSorted()];
}
