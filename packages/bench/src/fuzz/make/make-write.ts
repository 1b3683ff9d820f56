/** Writes of every shape, over rows that may be written, rows that may not, and rows of nobody. */
import type { Assignments, Expr, Given, Item, Plain, Source, Write } from "../statement/language.ts";
import type { Column, Table } from "../world/tables.ts";
import { makeCondition, makeExpr } from "./make-expression.ts";
import { makeQuery } from "./make-query.ts";
import type { Maker } from "./maker.ts";
import { castType, columnsOfTable, nothingInSight, type Sight } from "./sight.ts";

export function makeWrite(maker: Maker): Write {
  const { random, tables } = maker;
  const own = tables.filter(({ shared }) => !shared);
  const table = random.pick(own.length > 0 && random.chance(0.97) ? own : tables);
  const as = random.chance(0.3)
    ? random.pick(["t", "a", "m", "excluded", ...tables.map(({ name }) => name)])
    : null;
  const name = as ?? table.name;
  const sight: Sight = { ...nothingInSight, relations: [{ name, columns: columnsOfTable(table) }] };
  const roll = random.below(100);
  if (roll < 38) return makeInsert(maker, table, as, sight);
  if (roll < 70) {
    const from = random.chance(0.12) ? [otherSource(maker, name)] : [];
    return {
      kind: "update",
      table: table.name,
      as,
      set: makeSet(maker, table, sight),
      from,
      where: makeWhere(maker, table, sight, name),
      returning: makeReturning(maker, sight),
    };
  }
  if (roll < 96) {
    const using = random.chance(0.12) ? [otherSource(maker, name)] : [];
    return {
      kind: "delete",
      table: table.name,
      as,
      using,
      where: makeWhere(maker, table, sight, name),
      returning: makeReturning(maker, sight),
    };
  }
  return makeMerge(maker, table, as, name);
}

function otherSource(maker: Maker, taken: string): Source {
  const { name } = maker.random.pick(maker.tables);
  return { kind: "table", table: name, as: taken === "s" ? "s2" : "s" };
}

/** Mostly one row by its key: a change of all rows is seldom permitted. */
function makeWhere(maker: Maker, table: Table, sight: Sight, name: string): Expr | null {
  const { random } = maker;
  if (random.chance(0.12)) return null;
  if (random.chance(0.25)) return makeCondition(maker, sight, 2);
  const key: Expr = { e: "column", table: random.chance(0.5) ? name : null, column: table.key };
  const seen = maker.seen(table.entity.name);
  const ids = seen.length > 0 && random.chance(0.6) ? seen : maker.ids(table.entity.name);
  const byKey: Expr = random.chance(0.7)
    ? { e: "binary", op: "=", left: key, right: { e: "value", value: random.pick(ids) } }
    : { e: "in", not: false, left: key, right: [random.pick(ids), random.pick(ids)] };
  return random.chance(0.25) ? { e: "and", of: [byKey, makeCondition(maker, sight, 1)] } : byKey;
}

function makeReturning(maker: Maker, sight: Sight): readonly Item[] | null {
  const { random } = maker;
  if (random.chance(0.35)) return null;
  if (random.chance(0.4)) return [{ kind: "all" }];
  const { name, columns } = sight.relations[0] as Sight["relations"][number];
  return random.some(columns, random.between(1, 3)).map((column, at): Item => {
    if (column.sealed || random.chance(0.7))
      return { kind: "column", table: random.chance(0.3) ? name : null, column: column.name, as: `r${at}` };
    return { kind: "expression", of: makeExpr(maker, sight, column.kind, 1), as: `r${at}` };
  });
}

function makeSet(maker: Maker, table: Table, sight: Sight): Assignments {
  const { random } = maker;
  const columns = table.columns.filter(({ name }) => name !== table.key);
  const chosen = random.some(columns, random.between(1, 2));
  const set = Object.fromEntries(
    chosen.map((column): [string, Given] => [
      column.name,
      random.chance(0.12) && !column.sealed
        ? { of: makeExpr(maker, sight, column.kind, 1) }
        : { value: fieldValue(maker, column) },
    ]),
  );
  // Nobody moves a row to another tenant, nor gives it another key.
  if (random.chance(0.02)) return { ...set, tenant_id: { value: random.pick(tenantLike(maker)) } };
  if (random.chance(0.02))
    return { ...set, [table.key]: { value: random.pick(maker.ids(table.entity.name)) } };
  return set;
}

function tenantLike(maker: Maker): readonly string[] {
  return ["north", "south", "constructor", "lab_1", "east", ...maker.values("text").map(String).slice(0, 2)];
}

