/** Expressions of a wanted kind, over what is in sight. Most are well typed; errors are observed too, so some are not. */
import type { Expr } from "../statement/language.ts";
import type { Kind } from "../world/tables.ts";
import type { Maker } from "./maker.ts";
import { makeFragment } from "./make-fragment.ts";
import { makeProbe } from "./make-probe.ts";
import { makeSearch } from "./make-search.ts";
import { candidates, columnExpr, typedValue, type Candidate, type Sight } from "./sight.ts";

export const kinds: readonly Kind[] = [
  "bool",
  "whole",
  "number",
  "text",
  "instant",
  "uuid",
  "inet",
  "date",
  "time",
];

/** A column of the kind, not sealed; sometimes of an outer scope. */
export function pickColumn(maker: Maker, sight: Sight, kind: Kind | null): Expr | null {
  const { random } = maker;
  const fits = ({ column }: Candidate): boolean => !column.sealed && (kind === null || column.kind === kind);
  const own = candidates(sight, false).filter(fits);
  const outer = candidates(sight, true).filter(fits);
  const from = outer.length > 0 && (own.length === 0 || random.chance(0.25)) ? outer : own;
  return from.length === 0 ? null : columnExpr(maker, sight, random.pick(from));
}

export function makeValue(maker: Maker, kind: Kind): Expr {
  const { random } = maker;
  const of = random.chance(0.01) ? random.pick(kinds) : kind;
  return { e: "value", value: random.pick(maker.values(of)) };
}

/** An expression that has the kind by itself, wherever it stands. */
export function makeExpr(maker: Maker, sight: Sight, kind: Kind, depth: number): Expr {
  const { random } = maker;
  if (kind === "bool" && random.chance(0.8)) return makeCondition(maker, sight, depth);
  const fragment = fragmentOf(maker, sight, kind, depth);
  if (fragment !== null) return fragment;
  const column = pickColumn(maker, sight, kind);
  const roll = random.below(100);
  if (depth <= 0 || roll < 45) return column ?? typedValue(kind, random.pick(maker.values(kind)));
  const inner = (of: Kind): Expr => makeExpr(maker, sight, of, depth - 1);
  if (roll < 52) return { e: "call", name: "coalesce", of: [inner(kind), inner(kind)] };
  if (roll < 60) return makeCase(maker, sight, kind, depth);
  if (roll < 66) return { e: "scalar", query: makeScalar(maker, sight, kind, depth) };
  switch (kind) {
    case "whole":
      if (roll < 74)
        return { e: "call", name: random.pick(["length", "octet_length", "ascii"]), of: [inner("text")] };
      if (roll < 77) return { e: "call", name: "strpos", of: [inner("text"), inner("text")] };
      if (roll < 79)
        return { e: "call", name: random.pick(["abs", "abs", "greatest", "least"]), of: [inner("whole")] };
      if (roll < 81) return { e: "call", name: "mod", of: [inner("whole"), inner("whole")] };
      if (roll < 84) return { e: "minus", of: inner("whole") };
      return {
        e: "binary",
        op: random.pick(["+", "-", "*", "/", "%", "&", "|", "#"]),
        left: inner("whole"),
        right: inner("whole"),
      };
    case "number":
      if (roll < 74) return { e: "cast", of: inner("whole"), type: "numeric" };
      if (roll < 80)
        return {
          e: "call",
          name: random.pick(["abs", "sign", "ceil", "floor", "round", "trunc", "sqrt"]),
          of: [inner("number")],
        };
      if (roll < 83) return { e: "call", name: "nullif", of: [inner("number"), inner("number")] };
      return {
        e: "binary",
        op: random.pick(["+", "-", "*", "/", "%"]),
        left: inner("number"),
        right: inner("number"),
      };
    case "text":
      if (roll < 72)
        return {
          e: "call",
          name: random.pick(["lower", "upper", "initcap", "reverse", "trim", "ltrim"]),
          of: [inner("text")],
        };
      if (roll < 75)
        return {
          e: "call",
          name: random.pick(["left", "right", "substr"]),
          of: [inner("text"), inner("whole")],
        };
      if (roll < 77) return { e: "call", name: "replace", of: [inner("text"), inner("text"), inner("text")] };
      if (roll < 79)
        return { e: "call", name: "concat_ws", of: [inner("text"), inner("text"), inner("text")] };
      if (roll < 86) return { e: "cast", of: inner(random.pick(kinds)), type: "text" };
      return { e: "binary", op: "||", left: inner("text"), right: inner("text") };
    case "bool":
      return makeCondition(maker, sight, depth);
    case "instant":
    case "uuid":
    case "inet":
    case "date":
    case "time":
      return column ?? typedValue(kind, random.pick(maker.values(kind)));
  }
}

function fragmentOf(maker: Maker, sight: Sight, kind: Kind, depth: number): Expr | null {
  if (depth <= 0) return null;
  return makeFragment(maker, sight, kind, (of) => makeExpr(maker, sight, of, depth - 1));
}

function makeCase(maker: Maker, sight: Sight, kind: Kind, depth: number): Expr {
  const { random } = maker;
  const inner = (): Expr => makeExpr(maker, sight, kind, depth - 1);
  const searched = random.chance(0.3) ? pickColumn(maker, sight, "text") : null;
  return {
    e: "case",
    of: searched,
    when: Array.from({ length: random.between(1, 2) }, () => ({
      condition: searched === null ? makeCondition(maker, sight, depth - 1) : makeValue(maker, "text"),
      result: inner(),
    })),
    otherwise: random.chance(0.8) ? inner() : null,
  };
}

