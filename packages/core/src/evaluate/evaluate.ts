/**
 * The oracle: what a program means. Slow and obvious; it shares no code with any backend, and every backend is
 * held to its answers. It must never be made faster at the price of being less plain.
 */
import type { Decision, DenyReason } from "../decision/decision.ts";
import { auditLevels, type Obligation } from "../decision/obligation.ts";
import type { EntityModel } from "../ir/model.ts";
import type { Program, Rule, Table } from "../ir/program.ts";
import { strictest, type Mask } from "../value/mask.ts";
import { alternativesOf } from "./alternatives.ts";
import { ask, show, type Answers, type Asked, type Limited } from "./ask.ts";
import { conditionHolds } from "./condition.ts";
import { entityOf, openRequest } from "./open-request.ts";

/** The decision on a request document (any JSON value: what is not a proper request is denied as `invalid_input`). */
export function evaluate(program: Program, request: unknown): Decision {
  const opened = openRequest(program, request);
  if ("refused" in opened) return deny(opened.refused);
  const { table, facts, home } = opened;
  return decideTable(program, table, {
    holds: (condition) => conditionHolds(program, condition, facts),
    fact: (slot) => facts.get(slot),
    home,
  });
}

/** The decision of a table on a request that is proper and in scope, whoever answers its conditions. */
export function decideTable(program: Program, table: Table, answers: Answers): Decision {
  return combine(
    program,
    table,
    table.passes.map((pass) => ask(program, pass, answers)),
  );
}

/** One decision from all passes: the most severe outcome stands, with the obligations of all. */
function combine(program: Program, table: Table, passes: readonly Asked[]): Decision {
  const forbids = passes.flatMap((pass) => pass.forbids);
  if (forbids.length > 0) return { ...deny("forbidden"), rules: ruleIds(program, forbids) };
  const refused = passes.filter((pass) => pass.grants.length === 0);
  if (refused.some((pass) => pass.spent.length === 0)) return deny("not_granted");
  const waits = [
    ...refused.map((pass) => ({ limits: pass.spent, wait: soonest(pass.spent) })),
    ...passes.flatMap((pass) => pass.exhausted.map((limit) => ({ limits: [limit], wait: limit.wait }))),
  ];
  if (waits.length > 0) return exhausted(program, waits);
  const alternatives = alternativesOf(passes);
  const [first] = alternatives;
  // Invariant: nothing is permitted while a way to be granted still asks for something.
  if (first === undefined || first.length > 0) return challenge(program, passes, alternatives);
  return {
    outcome: "permit",
    rules: ruleIds(
      program,
      passes.flatMap((pass) => pass.counted.map((grant) => grant.rule)),
    ),
    obligations: [
      ...effectsOf(entityOf(program, table.resource), passes),
      ...table.duties,
      ...dutiesOf(passes),
      ...drawsOf(program, passes),
    ],
    reason: null,
  };
}

/** A deny by limits: it may be asked again when the longest wait is over, if each is known. */
function exhausted(
  program: Program,
  waits: readonly { readonly limits: readonly Limited[]; readonly wait: number | undefined }[],
): Decision {
  const known = waits.flatMap(({ wait }) => wait ?? []);
  const rules = waits.flatMap(({ limits }) => limits.map((limit) => limit.rule));
  const denied = { ...deny("not_granted"), rules: ruleIds(program, rules) };
  return known.length < waits.length ? denied : { ...denied, retry_after: Math.max(...known) };
}

function soonest(limits: readonly Limited[]): number | undefined {
  const known = limits.flatMap(({ wait }) => wait ?? []);
  return known.length === 0 ? undefined : Math.min(...known);
}

function challenge(
  program: Program,
  passes: readonly Asked[],
  alternatives: readonly (readonly Obligation[])[],
): Decision {
  const asking = passes.flatMap((pass) => [
    ...pass.unmet,
    ...(pass.counted.length === 0 ? pass.grants.filter((grant) => grant.unmet.length > 0) : []),
  ]);
  const decision: Decision = {
    outcome: "challenge",
    rules: ruleIds(
      program,
      asking.map(({ rule }) => rule),
    ),
    obligations: alternatives[0] ?? [],
    reason: null,
  };
  return alternatives.length > 1 ? { ...decision, alternatives } : decision;
}

/** The fields that are not shown, in model order. */
function effectsOf(entity: EntityModel, passes: readonly Asked[]): readonly Obligation[] {
  return entity.fields.flatMap(({ name }) => {
    const mask = strictest(passes.map((pass) => pass.masks.get(name) ?? show));
    return mask.kind === "show" ? [] : [fieldObligation(name, mask)];
  });
}

/** What is to be put on record, at the highest level asked for, and who is to be told, by code point. */
function dutiesOf(passes: readonly Asked[]): readonly Obligation[] {
  const duties = passes.flatMap((pass) => pass.duties);
  const level = auditLevels.findLast((l) => duties.some((d) => d.type === "audit" && d.level === l));
  const whom = new Set(duties.flatMap((duty) => (duty.type === "notify" ? [duty.whom] : [])));
  return [
    ...(level === undefined ? [] : [{ type: "audit", level } as const]),
    ...[...whom].toSorted().map((name) => ({ type: "notify", whom: name }) as const),
  ];
}

/** The limits of all passes, each once, in the order of their rules. */
function drawsOf(program: Program, passes: readonly Asked[]): readonly Obligation[] {
  const draws = passes.flatMap((pass) => pass.draws);
  return program.rules.flatMap(({ id }) => draws.find((limit) => limit.rule === id) ?? []);
}

function fieldObligation(field: string, mask: Mask): Obligation {
  if (mask.kind === "show") throw new TypeError("a field that is shown has no obligation");
  return mask.kind === "hide" ? { type: "hide", field } : { type: "mask", field, mask };
}

function ruleIds(program: Program, rules: readonly number[]): readonly string[] {
  return [...new Set(rules)].toSorted((a, b) => a - b).map((index) => (program.rules[index] as Rule).id);
}

function deny(reason: DenyReason): Decision {
  return { outcome: "deny", rules: [], obligations: [], reason };
}
