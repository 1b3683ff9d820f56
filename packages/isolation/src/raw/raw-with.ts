/** WITH: a body sees the expressions before it, and itself only where it is a recursive union. */
import type { CommonTableExpr, Node, SelectStmt, WithClause } from "libpg-query";
import { opened, texts } from "../final-check/checking.ts";
import { refuseRaw, refuseStatement } from "./raw-names.ts";
import type { Ctes, Outputs, RawReading, RawSelect } from "./raw-names.ts";

export function rawWith(
  reading: RawReading,
  clause: WithClause | undefined,
  outside: Ctes,
): { readonly node: WithClause | undefined; readonly ctes: Ctes } {
  if (clause === undefined) return { node: undefined, ctes: outside };
  const given = (clause.ctes ?? []).map(expressionOf);
  const ctes = new Map(outside);
  // Under RECURSIVE every name of the clause hides what is outside of it, also before it is defined.
  if (clause.recursive === true) for (const { ctename = "" } of given) ctes.set(ctename, "early");
  const nodes = given.map((cte): Node => {
    const { ctename = "", ctequery } = cte;
    const [kind, content] = opened(ctequery);
    if (kind !== "SelectStmt") return refuseStatement();
    const select = content as SelectStmt;
    const { node, columns } =
      clause.recursive === true
        ? recursive(reading, cte, select, ctes)
        : reading.parts.select(reading, select, ctes);
    ctes.set(ctename, renamed(columns, cte.aliascolnames));
    return { CommonTableExpr: { ...cte, ctequery: { SelectStmt: node } } };
  });
  return { node: { ...clause, ctes: nodes }, ctes };
}

function expressionOf(node: Node): CommonTableExpr {
  return "CommonTableExpr" in node ? node.CommonTableExpr : refuseRaw("a part of WITH is none");
}

function recursive(reading: RawReading, cte: CommonTableExpr, select: SelectStmt, sees: Ctes): RawSelect {
  const { op, larg, rarg, withClause } = select;
  if (op !== "SETOP_UNION" || larg === undefined || rarg === undefined || withClause !== undefined)
    return reading.parts.select(reading, select, sees);
  const base = reading.parts.select(reading, larg, sees);
  const own = renamed(base.columns, cte.aliascolnames);
  const step = reading.parts.select(reading, rarg, new Map(sees).set(cte.ctename ?? "", own));
  // Order and limits of a recursion are refused by the final check.
  return { node: { ...select, larg: base.node, rarg: step.node }, columns: base.columns };
}

/** The columns under the names that an alias gives to the first of them. */
export function renamed(columns: Outputs, names: readonly Node[] | undefined): Outputs {
  const given = texts(names);
  return columns.map((column, index) => given[index] ?? column);
}
