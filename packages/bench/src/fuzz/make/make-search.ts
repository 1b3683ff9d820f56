/** Conditions on sealed columns: equality with values that stand in them, shown or not; and now and then what is refused. */
import type { Expr, Plain } from "../statement/language.ts";
import type { Maker } from "./maker.ts";
import { candidates, columnExpr, type Sight } from "./sight.ts";

/** Null where nothing that is sealed is in sight. */
export function makeSearch(maker: Maker, sight: Sight): Expr | null {
  const { random } = maker;
  const sealed = [...candidates(sight, false), ...candidates(sight, true)].filter(
    ({ column }) => column.sealed,
  );
  if (sealed.length === 0) return null;
  const searchable = sealed.filter(({ column }) => column.searchable === true);
  const found = random.pick(searchable.length > 0 && random.chance(0.9) ? searchable : sealed);
  const cell = columnExpr(maker, sight, found);
  const { of } = found.column;
  const own = of === null ? [] : maker.searched(of.table, of.column);
  const value = (): Plain => random.pick(own.length > 0 && random.chance(0.85) ? own : maker.values("text"));
  const values = (): readonly Plain[] => Array.from({ length: random.between(1, 3) }, value);
  const roll = random.below(100);
  if (roll < 12 || found.column.searchable !== true)
    return { e: "is", not: random.chance(0.5), of: cell, value: null };
  if (roll < 15) return { e: "binary", op: "<>", left: cell, right: { e: "value", value: value() } };
  if (roll < 18) return { e: "in", not: true, left: cell, right: values() };
  if (roll < 45) return { e: "in", not: false, left: cell, right: values() };
  if (roll < 60) return { e: "any", left: cell, of: values() };
  const side: Expr = { e: "value", value: value() };
  return random.chance(0.2)
    ? { e: "binary", op: "=", left: side, right: cell }
    : { e: "binary", op: "=", left: cell, right: side };
}
