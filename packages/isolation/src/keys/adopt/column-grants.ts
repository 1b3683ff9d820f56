/**
 * While a table has columns of an adoption, rights on all its columns are rights on those that the application has to know: none of
 * our roles, and not PUBLIC, may read or write the others.
 */
import type { SqlSession } from "../../contracts.ts";
import type { Catalogue, ColumnFacts, Grant, RelationFacts } from "../../doctor/catalogue.ts";
import { relationName } from "../../doctor/catalogue.ts";
import { applicationRole, factsRole, quoteName } from "../../schema/identifier.ts";
import { isAdoptionColumn } from "./adoption-names.ts";

/** Rights that can be had on some columns only. */
const columnRights = ["SELECT", "INSERT", "UPDATE", "REFERENCES"] as const;
const roles: readonly (string | null)[] = [null, applicationRole, factsRole];

const grantsQuery = `SELECT r.rolname::text AS role, a.privilege_type AS privilege, t.attname::text AS column
FROM pg_catalog.pg_class c
CROSS JOIN LATERAL (
  SELECT NULL::pg_catalog.name AS attname, c.relacl AS acl
  UNION ALL SELECT a.attname, a.attacl FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
) AS t
CROSS JOIN LATERAL pg_catalog.aclexplode(t.acl) AS a
LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
WHERE c.oid = $1::pg_catalog.oid AND t.acl IS NOT NULL AND (a.grantee = 0 OR r.oid IS NOT NULL) AND a.grantee <> c.relowner`;

interface FoundGrant {
  readonly role: string | null;
  readonly privilege: string;
  /** Null: on the table. */
  readonly column: string | null;
}

async function readGrants(session: SqlSession, oid: string): Promise<readonly FoundGrant[]> {
  const { rows } = await session.query(grantsQuery, [oid]);
  return rows.map((row) => ({
    role: (row["role"] ?? null) as string | null,
    privilege: String(row["privilege"]),
    column: (row["column"] ?? null) as string | null,
  }));
}

const nameOf = (role: string | null): string => (role === null ? "PUBLIC" : quoteName(role));
/** Also of a column that is not ours, whose name may be any. */
const quoteColumn = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Rights on the table become rights on these columns. */
export async function narrowGrants(
  session: SqlSession,
  { oid, relation }: { readonly oid: string; readonly relation: string },
  columns: readonly string[],
): Promise<void> {
  const list = columns
    .filter((name) => !isAdoptionColumn(name))
    .map(quoteColumn)
    .join(", ");
  for (const { role, privilege, column } of await readGrants(session, oid)) {
    if (column !== null || !roles.includes(role) || !isOfColumns(privilege)) continue;
    await session.query(`REVOKE ${privilege} ON TABLE ${relation} FROM ${nameOf(role)}`, []);
    await session.query(`GRANT ${privilege} (${list}) ON TABLE ${relation} TO ${nameOf(role)}`, []);
  }
}

/** The way back: rights to read and to make rows are rights on the table again. What may be changed stays column by column. */
export async function widenGrants(
  session: SqlSession,
  { oid, relation }: { readonly oid: string; readonly relation: string },
): Promise<void> {
  const found = (await readGrants(session, oid)).filter(
    ({ role, privilege, column }) =>
      column !== null &&
      role !== null &&
      roles.includes(role) &&
      (privilege === "SELECT" || privilege === "INSERT"),
  );
  const rights = new Map(
    found.map(({ role, privilege }) => [JSON.stringify([role, privilege]), { role, privilege }]),
  );
  for (const { role, privilege } of rights.values()) {
    await session.query(`REVOKE ${privilege} ON TABLE ${relation} FROM ${nameOf(role)}`, []);
    await session.query(`GRANT ${privilege} ON TABLE ${relation} TO ${nameOf(role)}`, []);
  }
}

const isOfColumns = (privilege: string): boolean => (columnRights as readonly string[]).includes(privilege);

/** The catalogue that is wanted of a database as long as columns of an adoption stand in its tables. */
export function wantedMeanwhile(there: Catalogue, wanted: Catalogue): Catalogue {
  const adopting = new Set(
    there.relations
      .filter(({ columns }) => columns.some(({ name }) => isAdoptionColumn(name)))
      .map((relation) => relationName(relation)),
  );
  if (adopting.size === 0) return wanted;
  return {
    ...wanted,
    relations: wanted.relations.map((relation) =>
      adopting.has(relationName(relation)) ? narrowed(relation) : relation,
    ),
  };
}

function narrowed(relation: RelationFacts): RelationFacts {
  const isNarrowed = ({ to, privilege }: Grant): boolean => roles.includes(to) && isOfColumns(privilege);
  const moved = relation.grants.filter(isNarrowed);
  return {
    ...relation,
    grants: relation.grants.filter((grant) => !isNarrowed(grant)),
    columns: relation.columns.map((column): ColumnFacts => ({
      ...column,
      grants: [...column.grants, ...moved],
    })),
  };
}
