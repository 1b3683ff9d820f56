/** Reads tables, views and sequences of all schemas but the system's, with all that stands on them. */
import type { SqlSession } from "../../contracts.ts";
import type {
  ColumnFacts,
  ConstraintFacts,
  IndexFacts,
  PolicyFacts,
  RelationFacts,
  TriggerFacts,
} from "../catalogue.ts";
import { extensionSql, grantsSql, isUserSchema, readRows } from "./rows.ts";

const relations = `SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name,
  CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view'
    WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' ELSE 'sequence' END AS kind,
  pg_get_userbyid(c.relowner) AS owner, c.relrowsecurity AS "rowSecurity", c.relforcerowsecurity AS forced,
  c.relpersistence = 'u' AS unlogged,
  coalesce((SELECT o.option_value::bool FROM pg_options_to_table(c.reloptions) o
    WHERE o.option_name = 'security_invoker'), false) AS "securityInvoker",
  ${extensionSql("pg_class", "c.oid")} AS extension,
  CASE c.relkind WHEN 'S' THEN ${grantsSql("c.relacl", "s", "c.relowner")}
    ELSE ${grantsSql("c.relacl", "r", "c.relowner")} END AS grants,
  (SELECT coalesce(json_agg(pn.nspname || '.' || p.relname ORDER BY 1), '[]'::json) FROM pg_inherits i
    JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
    WHERE i.inhrelid = c.oid) AS parents,
  (SELECT coalesce(json_agg(DISTINCT rn.nspname || '.' || r.relname), '[]'::json) FROM pg_rewrite w
    JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
      AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> c.oid
    JOIN pg_class r ON r.oid = d.refobjid JOIN pg_namespace rn ON rn.oid = r.relnamespace
    WHERE w.ev_class = c.oid) AS reads,
  (SELECT coalesce(json_agg(w.rulename ORDER BY w.rulename), '[]'::json) FROM pg_rewrite w
    WHERE w.ev_class = c.oid AND w.rulename <> '_RETURN') AS rules
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND ${isUserSchema("n.nspname")}
ORDER BY n.nspname, c.relname`;

const columns = `SELECT a.attrelid::text AS relation, a.attnum AS place, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
  t.typtype = 'd' AS "isDomain", a.attnotnull AS required, cn.nspname || '.' || co.collname AS collation,
  CASE a.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END AS generated, a.attidentity <> '' AS identity,
  pg_get_expr(d.adbin, d.adrelid) AS expression,
  ${grantsSql("a.attacl", null, "c.relowner")} AS grants
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_collation co ON co.oid = a.attcollation LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${isUserSchema("n.nspname")}`;

const columnNames = (relation: string, numbers: string) =>
  `(SELECT coalesce(json_agg(a.attname ORDER BY k.place), '[]'::json)
    FROM unnest(${numbers}) WITH ORDINALITY AS k(number, place)
    JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = k.number)`;

const action = (column: string) =>
  `CASE WHEN o.contype <> 'f' THEN NULL ELSE CASE ${column} WHEN 'a' THEN 'no action' WHEN 'r' THEN 'restrict'
    WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null' ELSE 'set default' END END`;

const constraints = `SELECT o.conrelid::text AS relation, o.conname AS place, o.conname AS name,
  CASE o.contype WHEN 'p' THEN 'primary' WHEN 'u' THEN 'unique' WHEN 'x' THEN 'exclusion' WHEN 'f' THEN 'foreign'
    ELSE 'check' END AS kind,
  pg_get_constraintdef(o.oid) AS definition, ${columnNames("o.conrelid", "o.conkey")} AS columns,
  (SELECT n2.nspname || '.' || c2.relname FROM pg_class c2 JOIN pg_namespace n2 ON n2.oid = c2.relnamespace
    WHERE c2.oid = o.confrelid) AS "refersTo",
  ${columnNames("o.confrelid", "o.confkey")} AS referred,
  ${action("o.confdeltype")} AS "onDelete", ${action("o.confupdtype")} AS "onUpdate", o.convalidated AS validated
FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE o.contype IN ('p', 'u', 'x', 'f', 'c') AND o.conparentid = 0 AND ${isUserSchema("n.nspname")}`;

