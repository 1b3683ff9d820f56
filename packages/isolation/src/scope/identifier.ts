/** Names as they stand in a query tree. */
import type { AliasNode, ColumnNode, IdentifierNode, OperationNode, ReferenceNode, TableNode } from "kysely";
import { isText } from "@wardline/core";
import { IsolationViolation, UnsupportedQuery } from "../errors.ts";
import { onlyKeys, refuseNode } from "./node-kinds.ts";

/** Postgres cuts names at 63 bytes, and then two could be one. */
const maxBytes = 63;

/** Begins the names of blind indexes that are carried through sub-selects. */
export const indexName = "wardline:index";

export function identifier(node: OperationNode, place: string): string {
  if (node.kind !== "IdentifierNode") return refuseNode(node, place);
  onlyKeys(node, ["name"]);
  const name: unknown = (node as IdentifierNode).name;
  const fits =
    typeof name === "string" &&
    isText(name) &&
    name !== "" &&
    new TextEncoder().encode(name).length <= maxBytes;
  if (!fits || name === "__proto__")
    throw new UnsupportedQuery(
      "query/unsupported-node",
      `a name is empty or longer than ${maxBytes} bytes (${place})`,
    );
  if (name.startsWith(indexName))
    throw new UnsupportedQuery("query/duplicate-name", `no name begins with ${indexName} (${place})`);
  return name;
}

export function tableName(node: OperationNode): string {
  if (node.kind !== "TableNode") return refuseNode(node, "table");
  onlyKeys(node, ["table"]);
  const { table } = node as TableNode;
  if (table.kind !== "SchemableIdentifierNode") return refuseNode(table, "table");
  onlyKeys(table, ["identifier", "schema"]);
  if (table.schema !== undefined)
    throw new IsolationViolation("query/schema-qualified", "a table with a schema in front is refused");
  return identifier(table.identifier, "table");
}

export function columnName(node: OperationNode): string {
  if (node.kind !== "ColumnNode") return refuseNode(node, "column");
  onlyKeys(node, ["column"]);
  return identifier((node as ColumnNode).column, "column");
}

export function aliasName(node: AliasNode): string {
  onlyKeys(node, ["node", "alias"]);
  return identifier(node.alias, "alias");
}

/** The two parts of a reference to one column. */
export function referenceName(node: OperationNode): {
  readonly table: string | null;
  readonly column: string;
} {
  if (node.kind === "ColumnNode") return { table: null, column: columnName(node) };
  if (node.kind !== "ReferenceNode") return refuseNode(node, "column");
  onlyKeys(node, ["table", "column"]);
  const { table, column } = node as ReferenceNode;
  return { table: table === undefined ? null : tableName(table), column: columnName(column) };
}
