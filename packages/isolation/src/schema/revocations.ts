/**
 * What every role of a database may do by default and no tenant's statement may: change settings, write to the
 * server, read other sessions, sleep, lock by number, run text. It is taken from PUBLIC; nothing here grants.
 */
import { ownerRole, quoteName, quoteText } from "./identifier.ts";

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

/** What the functions that authenticate a context need of those. */
const ofTheOwner: readonly string[] = [
  "current_setting",
  "set_config",
  "pg_advisory_xact_lock_shared",
  "pg_control_system",
  "pg_postmaster_start_time",
  "pg_relation_filepath",
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

/** Statements that take those rights from PUBLIC, and the right to make tables, temporary ones too. */
export function revokeFromEveryone(): readonly string[] {
  return [
    `DO $wardline$
DECLARE
  it record;
BEGIN
  FOR it IN
    SELECT p.oid::pg_catalog.regprocedure::pg_catalog.text AS name, p.prokind FROM pg_catalog.pg_proc p
    WHERE p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace
      AND (p.proname = ANY (${textArray(functions)}) OR p.proname ~ ANY (${textArray(families)}))
  LOOP
    EXECUTE pg_catalog.format('REVOKE ALL ON %s %s FROM PUBLIC', CASE it.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, it.name);
  END LOOP;
  FOR it IN
    SELECT p.oid::pg_catalog.regprocedure::pg_catalog.text AS name FROM pg_catalog.pg_proc p
    WHERE p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace AND p.proname = ANY (${textArray(ofTheOwner)})
  LOOP
    EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO ${quoteName(ownerRole)}', it.name);
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

function textArray(items: readonly string[]): string {
  return `ARRAY[${items.map(quoteText).join(", ")}]::pg_catalog.text[]`;
}
