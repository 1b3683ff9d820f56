/** A select, wherever it stands. Every part that it has is named here; what is not is refused. */
import type { Node, SelectStmt } from "libpg-query";
import { checkTable, isTable, takeTenant, withTenant, type BaseTable } from "./base-table.ts";
import {
  checkCell,
  checkExpression,
  checkSelect,
  demandNoIndex,
  expected,
  noNames,
  noteLeak,
  onlyParts,
  opened,
  texts,
  type CheckedSelect,
  type Checking,
  type Column,
  type Names,
  type Place,
  type Typed,
} from "./checking.ts";
import { checkFrom } from "./from.ts";
import { checkLocks } from "./lock.ts";
import { common } from "./common-type.ts";
import { columnNode } from "./nodes.ts";
import { Refused } from "./rules.ts";
import { checkPosition, checkSort } from "./sort.ts";
import { commonType } from "./types.ts";
import { isFenced, isView } from "./view-shape.ts";
import { checkWith } from "./with.ts";

const setParts = ["op", "all", "larg", "rarg"];
const parts = [
  "distinctClause",
  "targetList",
  "fromClause",
  "whereClause",
  "groupClause",
  "havingClause",
  "lockingClause",
];
const commonParts = ["op", "withClause", "sortClause", "limitOffset", "limitCount", "limitOption"];

export function readSelect(
  checking: Checking,
  select: SelectStmt,
  given: Names,
  place: Place,
): CheckedSelect {
  if (select.valuesLists !== undefined) return checkValues(checking, select, given);
  const view = isView(select);
  const outside: Names = given.level === "own" ? { ...given, level: "outside" } : given;
  if (view && outside.level === "outside") {
    // Invariant: what a caller says sees a table through a view in FROM, and through nothing else.
    checking.demand(
      "shape/place",
      place === "statement" || place === "from" || (place === "table" && isFenced(select)),
    );
    if (place === "from" && !isFenced(select)) checking.found.opens = true;
  }
  const level = place === "statement" ? "own" : "view";
  const within: Names = view && outside.level === "outside" ? { ...outside, level } : outside;
  const { node: withClause, ctes } = checkWith(checking, select.withClause, within);
  const inner: Names = { relations: [], ctes, level: within.level, outer: within };
  const { op = "SETOP_NONE" } = select;
  const { node, columns, names } =
    op === "SETOP_NONE" ? checkPlain(checking, select, inner) : checkSetOperation(checking, select, inner);
  if (place === "statement" || place === "expression") demandNoIndex(checking, columns);
  const order = (select.sortClause ?? []).map((item) =>
    checkSort(checking, item, (by) => key(checking, names, columns, by, "output")),
  );
  const { limitOption = "LIMIT_OPTION_DEFAULT" } = select;
  const count = (limit: Node | undefined): Node | undefined =>
    limit === undefined ? undefined : checkCount(checking, limit);
  const [limitOffset, limitCount] = [count(select.limitOffset), count(select.limitCount)];
  return {
    node: {
      ...node,
      ...(order.length === 0 ? {} : { sortClause: order }),
      ...(limitOffset === undefined ? {} : { limitOffset }),
      ...(limitCount === undefined ? {} : { limitCount }),
      limitOption,
      ...(withClause === undefined ? {} : { withClause }),
      op,
    },
    columns,
  };
}

interface Body extends CheckedSelect {
  /** What ORDER BY sees beside the outputs; null where it sees nothing else. */
  readonly names: Names | null;
}

function checkPlain(checking: Checking, select: SelectStmt, inner: Names): Body {
  onlyParts(checking, select, [...commonParts, ...parts]);
  const { items, names, base } = source(checking, select.fromClause ?? [], inner);
  const { conjunct, rest } =
    base === null
      ? { conjunct: null, rest: select.whereClause === undefined ? [] : [select.whereClause] }
      : takeTenant(checking, base, select.whereClause);
  const whereClause = withTenant(
    conjunct,
    rest.map((part) => checkExpression(checking, names, part).node),
  );
  const { targets, columns } = checkTargets(checking, names, select.targetList ?? [], checkCell);
  const group = (select.groupClause ?? []).map((node) => {
    checkPosition(checking, node);
    return key(checking, names, columns, node, "input").node;
  });
  const distinct = (select.distinctClause ?? []).map((node) => {
    if (opened(node)[0] === "") {
      demandNoIndex(checking, columns);
      return node;
    }
    checkPosition(checking, node);
    return key(checking, names, columns, node, "output").node;
  });
  const having =
    select.havingClause === undefined
      ? undefined
      : checkExpression(checking, names, select.havingClause).node;
  const locks = checkLocks(checking, select.lockingClause ?? [], base);
  return {
    node: {
      ...(distinct.length === 0 ? {} : { distinctClause: distinct }),
      ...(targets.length === 0 ? {} : { targetList: targets }),
      ...(items.length === 0 ? {} : { fromClause: [...items] }),
      ...(whereClause === undefined ? {} : { whereClause }),
      ...(group.length === 0 ? {} : { groupClause: group }),
      ...(having === undefined ? {} : { havingClause: having }),
      ...(locks.length === 0 ? {} : { lockingClause: [...locks] }),
    },
    columns,
    names,
  };
}

