/**
 * The audit chain in the database: one chain a tenant, appended by one function that runs as its owner. Nobody is
 * granted the tables but auditors, who read them, and what stands in the chain is changed by no statement, the owner's
 * included. A superuser can still take the triggers away: that the chain was rewritten shows against a head kept elsewhere.
 */
import { applicationRole, auditorRole, controlSchema, qualify, quoteName } from "../schema/identifier.ts";

export const auditTable = qualify(controlSchema, "audit");
export const auditHeadTable = qualify(controlSchema, "audit_head");
/** `(entries text[]) → tenant text`: appends to the chain of the context's tenant, in the caller's transaction. */
export const auditAppend = qualify(controlSchema, "audit_append");

/** An expression: the database's clock, in microseconds since 1970, exactly. */
export const auditClock = "(EXTRACT(epoch FROM pg_catalog.clock_timestamp()) * 1000000)::bigint";

const role = quoteName(applicationRole);
const auditor = quoteName(auditorRole);
const guard = qualify(controlSchema, "audit_is_final");
const guardHead = qualify(controlSchema, "audit_head_grows");

/**
 * Statements that make the chain's tables and functions, to be run after `securityDdl` by the same owner, in order, in
 * one transaction, each by itself. Running them again changes nothing.
 */
export function auditDdl(): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${auditHeadTable} (
  tenant_id text COLLATE pg_catalog."C" NOT NULL PRIMARY KEY,
  seq bigint NOT NULL CHECK (seq >= 0),
  hash bytea NOT NULL CHECK (pg_catalog.octet_length(hash) = 32)
)`,
    `CREATE TABLE IF NOT EXISTS ${auditTable} (
  tenant_id text COLLATE pg_catalog."C" NOT NULL,
  seq bigint NOT NULL CHECK (seq >= 1),
  at bigint NOT NULL,
  prev_hash bytea NOT NULL CHECK (pg_catalog.octet_length(prev_hash) = 32),
  entry text COLLATE pg_catalog."C" NOT NULL,
  hash bytea NOT NULL CHECK (pg_catalog.octet_length(hash) = 32),
  PRIMARY KEY (tenant_id, seq)
)`,
    // Without a policy for it no role but the owner sees a row, should it be granted the tables.
    `ALTER TABLE ${auditHeadTable} ENABLE ROW LEVEL SECURITY`,
    `ALTER TABLE ${auditTable} ENABLE ROW LEVEL SECURITY`,
    `REVOKE ALL ON TABLE ${auditHeadTable}, ${auditTable} FROM PUBLIC, ${role}`,
    ...auditors(),
    refuseChange(),
    ...triggers(),
    appendFunction(),
    `REVOKE ALL ON FUNCTION ${auditAppend}(text[]), ${guard}(), ${guardHead}() FROM PUBLIC, ${role}`,
    `GRANT EXECUTE ON FUNCTION ${auditAppend}(text[]) TO ${role}`,
  ];
}

/** The role of auditors: it logs in by others that are made members of it, and reads all chains and no tenant's rows. */
function auditors(): readonly string[] {
  return [
    `GRANT USAGE ON SCHEMA ${quoteName(controlSchema)} TO ${auditor}`,
    `GRANT SELECT ON TABLE ${auditHeadTable}, ${auditTable} TO ${auditor}`,
    ...[auditHeadTable, auditTable].flatMap((table) => [
      `DROP POLICY IF EXISTS auditors ON ${table}`,
      `CREATE POLICY auditors ON ${table} FOR SELECT TO ${auditor} USING (true)`,
    ]),
  ];
}

/**
 * The lock of the head's row and its reading are one statement, which looks again after it has waited: so two transactions never get one
 * number, and a rollback leaves no gap. Hashes are made one after the other, rows are stored at once.
 */
function appendFunction(): string {
  return `CREATE OR REPLACE FUNCTION ${auditAppend}(entries text[]) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path = '' AS $wardline$
DECLARE
  domain CONSTANT bytea := pg_catalog.convert_to('wardline/audit/2', 'UTF8') || '\\x00'::bytea;
  start CONSTANT bytea := '\\x00'::bytea || domain;
  tenant text := ${qualify(controlSchema, "current_tenant")}();
  entry text;
  place bigint;
  moment bigint;
  prev bytea;
  next bytea;
  prevs bytea[] := '{}';
  hashes bytea[] := '{}';
BEGIN
  IF entries IS NULL OR pg_catalog.array_ndims(entries) IS DISTINCT FROM 1 OR pg_catalog.array_position(entries, NULL) IS NOT NULL THEN
    RAISE EXCEPTION 'entries are a list of texts' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  LOOP
    SELECT h.seq, h.hash INTO place, prev FROM ${auditHeadTable} h WHERE h.tenant_id = tenant FOR NO KEY UPDATE;
    EXIT WHEN FOUND;
    INSERT INTO ${auditHeadTable} AS h (tenant_id, seq, hash)
    VALUES (tenant, 0, pg_catalog.sha256('\\x02'::bytea || domain || pg_catalog.convert_to(tenant, 'UTF8')))
    ON CONFLICT (tenant_id) DO NOTHING;
  END LOOP;
  -- After the lock, so that times of a chain go with its numbers as far as the server's clock does.
  moment := ${auditClock};
  next := prev;
  FOREACH entry IN ARRAY entries LOOP
    prevs := pg_catalog.array_append(prevs, next);
    next := pg_catalog.sha256(start || next || pg_catalog.int8send(moment) || pg_catalog.convert_to(entry, 'UTF8'));
    hashes := pg_catalog.array_append(hashes, next);
  END LOOP;
  INSERT INTO ${auditTable} (tenant_id, seq, at, prev_hash, entry, hash)
  SELECT tenant, place + e.n, moment, e.prev, e.entry, e.hash
  FROM ROWS FROM (pg_catalog.unnest(entries), pg_catalog.unnest(prevs), pg_catalog.unnest(hashes)) WITH ORDINALITY AS e(entry, prev, hash, n);
  UPDATE ${auditHeadTable} h SET seq = place + pg_catalog.cardinality(entries), hash = next WHERE h.tenant_id = tenant;
  RETURN tenant;
END
$wardline$`;
}

function refuseChange(): string {
  return `CREATE OR REPLACE FUNCTION ${guard}() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $wardline$
BEGIN
  RAISE EXCEPTION 'the audit chain is not changed' USING ERRCODE = 'insufficient_privilege';
END
$wardline$`;
}

function triggers(): readonly string[] {
  return [
    `CREATE OR REPLACE FUNCTION ${guardHead}() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $wardline$
BEGIN
  IF NEW.tenant_id <> OLD.tenant_id OR NEW.seq < OLD.seq THEN
    RAISE EXCEPTION 'the head of an audit chain only grows' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$wardline$`,
    ...trigger("final", auditTable, "BEFORE UPDATE OR DELETE OR TRUNCATE", "STATEMENT", guard),
    ...trigger("final", auditHeadTable, "BEFORE DELETE OR TRUNCATE", "STATEMENT", guard),
    ...trigger("grows", auditHeadTable, "BEFORE UPDATE", "ROW", guardHead),
  ];
}

function trigger(name: string, table: string, when: string, each: string, run: string): readonly string[] {
  return [
    `CREATE OR REPLACE TRIGGER ${quoteName(name)} ${when} ON ${table} FOR EACH ${each} EXECUTE FUNCTION ${run}()`,
    // Also where a session plays a replica, which would skip ordinary triggers.
    `ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${quoteName(name)}`,
  ];
}
