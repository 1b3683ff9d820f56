/** Texts as a broken transformer, a broken printer or a caller's raw words would make them, and the rule that refuses each. */
import type { RuleName } from "../src/final-check/rules.ts";
import { openView, over, view } from "./final-check-library.ts";

export interface Fault {
  readonly name: string;
  readonly rule: RuleName;
  readonly sql: string;
}

const books = `from "lib"."books" as "t" where "t"."tenant_id" = $1`;
const loans = `"lib"."loans" as "t"`;
const insert = (columns: string, rows: string, rest = ""): string =>
  `insert into "lib"."loans" (${columns}) values ${rows} ${rest}`;
const update = (sets: string, where = `"t"."tenant_id" = $1`, rest = ""): string =>
  `update ${loans} set ${sets} where ${where} ${rest}`;

/** A view with a blind index, as the transformer writes it. */
const searchable = `select "t"."id" as "id", case when not "t"."rare" then "t"."note_bidx" else null::bytea end as "note_bidx" from "lib"."books" as "t" where "t"."tenant_id" = $1 OFFSET 0`;
const among = (rest: string, select = `"w1"."id" as "id"`): string => over(rest, select, searchable);
const carried = `select "w1"."id" as "id", "w1"."note_bidx" as "i" from (${searchable}) as "w1"`;

function of(rule: RuleName, faults: Readonly<Record<string, string>>): readonly Fault[] {
  return Object.entries(faults).map(([name, sql]) => ({ name, rule, sql }));
}

