/**
 * The oracle: what a program means. Slow and obvious; it shares no code with any backend, and every backend is
 * held to its answers. It must never be made faster at the price of being less plain.
 */
import type { Decision, DenyReason } from "../decision/decision.ts";
import { auditLevels, type Obligation } from "../decision/obligation.ts";
import type { EntityModel } from "../ir/model.ts";
import { findTable, type Program, type Rule, type Table } from "../ir/program.ts";
import type { Slot, SlotSource } from "../ir/slot.ts";
import { strictest, type Mask } from "../value/mask.ts";
import { alternativesOf } from "./alternatives.ts";
import { ask, show, type Asked, type Limited } from "./ask.ts";
import { readFacts, valueAt, type Fact, type Facts } from "./facts.ts";

/** The decision on a request document (any JSON value: what is not a proper request is denied as `invalid_input`). */
export function evaluate(program: Program, request: unknown): Decision {
  const principal = valueAt(request, ["principal", "type"]);
  const action = valueAt(request, ["action", "name"]);
  const resource = valueAt(request, ["resource", "type"]);
  if (typeof principal !== "string" || typeof action !== "string" || typeof resource !== "string")
    return deny("invalid_input");
  const table = findTable(program, principal, action, resource);
  if (table === undefined) return deny("invalid_input");
  const facts = readFacts(program, table, request);
  if (facts === undefined) return deny("invalid_input");
  const tenant = factAt(program, table, facts, { from: "tenant", part: "id" });
  if (tenant !== program.tenant) return deny("out_of_scope");
  // What is shared belongs to no tenant.
  const owned = entityOf(program, resource).shared === undefined ? table.passes : [];
  for (const pass of owned)
    if (factAt(program, table, facts, { from: "row", row: pass.row, part: "tenant" }) !== tenant)
      return deny("out_of_scope");
  const home = factAt(program, table, facts, { from: "principal", part: "tenant" }) === tenant;
  return combine(
    program,
    table,
    table.passes.map((pass) => ask(program, pass, facts, home)),
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
      ...distinct(passes.flatMap((pass) => pass.draws)),
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

function fieldObligation(field: string, mask: Mask): Obligation {
  if (mask.kind === "show") throw new TypeError("a field that is shown has no obligation");
  return mask.kind === "hide" ? { type: "hide", field } : { type: "mask", field, mask };
}

function factAt(program: Program, table: Table, facts: Facts, source: SlotSource): Fact {
  const wanted = JSON.stringify(source);
  const id = table.slots.find((slot) => JSON.stringify((program.slots[slot] as Slot).source) === wanted);
  // Invariant: lowering puts the scope's slots into every table; without them nothing may be permitted.
  if (id === undefined) throw new RangeError(`the table does not read ${wanted}`);
  return facts.get(id);
}

function entityOf(program: Program, name: string): EntityModel {
  const entity = program.model.entities.find((e) => e.name === name);
  if (entity === undefined) throw new RangeError(`no entity ${name}`);
  return entity;
}

function ruleIds(program: Program, rules: readonly number[]): readonly string[] {
  return [...new Set(rules)].toSorted((a, b) => a - b).map((index) => (program.rules[index] as Rule).id);
}

function distinct(obligations: readonly Obligation[]): readonly Obligation[] {
  const seen = new Map(obligations.map((obligation) => [JSON.stringify(obligation), obligation]));
  return [...seen.values()];
}

function deny(reason: DenyReason): Decision {
  return { outcome: "deny", rules: [], obligations: [], reason };
}
