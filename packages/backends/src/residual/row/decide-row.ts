/** The decision on a row, from the rules that are left of a list. */
import type { Decision, Mask, Obligation } from "@wardline/core";
import { compileConditionTests, createAsking, type Asking, type ConditionTest } from "./condition-tests.ts";
import { denied } from "../../closure/denied.ts";
import { namesOf, refuse } from "../rules/refuse.ts";
import type { ResidualBody, ResidualEffects, ResidualRules, RowFact } from "../residual.ts";
import { compileRowReader } from "./row-facts.ts";
import type { RowTest } from "./row-test.ts";

/** What rows are decided by. `kind` and the rest as the document has them. */
export interface RowRules extends ResidualEffects, Pick<ResidualBody, "conditions"> {
  readonly kind: "always" | "never" | "predicate";
  readonly permitted: number;
  readonly left: ResidualRules;
  readonly facts: readonly RowFact[];
  /** Where each fact stands in the array that tests read. */
  readonly numbers: readonly number[];
}

/** What differs among those with the same rules. */
export interface RowValues {
  readonly tests: readonly RowTest[];
  readonly tenant: string | null;
  readonly rules: readonly string[];
  /** With the waits of this asking. */
  readonly left: ResidualRules;
  /** The decision on every proper row, where it is known. */
  readonly decision: Decision | null;
}

export interface BoundRows {
  readonly matches: (row: unknown) => boolean;
  readonly decide: (row: unknown) => Decision;
}

export function compileRows(rules: RowRules): (values: RowValues) => BoundRows {
  const { facts, numbers } = rules;
  const read = compileRowReader(facts, numbers);
  const tests = compileConditionTests(rules.conditions);
  const at = (index: number): ConditionTest => {
    const test = tests[index];
    if (test === undefined) throw new RangeError(`no condition ${index}`);
    return test;
  };
  const permitted = at(rules.permitted);
  const own = facts.findIndex(({ source }) => source.from === "row" && source.part === "tenant");
  const tenantAt = numbers[own];
  const size = Math.max(-1, ...numbers) + 1;
  const compiled = { at, fields: compileFields(rules, at), obligations: rules.obligations };
  const withMemory = createMemory(size, rules.conditions.length);
  return (values) => {
    // Invariant: rows of a tenant are told by a fact; without it none is in scope.
    if (values.tenant !== null && tenantAt === undefined) throw new RangeError("no row says whose it is");
    const start = (row: unknown, asking: Asking): Decision | null => {
      if (!read(row, asking.row)) return denied.invalid_input;
      if (values.tenant !== null && asking.row[tenantAt as number] !== values.tenant)
        return denied.out_of_scope;
      return null;
    };
    const decide = (row: unknown, asking: Asking): Decision => {
      const refused = start(row, asking) ?? values.decision;
      if (refused !== null) return refused;
      const holds = (condition: number) => at(condition)(asking);
      if (rules.kind === "never" || !permitted(asking)) return refuse(values.rules, values.left, holds);
      return permit(values, compiled, holds);
    };
    return {
      matches: (row) =>
        rules.kind !== "never" &&
        withMemory(values.tests, (asking) => start(row, asking) === null && permitted(asking)),
      decide: (row) => withMemory(values.tests, (asking) => decide(row, asking)),
    };
  };
}

type WithMemory = <T>(tests: readonly RowTest[], ask: (asking: Asking) => T) => T;

/** The working memory of one row. A row with an accessor can come back in while it is read; it is then asked in another. */
function createMemory(facts: number, conditions: number): WithMemory {
  let idle: Asking | null = null;
  return (tests, ask) => {
    const asking = idle ?? createAsking(facts, conditions);
    idle = null;
    asking.tests = tests;
    asking.turn += 2;
    try {
      return ask(asking);
    } finally {
      asking.row.fill(undefined);
      idle = asking;
    }
  };
}

interface Effects {
  readonly fields: readonly FieldShown[];
  readonly obligations: ResidualEffects["obligations"];
}

/** By the number of the case: the obligation; none where the field is shown. */
interface FieldShown {
  readonly when: readonly number[];
  readonly obligations: readonly (Obligation | null)[];
}

function compileFields({ fields }: RowRules, at: (index: number) => ConditionTest): readonly FieldShown[] {
  return fields.map(({ field, masks }) => {
    for (const { when } of masks) at(when);
    return {
      when: masks.map(({ when }) => when),
      obligations: masks.map(({ mask }) => fieldObligation(field, mask)),
    };
  });
}

function fieldObligation(field: string, mask: Mask): Obligation | null {
  if (mask.kind === "show") return null;
  return Object.freeze(mask.kind === "hide" ? { type: "hide", field } : { type: "mask", field, mask });
}

function permit(
  { rules, left }: RowValues,
  { fields, obligations }: Effects,
  holds: (condition: number) => boolean,
): Decision {
  const effects = fields.flatMap(({ when, obligations: shown }) => {
    const found = when.findIndex(holds);
    // Invariant: the last case holds of every permitted row; a field without a case must not be shown.
    if (found < 0) throw new RangeError("no case of a field holds");
    return shown[found] ?? [];
  });
  const isOpen =
    holds(left.ceiling) && left.forbids.every((forbid) => forbid.layer === "platform" || !holds(forbid.when));
  const counted = left.grants.filter(
    (grant) =>
      !grant.spent &&
      (grant.floor || isOpen) &&
      holds(grant.when) &&
      grant.preconditions.every(({ met }) => holds(met)),
  );
  const duties = obligations.filter(({ when }) => holds(when)).map(({ obligation }) => obligation);
  return {
    outcome: "permit",
    rules: namesOf(rules, counted),
    obligations: [...effects, ...duties],
    reason: null,
  };
}
