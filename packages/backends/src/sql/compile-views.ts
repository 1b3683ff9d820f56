/**
 * A program as guarded views of its stored entities. A view has exactly the rows that the evaluator permits for an
 * action that reads, each alone, and the cells as the masks show them. What can't be said in SQL is refused here.
 */
import {
  findTable,
  type GuardedView,
  isWireValue,
  type KnownFacts,
  type Program,
  slotPath,
  type SqlExpression,
  type Table,
  valueAt,
} from "@wardline/core";
import { checkTableSize } from "./condition.ts";
import { guardTable, neverView } from "./guard.ts";
import { readKnownFacts } from "./known-facts.ts";
import { type Scope, storedEntity } from "./scope.ts";

export interface BindOptions {
  /** The schema of all tables. */
  readonly schema: string;
  /** Begins every sealed cell; random, and new for each statement. */
  readonly sealMarker: string;
  /**
   * Ends the view in `OFFSET 0`, so that no expression of the caller runs on a row that it leaves out; true if left out.
   * False is for callers whose operators are all leakproof: the planner may then look through the view.
   */
  readonly fence?: boolean;
  /** Names the rules in the view, for people to read; false if left out. */
  readonly notes?: boolean;
}

export interface SqlViews {
  /**
   * The rows of an entity that may be seen under an action that reads. Facts that are missing or malformed, an unknown
   * principal type and an unknown action give a view without rows. Throws on an entity that has no table, and on an
   * action of another kind.
   */
  bind(entity: string, action: string, facts: KnownFacts, options: BindOptions): GuardedView;
  /** The same with every fact still open, for people: no schema, and nothing that a database could run. */
  template(entity: string, action: string, principalType: string): GuardedView;
}

/** Throws {@link UnsupportedInSql}, naming the rule, if some rule can't be said exactly. */
export function compileViews(program: Program): SqlViews {
  for (const table of readTables(program)) checkTableSize(program, table);
  const views: SqlViews = {
    bind(entity, action, facts, options) {
      if (options.sealMarker === "") throw new RangeError("the marker of sealed cells is empty");
      const stored = storedEntity(program, entity);
      requireRead(program, action);
      const tenant = valueAt(facts, ["tenant", "id"]);
      const known = isWireValue(tenant, { kind: "string" }) ? String(tenant) : null;
      const base = {
        program,
        entity: stored,
        schema: options.schema,
        tenant: { kind: "parameter", value: known, type: "text", tenant: true } satisfies SqlExpression,
      };
      const fence = options.fence ?? true;
      const principal = valueAt(facts, ["principal", "type"]);
      const table = typeof principal === "string" ? findTable(program, principal, action, entity) : undefined;
      const values = table && readKnownFacts(program, table, facts);
      if (table === undefined || values === undefined || known === null) return neverView(base, fence);
      const fact: Scope["fact"] = (slot) => {
        const value = values.get(slot.id);
        if (value === undefined) throw new RangeError(`slot ${slot.id} was not read`);
        return value;
      };
      const marker: SqlExpression = { kind: "parameter", value: options.sealMarker, type: "text" };
      return guardTable({ ...base, table, fact }, { marker, notes: options.notes ?? false, fence });
    },
    template(entity, action, principalType) {
      const stored = storedEntity(program, entity);
      requireRead(program, action);
      const base = {
        program,
        entity: stored,
        schema: "",
        tenant: { kind: "placeholder", name: "tenant.id", type: "text" } satisfies SqlExpression,
      };
      const table = findTable(program, principalType, action, entity);
      if (table === undefined) return neverView(base, true);
      const fact: Scope["fact"] = (slot) => ({ kind: "placeholder", name: slotPath(slot.source).join(".") });
      const marker: SqlExpression = { kind: "placeholder", name: "marker", type: "text" };
      return guardTable({ ...base, table, fact }, { marker, notes: true, fence: true });
    },
  };
  for (const table of readTables(program)) views.template(table.resource, table.action, table.principal);
  return views;
}

/** The tables that views are made of: actions that read, on entities that are stored. */
export function readTables(program: Program): readonly Table[] {
  const reads = new Set(program.model.actions.filter((a) => a.kind === "reads").map((a) => a.name));
  const stored = new Set(program.model.entities.filter((e) => e.storage !== null).map((e) => e.name));
  return program.tables.filter((table) => reads.has(table.action) && stored.has(table.resource));
}

function requireRead(program: Program, name: string): void {
  const action = program.model.actions.find((a) => a.name === name);
  if (action !== undefined && action.kind !== "reads") throw new RangeError(`${name} does not read`);
}