/** A sub-select that has at most one row, unless it is to fail where it has two. */
function makeScalar(maker: Maker, sight: Sight, kind: Kind, depth: number) {
  const { random } = maker;
  const single = random.chance(0.9);
  return maker.query(maker, sight, depth - 1, { wants: [kind], single }).query;
}

const comparisons = [
  "=",
  "=",
  "=",
  "<>",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "is distinct from",
  "is not distinct from",
];
const patterns = ["like", "not like", "ilike", "not ilike", "~", "~*", "!~", "^@"];

export function makeCondition(maker: Maker, sight: Sight, depth: number): Expr {
  const { random } = maker;
  const inner = (): Expr => makeCondition(maker, sight, depth - 1);
  const fragment = fragmentOf(maker, sight, "bool", depth);
  if (fragment !== null) return fragment;
  const roll = random.below(100);
  const search = !maker.fragments && random.chance(0.12) ? makeSearch(maker, sight) : null;
  if (search !== null) return search;
  if (depth > 0) {
    if (roll < 8) return { e: "and", of: [inner(), inner()] };
    if (roll < 15) return { e: "or", of: [inner(), inner()] };
    if (roll < 19) return { e: "not", of: inner() };
    if (roll < 21) return { e: "parens", of: inner() };
    if (roll < 29) return makeExists(maker, sight, depth);
    if (roll < 37) return makeIn(maker, sight, depth);
    if (roll < 43) return makeProbe(maker, sight) ?? inner();
    if (roll < 46)
      return {
        e: "binary",
        op: random.pick(comparisons),
        left: { e: "scalar", query: makeScalar(maker, sight, "whole", depth) },
        right: makeValue(maker, "whole"),
      };
  }
  const column = pickColumn(maker, sight, random.chance(0.25) ? "text" : null);
  if (column === null) return { e: "literal", value: random.chance(0.7) };
  const kind = kindOfColumn(sight, column);
  if (roll < 53) return { e: "is", not: random.chance(0.7), of: column, value: null };
  if (kind === "bool" && roll < 60) return column;
  if (kind === "bool" && roll < 66)
    return { e: "is", not: random.chance(0.5), of: column, value: random.chance(0.5) };
  if (kind === "text" && roll < 72)
    return { e: "binary", op: random.pick(patterns), left: column, right: makeValue(maker, "text") };
  if (roll < 76)
    return {
      e: "between",
      symmetric: random.chance(0.3),
      of: column,
      low: makeValue(maker, kind),
      high: makeValue(maker, kind),
    };
  if (roll < 83)
    return {
      e: "in",
      not: random.chance(0.3),
      left: column,
      right: Array.from({ length: random.between(1, 3) }, () => random.pick(maker.values(kind))),
    };
  const right =
    depth > 0 && random.chance(0.4) ? makeExpr(maker, sight, kind, depth - 1) : makeValue(maker, kind);
  return { e: "binary", op: random.pick(comparisons), left: column, right };
}

function makeExists(maker: Maker, sight: Sight, depth: number): Expr {
  const { query } = maker.query(maker, sight, depth - 1, { correlated: true });
  return { e: "exists", not: maker.random.chance(0.35), query };
}

function makeIn(maker: Maker, sight: Sight, depth: number): Expr {
  const { random } = maker;
  const column = pickColumn(maker, sight, random.chance(0.6) ? "uuid" : null);
  if (column === null) return { e: "literal", value: true };
  const kind = kindOfColumn(sight, column);
  const not = random.chance(0.3);
  if (!not && random.chance(0.2)) {
    const list = Array.from({ length: random.between(1, 3) }, () => random.pick(maker.values(kind)));
    if (random.chance(0.5)) return { e: "any", left: column, of: list };
    return { e: "any", left: column, of: maker.query(maker, sight, depth - 1, { wants: [kind] }).query };
  }
  const other = random.chance(0.3) ? pickColumn(maker, sight, null) : null;
  if (other !== null) {
    const second = kindOfColumn(sight, other);
    return {
      e: "in",
      not,
      left: { e: "tuple", of: [column, other] },
      right: Array.from({ length: random.between(1, 2) }, (): Expr => ({
        e: "tuple",
        of: [makeValue(maker, kind), makeValue(maker, second)],
      })),
    };
  }
  if (random.chance(0.2))
    return {
      e: "in",
      not,
      left: column,
      right: [makeExpr(maker, sight, kind, 0), makeExpr(maker, sight, kind, depth - 1)],
    };
  return { e: "in", not, left: column, right: maker.query(maker, sight, depth - 1, { wants: [kind] }).query };
}

function kindOfColumn(sight: Sight, expr: Expr): Kind {
  if (expr.e !== "column") return "text";
  for (let at: Sight | null = sight; at !== null; at = at.outer)
    for (const { name, columns } of at.relations) {
      if (expr.table !== null && name !== expr.table) continue;
      const found = columns.find((column) => column.name === expr.column);
      if (found !== undefined) return found.kind;
    }
  return "text";
}
