/** Whole statements that an attacker would send: most are refused, and what is carried fails on hidden rows alone. */
import type { Statement } from "../statement/language.ts";
import { failingOn } from "./failing-on.ts";
import type { Maker } from "./maker.ts";
import { rawName } from "./raw-name.ts";
import { textParts, type TextParts } from "./text-parts.ts";

type Text = Statement & { readonly kind: "text" };

export function hostileText(maker: Maker): Text {
  const { random } = maker;
  if (random.chance(0.5)) {
    const failing = failingText(maker);
    if (failing !== null) return failing;
  }
  const parts = textParts(maker);
  const all = random.chance(0.5) ? readsPast(parts) : isNoSelect(parts);
  return { kind: "text", text: [random.pick(all)], values: [], rows: "in any order" };
}

/** A condition that tells of a hidden row where anything runs it there. */
function failingText(maker: Maker): Text | null {
  const { random, secrets, tables } = maker;
  if (secrets.length === 0) return null;
  const secret = random.pick(secrets);
  const table = tables.find(({ name }) => name === secret.table);
  if (table === undefined) return null;
  const [t, k, c] = [table.name, table.key, secret.column].map((name) => rawName(maker, name)) as [
    string,
    string,
    string,
  ];
  const { text, values } = failingOn(maker, `a.${c}`, secret);
  const condition = text.reduce((left, right, at) => `${left}$${at}${right}`);
  const whole = random.pick([
    `select a.${k} from ${t} a where ${condition}`,
    `select a.${k} from (select * from ${t}) a where ${condition}`,
    `with a as (select * from ${t}) select a.${k} from a where ${condition}`,
    `with a as not materialized (select * from ${t}) select a.${k} from a where ${condition}`,
    `select b.${k} from ${t} b left join ${t} a on ${condition}`,
    `select b.${k} from ${t} b join ${t} a on a.${k} = b.${k} and ${condition}`,
    `select b.${k} from ${t} b where exists (select from ${t} a where ${condition})`,
    `select b.${k} from ${t} b cross join lateral (select from ${t} a where a.${k} = b.${k} and ${condition}) q`,
    `select count(*) filter (where ${condition}) as n from ${t} a`,
    `select count(*) as n from ${t} a group by ${condition}`,
    `select ${condition} as x from ${t} a`,
    `select q.x from (select ${condition} as x, a.${k} as k from ${t} a union all select null, b.${k} from ${t} b) q where q.x`,
    `select a.${k} from ${t} a order by ${condition}`,
    `select row_number() over (order by ${condition}) as n from ${t} a`,
    `select (select a.${c} from ${t} a where ${condition}) is null as x`,
    `select max(case when ${condition} then 1 else 0 end) as m from ${t} a having bool_or(${condition})`,
  ]);
  return { kind: "text", text: [whole], values, rows: "in any order" };
}

/** Selects that name what no view shows, or look at a table past its view. */
function readsPast({ maker, table, t, k, c, u, uk }: TextParts): readonly string[] {
  return [
    `select count(*) from pg_catalog.pg_class where relname = '${table.name}'`,
    `select count(*) from wardline.audit`,
    `select query_to_xml('select * from ${table.name}', true, true, '')`,
    `select current_setting('wardline.tenant', true)`,
    `select set_config('app.tenant', 'south', true)`,
    `select pg_sleep(0)`,
    `select ${k} from only ${t}`,
    `select ${k} from ${t} tablesample system (100)`,
    `select to_jsonb(x) from ${t} as x`,
    `select x from ${t} as x`,
    `select x::text from ${t} as x`,
    `select (x).${c} from ${t} as x`,
    `select ${c}(x) from ${t} as x`,
    `select count(x) from ${t} x, ${u} y`,
    `select x is null, x = x from ${t} as x`,
    `select tenant_id from ${t}`,
    `select x.${k} from ${t} x where x.tenant_id <> 'north'`,
    `select * from ${t} natural join ${u} as x`,
    `select * from ${t} a join ${t} b using (${k})`,
    `select '${table.name}'::regclass::text`,
    `select tableoid::regclass::text from ${t} limit 1`,
    `select ${k} from public.${t}`,
    `select ${k} from ${t} order by ${c} using <`,
    `select ${k} from ${t} for update`,
    `select b.${uk} from (select ${k} from ${t} for share) a join ${u} b on a.${k} = b.${uk}`,
    `with ${t} as (select * from ${t}) select x from ${t} as x`,
    `with recursive ${t} as (select * from ${t}) select * from ${t}`,
    `select x.${k} from ${t} as x(tenant_id)`,
    `select json_agg(x), count(y) from ${t} x, ${u} y`,
    `select row(x.*) from ${t} x`,
    `select array(select ${k} from ${t})`,
    `select xmlelement(name a, ${c}) from ${t}`,
    ...(maker.carried.systemColumns ? [`select ctid, xmin from ${t}`, `select xmin::text from ${t}`] : []),
  ];
}

/** What would outlive its transaction, or says how much work it was or in which database, where nothing refuses it. */
function hardly(t: string): readonly string[] {
  return [
    `explain select * from ${t}`,
    `explain analyze select * from ${t}`,
    `create temp table x as select * from ${t}`,
    `prepare p as select * from ${t}`,
    `declare x cursor for select * from ${t}`,
    `begin`,
    `rollback`,
    `show all`,
  ];
}

/**
 * The server holds MERGE to a policy by an error and not by leaving rows out, as long as no column of the target is named:
 * row-level security alone then tells that some tenant has a row.
 */
const mergeOfAll = (t: string, u: string): string =>
  `merge into ${t} using ${u} on true when matched then delete`;

/** What is more than one SELECT, or none. */
function isNoSelect({ maker, t, k, c, u, uk }: TextParts): readonly string[] {
  return [
    `select * from ${t}; select * from ${t}`,
    `set local role postgres`,
    `reset role`,
    `copy ${t} to stdout`,
    `truncate ${t}`,
    `listen x`,
    `do $$ begin end $$`,
    `lock table ${t}`,
    `delete from ${t} where ${c} is null`,
    `update ${t} set ${c} = null where ${k} is null`,
    `insert into ${t} (${k}) select ${uk} from ${u}`,
    `with d as (delete from ${t} where ${k} is null returning ${k}) select * from d`,
    `with d as (update ${t} set ${c} = ${c} where ${c} is null returning ${k}) select count(*) from d`,
    `select * into stolen from ${t}`,
    ...(maker.carried.whatever ? [] : [...hardly(t), mergeOfAll(t, u)]),
  ];
}
