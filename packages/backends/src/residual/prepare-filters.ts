/**
 * Lists as values: which rows of a type somebody may act on, found from what is known before any row is. What a table's
 * rules say by themselves is worked out once, at its first list.
 */
import type { KnownFacts, Program } from "@wardline/core";
import { denied } from "../closure/denied.ts";
import { fixedFilter, type Filter } from "./filter.ts";
import { prepareTable, type PreparedTable } from "./prepare-table.ts";
import type { Residual } from "./residual.ts";
import { ownValue } from "../closure/own.ts";
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
  const updates = updatesOf(program);
  const names = program.rules.map((rule) => rule.id);
  const tables: Tables = new Map();
  for (const [index, { principal, action, resource }] of program.tables.entries())
    below(below(tables, action), resource).set(principal, { index, prepared: null });
  return Object.freeze({
    filter(action: string, type: string, known: KnownFacts): Filter {
      if (updates.has(action))
        throw new RangeError(`${action} updates: it is asked of two rows, not of a list`);
      const principal = ownValue(ownValue(known, "principal"), "type");
      const found = tables.get(action)?.get(type)?.get(principal);
      if (found === undefined) {
        const head = headOf({ action, resource: type });
        return fixedFilter(refusedResidual(head, denied.invalid_input));
      }
      return (found.prepared ??= prepareTable(program, found.index, names)).filter(known);
    },
  });
}

/** Action → resource → principal. */
type Tables = Map<string, Map<string, Map<unknown, Place>>>;

/** A table, ready once it was asked for. */
interface Place {
  readonly index: number;
  prepared: PreparedTable | null;
}

function below<K, V>(maps: Map<string, Map<K, V>>, key: string): Map<K, V> {
  const found = maps.get(key) ?? new Map<K, V>();
  maps.set(key, found);
  return found;
}

/** The same for one list, as a document. */
export function filterFor(program: Program, action: string, type: string, known: KnownFacts): Residual {
  return prepareFilters(program).filter(action, type, known).residual;
}

/** The table that a list asks; null if the program has none. Throws a RangeError for an action that updates. */
export function preparedTable(
  program: Program,
  action: string,
  type: string,
  known: KnownFacts,
): PreparedTable | null {
  if (updatesOf(program).has(action)) throw new RangeError(`${action} updates: it is asked of two rows`);
  const principal = ownValue(ownValue(known, "principal"), "type");
  const index = program.tables.findIndex(
    (table) => table.principal === principal && table.action === action && table.resource === type,
  );
  const names = program.rules.map((rule) => rule.id);
  return index < 0 ? null : prepareTable(program, index, names);
}

function updatesOf(program: Program): ReadonlySet<string> {
  return new Set(
    program.model.actions.filter((action) => action.kind === "updates").map((action) => action.name),
  );
}
