/** Raw fragments of an attacker: what reads past a view, what ends the text that it stands in, what fails on hidden rows. */
import type { Expr } from "../statement/language.ts";
import { failingOn } from "./failing-on.ts";
import type { Maker } from "./maker.ts";
import { rawColumn, rawName } from "./raw-name.ts";
import { candidates, type Sight } from "./sight.ts";

/** A condition. */
export function makeHostileFragment(maker: Maker, sight: Sight): Expr {
  const { random, carried } = maker;
  const hidden = candidates(sight, false).flatMap(({ relation, column: { of, sealed, name } }) =>
    of === null || sealed
      ? []
      : maker.secrets
          .filter(({ table, column }) => table === of.table && column === of.column)
          .map((secret) => ({ cell: rawColumn(maker, relation.name, name), secret })),
  );
  if (hidden.length > 0 && random.chance(0.6)) {
    const { cell, secret } = random.pick(hidden);
    const { text, values } = failingOn(maker, cell, secret);
    const of = values.map((value): Expr => ({ e: "value", value }));
    return { e: "raw", text, of, hostile: true };
  }
  const [first] = sight.relations;
  const name = first === undefined ? "x" : rawName(maker, first.name);
  const column = first?.columns[0] === undefined ? "id" : rawName(maker, first.columns[0].name);
  const table = rawName(maker, random.pick(maker.tables).name);
  const text = random.pick([
    `1 = 1) or (1 = 1`,
    `true or true) --`,
    `true; select 1`,
    `${column}(${name}) is not null`,
    `(${name}).${column} is not null`,
    `${name} is not null`,
    `${name}::text like '%canary%'`,
    `(${name}.*) is not null`,
    `row_to_json(${name})::text like '%canary%'`,
    `to_jsonb(${name}) is not null`,
    `count(${name}) > 0`,
    `tenant_id = 'south'`,
    `${name}.tenant_id is not null`,
    `set_config('app.tenant', 'south', true) is not null`,
    `current_setting('wardline.tenant', true) is null`,
    `'${random.pick(maker.tables).name}'::regclass is not null`,
    `exists (select from public.${table})`,
    `exists (select from pg_class where relname = 'x')`,
    `exists (select from ${table} for update)`,
    `exists (select from ${table} tablesample system (100))`,
    `exists (delete from ${table} returning 1)`,
    `(select count(*) from ${table} natural join ${table} as x) >= 0`,
    ...(carried.systemColumns ? [`${name}.ctid is not null`, `xmin is not null`] : []),
  ]);
  return { e: "raw", text: [text], of: [], hostile: true };
}
