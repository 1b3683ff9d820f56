/** A row without a fact that is not optional is no proper input, and nothing may be permitted on it. */
import type { SqlExpression } from "@wardline/core";
import { anyOf, isYes } from "./predicate.ts";
import { mayLeadNowhere, referenceColumn, targetOf } from "./reach.ts";
import { rowColumn, type Scope } from "./scope.ts";

/** That every fact of the row is there, and every fact behind a reference that is there itself. */
export function presentFacts(scope: Scope): readonly SqlExpression[] {
  const demands = new Map<string, SqlExpression>();
  for (const id of scope.table.slots) {
    const slot = scope.program.slots[id];
    if (slot === undefined || slot.optional) continue;
    const { source } = slot;
    if (source.from === "row_attribute" && source.row === scope.row) {
      const field = scope.entity.fields.find((f) => f.name === source.name);
      if (field?.storage?.kind === "column")
        demands.set(field.storage.column, isThere(rowColumn(field.storage.column)));
    } else if (source.from === "reference" && source.of.root === scope.row) {
      const target = targetOf(scope, source.of);
      const field = target.fields.find((f) => f.name === source.name);
      // Of a set that may be empty, the row that has it must be there.
      const column = field?.storage?.kind === "column" ? field.storage.column : target.storage.key;
      const value = isThere(scope.reach(source.of, column));
      const demand = mayLeadNowhere(scope, source.of)
        ? anyOf([
            { kind: "is_null", of: referenceColumn(scope, scope.reach, source.of), negated: false },
            value,
          ])
        : value;
      if (!isYes(demand)) demands.set(`${JSON.stringify(source.of)} ${column}`, demand);
    }
  }
  return [...demands.values()];
}

function isThere(of: SqlExpression): SqlExpression {
  return { kind: "is_null", of, negated: true };
}
