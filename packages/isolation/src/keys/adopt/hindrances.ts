/**
 * What about a column the database would no longer hold, or would go on showing, once its values are sealed. Each is for somebody to
 * decide: nothing is dropped that was not asked for.
 */
import type { SqlSession } from "../../contracts.ts";
import { factsPolicyName, rowPolicyNames } from "../../schema/row-security-names.ts";
import type { Hindrance } from "./adoption-error.ts";
import { isAdoptionTrigger } from "./adoption-names.ts";
import { placeOf, type AdoptedColumn, type AdoptedTable } from "./adopted-table.ts";

/** Of columns that are not switched yet. */
export async function hindrancesOf(session: SqlSession, table: AdoptedTable): Promise<readonly Hindrance[]> {
  const found: Hindrance[] = [];
  const waiting = table.adopted.filter(({ state }) => state !== "switched");
  if (waiting.length === 0) return found;
  if (!table.isPlain)
    found.push({
      place: `${table.schema}.${table.plan.name}`,
      reason: "it is a view, is partitioned, or others inherit from it",
      cure: "adopt its columns in a plain table",
    });
  found.push(...(await lateTriggers(session, table)));
  for (const column of waiting) {
    const place = placeOf(table, column.plan.name);
    for (const [reason, cure] of [
      ...ofColumn(table, column),
      ...(await constraints(session, table, column)),
      ...(await dependents(session, table, column)),
    ])
      found.push({ place, reason, cure });
  }
  return found;
}

type Said = readonly [reason: string, cure: string];

function* ofColumn(
  { columns }: AdoptedTable,
  { state, plan, index, names, found }: AdoptedColumn,
): Generator<Said> {
  if (state === "other") {
    const domain = found.isDomain ? "the domain " : "";
    yield [
      `it is ${domain}${found.type}, and only text can be sealed`,
      "ALTER COLUMN … TYPE text in a migration of yours, before its values are sealed",
    ];
    return;
  }
  if (!found.isExact)
    yield [
      "its collation takes different texts for one, so a text that was changed cannot be told from one that was not",
      'ALTER COLUMN … TYPE text COLLATE "C"',
    ];
  if (found.isGenerated)
    yield ["its value is generated, and the database cannot seal", "DROP EXPRESSION, or DROP IDENTITY"];
  if (found.hasDefault)
    yield [
      "it has a default, and the database cannot seal one",
      "ALTER COLUMN … DROP DEFAULT, and have the application write it",
    ];
  if (!found.required && !plan.optional)
    yield [
      "it may be NULL, and the model says that each row has a value",
      "ALTER COLUMN … SET NOT NULL, or say in the model that it is optional",
    ];
  if (index !== null && columns.has(index.name))
    yield [
      `the table has a column ${index.name} already, which is the name of its blind index`,
      "rename that column, or drop it",
    ];
  if (state === "plaintext" && (columns.has(names.index) || columns.has(names.aside)))
    yield [
      "a part of an adoption is there, and not the whole of it",
      "look at what happened to the table, and drop the columns that begin with wardline_",
    ];
}

const constraintsQuery = `SELECT k.conname::text AS name, k.contype::text AS kind, (k.conrelid <> $1::pg_catalog.oid)::text AS outside
FROM pg_catalog.pg_constraint k
WHERE (k.conrelid = $1::pg_catalog.oid AND $2::int2 = ANY (k.conkey) OR k.confrelid = $1::pg_catalog.oid AND $2::int2 = ANY (k.confkey))
  AND k.contype IN ('p', 'u', 'x', 'f', 'c') ORDER BY k.conname::text COLLATE "C"`;

async function constraints(
  session: SqlSession,
  table: AdoptedTable,
  { names, found }: AdoptedColumn,
): Promise<readonly Said[]> {
  const { rows } = await session.query(constraintsQuery, [table.oid, String(found.number)]);
  return rows
    .filter((row) => row["name"] !== names.filled)
    .map((row): Said => {
      const name = String(row["name"]);
      switch (String(row["kind"])) {
        case "p":
          return [`it is a part of the primary key`, "a key is never sealed: choose another key"];
        case "u":
        case "x":
          return [
            `the constraint ${name} keeps its values unique or apart, which the database cannot do with sealed ones`,
            "DROP CONSTRAINT, if the application can do without it",
          ];
        case "f":
          return [
            `the foreign key ${name} ${row["outside"] === "true" ? "refers to it" : "makes it refer to others"}, and sealed values are equal to none`,
            "DROP CONSTRAINT, or refer to another column",
          ];
        default:
          return [
            `the constraint ${name} checks its values, which the database cannot read any more`,
            "DROP CONSTRAINT, and check it where it is written",
          ];
      }
    });
}

