/** How far jobs over the cells of tenants are. Nobody is granted the table: operators write it, and no secret stands in it. */
import { control, controlTable } from "../../context/ddl/control-object.ts";
import { quoteText } from "../../schema/identifier.ts";

export const keyJobTable = control("key_job");

export const keyJobKinds = ["reseal", "adopt", "sweep"] as const;
export type KeyJobKind = (typeof keyJobKinds)[number];

/** `running`: the first pass over the rows. `verifying`: passes until one finds nothing to do. */
export const keyJobStates = ["running", "verifying", "done"] as const;
export type KeyJobState = (typeof keyJobStates)[number];

const kindCheck = "key_job_kind_check";

const oneOf = (words: readonly string[]): string => words.map(quoteText).join(", ");

const checkOfKinds = `CHECK (kind IN (${oneOf(keyJobKinds)}))`;

/** Lets a table that was made before there were all kinds of jobs have them. */
export const widenKinds = `ALTER TABLE ${keyJobTable} DROP CONSTRAINT ${kindCheck}, ADD CONSTRAINT ${kindCheck} ${checkOfKinds}`;

/** An expression: whether the table, which is there, has jobs of every kind. */
export const hasAllKinds = `(SELECT ${keyJobKinds
  .map((kind) => `pg_catalog.strpos(pg_catalog.pg_get_constraintdef(c.oid), ${quoteText(`'${kind}'`)}) > 0`)
  .join(
    " AND ",
  )} FROM pg_catalog.pg_constraint c WHERE c.conrelid = '${keyJobTable}'::regclass AND c.conname = '${kindCheck}')`;

/**
 * Statements that make the table, to be run after `securityDdl` by the same owner. Running them again changes nothing.
 * A row is of one table of one tenant's place; with an empty `table_name` it is of the whole operation.
 */
export function keyJobDdl(): readonly string[] {
  const text = 'text COLLATE pg_catalog."C" NOT NULL';
  return controlTable("key_job", [
    `tenant_id ${text} CHECK (tenant_id <> '')`,
    `kind ${text} CONSTRAINT ${kindCheck} ${checkOfKinds}`,
    `schema_name ${text}`,
    `table_name ${text}`,
    // What the rows are brought to; a job that has another one begins anew.
    `target ${text}`,
    `state ${text} CHECK (state IN (${oneOf(keyJobStates)}))`,
    // Who is at it: whoever finds another one here stops.
    "run uuid NOT NULL",
    // The key of the last row that was looked at; null at the beginning of a pass.
    "cursor_key text[]",
    "rows_all bigint NOT NULL DEFAULT 0",
    "rows_seen bigint NOT NULL DEFAULT 0",
    "rows_done bigint NOT NULL DEFAULT 0",
    "started_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()",
    "moved_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()",
    "PRIMARY KEY (tenant_id, kind, schema_name, table_name)",
  ]);
}
