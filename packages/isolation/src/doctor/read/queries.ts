/** The queries of what is small in the catalogue: roles, rights on the system's own objects, and what stands beside tables. */
import { allowedFunctions } from "../../schema/allowed-functions.ts";
import { controlSchema, qualify } from "../../schema/identifier.ts";
import { extensionSql, grantsSql, isUserSchema } from "./rows.ts";

/** Those that decide what is logged, how text is read, and what leaves the server. */
export const settings = `SELECT s.name, coalesce(s.setting, '') AS value FROM pg_settings s
WHERE s.name IN ('row_security', 'standard_conforming_strings', 'transform_null_equals', 'backslash_quote', 'log_statement',
  'log_min_duration_statement', 'log_min_duration_sample', 'log_transaction_sample_rate', 'log_parameter_max_length',
  'log_parameter_max_length_on_error', 'shared_preload_libraries', 'session_preload_libraries', 'local_preload_libraries',
  'wal_level', 'lo_compat_privileges', 'allow_system_table_mods', 'session_replication_role', 'ssl', 'server_encoding')
  OR s.name LIKE 'auto_explain.%' ORDER BY s.name`;

export const roleSettings = `SELECT r.rolname AS role, s.setdatabase <> 0 AS here,
  split_part(c.entry, '=', 1) AS name, substr(c.entry, length(split_part(c.entry, '=', 1)) + 2) AS value
FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole CROSS JOIN LATERAL unnest(s.setconfig) AS c(entry)
WHERE s.setdatabase = 0 OR s.setdatabase = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
ORDER BY 1, 2, 3`;

export const roles = `SELECT r.rolname AS name, r.rolsuper AS superuser, r.rolinherit AS inherits,
  r.rolcreaterole AS "createsRoles", r.rolcreatedb AS "createsDatabases", r.rolcanlogin AS login,
  r.rolreplication AS replication, r.rolbypassrls AS "bypassesRowSecurity"
FROM pg_roles r ORDER BY r.rolname`;

export const memberships = `SELECT r.rolname AS role, m.rolname AS member FROM pg_auth_members a
JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member GROUP BY r.rolname, m.rolname ORDER BY 1, 2`;

/** `$1`: roles. What stands in another database is not named. */
export const owned = `SELECT r.rolname AS role, CASE WHEN d.dbid IN (0, b.oid)
    THEN pg_describe_object(d.classid, d.objid, d.objsubid) ELSE 'something in another database' END AS what
FROM pg_shdepend d JOIN pg_roles r ON r.oid = d.refobjid JOIN pg_database b ON b.datname = current_database()
WHERE d.refclassid = 'pg_authid'::regclass AND d.deptype = 'o' AND r.rolname = ANY ($1::text[]) ORDER BY 1, 2`;

/** Only a superuser may read it. */
export const passwords = `SELECT a.rolname AS name FROM pg_authid a WHERE a.rolpassword IS NOT NULL ORDER BY 1`;

export const schemas = `SELECT n.nspname AS name, pg_get_userbyid(n.nspowner) AS owner,
  ${grantsSql("n.nspacl", "n", "n.nspowner")} AS grants
FROM pg_namespace n WHERE ${isUserSchema("n.nspname")} ORDER BY n.nspname`;

export const functions = `SELECT n.nspname AS schema, p.proname AS name,
  (SELECT coalesce(string_agg(format_type(t.id, NULL), ', ' ORDER BY t.place), '')
    FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY AS t(id, place)) AS arguments,
  pg_get_userbyid(p.proowner) AS owner, p.prosecdef AS definer,
  p.prorettype IN ('trigger'::regtype, 'event_trigger'::regtype) AS "isTriggerFunction",
  ${extensionSql("pg_proc", "p.oid")} AS extension,
  CASE WHEN p.prokind IN ('f', 'p', 'w') THEN pg_get_functiondef(p.oid) END AS definition,
  ${grantsSql("p.proacl", "f", "p.proowner")} AS grants
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${isUserSchema("n.nspname")} ORDER BY 1, 2, 3`;

/** SQL: the role of a name, or NULL. It is looked up once for a statement, where a join would be made for each of thousands of functions. */
const roleNamed = (name: string) => `(SELECT r.oid FROM pg_roles r WHERE r.rolname = ${name})`;

/** SQL: whether an access list gives PUBLIC or the role `$1` one of the privileges. */
const open = (acl: string, kind: string, owner: string, privileges: string) =>
  `EXISTS (SELECT FROM aclexplode(coalesce(${acl}, acldefault('${kind}', ${owner}))) a
    WHERE (a.grantee = 0 OR a.grantee = ${roleNamed("$1")}) AND a.privilege_type IN (${privileges}))`;

