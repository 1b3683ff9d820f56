/**
 * What a write asks of one row, as a predicate over that row alone: for row-level security beneath the guarded driver, and
 * for whoever filters rows that a write may touch. A write is permitted only where the predicate of each of its rows holds.
 */
import {
  findTable,
  isWireValue,
  type KnownFacts,
  type Obligation,
  type Pass,
  type Program,
  type Row,
  slotPath,
  type SqlExpression,
  type Table,
  valueAt,
} from "@wardline/core";
import { checkTableSize } from "./condition.ts";
import { readKnownFacts } from "./known-facts.ts";
import { allOf, isNo, isYes, no } from "./predicate.ts";
import { presentFacts } from "./present-facts.ts";
import { scalarReach } from "./reach.ts";
import { rowsReadBy } from "./rows-read.ts";
import { compileRules } from "./rules.ts";
import { type Place, rowAlias, rowColumn, type Scope, storedEntity, tenantColumnOf } from "./scope.ts";
import { UnsupportedInSql } from "./unsupported.ts";

export interface RowPredicate {
  /** The row's table has this alias in it. */
  readonly alias: typeof rowAlias;
  readonly residual: "never" | "always" | "conditional";
  /** TRUE exactly where the evaluator would permit the action as far as this row is concerned; else FALSE or UNKNOWN. */
  readonly where: SqlExpression;
  /** What a permit may ask for beside: see `GuardedView`. */
  readonly duties: readonly Obligation[];
}

export interface PredicateOptions {
  readonly schema: string;
  /** Names the rules, for people to read; false if left out. */
  readonly notes?: boolean;
}

export interface SqlPredicates {
  /**
   * Why an action that writes can't be said over one row each, naming the rule; null if it can. What can't be is
   * enforced by the guarded driver alone.
   */
  refusal(entity: string, action: string, principalType: string): string | null;
  /**
   * The predicate of a row of a write: `prior` as it is stored, `next` as it will be. Facts that are missing or malformed,
   * an unknown principal type and an unknown action give one that never holds. Throws {@link UnsupportedInSql} where
   * `refusal` says why, and RangeError on an action that has no such row.
   */
  bind(
    entity: string,
    action: string,
    row: "prior" | "next",
    facts: KnownFacts,
    options: PredicateOptions,
  ): RowPredicate;
  /** The same with every fact still open, for people. */
  template(entity: string, action: string, row: "prior" | "next", principalType: string): RowPredicate;
}

/** Never throws on what one row can't say: `refusal` tells of it, action by action. */
export function compilePredicates(program: Program): SqlPredicates {
  const tables = program.tables.filter((table) => table.passes.every((pass) => pass.row !== "resource"));
  const refusals = new Map<Table, UnsupportedInSql | null>();
  const ground = (entity: string, schema: string, tenant: SqlExpression): Place => ({
    program,
    entity: storedEntity(program, entity),
    schema,
    tenant,
  });
  const open = (place: Place, table: Table, row: Row): RowPredicate => {
    const fact: Scope["fact"] = (slot) => ({ kind: "placeholder", name: slotPath(slot.source).join(".") });
    return predicateOf({ ...place, table, fact }, passOf(table, row), true);
  };
  const template: SqlPredicates["template"] = (entity, action, row, principalType) => {
    const place = ground(entity, "", { kind: "placeholder", name: "tenant.id", type: "text" });
    const table = findTable(program, principalType, action, entity);
    return table === undefined ? never : open(place, table, row);
  };
  const refusalOf = (table: Table): UnsupportedInSql | null => {
    const known = refusals.get(table);
    if (known !== undefined) return known;
    const why = whyRefused(() => {
      checkTableSize(program, table);
      for (const { row } of table.passes)
        if (row !== "resource") template(table.resource, table.action, row, table.principal);
    });
    refusals.set(table, why);
    return why;
  };
  return {
    refusal(entity, action, principalType) {
      const table = tables.find(
        (t) => t.resource === entity && t.action === action && t.principal === principalType,
      );
      return table === undefined ? null : (refusalOf(table)?.message ?? null);
    },
    bind(entity, action, row, facts, { schema, notes = false }) {
      const tenant = valueAt(facts, ["tenant", "id"]);
      const known = isWireValue(tenant, { kind: "string" }) ? String(tenant) : null;
      const place = ground(entity, schema, { kind: "parameter", value: known, type: "text" });
      const principal = valueAt(facts, ["principal", "type"]);
      const table = typeof principal === "string" ? findTable(program, principal, action, entity) : undefined;
      if (table === undefined || known === null) return never;
      const pass = passOf(table, row);
      const why = refusalOf(table);
      if (why !== null) throw why;
      const values = readKnownFacts(program, table, facts);
      if (values === undefined) return never;
      const fact: Scope["fact"] = (slot) => {
        const value = values.get(slot.id);
        if (value === undefined) throw new RangeError(`slot ${slot.id} was not read`);
        return value;
      };
      return predicateOf({ ...place, table, fact }, pass, notes);
    },
    template,
  };
}

