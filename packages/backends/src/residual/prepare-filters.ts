/**
 * Lists as values: which rows of a type somebody may act on, found from what is known before any row is. What a table's
 * rules say by themselves is worked out once, at its first list.
 */
import { valueAt, type KnownFacts, type Program } from "@wardline/core";
import { denied } from "./denied.ts";
import { fixedFilter, type Filter } from "./filter.ts";
import { prepareTable, type PreparedTable } from "./prepare-table.ts";
import type { Residual } from "./residual.ts";
import { headOf, refusedResidual } from "./write-residual.ts";

export interface Filters {
  /**
   * The rows of a type on which the action is permitted. Known facts that are missing or malformed, a type or an action
   * that the model does not have: never, with `invalid_input`. Pairs of a relation may be left out of `known`; they come
   * with each row then. Throws a RangeError for an action that updates: it is asked of two rows, and no list answers it.
   */
  filter(action: string, type: string, known: KnownFacts): Filter;
}

export function prepareFilters(program: Program): Filters {
  const updates = new Set(
    program.model.actions.filter((action) => action.kind === "updates").map((action) => action.name),
  );
  const tables = new Map<string, number>();
  for (const [index, { principal, action, resource }] of program.tables.entries())
    tables.set(keyOf(principal, action, resource), index);
  const names = program.rules.map((rule) => rule.id);
  const prepared: (PreparedTable | undefined)[] = [];
  return Object.freeze({
    filter(action: string, type: string, known: KnownFacts): Filter {
      if (updates.has(action))
        throw new RangeError(`${action} updates: it is asked of two rows, not of a list`);
      const principal = valueAt(known, ["principal", "type"]);
      const index = typeof principal === "string" ? tables.get(keyOf(principal, action, type)) : undefined;
      if (index === undefined) {
        const head = headOf({ action, resource: type });
        return fixedFilter(refusedResidual(head, denied.invalid_input));
      }
      return (prepared[index] ??= prepareTable(program, index, names))(known);
    },
  });
}

/** The same for one list, as a document. */
export function filterFor(program: Program, action: string, type: string, known: KnownFacts): Residual {
  return prepareFilters(program).filter(action, type, known).residual;
}

function keyOf(...names: readonly string[]): string {
  return names.join("\0");
}
