/**
 * The cascades that the model itself says: a set's values, a relation's pairs and a row's places in hierarchies go with the row
 * that they are a part of. No other key may delete or change rows.
 */
import { planTables, type StoredModel } from "./table-plan.ts";

export interface DeclaredCascade {
  /** The table whose rows go. */
  readonly table: string;
  readonly column: string;
  /** The table that they are parts of. */
  readonly refersTo: string;
}

/**
 * In a fixed order. None is of a table whose rows an action of the model speaks of: a delete takes nothing with it that rules
 * would have to be asked about. Throws if that does not hold.
 */
export function declaredCascades(stored: StoredModel): readonly DeclaredCascade[] {
  const entities = new Set(stored.model.entities.map(({ storage }) => storage?.table));
  return planTables(stored).flatMap(({ name, references }) =>
    references
      .filter(({ cascade }) => cascade)
      .map(({ column, table }) => {
        // Invariant: rows that have actions of their own are deleted by those alone.
        if (entities.has(name)) throw new Error(`${name} holds rows of an entity and goes with ${table}`);
        return { table: name, column, refersTo: table };
      }),
  );
}
