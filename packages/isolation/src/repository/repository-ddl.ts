/**
 * The files of a repository of bundles, in a table that an operator's publication fills and the application reads by one function. Nothing of
 * it is trusted: readers check what they get from a root that is not in the database.
 */
import { control, controlFunction, controlTable } from "../context/ddl/control-object.ts";
import { applicationRole, quoteName } from "../schema/identifier.ts";

export const repositoryTable = control("repository_file");
export const repositoryFile = control("repository_file_of");

/** The channel on which a new timestamp is told. */
export const repositoryChannel = "wardline_repository";

/** The one file that is ever replaced. */
export const timestampPath = "metadata/timestamp.json";

const stays = control("repository_file_stays");
const tells = control("repository_tells");

/** Statements that make it, as `versionsDdl`. */
export function repositoryDdl(): readonly string[] {
  return [
    ...controlTable("repository_file", [
      'path text COLLATE pg_catalog."C" NOT NULL PRIMARY KEY',
      "body bytea NOT NULL",
    ]),
    ...controlFunction({
      // The content in Base64, or null where it has more bytes than asked for.
      name: "repository_file_of",
      parameters: "wanted text, most bigint",
      types: "text, bigint",
      returns: "TABLE (size bigint, body text)",
      traits: "STABLE PARALLEL RESTRICTED SET search_path = ''",
      body: `BEGIN
  RETURN QUERY SELECT pg_catalog.octet_length(f.body)::bigint,
    CASE WHEN pg_catalog.octet_length(f.body) <= most THEN pg_catalog.translate(pg_catalog.encode(f.body, 'base64'), E'\\n', '') END
  FROM ${repositoryTable} AS f WHERE f.path = wanted;
END`,
      isOpen: true,
    }),
    `CREATE OR REPLACE FUNCTION ${stays}() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $wardline$
BEGIN
  IF NEW.path <> OLD.path OR (OLD.path <> '${timestampPath}' AND NEW.body <> OLD.body) THEN
    RAISE EXCEPTION 'a file that was published stays as it is' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$wardline$`,
    `CREATE OR REPLACE FUNCTION ${tells}() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $wardline$
BEGIN
  PERFORM pg_catalog.pg_notify('${repositoryChannel}', '');
  RETURN NULL;
END
$wardline$`,
    ...trigger("stays", `BEFORE UPDATE ON ${repositoryTable} FOR EACH ROW`, stays),
    ...trigger(
      "tells",
      `AFTER INSERT OR UPDATE ON ${repositoryTable} FOR EACH ROW WHEN (NEW.path = '${timestampPath}')`,
      tells,
    ),
    `REVOKE ALL ON FUNCTION ${stays}(), ${tells}() FROM PUBLIC, ${quoteName(applicationRole)}`,
  ];
}

function trigger(name: string, when: string, run: string): readonly string[] {
  return [
    `CREATE OR REPLACE TRIGGER ${quoteName(name)} ${when} EXECUTE FUNCTION ${run}()`,
    `ALTER TABLE ${repositoryTable} ENABLE ALWAYS TRIGGER ${quoteName(name)}`,
  ];
}
