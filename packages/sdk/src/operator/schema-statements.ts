/** All statements that make a database what the policies need, for whoever runs, plans or compares them. */
import type { Program } from "@wardline/core";
import {
  auditDdl,
  challengeDdl,
  databaseDdl,
  keyJobDdl,
  keyRegistryDdl,
  repositoryDdl,
  securityDdl,
  versionsDdl,
  type Database,
  type StoredModel,
} from "@wardline/isolation";

/**
 * What the programs of all tenants in one database agree on. Throws a TypeError where they do not: one column cannot be sealed
 * for one tenant and plain for another.
 */
export function storedModelOf(programs: readonly Program[]): StoredModel {
  const [first] = programs;
  if (first === undefined) throw new TypeError("no program to make tables for");
  const shape = ({ model, sealed }: Program) => JSON.stringify({ model, sealed });
  if (programs.some((program) => shape(program) !== shape(first)))
    throw new TypeError("the tenants' policies differ in their model or in the fields that they seal");
  return first;
}

/** In order, each by itself; running them again changes nothing. */
export function schemaStatements(
  stored: StoredModel,
  { schema, kind }: Pick<Database, "schema" | "kind">,
): readonly string[] {
  // An embedded database has no clock that could end a statement, and no logins.
  const options = kind === "embedded" ? { schema, limits: null } : { schema, login: true };
  return [
    ...databaseDdl(stored, options),
    ...securityDdl(stored, options),
    ...auditDdl(),
    ...challengeDdl(),
    ...versionsDdl(),
    ...repositoryDdl(),
    ...keyRegistryDdl(),
    ...keyJobDdl(),
  ];
}