const indexes = `SELECT i.indrelid::text AS relation, x.relname AS place, x.relname AS name, i.indisunique AS unique, i.indisvalid AS valid,
  EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = i.indexrelid AND o.contype IN ('p', 'u', 'x')) AS "ofConstraint",
  (SELECT coalesce(json_agg(a.attname ORDER BY k.place), '[]'::json)
    FROM generate_series(0, i.indnkeyatts - 1) AS k(place)
    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.place] AND a.attnum > 0) AS columns,
  (SELECT coalesce(json_agg(coalesce(a.attname, 'an expression') ORDER BY k.place), '[]'::json)
    FROM generate_series(0, i.indnkeyatts - 1) AS k(place)
    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.place] AND a.attnum > 0
    JOIN pg_opclass oc ON oc.oid = i.indclass[k.place]
    WHERE NOT EXISTS (SELECT FROM pg_amop m JOIN pg_operator p ON p.oid = m.amopopr JOIN pg_proc f ON f.oid = p.oprcode
      WHERE m.amopfamily = oc.opcfamily AND m.amoplefttype = oc.opcintype AND f.proleakproof)) AS leaky,
  am.amname AS method, pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am am ON am.oid = x.relam
JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE ${isUserSchema("n.nspname")} AND c.relkind <> 't'`;

const policies = `SELECT p.polrelid::text AS relation, p.polname AS place, p.polname AS name, p.polpermissive AS permissive,
  CASE p.polcmd WHEN '*' THEN 'all' WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' ELSE 'delete' END AS command,
  CASE WHEN 0 = ANY (p.polroles) THEN NULL
    ELSE (SELECT json_agg(pg_get_userbyid(r) ORDER BY 1) FROM unnest(p.polroles) r) END AS roles,
  pg_get_expr(p.polqual, p.polrelid) AS using, pg_get_expr(p.polwithcheck, p.polrelid) AS check
FROM pg_policy p`;

const triggers = `SELECT t.tgrelid::text AS relation, t.tgname AS place, t.tgname AS name, pg_get_triggerdef(t.oid) AS definition,
  t.tgenabled AS enabled, fn.nspname || '.' || f.proname AS calls
FROM pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid JOIN pg_namespace fn ON fn.oid = f.pronamespace
WHERE NOT t.tgisinternal AND t.tgparentid = 0`;

/** Facts of one kind, by the relation that they stand on, in the order of `place`. */
function byRelation(query: string): string {
  return `SELECT q.relation, json_agg(to_jsonb(q) - 'relation' - 'place' ORDER BY q.place) AS facts
    FROM (${query}) q GROUP BY q.relation`;
}

interface Standing<Facts> {
  readonly relation: string;
  readonly facts: readonly Facts[];
}

function indexed<Facts>(rows: readonly Standing<Facts>[]): (relation: string) => readonly Facts[] {
  const facts = new Map(rows.map((row) => [row.relation, row.facts]));
  return (relation) => facts.get(relation) ?? [];
}

export async function readRelations(session: SqlSession): Promise<readonly RelationFacts[]> {
  const found = await readRows<RelationFacts & { readonly oid: string }>(session, relations);
  const columnsOf = indexed(await readRows<Standing<ColumnFacts>>(session, byRelation(columns)));
  const constraintsOf = indexed(await readRows<Standing<ConstraintFacts>>(session, byRelation(constraints)));
  const indexesOf = indexed(await readRows<Standing<IndexFacts>>(session, byRelation(indexes)));
  const policiesOf = indexed(await readRows<Standing<PolicyFacts>>(session, byRelation(policies)));
  const triggersOf = indexed(await readRows<Standing<TriggerFacts>>(session, byRelation(triggers)));
  return found.map(({ oid, ...relation }) => ({
    ...relation,
    columns: columnsOf(oid),
    constraints: constraintsOf(oid),
    indexes: indexesOf(oid),
    policies: policiesOf(oid),
    triggers: triggersOf(oid),
  }));
}
