/** What of a policy's retention a sweep can carry out: whose rows, for how long, and what says when a row came to its end. */
import { endField, type EntityModel, type Period, type Settings } from "@wardline/core";
import { tenantTables, type TenantTable } from "../placement/tenant-tables.ts";
import { planTables, type StoredModel } from "../schema/table-plan.ts";

export interface RetainedEntity {
  readonly entity: string;
  readonly period: Period;
  readonly table: TenantTable;
  /** Of the table: when a row came to its end. One where it is NULL has not. */
  readonly column: string;
  readonly type: "instant" | "date";
}

/** Why nothing is swept of it, though the policy says how long it is kept. */
export type UnsweptReason =
  /** No field, or more than one, says when a row came to its end. */
  | "no-end"
  /** Its rows are another entity's too. */
  | "shared-table"
  /** What says it is sealed. */
  | "sealed"
  /** The audit chain is kept whole. */
  | "audit";

export interface Retained {
  /** Those whose rows refer to others first. */
  readonly swept: readonly RetainedEntity[];
  readonly unswept: readonly { readonly entity: string; readonly why: UnsweptReason }[];
  /** Rows of several of them refer to each other in a ring. */
  readonly isRing: boolean;
}

export function retainedEntities(stored: StoredModel, { retention = {} }: Settings): Retained {
  const tables = tenantTables(planTables(stored));
  const swept: RetainedEntity[] = [];
  const unswept: { entity: string; why: UnsweptReason }[] = [];
  for (const [name, period] of Object.entries(retention)) {
    const found = name === "audit" ? "audit" : basisOf(stored, tables, name);
    if (typeof found === "string") unswept.push({ entity: name, why: found });
    else swept.push({ entity: name, period, ...found });
  }
  return { ...inOrder(swept), unswept };
}

type Basis = Pick<RetainedEntity, "table" | "column" | "type">;

function basisOf(
  { model, sealed }: StoredModel,
  tables: readonly TenantTable[],
  name: string,
): Basis | UnsweptReason {
  const entity = model.entities.find((one) => one.name === name);
  const field = entity === undefined ? null : endField(entity);
  const table = tables.find((one) => one.name === entity?.storage?.table);
  if (field?.storage?.kind !== "column" || table === undefined) return "no-end";
  if (sealed.some((one) => one.entity === name && one.fields.includes(field.name))) return "sealed";
  if (model.entities.some((one) => isOther(one, name) && one.storage?.table === table.name))
    return "shared-table";
  return { table, column: field.storage.column, type: field.type.kind === "date" ? "date" : "instant" };
}

const isOther = (entity: EntityModel, name: string): boolean => entity.name !== name;

/** Who refers to others comes before them; within a ring the order of the names. */
function inOrder(all: readonly RetainedEntity[]): Pick<Retained, "swept" | "isRing"> {
  const left = new Set(all);
  const swept: RetainedEntity[] = [];
  let isRing = false;
  for (;;) {
    const [first] = left;
    if (first === undefined) return { swept, isRing };
    const refersTo = (one: RetainedEntity, other: RetainedEntity): boolean =>
      one !== other && one.table.references.some(({ table }) => table === other.table.name);
    const free = [...left].find((one) => ![...left].some((other) => refersTo(other, one)));
    isRing ||= free === undefined;
    const next = free ?? first;
    left.delete(next);
    swept.push(next);
  }
}
