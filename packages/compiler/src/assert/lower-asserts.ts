/**
 * From checked asserts to a companion of the program: what they ask is appended to a copy, and the program itself is left
 * as it is shipped.
 */
import type { AssertCase, LoweredAssert, ModelIr, Program, Row, Table } from "@wardline/core";
import { any, type Formula } from "../check/formula.ts";
import type { CheckedRule } from "../check/rule.ts";
import type { Interner } from "../lower/interner.ts";
import { addReferences, type LoweredPolicy } from "../lower/lower.ts";
import type { AssertedCase, CheckedAssert } from "./check-assert.ts";

export interface LoweredAsserts {
  readonly analysis: Program;
  readonly asserts: readonly LoweredAssert[];
}

export function lowerAsserts(policy: LoweredPolicy, checked: readonly CheckedAssert[]): LoweredAsserts {
  const { program, interner } = policy;
  if (checked.length === 0) return { analysis: program, asserts: [] };
  const asserts = checked
    .map((assert): LoweredAssert => {
      const { id, layer, file, line, span, claim, because, doc } = assert;
      const cases = assert.cases.flatMap((c) => lowerCase(policy, assert, c) ?? []);
      return { id, layer, file, line, span, claim, because, doc, cases };
    })
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const cases = Map.groupBy(
    asserts.flatMap((assert) => assert.cases),
    keyOf,
  );
  // A table's references may be slots that nothing before it named.
  const tables = program.tables.map((table) =>
    withSlots(interner, program.model, table, cases.get(keyOf(table)) ?? []),
  );
  return {
    analysis: {
      ...program,
      slots: [...interner.slots],
      atoms: [...interner.atoms],
      conditions: [...interner.conditions],
      tables,
    },
    asserts,
  };
}

/** Null: no request of the table is meant. */
function lowerCase(
  { interner, indexOf }: LoweredPolicy,
  { claim, except }: CheckedAssert,
  asserted: AssertedCase,
): AssertCase | null {
  const passes = asserted.passes.map(({ row, when }) => ({ row, when: interner.condition(when) }));
  const isNever = ({ when }: { readonly when: number }) => interner.isFalse(when);
  if (claim.kind === "always_permit" ? passes.some(isNever) : passes.every(isNever)) return null;
  return {
    principal: asserted.principal,
    action: asserted.action,
    resource: asserted.entity,
    passes,
    except: except.flatMap((rule) => {
      const matching = passes.map(({ row }) => interner.condition(matchOf(rule, asserted, row)));
      const isElsewhere = matching.every((condition) => interner.isFalse(condition));
      return isElsewhere ? [] : [{ rule: indexOf(rule), passes: matching }];
    }),
  };
}

/** When a rule matches in one table and for one row; never where it does not reach it. */
function matchOf(rule: CheckedRule, { principal, action, entity }: AssertedCase, row: Row): Formula {
  return any(
    rule.cases
      .filter((c) => c.principal === principal && c.action === action && c.entity === entity && c.row === row)
      .map((c) => c.when),
  );
}

/** The table reads what its asserts ask. */
function withSlots(interner: Interner, model: ModelIr, table: Table, cases: readonly AssertCase[]): Table {
  const asked = cases.flatMap(({ passes, except }) => [
    ...passes.map((pass) => pass.when),
    ...except.flatMap((exception) => exception.passes),
  ]);
  const slots = new Set([...table.slots, ...asked.flatMap((condition) => [...interner.slotsOf(condition)])]);
  addReferences(interner, model, table, slots);
  return { ...table, slots: [...slots].toSorted((a, b) => a - b) };
}

function keyOf(table: Pick<AssertCase, "principal" | "action" | "resource">): string {
  return [table.principal, table.action, table.resource].join(" ");
}