export const faults: readonly Fault[] = [
  ...of("statement/one", {
    "V18: two statements": `select 1 as a; select 2 as a`,
    "V18: a setting before the query": `${over("")}; set local role postgres`,
  }),
  ...of("statement/kind", {
    "V36: a setting": `set local wardline.tenant = 'b'`,
    "V37: a role": `set role postgres`,
    "V38: row security off": `set local row_security = off`,
    "V13: a merge": `merge into ${loans} using (select 1 as a) as "w1" on true when matched then delete`,
    "V55: an explain": `explain select 1`,
    "V61: a notification": `notify x`,
    "V64: a copy": `copy "lib"."books" to stdout`,
    "V23: a prepared statement": `prepare p as select 1`,
    "V42: a cursor": `declare c cursor with hold for select 1`,
    "V17: a block": `do 'begin end'`,
    "a truncation": `truncate "lib"."books"`,
    "a commit": `commit`,
    "a lock": `lock table "lib"."books"`,
    "a new table": `create table "lib"."x" (a int)`,
  }),
  ...of("statement/limit", {
    "no text": ` `,
    "V97: a text with U+0000 in it": `select 1 as a\0 from "lib"."books"`,
    "V97: half of a surrogate pair": `select '\ud800' as a`,
    "V97: a tree of unions that runs over the parser's stack": `select 1${" union select 1".repeat(9_000)}`,
    "V97: a tree of casts that does": `select 1${"::int".repeat(9_000)}`,
    "V97: one with commas in texts": `select ''${"||'(a),'".repeat(9_000)}`,
    "V97: a text that goes on behind a line break": `select e'a'\n'b' as a`,
    "parentheses without end": `select ${"(".repeat(501)}1${")".repeat(501)} as a`,
  }),
  ...of("statement/syntax", { "no SQL": `select from where` }),
  ...of("node/kind", {
    "V15: a sample": `select "t"."id" as "id" from "lib"."books" as "t" tablesample system (1) where "t"."tenant_id" = $1`,
    "V15: a function in FROM": `select "w1"."a" as "a" from pg_catalog.generate_series(1, 2) as "w1"("a")`,
    "V15: ROWS FROM": `select "w1"."a" as "a" from rows from (pg_catalog.generate_series(1, 2)) as "w1"("a")`,
    "V17: XMLTABLE": `select 1 as a from xmltable('/r' passing '<r/>' columns a text) as "w1"`,
    "V98: JSON_TABLE": `select 1 as a from json_table('[]', '$[*]' columns (a text path '$')) as "w1"`,
    "V6: a write in WITH": `with "w2" as (delete from ${loans} where "t"."tenant_id" = $1 returning "t"."id") select "w2"."id" as "id" from "w2"`,
    "V95: a part of a row": over("", `("w1").id as "id"`),
    "V99: who is asking": `select current_user as a`,
    "the time": `select current_timestamp as a`,
    "an array made of values": `select array[1, 2] as a`,
    "a function for all rows of a grouping": over(
      `group by rollup ("w1"."title")`,
      `"w1"."title" as "title"`,
    ),
    "a value by default": insert(`"tenant_id", "id", "fee"`, `($1, $2, default)`),
    "an XML": `select xmlelement(name a) as a`,
    "a sub-select as an array": over("", `array(select 1 as a) as "a"`),
    "a parameter of the grammar alone": over(
      `where "w1"."copies" is not distinct from cast(null as json)`,
    ).replace("cast(null as json)", "json_scalar(1)"),
  }),
  ...of("node/part", {
    "V3: a new table of what is selected": `select "w1"."id" as "id" into "x" from (${view}) as "w1"`,
    "V98: an operator of USING": over(`order by "w1"."title" using <`),
    "a natural join": `select 1 as a from (${view}) as "w1" natural join (${view}) as "w2"`,
    "V2: columns of USING": `select 1 as a from (${view}) as "w1" join (${view}) as "w2" using ("id")`,
    "a window by name": over(`window "w9" as (order by "w1"."id")`, `pg_catalog.rank() over "w9" as "a"`),
    "V14: the row before, under another name": update(
      `"fee" = $2`,
      undefined,
      `returning with (old as "w9") "t"."id"`,
    ),
    "a lock on several names": `select "t"."id" as "id" ${books} for update of "t"`,
    "V56: a lock that does not wait": `select "t"."id" as "id" ${books} for update nowait`,
    "a key overridden": `insert into "lib"."loans" ("tenant_id", "id") overriding system value values ($1, $2)`,
    "a conflict by the name of a constraint": insert(
      `"tenant_id", "id"`,
      `($1, $2)`,
      `on conflict on constraint "loans_pkey" do nothing`,
    ),
    "an order that a search makes": `with recursive "w2" ("a") as (select 1 union select "w2"."a" from "w2") search depth first by "a" set "b" select "w2"."a" as "a" from "w2"`,
    "a bit string": `select b'1' as a`,
    "a function of several values": over("", `pg_catalog.lower(variadic "w1"."title") as "a"`),
    "a part that is written": update(`"fee"[1] = $2`),
  }),
  ...of("relation/unknown", {
    "V1: a table by its bare name": `select 1 as a from "books" as "w1"`,
    "a table that the model does not have": `select 1 as a from "lib"."secrets" as "t"`,
    "V4: an expression outside of its scope": `select 1 as a from (with "w2" as (select 1 as a) select 1 as a from "w2") as "w1", "w2" as "w3"`,
    "V4: an expression that is still to come, and one outside of its name": `with "w2" as (select 1 as "a") select "w5"."b" as "a" from (with recursive "w3" as (select "w4"."a" as "b" from "w2" as "w4"), "w2" as (select 'x'::text as "c") select "w3"."b" as "b" from "w3") as "w5"`,
    "V4: an expression that names itself": `with "books" as (select 1 as a from "books") select 1 as a from "books"`,
  }),
  ...of("relation/schema", {
    "V43: a table of another schema": `select 1 as a from "public"."countries" as "t"`,
    "V60: the catalogue": `select 1 as a from pg_catalog.countries as "t"`,
  }),
  ...of("relation/name", {
    "V5: two relations of one name": `select 1 as a from (${view}) as "w1", (${view}) as "w1"`,
    "two expressions of one name": `with "w2" as (select 1 as a), "w2" as (select 2 as a) select 1 as a from "w2"`,
  }),
  ...of("shape/only", {
    "V15: ONLY": `select "t"."id" as "id" from only "lib"."books" as "t" where "t"."tenant_id" = $1`,
  }),
  ...of("shape/alias", { "a table under its own name": `select "name" as a from "lib"."countries"` }),
  ...of("shape/alone", {
    "V1: a table in a join": `select "w1"."id" as "id" from (${view}) as "w1" join "lib"."countries" as "w2" on true`,
    "V2: the tenant in ON of the preserved side": `select "w1"."id" as "id" from "lib"."books" as "w1" left join (${view}) as "w2" on "w1"."tenant_id" = $1`,
    "V15: two tables in one FROM": `select 1 as a from "lib"."countries" as "t", "lib"."countries" as "s"`,
    "V12: a table beside the target": update(`"fee" = $2`).replace(
      "where",
      `from "lib"."books" as "w1" where`,
    ),
    "V12: a table that chooses what goes": `delete from ${loans} using "lib"."books" as "w1" where "t"."tenant_id" = $1`,
  }),
  ...of("shape/tenant", {
    "no tenant": `select "t"."id" as "id" from "lib"."books" as "t"`,
    "another number": `select "t"."id" as "id" from "lib"."books" as "t" where "t"."tenant_id" = $2`,
    "V96: under OR": `select "t"."id" as "id" ${books} or true`,
    "V96: under NOT": `select "t"."id" as "id" from "lib"."books" as "t" where not "t"."tenant_id" = $1`,
    "V96: in HAVING": `select "t"."id" as "id" from "lib"."books" as "t" group by "t"."id", "t"."tenant_id" having "t"."tenant_id" = $1`,
    "V96: in FILTER": `select pg_catalog.count(*) filter (where "t"."tenant_id" = $1) as "a" from "lib"."books" as "t"`,
    "V96: by transitivity": `select "t"."id" as "id" from "lib"."books" as "t" where exists (select 1 as a from "lib"."loans" as "s" where "s"."tenant_id" = $1 and "s"."tenant_id" = "t"."tenant_id")`,
    "V96: of an outer relation of the same name": over(
      "",
      undefined,
      `select "t"."id" as "id" ${books} and exists (select 1 as a from "lib"."loans" as "s" where "t"."tenant_id" = $1)`,
    ),
    "V96: in the select around": `select "w1"."id" as "id" from (select "t"."id" as "id", "t"."tenant_id" as "tenant_id" from "lib"."books" as "t") as "w1" where "w1"."tenant_id" = $1`,
    "another operator": `select "t"."id" as "id" from "lib"."books" as "t" where "t"."tenant_id" >= $1`,
    "an operator of another schema": `select "t"."id" as "id" from "lib"."books" as "t" where "t"."tenant_id" operator("lib".=) $1`,
    "no difference": `select "t"."id" as "id" from "lib"."books" as "t" where "t"."tenant_id" is not distinct from $1`,
    "another column": `select "t"."id" as "id" from "lib"."books" as "t" where "t"."title" = $1`,
    "a bare column": `select "t"."id" as "id" from "lib"."books" as "t" where "tenant_id" = $1`,
    "a constant": `select "t"."id" as "id" from "lib"."books" as "t" where "t"."tenant_id" = 'north'`,
    "the parameter inside of something": `select "t"."id" as "id" from "lib"."books" as "t" where "t"."tenant_id" = coalesce($1, '')`,
    "V12: an update of every tenant": update(`"fee" = $2`, `"t"."id" = $3`),
    "a delete of every tenant": `delete from ${loans} where "t"."id" = $1::uuid`,
    "a delete under OR": `delete from ${loans} where "t"."tenant_id" = $1 or "t"."fee" = $2`,
    "a step of a recursion": over(
      "",
      undefined,
      `select 1 as a ${books} and exists (with recursive "walk" ("id") as (select "t"."id" union select "h"."parent_id" as "id" from "lib"."branches" as "h" where "h"."id" = "t"."id") select 1 as a from "walk" as "w")`,
    ),
  }),
  ...of("shape/place", {
    "V3: a table in a sub-select of a caller's condition": over(
      `where exists (select 1 as a from "lib"."loans" as "s" where "s"."tenant_id" = $1)`,
    ),
    "V3: a table in what picks the rows of a write": `delete from "lib"."loans" as "target" where "target"."tenant_id" = $1 and exists (select 1 as a from "lib"."countries" as "s")`,
    "V3: a table in place of a value": over(
      "",
      `(select "s"."name" as "a" from "lib"."countries" as "s") as "a"`,
    ),
    "V7: a table in an arm of a union": `select "t"."id" as "id" ${books} union all select "t"."id" as "id" ${books}`,
    "a table that an expression of WITH opens": `with "w2" as (${openView}) select "w2"."id" as "id" from "w2"`,
    "a view without its lateral look-ups' rows": `select "t"."id" as "id" from (${openView}) as "t" where exists (select 1 as a from "lib"."countries" as "s")`,
  }),
  ...of("shape/position", {
    "a place in ORDER BY": over(`order by 1`),
    "a parameter in ORDER BY": over(`order by $2`),
    "a place in GROUP BY": over(`group by 1`),
    "a place in DISTINCT ON": `select distinct on (1) "w1"."id" as "id" from (${view}) as "w1"`,
  }),
  ...of("fence/open", {
    "V93: a sum over an open view": over(`where "w1"."copies" + 1 = $2`, undefined, openView),
    "V93: a pattern": over(`where "w1"."title" like $2`, undefined, openView),
    "V93: a cast": over(`where "w1"."title"::bigint = $2`, undefined, openView),
    "V93: a cast of a parameter that has a type already": over(
      `where "w1"."title" = $2 and "w1"."copies" = $2::int8`,
      undefined,
      openView,
    ),
    "V93: a function": over(`where pg_catalog.lower("w1"."title") = $2`, undefined, openView),
    "V93: a numeric": over(`where "w1"."price" = $2`, undefined, openView),
    "V93: in what picks the rows to lock": `select "t"."id" as "id" from "lib"."loans" as "t" where "t"."tenant_id" = $1 and "t"."book_id" in (select distinct "w1"."id" as "id" from (${openView}) as "w1" where "w1"."title" like $2) for no key update`,
    "V93: in a condition of a write's sources": `delete from "lib"."loans" as "target" using (select "w1"."id" as "id" from (${openView}) as "w1" where "w1"."copies" / 2 = 1) as "w2" where "target"."tenant_id" = $1 and "target"."id" = "w2"."id"`,
    "V93: one parameter for columns of two types": over(
      `where "w1"."copies" = $2 and "w1"."id" = $2`,
      undefined,
      openView,
    ),
    "V93: a number that no bigint holds": over(
      `where "w1"."copies" = 99999999999999999999`,
      undefined,
      openView,
    ),
    "V93: an aggregate for each row": over(
      `where exists (select sum("w2"."price") as "n" from (${view}) as "w2" where "w2"."id" = "w1"."id")`,
      undefined,
      openView,
    ),
    "V93: a set operation that converts": `select "w2"."n" as "n" from (select "w1"."copies" as "n" from (${openView}) as "w1" union all select "w3"."price" as "n" from (${view}) as "w3") as "w2"`,
    "V93: in ON": `select 1 as a from (${openView}) as "w1" join (${view}) as "w2" on "w1"."copies" = 1`,
    "V93: in HAVING": over(
      `group by "w1"."id", "w1"."copies" having "w1"."copies" / 2 > 1`,
      undefined,
      openView,
    ),
    "V93: in a sub-select of the condition": over(
      `where exists (select 1 as a where pg_catalog.upper("w1"."title") = 'A')`,
      undefined,
      openView,
    ),
    "V93: look-ups at a fenced view, which are a caller's, beside an open one": `select 1 as a from (select "t"."id" as "id", "t"."fee" as "fee" from "lib"."loans" as "t" where "t"."tenant_id" = $1 offset 0) as "t" left join lateral (select 1 as a from (${openView}) as "w2") as "w1" on true where "t"."fee" / 2 = 1`,
    "V93: in the selection": over("", `case when "w1"."rare" then 1 else 2 end as "a"`, openView),
    "V93: one view of two": `select 1 as a from (${view}) as "w1", (${openView}) as "w2" where "w1"."copies" = 1`,
    "V93: a sub-select that stands for a value": over("", `(select 1 as a) as "a"`, openView),
    "V93: a value or another": over(`where coalesce("w1"."rare", true)`, undefined, openView),
    "V93: a fence that is a limit": over(
      `where "w1"."copies" + 1 = $2`,
      undefined,
      `${openView} limit 5 offset 0`,
    ),
    "V93: a fence that moves": over(`where "w1"."copies" + 1 = $2`, undefined, `${openView} offset 1`),
  }),
  ...of("parameter/tenant", {
    "V96: the tenant's number as a value": over(`where "w1"."title" = $1`),
    "the tenant's number in the selection": over("", `$1 as "a"`),
    "V96: the tenant's number among rows of values": `select "w1"."id" as "id" from (${view}) as "w1", (values ($1)) as "w2" ("a")`,
    "the tenant's number as a limit": over(`limit $1`),
    "the tenant's number beside itself in a view": `select "t"."id" as "id" ${books} and "t"."title" = $1`,
    "the tenant's number as a written value": insert(`"tenant_id", "id", "member_id"`, `($1, $2, $1)`),
    "the tenant's number in a change": update(`"member_id" = $1`),
  }),
  ...of("parameter/number", {
    "a number beyond the protocol": `select $65536 as a`,
    "no number": `select $0 as a`,
  }),
  ...of("column/unknown", {
    "a column that is not there": over("", `"w1"."secret" as "a"`),
    "V25: a column that the view leaves out": over("", `"w1"."tenant_id" as "a"`),
    "V95: the place of a row": `select "t"."ctid" as "a" ${books}`,
    "V95: the writer of a row": `select "t"."xmin" as "a" ${books}`,
    "V15: the table of a row": `select "t"."tableoid" as "a" ${books}`,
    "V95: a written row's own value": update(`"fee" = "t"."fee" + 1`),
    "V95: a written row in what is returned": update(`"fee" = $2`, undefined, `returning "t"."fee" as "fee"`),
    "V93: a written row in the condition": update(`"fee" = $2`, `"t"."tenant_id" = $1 and 1 / "t"."fee" = 1`),
    "V95: a row that is there already": insert(
      `"tenant_id", "id", "fee"`,
      `($1, $2, $3)`,
      `on conflict ("tenant_id", "id") do update set "fee" = "loans"."fee"`,
    ),
    "V95: a function in the form of a column": over("", `"w1"."lower" as "a"`),
    "V14: the row as it was": update(`"fee" = $2`, undefined, `returning old."fee"`),
    "V14: the row as it becomes": update(`"fee" = $2`, undefined, `returning new."fee"`),
    "V11: the tenant of what was to be inserted": insert(
      `"tenant_id", "id", "member_id"`,
      `($1, $2, $3)`,
      `on conflict ("tenant_id", "id") do update set "member_id" = excluded."tenant_id"`,
    ),
    "V95: a column that was not to be inserted": insert(
      `"tenant_id", "id"`,
      `($1, $2)`,
      `on conflict ("tenant_id", "id") do update set "fee" = excluded."fee"`,
    ),
    "a relation that is not in sight": over(`where "w7"."id" = $2`),
    "V5: a name in two relations": `select "id" as "id" from (${view}) as "w1", (${view}) as "w2"`,
    "a name with a schema": over("", `"lib"."w1"."id" as "a"`),
    "a sibling that only a lateral sees": `select 1 as a from (${view}) as "w1", (select "w1"."id" as "id") as "w2"`,
    "an order by what is no output": `select 1 as a union all select 2 as a order by "b"`,
    "more names than columns": `select 1 as a from (select 1 as a) as "w1" ("a", "b")`,
  }),
  ...of("column/hidden", {
    "V95: a system column under a name from outside": over(
      "",
      `(select xmin from (${view}) as "w2" limit 1) as "a"`,
      `select "w3"."id" as "xmin", "w3"."id" as "id" from (${view}) as "w3" offset 0`,
    ).replaceAll(`"w2"`, `"w1"`),
    "V95: a whole row through a function's name from outside": `select "w2"."r" as "r" from (select "w3"."id" as "row_to_json" from (${view}) as "w3") as "w1" join lateral (select row_to_json as "r" from "lib"."books" as "w1" where "w1"."tenant_id" = $1 offset 0) as "w2" on true`,
  }),
  ...of("column/row", {
    "every column": over("", `*`),
    "V95: every column of one": over("", `"w1".*`),
    "V95: a row as a value": over("", `"w1" as "a"`),
    "V95: a row as a text": over("", `"w1"::text as "a"`),
    "V95: a row's column of its own name": over("", `"w1"."w1" as "a"`),
    "V14: everything that was written": update(`"fee" = $2`, undefined, `returning *`),
    "V95: a written row": update(`"fee" = $2`, undefined, `returning "t"`),
  }),
  ...of("function/unknown", {
    "V36: a setting": `select pg_catalog.set_config('a', 'b', true) as a`,
    "V99: a seed": `select pg_catalog.setseed(0.5) as a`,
    "V17: a query as XML": `select pg_catalog.query_to_xml($2, true, false, '') as a`,
    "V17: a file": `select pg_catalog.pg_read_file('/etc/passwd') as a`,
    "V54: a sequence": `select pg_catalog.nextval('s') as a`,
    "V62: a lock": `select pg_catalog.pg_advisory_lock(1) as a`,
    "V65: another session": `select pg_catalog.pg_terminate_backend(1) as a`,
    "V95: a row as JSON": over("", `pg_catalog.row_to_json("w1") as "a"`).replace(
      `"w1") as "a"`,
      `1) as "a"`,
    ),
    "V100: a message": `select pg_catalog.pg_logical_emit_message(true, 'a', 'b') as a`,
    "V103: another context": `select "wardline".current_tenant() || 'x' as a`,
    "a function of another schema": over("", `"lib".lower("w1"."title") as "a"`),
    "V56: sleep": over("", `pg_catalog.pg_sleep(10) as "a"`),
    chance: `select pg_catalog.random() as a`,
  }),
  ...of("function/signature", {
    "a function of a type that it is not listed for": over("", `pg_catalog.lower("w1"."copies") as "a"`),
    "V98: a whole number, which the server would turn into a float": over(
      "",
      `pg_catalog.round("w1"."copies") as "a"`,
    ),
    "too many arguments": over("", `pg_catalog.lower("w1"."title", 'a') as "a"`),
  }),
  ...of("function/part", {
    "a function over a window": over("", `pg_catalog.lower("w1"."title") over () as "a"`),
    "V3: a filter of a function": over("", `pg_catalog.lower("w1"."title") filter (where true) as "a"`),
    "a window function without a window": over("", `pg_catalog.rank() as "a"`),
    "a frame": over(
      "",
      `pg_catalog.sum("w1"."copies") over (order by "w1"."id" rows 1 preceding) as "a"`,
    ).replace("rows 1 preceding", "rows unbounded preceding"),
    "a count of nothing": over("", `pg_catalog.count() as "a"`),
  }),
  ...of("function/control", {
    "V103: to enter by a statement": `select "wardline".enter($1::bytea) as a`,
    "V103: the context as a value": `select "wardline".claims($1::text) as a`,
    "V91: an entry beside something else": `select "wardline".audit_append($1::text[]) as a, 1 as b`,
    "V91: an entry of another number": `select "wardline".audit_append($2::text[]) as a`,
    "V103: the epoch and something else": `select "wardline".facts_epoch() as a, pg_catalog.length('a') as b`,
    "V72: the keys of what is given": `select "wardline".tenant_keys($1::text) as a`,
    "V103: the epoch of what is given": `select "wardline".facts_epoch($1::text[]) as a`,
    "V91: two lists of entries": `select "wardline".audit_append($1::text[], $2::text[]) as a`,
  }),
  ...of("operator/unknown", {
    "an order of another locale": over(`where "w1"."title" ~<~ $2`),
    "V98: an operator of another schema": over(`where "w1"."title" operator("lib".=) $2`),
    "a search in text": over(`where "w1"."title" @@ $2`),
    "an order of rows": over(`where ("w1"."id", "w1"."title") < ($2, $3)`),
  }),
  ...of("operator/signature", {
    "a truth and an id": over(`where "w1"."rare" = "w1"."id"`),
    "a value and a list that is none": over(`where "w1"."id" = any ("w1"."id")`),
    "V98: a time and a span": `select cast($2 as time) + cast($3 as interval) as a`,
    "rows of two lengths": over(`where ("w1"."id", "w1"."title") in (($2, $3, $4))`),
  }),
  ...of("type/unknown", {
    "V98: a relation by its number": over("", `"w1"."copies"::regclass as "a"`),
    "V98: a relation by its name": `select 'lib.books'::regclass::text as a`,
    "V98: a role": `select 'postgres'::regrole as a`,
    "V98: a type of another schema": over("", `"w1"."title"::"lib"."word" as "a"`),
    "V98: a row of a table": `select '()'::"lib"."books" as a`,
    "V17: XML": `select '<a/>'::xml as a`,
    "an oid": `select 1::oid as a`,
    "a character": `select 'a'::"char" as a`,
    "a list of lists": `select '{}'::text[][] as a`,
    "a type of a column": `select 'a'::"lib"."books"."title"%type as a`.replace(
      `"lib"."books"."title"%type`,
      "cidr",
    ),
    "a size": `select 'a'::time(3) as a`,
  }),
  ...of("type/common", {
    "values of two types": over("", `coalesce("w1"."title", "w1"."copies") as "a"`),
    "V7: arms of two widths": `select 1 as a union all select 1 as a, 2 as b`,
    "rows of values of two widths": `select "w1"."a" as "a" from (values (1), (2, 3)) as "w1" ("a")`,
    "V7: arms of two types": `select 1 as a union all select true as a`,
  }),
  ...of("index/place", {
    "V78: whether a row has an index": among(`where "w1"."note_bidx" is not null`),
    "V78: an index as a text": among("", `"w1"."note_bidx"::text as "a"`),
    "V78: rows by index": among(`order by "w1"."note_bidx"`),
    "V78: rows of one index": among(`group by "w1"."note_bidx"`, `count(*) as "a"`),
    "V78: how many indexes": among("", `count("w1"."note_bidx") as "a"`),
    "V78: all indexes": among("", `array_agg("w1"."note_bidx") as "a"`),
    "V78: indexes but those": among(`where "w1"."note_bidx" <> all ($2::bytea[])`),
    "V78: a greater index": among(`where "w1"."note_bidx" > any ($2::bytea[])`),
    "V78: an index of the text": among(`where "w1"."note_bidx" = any ('{}'::bytea[])`),
    "V78: an index among its own": among(
      `where exists (select 1 as a from (select array_agg(cast("w1"."note_bidx" as text)::bytea) as "b") as "w2" where "w1"."note_bidx" = any ("w2"."b"))`,
    ),
    "V78: an index within a view": `select "t"."id" as "id" from "lib"."books" as "t" where "t"."tenant_id" = $1 and "t"."note_bidx" = any ($2::bytea[])`,
    "V79: an index that is copied": `update "lib"."books" as "t" set "note" = $2, "note_bidx" = "w1"."note_bidx" from (${searchable}) as "w1" where "t"."tenant_id" = $1 and "t"."id" = "w1"."id"`,
  }),
  ...of("index/shown", {
    "V78: an index in the result": among("", `"w1"."note_bidx" as "a"`),
    "V78: an index in place of a value": over(
      "",
      `(${carried.replace(`"w1"."id" as "id", `, "")} limit 1) as "a"`,
    ),
    "V78: an index of a stored row": `select "t"."note_bidx" as "a" from "lib"."books" as "t" where "t"."tenant_id" = $1`,
    "V78: an index from both arms of a union": `${carried} union all ${carried}`,
    "V78: distinct indexes": `select count(*) as "a" from (select distinct "w1"."note_bidx" as "i" from (${searchable}) as "w1") as "w2"`,
    "V78: an index by its output": `select count(*) as "a" from (${carried} order by "i" limit 1) as "w2"`,
    "V78: rows that two selects have": `select count(*) as "a" from ((${carried}) intersect (${carried})) as "w2"`,
    "V78: an index that a recursion carries": `with recursive "w2" as (${carried} union all select "w2"."id" as "id", "w2"."i" as "i" from "w2") select "w2"."id" as "id" from "w2"`,
    "V79: indexes of other rows": `insert into "lib"."books" ("tenant_id", "note", "note_bidx") select $1, 'x'::bytea, "w1"."note_bidx" from (${searchable}) as "w1"`,
  }),
  ...of("index/pair", {
    "V79: a cell that keeps its old index": `update "lib"."books" as "t" set "note" = $2 where "t"."tenant_id" = $1`,
    "V79: an index for another cell": `update "lib"."books" as "t" set "note_bidx" = $2 where "t"."tenant_id" = $1`,
    "V79: a cell without an index": `insert into "lib"."books" ("tenant_id", "id", "note") values ($1, $2, $3)`,
    "V79: a cell that takes another's index": `insert into "lib"."books" ("tenant_id", "id", "note", "note_bidx") values ($1, $2, $3, $4) on conflict ("tenant_id", "id") do update set "note" = excluded."note"`,
  }),
  ...of("cast/pair", {
    "a truth as an id": over("", `"w1"."rare"::uuid as "a"`),
    "an instant as a number": over("", `"w1"."bought"::bigint as "a"`),
  }),
  ...of("collation/unknown", {
    "V98: another order": over(`order by "w1"."title" collate "en_US"`),
    "V98: an order of another schema": over(`order by "w1"."title" collate "lib"."C"`),
    "an order of numbers": over(`order by "w1"."copies" collate "C"`),
  }),
  ...of("target/table", {
    "V54: what all tenants share": `insert into "lib"."countries" ("id", "name") values ($1, $2)`,
    "a change of what all tenants share": `update "lib"."countries" as "t" set "name" = $1`,
    "a deletion of what all tenants share": `delete from "lib"."countries" as "t"`,
    "a lock on what all tenants share": `select "t"."id" as "id" from "lib"."countries" as "t" for update`,
    "V56: a lock through a view": over(`for update`),
  }),
  ...of("target/alias", {
    "V95: a name that another relation has too": `update ${loans} set "fee" = "w1"."a" from (select 1 as a) as "w1" where "t"."tenant_id" = $1 and exists (select 1 as a from (select 1 as a) as "t")`,
  }),
  ...of("target/column", {
    "the key": update(`"id" = $2`),
    "a column that is not there": update(`"secret" = $2`),
    "a column twice": update(`"fee" = $2, "fee" = $3`),
    "V8: an inserted column that is not there": insert(`"tenant_id", "id", "secret"`, `($1, $2, $3)`),
    "V8: an inserted column twice": insert(`"tenant_id", "id", "id"`, `($1, $2, $3)`),
    "V8: fewer values than columns": insert(`"tenant_id", "id", "fee"`, `($1, $2)`),
    "a conflict on a column that is not there": insert(
      `"tenant_id", "id"`,
      `($1, $2)`,
      `on conflict ("tenant_id", "secret") do nothing`,
    ),
  }),
  ...of("target/tenant", {
    "V11: the tenant of a row": update(`"tenant_id" = $2`),
    "V11: the tenant of a row that is there": insert(
      `"tenant_id", "id", "member_id"`,
      `($1, $2, $3)`,
      `on conflict ("tenant_id", "id") do update set "tenant_id" = excluded."member_id"`,
    ),
    "V8: no tenant": insert(`"id", "fee"`, `($1, $2)`),
    "V8: another number": insert(`"tenant_id", "id"`, `($2, $3)`),
    "V8: another tenant in one row": insert(`"tenant_id", "id"`, `($1, $2), ($3, $4)`),
    "V8: a constant": insert(`"tenant_id", "id"`, `('north', $2)`),
    "V8: rows of a select without the tenant": `insert into "lib"."loans" ("tenant_id", "id") select "w1"."title", "w1"."id" from (${view}) as "w1"`,
    "V8: rows of a select with the tenant elsewhere": `insert into "lib"."loans" ("tenant_id", "member_id") select "w1"."title", $1 from (${view}) as "w1"`,
  }),
  ...of("target/conflict", {
    "V9: a conflict without the tenant": insert(
      `"tenant_id", "id"`,
      `($1, $2)`,
      `on conflict ("id") do nothing`,
    ),
    "V10: any conflict": insert(`"tenant_id", "id"`, `($1, $2)`, `on conflict do nothing`),
  }),
];
