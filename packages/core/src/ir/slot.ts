import type { ValueType } from "../value/type.ts";

/** The rows that a request can carry: the one asked about, the stored row before a write, the row after it. */
export type Row = "resource" | "prior" | "next";

/** Whose ancestors or which argument: the principal, a row itself, or a reference that a row or the principal holds. */
export type EntityPath =
  | { readonly root: "principal"; readonly attribute: string | null }
  | { readonly root: Row; readonly attribute: string | null };

/** Where a fact stands in the request document. */
export type SlotSource =
  | { readonly from: "principal"; readonly part: "id" | "type" | "tenant" | "roles" }
  | { readonly from: "principal_attribute"; readonly name: string }
  | { readonly from: "row"; readonly row: Row; readonly part: "id" | "tenant" }
  | { readonly from: "row_attribute"; readonly row: Row; readonly name: string }
  | { readonly from: "tenant"; readonly part: "id" }
  | { readonly from: "tenant_attribute"; readonly name: string }
  | { readonly from: "context"; readonly name: string }
  | { readonly from: "now" }
  /** The ids of all proper ancestors, of one entity type, of an entity. The closure is made at the gate. */
  | { readonly from: "ancestors"; readonly of: EntityPath; readonly entity: string }
  /** All pairs of a relation that concern the request (closed world). */
  | { readonly from: "relation"; readonly name: string };

/**
 * A fact that rules read. Its id is its index in `Program.slots`.
 * `optional`: may be absent; an absent slot that is not optional makes the request `invalid_input`.
 * For `relation` the type is that of a set of strings and says nothing of the pairs.
 */
export interface Slot {
  readonly id: number;
  readonly source: SlotSource;
  readonly type: ValueType;
  readonly optional: boolean;
}

/** The name under which the ancestors of a path stand in `request.ancestors`: `principal`, `resource.branch`, … */
export function entityPathKey(path: EntityPath): string {
  return path.attribute === null ? path.root : `${path.root}.${path.attribute}`;
}

/** The keys that lead from the root of the request document to the fact. */
export function slotPath(source: SlotSource): readonly string[] {
  switch (source.from) {
    case "principal":
      return ["principal", source.part];
    case "principal_attribute":
      return ["principal", "attributes", source.name];
    case "row":
      return [source.row, source.part];
    case "row_attribute":
      return [source.row, "attributes", source.name];
    case "tenant":
      return ["tenant", source.part];
    case "tenant_attribute":
      return ["tenant", "attributes", source.name];
    case "context":
      return ["context", source.name];
    case "now":
      return ["now"];
    case "ancestors":
      return ["ancestors", entityPathKey(source.of), source.entity];
    case "relation":
      return ["relations", source.name];
  }
}