const never: RowPredicate = { alias: rowAlias, residual: "never", where: no, duties: [] };

function whyRefused(make: () => void): UnsupportedInSql | null {
  try {
    make();
    return null;
  } catch (error) {
    if (error instanceof UnsupportedInSql) return error;
    throw error;
  }
}

/** What one pass asks of its row, as a predicate that joins nothing. */
export function predicateOf(ground: Omit<Scope, "reach" | "row">, pass: Pass, notes: boolean): RowPredicate {
  const scope: Scope = { ...ground, row: pass.row, reach: scalarReach(ground) };
  const tenantColumn = tenantColumnOf(ground.entity);
  // Invariant: no handle writes what is shared; the model's check and the loader see to that.
  if (tenantColumn === null && pass.row !== "resource")
    throw new RangeError(`${ground.entity.name} is shared, and no handle writes it`);
  const inTenant: readonly SqlExpression[] =
    tenantColumn === null
      ? []
      : [{ kind: "binary", op: "=", left: rowColumn(tenantColumn), right: ground.tenant }];
  const rules = compileRules(scope, ownPart(ground, pass), notes);
  const rest = allOf([...presentFacts(scope), rules.permitted]);
  if (isNo(rest)) return never;
  return {
    alias: rowAlias,
    residual: isYes(rest) ? "always" : "conditional",
    where: allOf([...inTenant, rest]),
    duties: rules.duties,
  };
}

/**
 * The pass without the forbids that read the other row of an update alone: they stand in the other pass too, and there
 * they say the same. With a floor they need not, since it overrules the tenant's for one of the rows by itself.
 */
function ownPart({ program, table }: Pick<Scope, "program" | "table">, pass: Pass): Pass {
  const rowsOf = rowsReadBy(program);
  const hasFloors = pass.grants.some((grant) => program.rules[grant.rule]?.kind === "floor");
  const others = table.passes.filter((other) => other !== pass);
  const isElsewhere = ({ rule, when }: Pass["forbids"][number]): boolean => {
    const rows = rowsOf(when);
    const isOverruled = hasFloors && program.rules[rule]?.layer === "tenant";
    return (
      !isOverruled &&
      rows.size === 1 &&
      !rows.has(pass.row) &&
      others.some(
        (other) =>
          rows.has(other.row) && other.forbids.some((same) => same.rule === rule && same.when === when),
      )
    );
  };
  return { ...pass, forbids: pass.forbids.filter((forbid) => !isElsewhere(forbid)) };
}

function passOf(table: Table, row: Row): Pass {
  const pass = table.passes.find((candidate) => candidate.row === row);
  if (pass === undefined) throw new RangeError(`${table.action} is not asked of \`${row}\``);
  return pass;
}
