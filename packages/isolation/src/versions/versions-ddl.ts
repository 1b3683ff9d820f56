/**
 * The table of the highest versions that were ever seen of signed documents and bundles. What stands there only grows, and no
 * statement takes it away, the owner's included; the application may read it and raise it, by two functions and no other way.
 */
import { control, controlFunction } from "../context/ddl/control-object.ts";
import { applicationRole, controlSchema, ownerRole, qualify, quoteName } from "../schema/identifier.ts";

export const versionsTable = qualify(controlSchema, "seen_version");

export const seenVersions = control("seen_versions");
export const seeVersions = control("see_versions");

const role = quoteName(applicationRole);
const grows = qualify(controlSchema, "seen_version_grows");
const stays = qualify(controlSchema, "seen_version_stays");

/**
 * Statements that make the table, to be run after `securityDdl` by the same owner, in order, in one transaction, each by
 * itself. Running them again changes nothing.
 */
export function versionsDdl(): readonly string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${versionsTable} (
  name text COLLATE pg_catalog."C" NOT NULL PRIMARY KEY,
  version bigint NOT NULL CHECK (version >= 1),
  sha256 text COLLATE pg_catalog."C" NOT NULL
)`,
    `ALTER TABLE ${versionsTable} OWNER TO ${quoteName(ownerRole)}`,
    // Without a policy nobody but the owner sees a row, should someone be granted the table.
    `ALTER TABLE ${versionsTable} ENABLE ROW LEVEL SECURITY`,
    `REVOKE ALL ON TABLE ${versionsTable} FROM PUBLIC, ${role}`,
    `CREATE OR REPLACE FUNCTION ${grows}() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $wardline$
BEGIN
  IF NEW.name <> OLD.name OR NEW.version < OLD.version OR (NEW.version = OLD.version AND NEW.sha256 <> OLD.sha256) THEN
    RAISE EXCEPTION 'a version that was seen only grows' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$wardline$`,
    `CREATE OR REPLACE FUNCTION ${stays}() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $wardline$
BEGIN
  RAISE EXCEPTION 'a version that was seen is not forgotten' USING ERRCODE = 'insufficient_privilege';
END
$wardline$`,
    ...controlFunction({
      name: "seen_versions",
      parameters: "",
      types: "",
      returns: "TABLE (name text, version bigint, sha256 text)",
      traits: "STABLE PARALLEL RESTRICTED SET search_path = ''",
      body: `BEGIN
  RETURN QUERY SELECT s.name, s.version, s.sha256 FROM ${versionsTable} AS s;
END`,
      isOpen: true,
    }),
    ...controlFunction({
      // How many were kept: what is lower, or equal and another, is left out.
      name: "see_versions",
      parameters: "names text[], versions bigint[], digests text[]",
      types: "text[], bigint[], text[]",
      returns: "bigint",
      traits: "VOLATILE PARALLEL UNSAFE SET search_path = ''",
      body: `DECLARE
  kept bigint;
BEGIN
  INSERT INTO ${versionsTable} AS s (name, version, sha256)
  SELECT given.name, given.version, given.sha256
  FROM ROWS FROM (pg_catalog.unnest(names), pg_catalog.unnest(versions), pg_catalog.unnest(digests)) AS given(name, version, sha256)
  ON CONFLICT (name) DO UPDATE SET version = excluded.version, sha256 = excluded.sha256
  WHERE s.version < excluded.version OR (s.version = excluded.version AND s.sha256 = excluded.sha256);
  GET DIAGNOSTICS kept = ROW_COUNT;
  RETURN kept;
END`,
      isOpen: true,
    }),
    ...trigger("grows", "BEFORE UPDATE", "ROW", grows),
    ...trigger("stays", "BEFORE DELETE OR TRUNCATE", "STATEMENT", stays),
    // A revision of a tenant's bundle that was seen is the least that may decide for it from then on.
    `CREATE OR REPLACE TRIGGER "floor" AFTER INSERT OR UPDATE ON ${versionsTable} FOR EACH ROW WHEN (pg_catalog.starts_with(NEW.name, 'bundle:')) EXECUTE FUNCTION ${qualify(controlSchema, "raise_floor")}()`,
    `ALTER TABLE ${versionsTable} ENABLE ALWAYS TRIGGER "floor"`,
    `REVOKE ALL ON FUNCTION ${grows}(), ${stays}() FROM PUBLIC, ${role}`,
  ];
}

function trigger(name: string, when: string, each: string, run: string): readonly string[] {
  return [
    `CREATE OR REPLACE TRIGGER ${quoteName(name)} ${when} ON ${versionsTable} FOR EACH ${each} EXECUTE FUNCTION ${run}()`,
    // Also where a session plays a replica, which would skip ordinary triggers.
    `ALTER TABLE ${versionsTable} ENABLE ALWAYS TRIGGER ${quoteName(name)}`,
  ];
}
