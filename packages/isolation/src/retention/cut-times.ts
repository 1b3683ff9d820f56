/** Up to which moment rows must have come to their end so that they are not kept any longer. */
import type { Period } from "@wardline/core";
import { periodDays } from "@wardline/core";
import type { SqlSession } from "../contracts.ts";
import { quoteText } from "../schema/identifier.ts";
import type { RetainedEntity } from "./retained-entities.ts";

/** As Postgres writes it, in UTC; null where it lies before all times. */
export type Cut = string | null;

/** Days: what is older than the calendar is not. */
const mostDays = 365 * 4000;
const units: Readonly<Record<Period["unit"], string>> = { d: "days", mo: "months", y: "years" };

/**
 * In the order of the entities. A period is counted back in the calendar of the tenant's time zone, which is never later than it counted on
 * from a row's end. Invariant: a clock that is ahead deletes nothing early: of the database's and of this machine's the earlier one counts.
 */
export async function cutTimes(
  session: SqlSession,
  entities: readonly RetainedEntity[],
  timezone: string,
): Promise<readonly Cut[]> {
  const cuts: Cut[] = [];
  for (const { period, type } of entities) {
    if (periodDays(period).most > mostDays) {
      cuts.push(null);
      continue;
    }
    const local = `(LEAST(pg_catalog.clock_timestamp(), pg_catalog.to_timestamp($1::float8 / 1000)) AT TIME ZONE $2) - $3::interval`;
    const { rows } = await session.query(
      `SELECT ${type === "date" ? `(${local})::date` : `(${local}) AT TIME ZONE $2`}::text AS cut`,
      [String(Date.now()), timezone, `${period.count} ${units[period.unit]}`],
    );
    cuts.push(String(rows[0]?.["cut"]));
  }
  return cuts;
}

/** A condition over a row, which is called `t`, of constants alone. A date is over when its day is. */
export function isOver(column: string, type: RetainedEntity["type"], cut: Cut): string {
  if (cut === null) return "false";
  return type === "date"
    ? `${column} < ${quoteText(cut)}::date`
    : `${column} <= ${quoteText(cut)}::timestamptz`;
}
