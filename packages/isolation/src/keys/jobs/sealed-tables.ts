/** Which columns of a model's tables are sealed, and where their blind indexes are. */
import { blindIndexOf } from "@wardline/core";
import type { SealedField } from "../../contracts.ts";
import { storedField } from "../../gate/catalogue.ts";
import { tenantTables, type TenantTable } from "../../placement/tenant-tables.ts";
import { planTables, type StoredModel } from "../../schema/table-plan.ts";

export interface SealedColumn extends SealedField {
  /** The column of the field's blind index; null for one that cannot be searched. */
  readonly index: string | null;
}

export interface SealedTable {
  readonly table: TenantTable;
  /** At least one. */
  readonly columns: readonly SealedColumn[];
}

/** Tables of tenants' rows with a sealed column, in the order of the model. */
export function sealedTables(stored: StoredModel): readonly SealedTable[] {
  const columns = stored.model.entities.flatMap((entity) => {
    const names = new Set(
      stored.sealed.filter((one) => one.entity === entity.name).flatMap(({ fields }) => fields),
    );
    return entity.fields
      .filter(({ name }) => names.has(name))
      .map((field): SealedColumn => ({
        ...storedField(stored.model, entity.name, field.name),
        index: blindIndexOf(stored, entity.name, field),
      }));
  });
  return tenantTables(planTables(stored)).flatMap((table) => {
    const its = distinct(columns.filter((column) => column.table === table.name));
    return its.length === 0 ? [] : [{ table, columns: its }];
  });
}

/** Two entities may be of one table. */
function distinct(columns: readonly SealedColumn[]): readonly SealedColumn[] {
  return [...new Map(columns.map((column) => [column.column, column] as const)).values()];
}
