/** What an UPDATE or a DELETE asks for, read from its tree. */
import type {
  ColumnUpdateNode,
  DeleteQueryNode,
  FromNode,
  JoinNode,
  OperationNode,
  UpdateQueryNode,
  UsingNode,
} from "kysely";
import type { FieldModel, ModelIr } from "@wardline/core";
import { UnsupportedQuery } from "../errors.ts";
import type { StoredEntity } from "../gate/catalogue.ts";
import { whereOf } from "../scope/aggregate.ts";
import { referenceName } from "../scope/identifier.ts";
import { onlyKeys, refuseNode } from "../scope/node-kinds.ts";
import { givenBy, type Excluded, type Given } from "./given.ts";
import { placeOf, refuseTwice, shape, targetOf, type WriteTarget } from "./write-target.ts";

export interface ChangePlan extends WriteTarget {
  readonly where: OperationNode | null;
  /** What `from` or `using` brings into sight, beside the target. */
  readonly from: FromNode | undefined;
  readonly joins: readonly JoinNode[];
}

/** A column of an update with what is given for it. */
export interface Setting {
  readonly field: FieldModel;
  readonly column: string;
  readonly given: Given | Excluded;
}

export interface UpdatePlan extends ChangePlan {
  readonly settings: readonly Setting[];
}

export function planUpdate(model: ModelIr, node: OperationNode): UpdatePlan {
  const { table, updates = [], where, returning, from, joins = [], ...rest } = node as UpdateQueryNode;
  refuseLimits(rest);
  onlyKeys(node, ["table", "updates", "where", "returning", "from", "joins", "with"]);
  if (table === undefined || updates.length === 0)
    throw shape("an update without a table or without a column");
  // Other dialects' `update a, b set …` lists its tables.
  if (table.kind === "ListNode") throw shape("an update names one table; others stand in its from");
  const target = targetOf(model, table, returning, rest.with);
  return { ...changeOf(target, where, from, joins), settings: settingsOf(target.entity, updates) };
}

export function planDelete(model: ModelIr, node: OperationNode): ChangePlan {
  const { from, using, joins = [], where, returning, ...rest } = node as DeleteQueryNode;
  refuseLimits(rest);
  onlyKeys(node, ["from", "where", "returning", "using", "joins", "with"]);
  onlyKeys(from, ["froms"]);
  const [table] = from.froms;
  if (table === undefined || from.froms.length > 1)
    throw shape("a delete names one table; others stand in its using");
  return changeOf(targetOf(model, table, returning, rest.with), where, usingAsFrom(using), joins);
}

export function settingsOf(entity: StoredEntity, updates: readonly ColumnUpdateNode[]): readonly Setting[] {
  const settings = updates.map((update) => settingOf(entity, update));
  refuseTwice(settings.map((setting) => setting.column));
  return settings;
}

function settingOf(entity: StoredEntity, node: ColumnUpdateNode): Setting {
  if (node.kind !== "ColumnUpdateNode") return refuseNode(node, "set");
  onlyKeys(node, ["column", "value"]);
  const { table, column } = referenceName(node.column);
  if (table !== null) throw shape("a column to write stands without its table");
  const place = placeOf(entity, column);
  if (place.kind === "key")
    throw new UnsupportedQuery("write/key-column", `the key of ${entity.storage.table} never changes`);
  return { field: place.field, column, given: givenBy(node.value) };
}

function changeOf(
  target: WriteTarget,
  where: UpdateQueryNode["where"],
  from: FromNode | undefined,
  joins: readonly JoinNode[],
): ChangePlan {
  if (from === undefined && joins.length > 0)
    throw shape("a join needs a from (update) or a using (delete) that it joins to");
  return { ...target, where: where === undefined ? null : whereOf(where), from, joins };
}

function usingAsFrom(node: UsingNode | undefined): FromNode | undefined {
  if (node === undefined) return undefined;
  if (node.kind !== "UsingNode") return refuseNode(node, "using");
  onlyKeys(node, ["tables"]);
  return { kind: "FromNode", froms: node.tables };
}

/** Postgres has neither; which rows they would pick nobody could say after a wait for a lock. */
function refuseLimits(rest: Pick<DeleteQueryNode, "limit" | "orderBy">): void {
  if (rest.limit !== undefined || rest.orderBy !== undefined)
    throw shape("a write has no limit and no order: pick the rows by their ids");
}
