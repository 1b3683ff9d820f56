/**
 * Conditions of an attacker: each fails, or holds, on rows with a value that the asker may not see, and on no other. If
 * the server runs one on a row that is left out, the two worlds tell.
 */
import type { Expr, Plain } from "../statement/language.ts";
import type { Kind } from "../world/tables.ts";
import type { Maker, Secret } from "./maker.ts";
import { candidates, columnExpr, type Candidate, type Sight } from "./sight.ts";

const far = 9_007_199_254_740_991;

/** Null where nothing in sight holds secrets. */
export function makeProbe(maker: Maker, sight: Sight): Expr | null {
  const { random } = maker;
  const open = [...candidates(sight, false), ...candidates(sight, true)].flatMap((candidate) => {
    const { of, sealed } = candidate.column;
    if (of === null || sealed) return [];
    return maker.secrets
      .filter(({ table, column }) => table === of.table && column === of.column)
      .map((secret) => ({ candidate, secret }));
  });
  if (open.length === 0) return null;
  const { candidate, secret } = random.pick(open);
  return probe(maker, sight, candidate, secret);
}

function probe(
  maker: Maker,
  sight: Sight,
  candidate: Candidate,
  { kind, value, table, column }: Secret,
): Expr {
  const { random } = maker;
  const cell = columnExpr(maker, sight, candidate);
  const same = sameValue(maker, cell, kind, value);
  const roll = random.below(100);
  if (typeof value === "string" && kind === "text" && value.length > 1 && roll < 30) {
    const start = value.slice(0, random.between(1, value.length - 1)).replaceAll(/[\\%_]/g, "_");
    return {
      e: "binary",
      op: random.pick(["like", "not like", "ilike"]),
      left: cell,
      right: { e: "value", value: `${start}\\` },
    };
  }
  if ((kind === "whole" || kind === "number") && roll < 20)
    // Overflows on a value that is large, and divides by zero on one that is known.
    return kind === "whole" && random.chance(0.5)
      ? {
          e: "binary",
          op: ">",
          left: {
            e: "binary",
            op: "*",
            left: { e: "binary", op: "*", left: cell, right: { e: "value", value: far } },
            right: cell,
          },
          right: { e: "value", value: 0 },
        }
      : {
          e: "binary",
          op: ">",
          left: {
            e: "binary",
            op: "/",
            left: { e: "value", value: 1 },
            right: { e: "parens", of: { e: "binary", op: "-", left: cell, right: { e: "value", value } } },
          },
          right: { e: "value", value: 0 },
        };
  if (roll < 60)
    // `x` is no number.
    return {
      e: "binary",
      op: "=",
      left: {
        e: "cast",
        of: {
          e: "case",
          of: null,
          when: [{ condition: same, result: { e: "value", value: "x" } }],
          otherwise: { e: "value", value: "1" },
        },
        type: "integer",
      },
      right: { e: "literal", value: 1 },
    };
  if (roll < 75) {
    // Two rows, where one value is wanted.
    const inside: Expr = {
      e: "binary",
      op: "=",
      left: { e: "column", table: "probe", column },
      right: { e: "value", value },
    };
    return {
      e: "is",
      not: true,
      of: {
        e: "scalar",
        query: {
          ...plainQuery,
          from: [{ kind: "table", table, as: "probe" }],
          select: [{ kind: "column", table: "probe", column, as: null }],
          where: random.chance(0.5) ? inside : { e: "or", of: [inside, same] },
        },
      },
      value: null,
    };
  }
  return random.chance(0.5) ? same : { e: "not", of: same };
}

/**
 * That a cell has the value. Mostly by a pattern, which is cheap: the planner runs it before a policy's own comparisons if
 * nothing keeps it from that.
 */
function sameValue(maker: Maker, cell: Expr, kind: Kind, value: Plain): Expr {
  const cheap = kind === "text" || kind === "whole" || kind === "bool";
  if (!cheap || maker.random.chance(0.2))
    return { e: "binary", op: "=", left: cell, right: { e: "value", value } };
  const text: Expr = kind === "text" ? cell : { e: "cast", of: cell, type: "text" };
  const pattern = String(value).replaceAll(/[\\%_]/g, (sign) => `\\${sign}`);
  return { e: "binary", op: "like", left: text, right: { e: "value", value: pattern } };
}

export const plainQuery = {
  kind: "select",
  foreign: false,
  recursive: false,
  with: [],
  from: [],
  joins: [],
  select: [],
  distinct: "no",
  where: null,
  group: [],
  having: null,
  arms: [],
  order: [],
  limit: null,
  offset: null,
  total: false,
} as const;
