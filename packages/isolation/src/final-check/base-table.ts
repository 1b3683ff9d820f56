/**
 * The one shape in which a table may be read: with its schema, alone in the FROM of a select whose WHERE is a conjunction
 * that has, at its top, the tenant column = `$1`. What is shared by all tenants has no such column.
 */
import type { Node, RangeVar } from "libpg-query";
import {
  noteAlias,
  onlyParts,
  opened,
  texts,
  type CheckedTable,
  type Checking,
  type Relation,
} from "./checking.ts";
import { boolNode, columnNode, operatorNode, tenantNode } from "./nodes.ts";

const noTable: CheckedTable = {
  name: "",
  tenant: null,
  readOnly: true,
  key: [],
  columns: new Map(),
  indexes: new Map(),
};

export interface BaseTable {
  readonly node: RangeVar;
  readonly table: CheckedTable;
  readonly relation: Relation;
}

/** True for a name with something in front: only tables are named so. */
export function isTable(range: RangeVar): boolean {
  return range.schemaname !== undefined || range.catalogname !== undefined;
}

export function checkTable(checking: Checking, range: RangeVar): BaseTable {
  onlyParts(checking, range, ["schemaname", "relname", "inh", "relpersistence", "alias"]);
  const { model, demand } = checking;
  const table = model.tables.get(range.relname ?? "");
  demand("relation/schema", range.schemaname === model.schema);
  demand("relation/unknown", table !== undefined);
  demand("shape/only", range.inh === true);
  if (range.alias !== undefined) onlyParts(checking, range.alias, ["aliasname"]);
  const alias = noteAlias(checking, range.alias?.aliasname, range.relname);
  const columns = [...(table ?? noTable).columns].map(([name, type]) => ({ name, type }));
  return {
    node: {
      schemaname: range.schemaname ?? "",
      relname: range.relname ?? "",
      inh: true,
      relpersistence: "p",
      alias: { aliasname: alias },
    },
    table: table ?? noTable,
    relation: { name: alias, columns },
  };
}

/**
 * Takes the tenant's conjunct out of a condition and notes it. What is left goes through the check like any expression;
 * the conjunct is put back as it must be.
 */
export function takeTenant(
  checking: Checking,
  { table, relation }: BaseTable,
  where: Node | undefined,
): { readonly conjunct: Node | null; readonly rest: readonly Node[] } {
  const parts = conjunctsOf(where);
  if (table.tenant === null) return { conjunct: null, rest: parts };
  const { tenant } = table;
  const at = parts.findIndex((part) => isTenantConjunct(part, relation.name, tenant));
  checking.demand("shape/tenant", at !== -1);
  if (at === -1) return { conjunct: null, rest: parts };
  checking.found.tenants += 1;
  const conjunct = operatorNode("AEXPR_OP", "=", columnNode(relation.name, tenant), tenantNode);
  return { conjunct, rest: parts.filter((_, index) => index !== at) };
}

/** The condition with the tenant's conjunct first. */
export function withTenant(conjunct: Node | null, rest: readonly Node[]): Node | undefined {
  const all = conjunct === null ? rest : [conjunct, ...rest];
  const [first, ...more] = all;
  return first === undefined || more.length === 0 ? first : boolNode("AND_EXPR", all);
}

/** `$1`, or `$1` as a text. */
export function isTenantParameter(node: Node | undefined): boolean {
  const [kind, content] = opened(node);
  if (kind === "ParamRef") return content["number"] === 1;
  if (kind !== "TypeCast" || node === undefined || !("TypeCast" in node)) return false;
  const { arg, typeName } = node.TypeCast;
  const isText = texts(typeName?.names).at(-1) === "text" && typeName?.arrayBounds === undefined;
  return isText && opened(arg)[0] === "ParamRef" && isTenantParameter(arg);
}

/** The conditions that must all hold; the parser makes one list of them. */
function conjunctsOf(where: Node | undefined): readonly Node[] {
  if (where === undefined) return [];
  if ("BoolExpr" in where && where.BoolExpr.boolop === "AND_EXPR") return where.BoolExpr.args ?? [];
  return [where];
}

function isTenantConjunct(node: Node, alias: string, column: string): boolean {
  if (!("A_Expr" in node)) return false;
  const { kind, name, lexpr, rexpr } = node.A_Expr;
  const path = (name ?? []).map((part) => ("String" in part ? part.String.sval : undefined));
  const isEqual =
    path.at(-1) === "=" && (path.length === 1 || (path.length === 2 && path[0] === "pg_catalog"));
  if (kind !== "AEXPR_OP" || !isEqual || lexpr === undefined || !("ColumnRef" in lexpr)) return false;
  const fields = (lexpr.ColumnRef.fields ?? []).map((part) =>
    "String" in part ? part.String.sval : undefined,
  );
  return fields.length === 2 && fields[0] === alias && fields[1] === column && isTenantParameter(rexpr);
}
