/**
 * Every kind of node that Kysely has, and what is done with it. A kind that is not listed cannot pass: the type
 * demands an entry for each, and a kind from elsewhere is refused as unknown.
 */
import type { OperationNode, OperationNodeKind } from "kysely";
import { IsolationViolation, UnsupportedQuery } from "../errors.ts";

/** `select`, `insert`, `update`, `delete`: a statement · `part`: allowed at its place in one · the rest is refused. */
export type Verdict = "select" | "insert" | "update" | "delete" | "part" | "raw" | "schema" | "unsupported";

export const verdicts: Readonly<Record<OperationNodeKind, Verdict>> = {
  SelectQueryNode: "select",
  InsertQueryNode: "insert",
  UpdateQueryNode: "update",
  DeleteQueryNode: "delete",

  IdentifierNode: "part",
  SchemableIdentifierNode: "part",
  SelectionNode: "part",
  ReferenceNode: "part",
  ColumnNode: "part",
  TableNode: "part",
  AliasNode: "part",
  FromNode: "part",
  SelectAllNode: "part",
  AndNode: "part",
  OrNode: "part",
  ParensNode: "part",
  ValueNode: "part",
  ValueListNode: "part",
  PrimitiveValueListNode: "part",
  JoinNode: "part",
  OperatorNode: "part",
  WhereNode: "part",
  ReturningNode: "part",
  DataTypeNode: "part",
  OrderByNode: "part",
  OrderByItemNode: "part",
  GroupByNode: "part",
  GroupByItemNode: "part",
  ColumnUpdateNode: "part",
  LimitNode: "part",
  OffsetNode: "part",
  WithNode: "part",
  CommonTableExpressionNode: "part",
  CommonTableExpressionNameNode: "part",
  HavingNode: "part",
  OnNode: "part",
  ValuesNode: "part",
  SelectModifierNode: "part",
  DefaultInsertValueNode: "part",
  AggregateFunctionNode: "part",
  OverNode: "part",
  PartitionByNode: "part",
  PartitionByItemNode: "part",
  SetOperationNode: "part",
  BinaryOperationNode: "part",
  UnaryOperationNode: "part",
  FunctionNode: "part",
  CaseNode: "part",
  WhenNode: "part",
  TupleNode: "part",
  CastNode: "part",
  OnConflictNode: "part",
  UsingNode: "part",
  FetchNode: "part",
  CollateNode: "part",
  JSONReferenceNode: "part",
  JSONOperatorChainNode: "part",

  RawNode: "raw",

  CreateTableNode: "schema",
  ColumnDefinitionNode: "schema",
  AddColumnNode: "schema",
  DropTableNode: "schema",
  CreateIndexNode: "schema",
  DropIndexNode: "schema",
  ReferencesNode: "schema",
  PrimaryKeyConstraintNode: "schema",
  UniqueConstraintNode: "schema",
  CheckConstraintNode: "schema",
  ForeignKeyConstraintNode: "schema",
  CreateSchemaNode: "schema",
  DropSchemaNode: "schema",
  AlterTableNode: "schema",
  ModifyColumnNode: "schema",
  DropColumnNode: "schema",
  RenameColumnNode: "schema",
  AlterColumnNode: "schema",
  AddConstraintNode: "schema",
  DropConstraintNode: "schema",
  RenameConstraintNode: "schema",
  CreateViewNode: "schema",
  RefreshMaterializedViewNode: "schema",
  DropViewNode: "schema",
  GeneratedNode: "schema",
  DefaultValueNode: "schema",
  CreateTypeNode: "schema",
  AlterTypeNode: "schema",
  AddValueNode: "schema",
  RenameValueNode: "schema",
  DropTypeNode: "schema",
  AddIndexNode: "schema",

  OnDuplicateKeyNode: "unsupported",
  ListNode: "unsupported",
  ExplainNode: "unsupported",
  JSONPathNode: "unsupported",
  JSONPathLegNode: "unsupported",
  MergeQueryNode: "unsupported",
  MatchedNode: "unsupported",
  TopNode: "unsupported",
  OutputNode: "unsupported",
  OrActionNode: "unsupported",
};

/** Why a kind is refused, and what to write instead. */
const reasons: Partial<Readonly<Record<OperationNodeKind, string>>> = {
  OnDuplicateKeyNode: "it is another database's",
  ExplainNode: "a plan tells of rows that are not shown: run the query",
  JSONPathNode: "it is another database's: write ref(…, '->') or ref(…, '->>') of a jsonb value",
  JSONPathLegNode: "it is another database's: write ref(…, '->') or ref(…, '->>') of a jsonb value",
  MergeQueryNode: "insert with onConflict, or update and insert in a transaction",
  TopNode: "it is another database's: write limit",
  OutputNode: "it is another database's: write returning",
  OrActionNode: "it is another database's",
  ListNode: "it belongs to a statement that changes the schema",
  ValuesNode: "rows of values stand in an insert alone: write selects joined by unionAll",
  FunctionNode: "a function is no table",
  InsertQueryNode: "a write stands alone: do one after the other in a transaction",
  UpdateQueryNode: "a write stands alone: do one after the other in a transaction",
  DeleteQueryNode: "a write stands alone: do one after the other in a transaction",
  SelectModifierNode: "only distinct modifies a select: rows are locked by the writes that change them",
};

/** Refuses a node that stands where it may not. */
export function refuseNode(node: OperationNode, place: string): never {
  const verdict = Object.hasOwn(verdicts, node.kind) ? verdicts[node.kind] : "unsupported";
  if (verdict === "raw")
    throw new IsolationViolation(
      "query/raw-statement",
      `raw SQL stands in selects alone (${place}): use the builder's own`,
    );
  if (verdict === "schema")
    throw new IsolationViolation(
      "query/schema-statement",
      `a statement that changes the schema is refused (${place})`,
    );
  const reason = Object.hasOwn(reasons, node.kind) ? `: ${String(reasons[node.kind])}` : "";
  throw new UnsupportedQuery("query/unsupported-node", `${node.kind} is not supported (${place})${reason}`);
}

/** Refuses a node that has anything besides `keys`: what is not read must not be there. */
export function onlyKeys(node: OperationNode, keys: readonly string[]): void {
  for (const [key, value] of Object.entries(node)) {
    if (key === "kind" || keys.includes(key) || value === false) continue;
    const hint = Object.hasOwn(parts, key) ? `: ${parts[key]}` : "";
    throw new UnsupportedQuery("query/unsupported-node", `${node.kind} with ${key} is not supported${hint}`);
  }
}

/** The same for parts that stand under a name of their own. */
const parts: Readonly<Record<string, string>> = {
  endModifiers: "rows are locked by the writes that change them",
  explain: "a plan tells of rows that are not shown: run the query",
  withinGroup: "order the rows and take one by its number",
  top: "it is another database's: write limit",
};
