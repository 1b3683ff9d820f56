/**
 * Which challenges were carried out. A continuation is spent by the insert of its id, in the transaction of the write that it
 * stands for: so it is spent if the write stands, and a second one waits for the first and is told. Nobody is granted the table.
 */
import { control, controlFunction, controlTable } from "../context/ddl/control-object.ts";

/** `(id text) → text`: the tenant if the id is spent by this transaction, nothing if it was before. */
export const challengeSpend = control("challenge_spend");
const spentTable = control("challenge_spent");

/** The longest life of a continuation, in milliseconds. */
export const longestChallenge = 86_400_000;

/** Hours for which an id is kept, by the database's clock: what is swept has been over for a day. */
const keptFor = 48;
/** The most ids that one call sweeps. */
const sweep = 64;

/**
 * Statements that make the table, to be run after `securityDdl` by the same owner, in order, in one transaction, each by itself.
 * Running them again changes nothing.
 */
export function challengeDdl(): readonly string[] {
  const text = 'text COLLATE pg_catalog."C"';
  return [
    ...controlTable("challenge_spent", [
      `tenant_id ${text} NOT NULL CHECK (tenant_id <> '')`,
      `id ${text} NOT NULL CHECK (id ~ '^[0-9a-f]{64}$')`,
      "spent_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()",
      "PRIMARY KEY (tenant_id, id)",
    ]),
    `CREATE INDEX IF NOT EXISTS challenge_spent_at ON ${spentTable} (spent_at)`,
    ...controlFunction({
      name: "challenge_spend",
      parameters: "id text",
      types: "text",
      returns: "text",
      traits: "VOLATILE PARALLEL UNSAFE SET search_path = ''",
      body: `DECLARE
  mine CONSTANT text := ${control("current_tenant")}();
BEGIN
  -- Of any tenant, without waiting for whoever sweeps too.
  DELETE FROM ${spentTable} AS s WHERE (s.tenant_id, s.id) IN (
    SELECT o.tenant_id, o.id FROM ${spentTable} AS o
    WHERE o.spent_at < pg_catalog.clock_timestamp() - interval '${keptFor} hours'
    ORDER BY o.spent_at LIMIT ${sweep} FOR UPDATE SKIP LOCKED);
  INSERT INTO ${spentTable} AS s (tenant_id, id) VALUES (mine, challenge_spend.id) ON CONFLICT DO NOTHING;
  RETURN CASE WHEN FOUND THEN mine ELSE '' END;
END`,
      isOpen: true,
    }),
  ];
}