/** What depends on the column, other than its own parts, plain indexes and statistics, which go with the plaintext. */
const dependentsQuery = `SELECT DISTINCT d.classid::pg_catalog.regclass::text AS class, pg_catalog.pg_describe_object(d.classid, d.objid, 0) AS what,
  p.polname::text AS policy, g.tgname::text AS trigger,
  i.indisunique::text AS "unique", (i.indisunique AND EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid))::text AS "ofConstraint"
FROM pg_catalog.pg_depend d
LEFT JOIN pg_catalog.pg_policy p ON d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass AND p.oid = d.objid
LEFT JOIN pg_catalog.pg_trigger g ON d.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass AND g.oid = d.objid
LEFT JOIN pg_catalog.pg_index i ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND i.indexrelid = d.objid
WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = $1::pg_catalog.oid AND d.refobjsubid = $2::int
  AND d.classid NOT IN ('pg_catalog.pg_constraint'::pg_catalog.regclass, 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass)
  AND NOT (d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND EXISTS (
    SELECT FROM pg_catalog.pg_attrdef f WHERE f.oid = d.objid AND f.adrelid = $1::pg_catalog.oid AND f.adnum = $2::int2))
ORDER BY 2`;

async function dependents(
  session: SqlSession,
  table: AdoptedTable,
  { found }: AdoptedColumn,
): Promise<readonly Said[]> {
  const { rows } = await session.query(dependentsQuery, [table.oid, String(found.number)]);
  const ours = new Set([...rowPolicyNames(table.plan.name), factsPolicyName(table.plan.name)]);
  return rows.flatMap((row): readonly Said[] => {
    const what = String(row["what"]);
    switch (String(row["class"]).replace(/^pg_catalog\./, "")) {
      case "pg_class":
        return row["unique"] === "true" && row["ofConstraint"] !== "true"
          ? [
              [
                `the ${what} keeps its values unique, which the database cannot do with sealed ones`,
                "DROP INDEX, if the application can do without it",
              ],
            ]
          : [];
      case "pg_policy":
        // What a policy of the model's asks is made anew with the model.
        return ours.has(String(row["policy"]))
          ? []
          : [[`the ${what} reads it`, "DROP POLICY: nothing in the database can read it any more"]];
      case "pg_trigger":
        return isAdoptionTrigger(String(row["trigger"])) ? [] : [[`the ${what} reads it`, "DROP TRIGGER"]];
      case "pg_rewrite":
        return [
          [
            `the ${what} reads it, and would go on showing the plaintext`,
            "drop the view, and read through a handle",
          ],
        ];
      default:
        return [[`the ${what} depends on it`, "drop it, or have it use another column"]];
    }
  });
}

const triggersQuery = `SELECT g.tgname::text AS name FROM pg_catalog.pg_trigger g
WHERE g.tgrelid = $1::pg_catalog.oid AND NOT g.tgisinternal AND g.tgtype & 1 = 1 AND g.tgtype & 2 = 2
  AND g.tgname::text COLLATE "C" >= '~wardline_adopt_' COLLATE "C"`;

/** What runs after our triggers could change the plaintext behind them. */
async function lateTriggers(session: SqlSession, table: AdoptedTable): Promise<readonly Hindrance[]> {
  const { rows } = await session.query(triggersQuery, [table.oid]);
  const late = rows.map((row) => String(row["name"])).filter((name) => !isAdoptionTrigger(name));
  return late.map((name) => ({
    place: `${table.schema}.${table.plan.name}`,
    reason: `the trigger ${name} runs after those of the adoption, and could change a row behind them`,
    cure: "ALTER TRIGGER … RENAME TO a name that begins with a letter",
  }));
}
