/**
 * What every role of a database may do by default and no tenant's statement may: change settings, write to the
 * server, read other sessions, sleep, lock by number, run text. It is taken from PUBLIC; nothing here grants.
 */
import { allowedFunctions, textArray } from "./allowed-functions.ts";
import { applicationRole, auditorRole, factsRole, ownerRole, quoteName, quoteText } from "./identifier.ts";

/** Functions of pg_catalog by name. A name that this server lacks is passed over: what is not there can't be called. */
const functions: readonly string[] = [
  // settings and session state
  "set_config",
  "current_setting",
  "setseed",
  "nextval",
  "currval",
  "lastval",
  "setval",
  // other sessions and the server
  "pg_notify",
  "pg_listening_channels",
  "pg_notification_queue_usage",
  "pg_cancel_backend",
  "pg_terminate_backend",
  "pg_sleep",
  "pg_sleep_for",
  "pg_sleep_until",
  "pg_export_snapshot",
  "pg_logical_emit_message",
  "pg_blocking_pids",
  "pg_safe_snapshot_blocking_pids",
  "pg_lock_status",
  "pg_prepared_statement",
  "pg_prepared_xact",
  "pg_cursor",
  "pg_show_all_settings",
  "pg_settings_get_flags",
  "pg_postmaster_start_time",
  "pg_conf_load_time",
  // how much others write
  "pg_current_wal_lsn",
  "pg_current_wal_insert_lsn",
  "pg_current_wal_flush_lsn",
  "pg_last_wal_receive_lsn",
  "pg_last_wal_replay_lsn",
  "txid_current",
  "txid_current_if_assigned",
  "txid_current_snapshot",
  "pg_current_xact_id",
  "pg_current_xact_id_if_assigned",
  "pg_current_snapshot",
  "pg_database_size",
  "pg_relation_size",
  "pg_table_size",
  "pg_indexes_size",
  "pg_total_relation_size",
  "pg_tablespace_size",
  // text that is run as SQL
  "query_to_xml",
  "query_to_xmlschema",
  "query_to_xml_and_xmlschema",
  "table_to_xml",
  "table_to_xmlschema",
  "table_to_xml_and_xmlschema",
  "schema_to_xml",
  "schema_to_xmlschema",
  "schema_to_xml_and_xmlschema",
  "database_to_xml",
  "database_to_xmlschema",
  "database_to_xml_and_xmlschema",
  "cursor_to_xml",
  "cursor_to_xmlschema",
  "ts_stat",
  "ts_rewrite",
  // large objects, whose other functions begin with lo_
  "loread",
  "lowrite",
];

/** Families of pg_catalog functions, as regular expressions over their names. */
const families: readonly string[] = ["^lo_", "^pg_(try_)?advisory_", "^pg_stat_", "^pg_ls_", "^pg_read_"];

/** Relations of pg_catalog that show other sessions, settings, large objects or samples of data. */
const relations: readonly string[] = [
  "^pg_stat",
  "^pg_locks$",
  "^pg_prepared_",
  "^pg_cursors$",
  "^pg_settings$",
  "^pg_file_settings$",
  "^pg_largeobject",
  "^pg_replication_",
  "^pg_backend_memory",
  "^pg_shmem_",
  "^pg_db_role_setting$",
];

/** Languages in which a role could otherwise run a block of its own. */
const languages: readonly string[] = ["plpgsql", "sql"];

/**
 * Statements that take those rights from PUBLIC, and the right to make tables, temporary ones too. A superuser takes every
 * function of pg_catalog from PUBLIC and gives back what the application needs; whoever is none takes what can be taken.
 */
export function revokeFromEveryone(): readonly string[] {
  return [
    denyByDefault(),
    `DO $wardline$
DECLARE
  it record;
BEGIN
  FOR it IN
    SELECT p.oid::pg_catalog.regprocedure::pg_catalog.text AS name, p.prokind FROM pg_catalog.pg_proc p
    WHERE p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace
      AND (p.proname = ANY (${textArray(functions)}) OR p.proname ~ ANY (${textArray(families)}))
      AND (p.proacl IS NULL OR EXISTS (SELECT FROM pg_catalog.aclexplode(p.proacl) AS a WHERE a.grantee = 0))
  LOOP
    EXECUTE pg_catalog.format('REVOKE ALL ON %s %s FROM PUBLIC', CASE it.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, it.name);
  END LOOP;
  FOR it IN
    SELECT c.oid::pg_catalog.regclass::pg_catalog.text AS name FROM pg_catalog.pg_class c
    WHERE c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace AND c.relkind IN ('r', 'v')
      AND c.relname ~ ANY (${textArray(relations)})
  LOOP
    EXECUTE pg_catalog.format('REVOKE ALL ON TABLE %s FROM PUBLIC', it.name);
  END LOOP;
  EXECUTE pg_catalog.format('REVOKE TEMPORARY, CREATE ON DATABASE %I FROM PUBLIC', pg_catalog.current_database());
END
$wardline$`,
    `REVOKE CREATE ON SCHEMA public FROM PUBLIC`,
    ...languages.map((language) => `REVOKE USAGE ON LANGUAGE ${language} FROM PUBLIC`),
    `ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC`,
  ];
}

/**
 * What PUBLIC could call, the owner of the control schema can, and so can every role that owns tables here: the checks of
 * foreign keys run as them. A role that is none of these and no superuser calls nothing until it is granted it.
 */
export function denyByDefault(): string {
  return `DO $wardline$
DECLARE
  it record;
  closed text;
BEGIN
  IF NOT (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = current_user) THEN
    RETURN;
  END IF;
  REVOKE ALL ON ALL FUNCTIONS IN SCHEMA pg_catalog FROM PUBLIC, ${quoteName(applicationRole)};
  -- What the server itself opens to nobody stays so.
  SELECT pg_catalog.string_agg(p.oid::pg_catalog.regprocedure::pg_catalog.text, ', ') INTO closed
  FROM pg_catalog.pg_init_privs i JOIN pg_catalog.pg_proc p ON p.oid = i.objoid
  WHERE i.classoid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND p.prokind <> 'p'
    AND NOT EXISTS (SELECT FROM pg_catalog.aclexplode(i.initprivs) AS a WHERE a.grantee = 0);
  FOR it IN
    SELECT DISTINCT r.rolname FROM pg_catalog.pg_roles r
    WHERE NOT r.rolsuper AND r.rolname <> ${quoteText(applicationRole)} AND (
      r.rolname = ${quoteText(ownerRole)}
      OR r.oid = (SELECT d.datdba FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
      OR r.oid IN (SELECT c.relowner FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'p'))
    )
  LOOP
    EXECUTE pg_catalog.format('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pg_catalog TO %I', it.rolname);
    IF closed IS NOT NULL THEN
      EXECUTE pg_catalog.format('REVOKE ALL ON FUNCTION %s FROM %I', closed, it.rolname);
    END IF;
  END LOOP;
  FOR it IN
    SELECT pg_catalog.string_agg(p.oid::pg_catalog.regprocedure::pg_catalog.text, ', ') AS names
    FROM (${allowedFunctions()}) AS p
  LOOP
    EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO ${quoteName(applicationRole)}', it.names);
    EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO ${quoteName(auditorRole)}', it.names);
    -- The conditions of row-level security that look into other tables run as this role, where there are any.
    IF EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = ${quoteText(factsRole)}) THEN
      EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO ${quoteName(factsRole)}', it.names);
    END IF;
  END LOOP;
END
$wardline$`;
}
