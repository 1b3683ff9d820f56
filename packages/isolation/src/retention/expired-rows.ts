/** Which rows of a table are to go: those that are over, and that no row refers to which stays. */
import { qualify, quoteName } from "../schema/identifier.ts";
import { planTables, type StoredModel } from "../schema/table-plan.ts";
import { isOver, type Cut } from "./cut-times.ts";
import type { RetainedEntity } from "./retained-entities.ts";

export interface ExpiredRows {
  /** Conditions over a row, which is called `t`. */
  readonly isExpired: string;
  readonly isReferred: string;
}

export function expiredRows(
  stored: StoredModel,
  schema: string,
  { table, column, type }: RetainedEntity,
  cut: Cut,
): ExpiredRows {
  const [key = ""] = table.key;
  const from = planTables(stored).flatMap((plan) =>
    plan.references
      // What is a part of the row goes with it.
      .filter((reference) => reference.table === table.name && !reference.cascade)
      .map(({ column: by }) => ({ plan, by })),
  );
  const refers = from.map(
    ({ plan, by }) =>
      `EXISTS (SELECT FROM ${qualify(schema, plan.name)} AS r WHERE ${
        plan.tenant === null ? "true" : `r.${quoteName(plan.tenant)} = t.${quoteName(table.tenant)}`
      } AND r.${quoteName(by)} = t.${quoteName(key)}${
        // A row that refers to itself keeps nobody.
        plan.name === table.name ? ` AND r.${quoteName(key)} <> t.${quoteName(key)}` : ""
      })`,
  );
  return {
    isExpired: `(${isOver(`t.${quoteName(column)}`, type, cut)})`,
    isReferred: refers.length === 0 ? "false" : `(${refers.join(" OR ")})`,
  };
}
