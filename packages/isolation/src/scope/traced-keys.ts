/**
 * Keys of rows that a select shows as themselves, added to what it yields for the record; the caller never sees them. Where rows
 * are grouped, made distinct, counted or merged, none is shown as itself.
 */
import type { OperationNode, SelectQueryNode } from "kysely";
import { UnsupportedQuery } from "../errors.ts";
import type { Column, Scope } from "./relation.ts";
import type { Derived } from "./rewriting.ts";
import { joined, named, sql } from "./text.ts";

const ours = "wardline:row:";

/** `wanted`: the entities whose rows are to be known. */
export function withTracedKeys(
  select: SelectQueryNode,
  scope: Scope,
  list: Derived,
  wanted: ReadonlySet<string>,
): Derived {
  if (wanted.size === 0 || list.columns.length === 0 || !showsRows(select)) return list;
  const keys = [...scope.relations.values()].flatMap(({ alias, columns }) =>
    columns.filter(({ key }) => key !== undefined && wanted.has(key)).map((column) => ({ alias, column })),
  );
  if (list.columns.some(({ name }) => name.startsWith(ours)))
    throw new UnsupportedQuery("query/duplicate-name", `no column can be called ${ours}…`);
  const hidden = keys.map(({ column }, at): Column => ({ ...column, name: `${ours}${at}`, hidden: true }));
  const texts = keys.map(
    ({ alias, column }, at) => sql`${named(alias, column.name)} as ${named(`${ours}${at}`)}`,
  );
  return { ...list, text: joined([list.text, ...texts], ", "), columns: [...list.columns, ...hidden] };
}

/** Whether each row of the result is one of the tables' rows. */
export function showsRows(select: SelectQueryNode): boolean {
  const merges = [select.groupBy, select.having, select.distinctOn, select.setOperations];
  return (
    merges.every((part) => part === undefined) &&
    (select.frontModifiers ?? []).length === 0 &&
    ![...(select.selections ?? []), ...(select.orderBy === undefined ? [] : [select.orderBy])].some(
      aggregates,
    )
  );
}

/** Whether it computes one value from many rows of this select; a sub-select's are its own. */
function aggregates(node: unknown): boolean {
  if (typeof node !== "object" || node === null) return false;
  const { kind } = node as Partial<OperationNode>;
  if (kind === "SelectQueryNode") return false;
  if (kind === "AggregateFunctionNode") return true;
  return Object.values(node).some(aggregates);
}
