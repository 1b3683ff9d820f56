/** FROM: common table expressions, sub-selects and joins of them. A table stands alone or not at all. */
import type { JoinExpr, Node, RangeSubselect, RangeVar } from "libpg-query";
import { isTable } from "./base-table.ts";
import {
  checkExpression,
  checkSelect,
  expected,
  noteAlias,
  onlyParts,
  opened,
  texts,
  type Checking,
  type Column,
  type Names,
  type Relation,
} from "./checking.ts";
import { Refused } from "./rules.ts";

export interface From {
  readonly nodes: readonly Node[];
  readonly relations: readonly Relation[];
}

/** `outside` is what a sub-select sees; a lateral one also sees what stands to its left. */
export function checkFrom(checking: Checking, items: readonly Node[], outside: Names): From {
  const relations: Relation[] = [];
  const nodes = items.map((item) => {
    const found = checkItem(checking, item, outside, relations);
    relations.push(...found.relations);
    return found.node;
  });
  const names = relations.map(({ name }) => name);
  checking.demand("relation/name", new Set(names).size === names.length);
  return { nodes, relations };
}

interface Item {
  readonly node: Node;
  readonly relations: readonly Relation[];
}

function checkItem(checking: Checking, item: Node, outside: Names, left: readonly Relation[]): Item {
  const [kind] = opened(item);
  switch (kind) {
    case "RangeVar":
      return checkReference(checking, expected(item, kind), outside);
    case "RangeSubselect":
      return checkDerived(checking, expected(item, kind), outside, left);
    case "JoinExpr":
      return checkJoin(checking, expected(item, kind), outside, left);
    default:
      throw new Refused("node/kind");
  }
}

/** The name of a common table expression: a table here would not stand alone. */
function checkReference(checking: Checking, range: RangeVar, outside: Names): Item {
  if (isTable(range)) {
    checking.demand("shape/alone", false);
    return { node: { RangeVar: range }, relations: [] };
  }
  onlyParts(checking, range, ["relname", "inh", "relpersistence", "alias"]);
  const name = range.relname ?? "";
  const columns = outside.ctes.get(name);
  checking.demand("relation/unknown", columns !== undefined);
  if (range.alias !== undefined) onlyParts(checking, range.alias, ["aliasname"]);
  const alias = noteAlias(checking, range.alias?.aliasname ?? range.relname);
  const node: RangeVar = { relname: name, inh: true, relpersistence: "p", alias: { aliasname: alias } };
  return { node: { RangeVar: node }, relations: [{ name: alias, columns: columns ?? [] }] };
}

function checkDerived(
  checking: Checking,
  derived: RangeSubselect,
  outside: Names,
  left: readonly Relation[],
): Item {
  onlyParts(checking, derived, ["lateral", "subquery", "alias"]);
  const lateral = derived.lateral === true;
  const sees: Names = lateral ? { ...outside, relations: left, outer: outside } : outside;
  const { node, columns } = checkSelect(checking, expected(derived.subquery, "SelectStmt"), sees, "from");
  const { alias } = derived;
  if (alias !== undefined) onlyParts(checking, alias, ["aliasname", "colnames"]);
  const name = noteAlias(checking, alias?.aliasname);
  const given = texts(alias?.colnames);
  checking.demand("column/unknown", given.length <= columns.length);
  const renamed = columns.map((column, index): Column => ({ ...column, name: given[index] ?? column.name }));
  const checked: RangeSubselect = {
    ...(lateral ? { lateral } : {}),
    subquery: { SelectStmt: node },
    alias: { aliasname: name, ...(given.length === 0 ? {} : { colnames: alias?.colnames ?? [] }) },
  };
  return { node: { RangeSubselect: checked }, relations: [{ name, columns: renamed }] };
}

function checkJoin(checking: Checking, join: JoinExpr, outside: Names, left: readonly Relation[]): Item {
  onlyParts(checking, join, ["jointype", "larg", "rarg", "quals"]);
  const { jointype } = join;
  if (jointype === undefined || !["JOIN_INNER", "JOIN_LEFT", "JOIN_RIGHT", "JOIN_FULL"].includes(jointype))
    throw new Refused("node/kind");
  const larg = checkItem(checking, join.larg as Node, outside, left);
  const rarg = checkItem(checking, join.rarg as Node, outside, [...left, ...larg.relations]);
  const relations = [...larg.relations, ...rarg.relations];
  const sees: Names = { ...outside, relations, outer: outside };
  const quals = join.quals === undefined ? {} : { quals: checkExpression(checking, sees, join.quals).node };
  return { node: { JoinExpr: { jointype, larg: larg.node, rarg: rarg.node, ...quals } }, relations };
}