export const systemFunctions = `SELECT p.oid::regprocedure::text AS name FROM pg_proc p
WHERE p.pronamespace = 'pg_catalog'::regnamespace AND ${open("p.proacl", "f", "p.proowner", "'EXECUTE'")} ORDER BY 1`;

/** `$1`: no role's name, so that PUBLIC alone is left. */
export const publicFunctions = systemFunctions;

/** `$1`: the application's role, `$2` the owner of what checks a context, `$3` the role that row-level security looks with, if it is there, `$4` that of auditors. */
export const closedFunctions = `WITH needed AS MATERIALIZED (${allowedFunctions()})
SELECT p.oid::regprocedure::text AS name FROM pg_proc p
WHERE (p.oid IN (SELECT n.oid FROM needed n)
    AND (NOT ${open("p.proacl", "f", "p.proowner", "'EXECUTE'")}
      OR NOT has_function_privilege(${roleNamed("$3")}, p.oid, 'EXECUTE')
      OR NOT has_function_privilege(${roleNamed("$4")}, p.oid, 'EXECUTE')))
  OR (p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind <> 'p'
    AND NOT has_function_privilege(${roleNamed("$2")}, p.oid, 'EXECUTE')
    AND NOT EXISTS (SELECT FROM pg_init_privs i WHERE i.classoid = 'pg_proc'::regclass AND i.objoid = p.oid
      AND NOT EXISTS (SELECT FROM aclexplode(i.initprivs) a WHERE a.grantee = 0))) ORDER BY 1`;

export const systemRelations = `SELECT c.relname AS name FROM pg_class c
WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind IN ('r', 'v')
  AND (${open("c.relacl", "r", "c.relowner", "'SELECT', 'INSERT', 'UPDATE', 'DELETE'")}
    OR EXISTS (SELECT FROM pg_attribute t WHERE t.attrelid = c.oid AND t.attacl IS NOT NULL
      AND EXISTS (SELECT FROM aclexplode(t.attacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
        WHERE a.grantee = 0 OR r.rolname = $1))) ORDER BY 1`;

export const languages = `SELECT l.lanname AS name FROM pg_language l
WHERE l.lanpltrusted AND ${open("l.lanacl", "l", "l.lanowner", "'USAGE'")} ORDER BY 1`;

export const parameters = `SELECT p.parname AS name, string_agg(DISTINCT a.privilege_type, ', ') AS of
FROM pg_parameter_acl p CROSS JOIN LATERAL aclexplode(p.paracl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE a.grantee = 0 OR r.rolname = $1 GROUP BY p.parname ORDER BY 1`;

export const defaultGrants = `SELECT pg_get_userbyid(d.defaclrole) AS role, n.nspname AS schema, d.defaclobjtype AS kind,
  ${grantsSql("d.defaclacl", null, "d.defaclrole")} AS grants
FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace ORDER BY 1, 2, 3`;

export const extensions = `SELECT e.extname AS name, n.nspname AS of FROM pg_extension e
JOIN pg_namespace n ON n.oid = e.extnamespace ORDER BY 1`;

export const eventTriggers = `SELECT t.evtname AS name, n.nspname || '.' || p.proname AS of FROM pg_event_trigger t
JOIN pg_proc p ON p.oid = t.evtfoid JOIN pg_namespace n ON n.oid = p.pronamespace WHERE t.evtenabled <> 'D' ORDER BY 1`;

export const foreignServers = `SELECT s.srvname AS name, w.fdwname AS of FROM pg_foreign_server s
JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw ORDER BY 1`;

export const publications = `SELECT p.pubname AS name, p.puballtables AS "everyTable",
  (SELECT coalesce(json_agg(t.schemaname || '.' || t.tablename ORDER BY 1), '[]'::json)
    FROM pg_publication_tables t WHERE t.pubname = p.pubname) AS tables
FROM pg_publication p ORDER BY 1`;

export const slots = `SELECT s.slot_name AS name, s.plugin AS of FROM pg_replication_slots s
WHERE s.slot_type = 'logical' AND s.database = current_database() ORDER BY 1`;

export const largeObjects = `SELECT count(*)::int AS count FROM pg_largeobject_metadata`;

export const contextKeys = `SELECT k.id::text AS id, k.until IS NULL OR k.until > clock_timestamp() AS live,
  k.system_identifier::text AS "systemIdentifier", k.database::text AS "databaseOid"
FROM ${qualify(controlSchema, "context_key")} k ORDER BY k.id`;

export const systemIdentifier = `SELECT c.system_identifier::text AS id FROM pg_control_system() c`;
