/**
 * How values of the database are handed on, whichever driver carries them: numeric, dates and local times as the server's
 * text, instants in the engine's form, bigint as number where that is exact and as text elsewhere.
 */

/** Scalar types of `pg_type` that are not handed on as the server's text. */
export const typeIds = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  oid: 26,
  json: 114,
  float4: 700,
  float8: 701,
  date: 1082,
  timestamp: 1114,
  timestamptz: 1184,
  numeric: 1700,
  jsonb: 3802,
} as const;

export function wholeNumber(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}

/** `YYYY-MM-DDTHH:MM:SS.ffffffZ`, or the server's own text for what that form does not have (infinity, other eras). */
export function canonicalInstant(text: string): string {
  const parts = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00$/.exec(text);
  return parts === null ? text : `${parts[1]}T${parts[2]}.${(parts[3] ?? "").padEnd(6, "0")}Z`;
}

/** A parameter as text that the server reads, and refuses with a code where it does not fit. */
export function parameterText(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}

export const asText = (text: string): string => text;

/** The tags of statements that change rows, with which the server says how many. */
const changing = new Set(["INSERT", "UPDATE", "DELETE", "MERGE"]);

/** The rows that a statement changed, from its command tag: `INSERT 0 2`, `UPDATE 1`; 0 for `SELECT 5`. */
export function affectedBy(tag: string): number {
  const words = tag.split(" ");
  return changing.has(words[0] ?? "") ? Number(words.at(-1)) : 0;
}

/** Postgres answers COMMIT of a failed transaction with ROLLBACK and no error; here that is one. */
export function refuseQuietRollback(sql: string, tag: string | undefined): void {
  if (tag === "ROLLBACK" && !/^\s*(rollback|abort)\b/i.test(sql))
    throw new Error("the transaction had failed and was rolled back");
}
