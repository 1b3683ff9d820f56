/**
 * A caller's SELECT as the server's own grammar reads it, with the guarded view in place of each table that it names. Names of
 * common table expressions hide tables, each in its own scope; whatever else the text says is for the final check to judge.
 */
import type { Node, RangeVar, SelectStmt } from "libpg-query";
import { IsolationViolation, UnsupportedQuery } from "../errors.ts";
import { nameNode } from "../final-check/nodes.ts";

/** A view as a tree, and the names of its columns. */
export interface RawView {
  readonly select: SelectStmt;
  readonly columns: readonly string[];
}

/** The columns of what stands in FROM; null where the server would have to name them. */
type Outputs = readonly string[] | null;

type Scope = ReadonlyMap<string, Outputs>;

/** Replaces in place. `viewOf` throws for a table that the model does not have. */
export function replaceTables(statement: SelectStmt, viewOf: (table: string) => RawView): void {
  select(statement, new Map());

  function select(of: SelectStmt, outside: Scope): Outputs {
    const scope = new Map(outside);
    for (const node of of.withClause?.ctes ?? []) {
      const cte = "CommonTableExpr" in node ? node.CommonTableExpr : {};
      const { ctename = "", aliascolnames, ctequery } = cte;
      if (ctequery === undefined || !("SelectStmt" in ctequery)) throw onlySelects();
      const named = namesOf(aliascolnames);
      // Where recursion is asked for, an expression sees itself.
      const sees = of.withClause?.recursive === true ? new Map(scope).set(ctename, named) : scope;
      const columns = select(ctequery.SelectStmt, sees);
      scope.set(ctename, named ?? columns);
    }
    const arms = [of.larg, of.rarg].flatMap((arm) => (arm === undefined ? [] : [select(arm, scope)]));
    const from: (readonly [string, Outputs])[] = [];
    of.fromClause = (of.fromClause ?? []).map((item) => fromItem(item, scope, from));
    if (of.fromClause.length === 0) delete of.fromClause;
    for (const [key, value] of Object.entries(of)) {
      if (["withClause", "larg", "rarg", "fromClause"].includes(key)) continue;
      inside(value, scope);
    }
    if (of.targetList !== undefined)
      of.targetList = of.targetList.flatMap((target) => expanded(target, from));
    return arms[0] ?? outputsOf(of.targetList ?? []);
  }

  /** Sub-selects in expressions. */
  function inside(value: unknown, scope: Scope): void {
    if (typeof value !== "object" || value === null) return;
    if ("SelectStmt" in value) return void select(value.SelectStmt as SelectStmt, scope);
    for (const child of Object.values(value)) inside(child, scope);
  }

  function fromItem(item: Node, scope: Scope, from: (readonly [string, Outputs])[]): Node {
    if ("RangeVar" in item) return relation(item.RangeVar, scope, from);
    if ("RangeSubselect" in item) {
      const { subquery, alias } = item.RangeSubselect;
      if (subquery === undefined || !("SelectStmt" in subquery)) throw onlySelects();
      const columns = select(subquery.SelectStmt, scope);
      from.push([alias?.aliasname ?? "", namesOf(alias?.colnames) ?? columns]);
      return item;
    }
    if ("JoinExpr" in item) {
      const { larg, rarg, quals } = item.JoinExpr;
      if (larg !== undefined) item.JoinExpr.larg = fromItem(larg, scope, from);
      if (rarg !== undefined) item.JoinExpr.rarg = fromItem(rarg, scope, from);
      inside(quals, scope);
      return item;
    }
    throw new UnsupportedQuery("query/unsupported-node", "only tables, sub-selects and joins stand in FROM");
  }

  function relation(range: RangeVar, scope: Scope, from: (readonly [string, Outputs])[]): Node {
    const { relname = "", schemaname, catalogname, inh, alias } = range;
    if (schemaname !== undefined || catalogname !== undefined)
      throw new IsolationViolation("query/schema-qualified", "a table with a schema in front is refused");
    if (inh !== true)
      throw new UnsupportedQuery("query/unsupported-node", "a table is read whole: leave ONLY out");
    const name = alias?.aliasname ?? relname;
    const known = scope.get(relname);
    if (known !== undefined || scope.has(relname)) {
      from.push([name, namesOf(alias?.colnames) ?? known ?? null]);
      return { RangeVar: range };
    }
    const view = viewOf(relname);
    from.push([name, namesOf(alias?.colnames) ?? view.columns]);
    return {
      RangeSubselect: {
        subquery: { SelectStmt: structuredClone(view.select) },
        alias: { ...alias, aliasname: name },
      },
    };
  }
}

/** `*` and `t.*` are the columns of the views, and no others that the tables have or get. */
function expanded(target: Node, from: readonly (readonly [string, Outputs])[]): readonly Node[] {
  const value = "ResTarget" in target ? target.ResTarget.val : undefined;
  const fields = value !== undefined && "ColumnRef" in value ? (value.ColumnRef.fields ?? []) : [];
  const last = fields.at(-1);
  if (last === undefined || !("A_Star" in last) || fields.length > 2) return [target];
  const [first] = fields;
  const table =
    fields.length === 2 && first !== undefined && "String" in first ? first.String.sval : undefined;
  const sources = fields.length === 1 ? from : from.filter(([name]) => name === table);
  return sources.flatMap(([name, columns]) => {
    if (columns === null)
      throw new UnsupportedQuery("query/unsupported-node", "a sub-select without names of columns has no *");
    return columns.map((column) => ({
      ResTarget: { name: column, val: { ColumnRef: { fields: [nameNode(name), nameNode(column)] } } },
    }));
  });
}

function outputsOf(targets: readonly Node[]): Outputs {
  const names = targets.map((target) => {
    const { name, val } = "ResTarget" in target ? target.ResTarget : {};
    if (name !== undefined) return name;
    const last = val !== undefined && "ColumnRef" in val ? val.ColumnRef.fields?.at(-1) : undefined;
    return last !== undefined && "String" in last ? last.String.sval : undefined;
  });
  return names.every((name) => name !== undefined) ? names : null;
}

function namesOf(nodes: readonly Node[] | undefined): Outputs {
  if (nodes === undefined) return null;
  return nodes.map((node) => ("String" in node ? (node.String.sval ?? "") : ""));
}

function onlySelects(): IsolationViolation {
  return new IsolationViolation("query/raw-statement", "text is a SELECT, in every part of it");
}
