/** The roles of a guarded database: the application's, which owns nothing, the owner of what authenticates it, and auditors'. */
import { applicationRole, auditorRole, ownerRole, quoteName, quoteText } from "../../schema/identifier.ts";

export interface RoleOptions {
  /** Whether the application logs in as its role, as it does on a server; by certificate, IAM or a rule, never by a password of ours. */
  readonly login?: boolean;
}

const application = quoteName(applicationRole);
const owner = quoteName(ownerRole);
const roles = [applicationRole, ownerRole, auditorRole];
const all = roles.map(quoteText).join(", ");

/** Statements that make the roles, or take from them what they should not have. */
export function rolesDdl({ login = false }: RoleOptions): readonly string[] {
  return [
    ...roles.map(
      (role) => `DO $wardline$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ${quoteText(role)}) THEN
    CREATE ROLE ${quoteName(role)} NOINHERIT NOLOGIN;
  END IF;
END
$wardline$`,
    ),
    // Said only where it is not so already: whoever is no superuser may not even repeat it.
    `DO $wardline$
DECLARE
  it record;
BEGIN
  FOR it IN
    SELECT rolname FROM pg_catalog.pg_roles
    WHERE rolname IN (${all}) AND (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication)
  LOOP
    EXECUTE pg_catalog.format('ALTER ROLE %I NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION', it.rolname);
  END LOOP;
  FOR it IN
    SELECT r.rolname, d.datname FROM pg_catalog.pg_db_role_setting s
    JOIN pg_catalog.pg_roles r ON r.oid = s.setrole LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
    WHERE r.rolname IN (${all})
  LOOP
    IF it.datname IS NULL THEN
      EXECUTE pg_catalog.format('ALTER ROLE %I RESET ALL', it.rolname);
    ELSE
      EXECUTE pg_catalog.format('ALTER ROLE %I IN DATABASE %I RESET ALL', it.rolname, it.datname);
    END IF;
  END LOOP;
END
$wardline$`,
    `ALTER ROLE ${application} NOINHERIT ${login ? "LOGIN" : "NOLOGIN"}`,
    `ALTER ROLE ${owner} NOINHERIT NOLOGIN`,
    `ALTER ROLE ${quoteName(auditorRole)} NOINHERIT NOLOGIN`,
    // Invariant: the application's role owns nothing and is member of nothing, so no table obeys it as its owner.
    `DO $wardline$
BEGIN
  IF EXISTS (
    SELECT FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles r ON r.oid = m.member
    WHERE r.rolname = ${quoteText(applicationRole)}
  ) OR EXISTS (
    SELECT FROM pg_catalog.pg_shdepend d JOIN pg_catalog.pg_roles r ON r.oid = d.refobjid
    WHERE r.rolname = ${quoteText(applicationRole)}
      AND d.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass AND d.deptype = 'o'
  ) THEN
    RAISE EXCEPTION '${applicationRole} owns something or is member of a role' USING ERRCODE = 'invalid_grant_operation';
  END IF;
END
$wardline$`,
    // Whoever applies this and is no superuser has to be able to give things to their owner, and to replace them later.
    `DO $wardline$
BEGIN
  IF NOT pg_catalog.pg_has_role(current_user, ${quoteText(ownerRole)}, 'USAGE') THEN
    EXECUTE pg_catalog.format('GRANT ${owner} TO %I', current_user);
  END IF;
END
$wardline$`,
  ];
}
