/** Texts that someone would write, each of a shape with a name; what comes of them is in order unless it says otherwise. */
import type { Statement } from "../statement/language.ts";
import type { Maker } from "./maker.ts";
import { textParts, type TextParts } from "./text-parts.ts";

type Text = string | { readonly text: string; readonly rows: "in any order" | "number" };

const unordered = (text: string): Text => ({ text, rows: "in any order" });

const shapes: Readonly<Record<string, (parts: TextParts) => Text>> = {
  columns: ({ t, k, c }) => `select ${k}, ${c} as x from ${t} order by ${k}`,
  "a star": ({ maker, t, k }) =>
    maker.random.pick([
      `select * from ${t} order by ${k}`,
      `TABLE ${t} ORDER BY ${k}`,
      `select X.* from ${t} AS X order by x.${k}`,
    ]),
  values: ({ t, k, c, column, some }) =>
    `select ${k} from ${t} where ${c} = ${some(column.kind)} or ${c} is null or ${c} <> ${some(column.kind)} order by ${k}`,
  "names in upper case": ({ t, k, c }) =>
    `SELECT Z.${k} AS ID, Z.${c} AS "C" FROM ${t} AS Z WHERE Z.${k} IS NOT NULL ORDER BY Z.${k}`,
  "a join": ({ maker, t, k, c, u, uk }) => {
    const kind = maker.random.pick(["join", "left join", "right join", "full join", "inner join"]);
    return unordered(
      `select a.${k} as x, a.${c} as y, b.${uk} as z from ${t} a ${kind} ${u} b on a.${k} = b.${uk}`,
    );
  },
  "a cross join": ({ t, k, u, uk }) =>
    `select a.${k} as x, b.${uk} as y from ${t} as a, ${u} as b where a.${k} <> b.${uk} order by a.${k}, b.${uk} limit 7`,
  "a join by a column": ({ maker, table, other, t, u, k, uk }) => {
    const pairs = table.columns.flatMap(({ name, kind }) =>
      other.columns
        .filter((far) => far.kind === kind && kind !== "bool")
        .map((far) => [name, far.name] as const),
    );
    const [near, far] = pairs.length === 0 ? [table.key, other.key] : maker.random.pick(pairs);
    return unordered(
      `select a.${k} as x, b.${uk} as y from ${t} a left outer join ${u} b on (a."${near}" = b."${far}")`,
    );
  },
  "a common table expression": ({ maker, t, k, c }) =>
    maker.random.pick([
      `with x as (select ${k} as k from ${t}) select count(*) as n from x`,
      `with x(a, b) as materialized (select ${k}, ${c} from ${t}) select a, b from x where a is not null order by a`,
      `with ${t} as (select ${k} as a, ${c} as b from ${t}) select * from ${t} order by a`,
      `with x as (select ${k} as a from ${t}), y as not materialized (select a from x) select y.a from y join x on x.a = y.a order by y.a`,
    ]),
  "a recursion": ({ t }) =>
    `with recursive n(x) as (select 1 union all select n.x + 1 from n where n.x < 4) select n.x, (select count(*) from ${t}) as c from n order by n.x`,
  groups: ({ t, k, c, value }) =>
    `select ${c} as x, count(*) as n, count(${k}) filter (where ${c} is null) as m from ${t} group by ${c} having count(*) >= ${value(1)}::int8 order by ${c}`,
  "a set operation": ({ maker, t, k, u, uk }) =>
    `select ${k} as x from ${t} ${maker.random.pick(["union", "union all", "except", "intersect", "except all"])} select ${uk} from ${u} order by x`,
  "a set operation in brackets": ({ t, k, u, uk }) =>
    unordered(
      `(select ${k} from ${t} order by ${k} limit 3) union (select ${uk} from ${u} except select ${k} from ${t})`,
    ),
  "a window": ({ maker, t, k, c }) =>
    maker.random.pick([
      `select ${k}, row_number() over (order by ${k}) as n from ${t} order by ${k}`,
      `select ${k}, count(*) over (partition by ${c}) as n from ${t} order by ${k}`,
      `select ${k}, lag(${c}) over (order by ${k}) as n, ntile(2) over (order by ${k}) as m from ${t} order by ${k}`,
      `select ${k}, rank() over (partition by ${c} is null order by ${c}) as n from ${t} order by ${k}`,
    ]),
  "a sub-select in a condition": ({ maker, t, k, c, u, uk }) => {
    const test = maker.random.pick([
      `exists (select from ${u} b where b.${uk} = a.${k})`,
      `not exists (select 1 from ${u} as b where b.${uk} <> a.${k})`,
      `a.${k} in (select ${uk} from ${u})`,
      `a.${k} not in (select b.${uk} from ${u} b where b.${uk} <> a.${k})`,
      `a.${k} = any (select ${uk} from ${u})`,
      `(select count(*) from ${t} b where b.${c} = a.${c}) > 0`,
    ]);
    return `select a.${k} from ${t} a where ${test} order by a.${k}`;
  },
  "a sub-select in FROM": ({ t, k, c }) =>
    `select q.x, q.${c} as y from (select ${k}, ${c} from ${t} where ${k} is not null) as q(x) order by q.x`,
  "a sub-select as a value": ({ t, k, c, u }) =>
    `select a.${k} as x, (select count(*) from ${u}) as n, (select max(b.${k}::text) from ${t} b where b.${c} = a.${c}) as m from ${t} a order by a.${k}`,
  "a lateral join": ({ maker, t, k, u, uk }) =>
    maker.random.pick([
      `select a.${k} as x, s.n from ${t} a cross join lateral (select count(*) as n from ${u} b where b.${uk} = a.${k}) s order by a.${k}`,
      `select a.${k} as x, s.y from ${t} a left join lateral (select b.${uk} as y from ${u} b where b.${uk} <> a.${k} order by b.${uk} limit 1) s on true order by a.${k}`,
    ]),
  "a row as JSON": ({ maker, t, k, c }) =>
    maker.random.pick([
      `select to_jsonb(q) as j from (select ${k}, ${c} as x from ${t}) q order by q.${k}`,
      `select json_agg(q order by q.${k}) as j from ${t} q`,
      `select row_to_json(x) as j from ${t} as x order by x.${k}`,
      `select jsonb_build_object('k', ${k}, 'c', ${c}) as j from ${t} order by ${k}`,
    ]),
  "rows told apart": ({ maker, t, k, c }) =>
    maker.random.pick([
      `select distinct ${c} as x from ${t} order by x`,
      `select distinct on (${c}) ${c} as x, ${k} from ${t} order by ${c}, ${k} desc`,
      `select count(distinct ${c}) as n from ${t}`,
    ]),
  "a list of values": ({ maker, table, t, k, value }) => {
    const type = table.entity.keyType === "text" ? "text" : "uuid";
    const ids = maker.random.some(maker.ids(table.entity.name), 3);
    return `select ${k} from ${t} where ${k} = any(${value(ids)}::${type}[]) order by ${k}`;
  },
  "what is computed": ({ t, k, c, some }) =>
    `select ${k}, case when ${c} is null then 'none' else upper(${c}::text) end as x, coalesce(${c}::text, ${some("text")}) || '-' as y, greatest(length(${c}::text), 1) as z from ${t} order by ${k}`,
  "a limit": ({ maker, t, k, c, value }) =>
    maker.random.pick([
      () => `select ${k}, ${c} as x from ${t} order by ${k} desc limit ${value(2)} offset ${value(1)}`,
      () => `select ${k} from ${t} order by ${k} fetch first 2 rows only`,
      () => `select ${c} as x from ${t} order by ${c} nulls first fetch first 1 rows with ties`,
    ])(),
  "comments and quotes": ({ t, k, c }) =>
    `select /* ' ; " */ ${k}, $x$'; select 1 --$x$ as a, E'\\'' as b, 'a''b' as "C""d" from ${t} -- where ${c} = '\n order by ${k}`,
  aggregates: ({ t, k, c }) =>
    `select count(*) as n, count(${c}) as m, min(${k}::text) as a, bool_and(${c} is null) as b, string_agg(${k}::text, ',' order by ${k}) filter (where ${c} is not null) as s from ${t}`,
  "rows that are compared": ({ maker, table, t, k, c, column, value, some }) =>
    `select ${k} from ${t} where (${k}, ${c}) <> (${value(maker.random.pick(maker.ids(table.entity.name)))}, ${some(column.kind)}) or ${k} is null order by ${k}`,
};

export const plainTextShapes: readonly string[] = Object.keys(shapes);

export function plainText(maker: Maker): Statement & { readonly kind: "text" } {
  const shape = maker.random.pick(plainTextShapes);
  const parts = textParts(maker);
  const made = shapes[shape]?.(parts) ?? "";
  const { values } = parts;
  if (typeof made === "string") return { kind: "text", text: [made], values, shape };
  return { kind: "text", text: [made.text], values, shape, rows: made.rows };
}