/** A number of rows, which says nothing of a row. */
function checkCount(checking: Checking, limit: Node): Node {
  const [kind] = opened("TypeCast" in limit ? limit.TypeCast.arg : limit);
  if (kind !== "ParamRef" && kind !== "A_Const") throw new Refused("node/kind");
  return checkExpression(checking, { ...noNames, level: "own" }, limit).node;
}

/** Rows of values in FROM: each of one width, and each column of one type. */
function checkValues(checking: Checking, select: SelectStmt, outside: Names): CheckedSelect {
  onlyParts(checking, select, ["valuesLists", "limitOption", "op"]);
  const names: Names = { ...outside, relations: [], outer: outside };
  const rows = (select.valuesLists ?? []).map((list) =>
    (expected(list, "List").items ?? []).map((item) => checkExpression(checking, names, item)),
  );
  const [first = []] = rows;
  checking.demand(
    "type/common",
    rows.every((row) => row.length === first.length),
  );
  const columns = first.map((_, index): Column => {
    const type = common(
      checking,
      rows.flatMap((row) => row[index] ?? []),
    );
    return { name: `column${index + 1}`, type };
  });
  const valuesLists = rows.map((row): Node => ({ List: { items: row.map(({ node }) => node) } }));
  return { node: { valuesLists, limitOption: "LIMIT_OPTION_DEFAULT", op: "SETOP_NONE" }, columns };
}

/** A table alone, or anything but tables. */
function source(
  checking: Checking,
  from: readonly Node[],
  inner: Names,
): { readonly items: readonly Node[]; readonly names: Names; readonly base: BaseTable | null } {
  const [only] = from;
  if (from.length === 1 && only !== undefined && "RangeVar" in only && isTable(only.RangeVar)) {
    const base = checkTable(checking, only.RangeVar);
    return { items: [{ RangeVar: base.node }], names: { ...inner, relations: [base.relation] }, base };
  }
  const { nodes, relations } = checkFrom(checking, from, inner);
  return { items: nodes, names: { ...inner, relations }, base: null };
}

export function checkTargets(
  checking: Checking,
  names: Names,
  list: readonly Node[],
  check: typeof checkCell = checkExpression,
): { readonly targets: Node[]; readonly columns: readonly Column[] } {
  const checked = list.map((item) => {
    const target = expected(item, "ResTarget");
    onlyParts(checking, target, ["name", "val"]);
    const { node, type } = check(checking, names, target.val);
    const name = target.name ?? ("ColumnRef" in node ? (texts(node.ColumnRef.fields).at(-1) ?? "") : "");
    return {
      target: { ResTarget: { ...(target.name === undefined ? {} : { name: target.name }), val: node } },
      column: { name, type: type === "unknown" ? "text" : type },
    };
  });
  return { targets: checked.map(({ target }) => target), columns: checked.map(({ column }) => column) };
}

function checkSetOperation(checking: Checking, select: SelectStmt, inner: Names): Body {
  onlyParts(checking, select, [...commonParts, ...setParts]);
  const { op = "SETOP_UNION", all, larg, rarg } = select;
  if (larg === undefined || rarg === undefined) throw new Refused("node/part");
  const left = checkSelect(checking, larg, inner, "arm");
  const right = checkSelect(checking, rarg, inner, "arm");
  checking.demand("type/common", left.columns.length === right.columns.length);
  if (op !== "SETOP_UNION" || all !== true) demandNoIndex(checking, [...left.columns, ...right.columns]);
  const columns = left.columns.map(({ name, type }, index): Column => {
    const other = right.columns[index]?.type ?? type;
    const one = commonType([type, other]);
    checking.demand("type/common", one !== undefined);
    // A conversion may fail, and a condition from outside moves it to where rows are still hidden.
    if (type !== other) noteLeak(checking, inner);
    return { name, type: one ?? type };
  });
  return {
    node: { op, ...(all === true ? { all } : {}), larg: left.node, rarg: right.node },
    columns,
    names: null,
  };
}

/** What is ordered, grouped or told apart by: a bare name may be an output's, by the server's rule for each. */
function key(
  checking: Checking,
  names: Names | null,
  outputs: readonly Column[],
  node: Node,
  first: "input" | "output",
): Typed {
  const [name, ...more] = "ColumnRef" in node ? (node.ColumnRef.fields ?? []) : [];
  const bare =
    name !== undefined && "String" in name && more.length === 0 ? (name.String.sval ?? "") : undefined;
  const isInput =
    first === "input" && names?.relations.some(({ columns }) => columns.some((of) => of.name === bare));
  const found =
    bare === undefined || isInput === true ? [] : outputs.filter((output) => output.name === bare);
  demandNoIndex(checking, found);
  if (found[0] !== undefined) return { node: columnNode(bare ?? ""), type: found[0].type };
  checking.demand("column/unknown", names !== null);
  return checkExpression(checking, names as Names, node);
}
