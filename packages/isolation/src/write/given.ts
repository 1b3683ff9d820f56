/** What a caller gives for a column: a value of his own, or an expression that the database has to compute. */
import type { OperationNode, ValueNode } from "kysely";
import { isText, isUuid, type FieldModel, type WireScalar } from "@wardline/core";
import type { StoredEntity } from "../gate/catalogue.ts";
import { onlyKeys, refuseNode } from "../scope/node-kinds.ts";
import { badValue } from "./wire-value.ts";

export type Given =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "computed"; readonly node: OperationNode };

/** What an insert proposed for a column; null is its key. */
export interface Excluded {
  readonly kind: "excluded";
  readonly column: string | null;
}

/** A column with the value that will be stored in it, in wire form. */
export interface Assignment {
  readonly field: FieldModel;
  readonly column: string;
  readonly value: WireScalar | null;
}

export function givenBy(node: OperationNode): Given {
  if (node.kind === "RawNode") return refuseNode(node, "value");
  if (node.kind !== "ValueNode") return { kind: "computed", node };
  onlyKeys(node, ["value", "immediate"]);
  return { kind: "value", value: (node as ValueNode).value };
}

export function keyValue(entity: StoredEntity, value: unknown): string {
  if (typeof value !== "string" || value === "" || !isText(value)) throw badValue(entity.storage.key);
  if (entity.keyType === "uuid" && !isUuid(value)) throw badValue(entity.storage.key);
  return value;
}