function fieldValue(maker: Maker, column: Column): Plain {
  const { random } = maker;
  if (random.chance(column.optional ? 0.2 : 0.01)) return null;
  if (column.refers !== null && column.kind === "uuid") {
    const seen = maker.seen(column.refers);
    return random.pick(seen.length > 0 && random.chance(0.75) ? seen : maker.ids(column.refers));
  }
  const type = column.field?.type;
  if (type?.kind === "enum" && random.chance(0.97)) return random.pick(type.values);
  if (type?.kind === "int" && random.chance(0.97))
    return random.pick([type.min, type.max, Math.min(type.max, Math.max(type.min, 1))]);
  if (type?.kind === "decimal" && random.chance(0.97))
    return type.precision === type.scale ? `0.${"1".padEnd(type.scale, "0")}` : "1";
  return random.pick(maker.values(random.chance(0.02) ? "text" : column.kind));
}

const fresh = ["00000000-0000-7000-8000-0000000000aa", "00000000-0000-7000-8000-0000000000ab"];

function newRow(maker: Maker, table: Table): Assignments {
  const { random } = maker;
  const row: Record<string, Given> = {};
  // What came to be here is told by its key; a key that is made differs each time.
  row[table.key] = {
    value: random.chance(0.8) ? random.pick(fresh) : random.pick(maker.ids(table.entity.name)),
  };
  for (const column of table.columns) {
    if (column.name === table.key || (column.optional && random.chance(0.4))) continue;
    if (random.chance(0.01)) continue;
    row[column.name] =
      column.optional && random.chance(0.03) ? { default: true } : { value: fieldValue(maker, column) };
  }
  if (random.chance(0.02)) row["tenant_id"] = { value: random.pick(tenantLike(maker)) };
  return row;
}

function makeInsert(maker: Maker, table: Table, as: string | null, sight: Sight): Write {
  const { random } = maker;
  const insert = {
    kind: "insert",
    table: table.name,
    as,
    from: null,
    conflict: null,
    returning: makeReturning(maker, sight),
  } as const;
  if (random.chance(0.01)) return { ...insert, rows: [] };
  if (random.chance(0.08)) {
    const columns = table.columns.filter(({ kind, sealed }) => castType(kind) !== undefined && !sealed);
    const { query } = makeQuery(maker, nothingInSight, 1, { wants: columns.map(({ kind }) => kind) });
    return { ...insert, rows: [], from: { columns: columns.map(({ name }) => name), query } };
  }
  const first = newRow(maker, table);
  const rows = [first];
  if (random.chance(0.15)) {
    const other = newRow(maker, table);
    // Rows of one insert have the same columns; what one of them lacks takes its default.
    const lacking = random.chance(0.4) ? table.columns.filter(({ optional }) => optional) : [];
    rows.push(
      Object.fromEntries(
        Object.entries(first)
          .filter(([name]) => lacking.every((column) => column.name !== name))
          .map(([name, given]) => [
            name,
            name === table.key ? { value: fresh[1] as string } : (other[name] ?? given),
          ]),
      ),
    );
  }
  if (!random.chance(0.15)) return { ...insert, rows };
  const target = [table.key, ...(random.chance(0.3) ? ["tenant_id"] : [])];
  if (random.chance(0.3))
    return {
      ...insert,
      rows,
      conflict: random.chance(0.3) ? "any" : { columns: target, set: null, where: null },
    };
  const set = makeSet(maker, table, sight);
  return { ...insert, rows, conflict: { columns: target, set, where: null } };
}

function makeMerge(maker: Maker, table: Table, as: string | null, name: string): Write {
  const { random } = maker;
  const using = otherSource(maker, name);
  const source = maker.tables.find((one) => using.kind === "table" && one.name === using.table) as Table;
  const seen = { name: using.as as string, columns: columnsOfTable(source) };
  return {
    kind: "merge",
    table: table.name,
    as,
    using,
    on: {
      e: "binary",
      op: "=",
      left: { e: "column", table: name, column: table.key },
      right: {
        e: "column",
        table: seen.name,
        column: random.pick([
          source.key,
          ...seen.columns.filter((c) => c.kind === "uuid").map((c) => c.name),
        ]),
      },
    },
    matched: random.pick([
      "delete",
      "nothing",
      makeSet(maker, table, { ...nothingInSight, relations: [{ name, columns: columnsOfTable(table) }] }),
    ] as const),
    missing: random.chance(0.3) ? newRow(maker, table) : null,
  };
}
