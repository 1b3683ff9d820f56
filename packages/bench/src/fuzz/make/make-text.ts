/** Whole statements as text: plain ones, and what an attacker would send. */
import type { Statement } from "../statement/language.ts";
import type { Maker } from "./maker.ts";

export function makeText(maker: Maker): Statement & { readonly kind: "text" } {
  const { random, tables } = maker;
  const table = random.pick(tables);
  const column = random.pick(table.columns);
  const [t, c, k] = [table.name, column.name, table.key].map((name) => `"${name}"`) as [
    string,
    string,
    string,
  ];
  const hostile = [
    `select set_config('app.tenant', 'south', true)`,
    `select count(*) from pg_catalog.pg_class where relname = '${table.name}'`,
    `select count(*) from wardline.audit`,
    `select * from ${t}; select * from ${t}`,
    `set local role postgres`,
    `reset role`,
    `explain select * from ${t}`,
    `select query_to_xml('select * from ${table.name}', true, true, '')`,
    `copy ${t} to stdout`,
    `select pg_sleep(0)`,
    `select current_setting('wardline.tenant', true)`,
    `select ${k} from only ${t}`,
    `select to_jsonb(x) from ${t} as x`,
    `select x from ${t} as x`,
    ...(maker.carried.systemColumns ? [`select ctid, xmin from ${t}`] : []),
    `select tableoid::regclass::text from ${t} limit 1`,
    `truncate ${t}`,
    `listen x`,
    `do $$ begin end $$`,
  ];
  const plain = [
    `select ${k}, ${c} from ${t} order by ${k}`,
    `select count(*) as n from ${t}`,
    `with x as (select ${k} as k from ${t}) select count(*) as n from x`,
    `select ${k} from ${t} where ${c} is not null order by 1`,
    `select a.${k} from ${t} as a left join ${t} as b on a.${k} = b.${k} order by a.${k}`,
  ];
  const text = random.pick(maker.carried.raw && random.chance(0.6) ? plain : hostile);
  return { kind: "text", text: [text], values: [] };
}
