/** Reads rows of the catalogue as JSON, so that every driver gives the same values. */
import type { SqlSession } from "../../contracts.ts";

/** The rows of a query, with values as JSON has them. The caller says what a row is; the query makes it so. */
export async function readRows<Row>(
  session: SqlSession,
  query: string,
  parameters: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const { rows } = await session.query(
    `SELECT coalesce(json_agg(q), '[]'::json)::text AS rows FROM (${query}) q`,
    parameters,
  );
  const text = rows[0]?.["rows"];
  if (typeof text !== "string") throw new Error("the catalogue was not read");
  return JSON.parse(text) as readonly Row[];
}

/** SQL: the rights of an access list as JSON, without those of the owner. `kind` is as `acldefault` takes it. */
export function grantsSql(acl: string, kind: string | null, owner: string): string {
  const list = kind === null ? acl : `coalesce(${acl}, acldefault('${kind}', ${owner}))`;
  return `(SELECT coalesce(json_agg(json_build_object(
    'to', CASE a.grantee WHEN 0 THEN NULL ELSE pg_get_userbyid(a.grantee) END,
    'privilege', a.privilege_type, 'grantable', a.is_grantable) ORDER BY a.grantee::text, a.privilege_type), '[]'::json)
    FROM aclexplode(${list}) a WHERE a.grantee <> ${owner})`;
}

/** SQL: the extension that an object belongs to, or null. */
export function extensionSql(catalogue: string, oid: string): string {
  return `(SELECT e.extname FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
    WHERE d.classid = '${catalogue}'::regclass AND d.objid = ${oid}
      AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' LIMIT 1)`;
}

/** SQL: whether a schema is none of the system's. */
export function isUserSchema(name: string): string {
  return `(${name} NOT IN ('pg_catalog', 'information_schema') AND ${name} !~ '^pg_(toast|temp)')`;
}
