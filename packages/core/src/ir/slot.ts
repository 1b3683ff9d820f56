import type { ValueType } from "../value/type.ts";

/** The rows that a request can carry: the one asked about, the stored row before a write, the row after it. */
export type Row = "resource" | "prior" | "next";

/**
 * Who or what is meant: the principal, a row itself, or what a reference leads to. `attribute` is the reference that the
 * principal or the row holds; `further` the one that its target holds.
 */
export interface EntityPath {
  readonly root: "principal" | Row;
  readonly attribute: string | null;
  readonly further?: string;
}

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
  /** Time in the tenant's zone, computed once at the gate. `weekday` is an enum's value, `monday` to `sunday`. */
  | { readonly from: "clock"; readonly part: "time" | "hour" | "weekday" }
  /** An attribute of what a reference leads to. Absent where the reference is; `of.attribute` is never null. */
  | { readonly from: "reference"; readonly of: EntityPath; readonly name: string }
  /** What is left of a limit: how many draws (0: exhausted), and how long until one is free again. */
  | { readonly from: "limit"; readonly rule: string; readonly part: "left" | "retry_after" }
  /** The ids of all proper ancestors, of one entity type, of an entity. The closure is made at the gate. */
  | { readonly from: "ancestors"; readonly of: EntityPath; readonly entity: string }
  /** All pairs of a relation that concern the request (closed world). */
  | { readonly from: "relation"; readonly name: string };

/**
 * A fact that rules read. Its id is its index in `Program.slots`.
 * `optional`: may be absent; an absent slot that is not optional makes the request `invalid_input`. A slot behind a
 * reference may also be absent where that reference is.
 * For `relation` the type is that of a set of strings and says nothing of the pairs.
 */
export interface Slot {
  readonly id: number;
  readonly source: SlotSource;
  readonly type: ValueType;
  readonly optional: boolean;
}

/**
 * The name under which a path stands in `request.ancestors` and `request.references`: `principal`, `resource.branch`,
 * `resource.branch.house`, …
 */
export function entityPathKey(path: EntityPath): string {
  return [path.root, path.attribute, path.further]
    .filter((part) => part !== null && part !== undefined)
    .join(".");
}

/** The source of the reference that a path ends in, or null for a path that is a root alone. */
export function referenceSource(path: EntityPath): SlotSource | null {
  const { root, attribute, further } = path;
  if (attribute === null) return null;
  if (further !== undefined) return { from: "reference", of: { root, attribute }, name: further };
  return root === "principal"
    ? { from: "principal_attribute", name: attribute }
    : { from: "row_attribute", row: root, name: attribute };
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
    case "clock":
      return ["clock", source.part];
    case "reference":
      return ["references", entityPathKey(source.of), source.name];
    case "limit":
      return ["limits", source.rule, source.part];
    case "ancestors":
      return ["ancestors", entityPathKey(source.of), source.entity];
    case "relation":
      return ["relations", source.name];
  }
}
