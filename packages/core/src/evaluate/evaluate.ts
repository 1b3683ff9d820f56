/**
 * The oracle: what a program means. Slow and obvious; it shares no code with any backend, and every backend is
 * held to its answers. It must never be made faster at the price of being less plain.
 */
import type { Decision, DenyReason } from "../decision/decision.ts";
import type { Obligation } from "../decision/obligation.ts";
import type { Condition } from "../ir/condition.ts";
import type { EntityModel } from "../ir/model.ts";
import {
  findTable,
  type Entry,
  type FieldEffect,
  type Pass,
  type Program,
  type Rule,
  type Table,
} from "../ir/program.ts";
import type { Slot, SlotSource } from "../ir/slot.ts";
import { milder, strictness, stricter, type Mask } from "../value/mask.ts";
import { atomHolds } from "./atom.ts";
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
  for (const pass of table.passes)
    if (factAt(program, table, facts, { from: "row", row: pass.row, part: "tenant" }) !== tenant)
      return deny("out_of_scope");
  const home = factAt(program, table, facts, { from: "principal", part: "tenant" }) === tenant;
  return combine(
    program,
    table,
    table.passes.map((pass) => ask(program, pass, facts, home)),
  );
}

/** What one pass found, by rule index and field. */
interface Asked {
  readonly forbids: readonly number[];
  readonly grants: readonly number[];
  readonly unmet: readonly { readonly rule: number; readonly obligations: readonly Obligation[] }[];
  readonly masks: ReadonlyMap<string, Mask>;
}

function ask(program: Program, pass: Pass, facts: Facts, home: boolean): Asked {
  const holds = (condition: number) => conditionHolds(program, condition, facts);
  const applies = (entry: Entry) => holds(entry.when);
  const forbids = pass.forbids.filter(applies);
  const grants = home && holds(pass.ceiling) && forbids.length === 0 ? pass.grants.filter(applies) : [];
  const requires = pass.requires.filter(applies);
  const unmet = requires
    .map((require) => ({
      rule: require.rule,
      obligations: require.preconditions.filter((p) => !holds(p.met)).map((p) => p.obligation),
    }))
    .filter((require) => require.obligations.length > 0);
  const masks = new Map<string, Mask>();
  const named = new Set(
    [...grants, ...requires].flatMap((entry) => entry.effects.map((effect) => effect.field)),
  );
  for (const field of named) {
    const granted = grants.map((grant) => maskOf(grant.effects, field));
    const required = requires.map((require) => maskOf(require.effects, field));
    const shown = granted.length === 0 ? show : granted.reduce(milder);
    masks.set(field, required.reduce(stricter, shown));
  }
  return { forbids: forbids.map((f) => f.rule), grants: grants.map((g) => g.rule), unmet, masks };
}

const show: Mask = { kind: "show" };

function maskOf(effects: readonly FieldEffect[], field: string): Mask {
  return effects.find((effect) => effect.field === field)?.mask ?? show;
}

/** One decision from all passes: the most severe outcome stands, with the obligations of all. */
function combine(program: Program, table: Table, passes: readonly Asked[]): Decision {
  const forbids = passes.flatMap((pass) => pass.forbids);
  if (forbids.length > 0) return { ...deny("forbidden"), rules: ruleIds(program, forbids) };
  if (passes.some((pass) => pass.grants.length === 0)) return deny("not_granted");
  const unmet = passes.flatMap((pass) => pass.unmet).toSorted((a, b) => a.rule - b.rule);
  if (unmet.length > 0)
    return {
      outcome: "challenge",
      rules: ruleIds(
        program,
        unmet.map((u) => u.rule),
      ),
      obligations: distinct(unmet.flatMap((u) => u.obligations)),
      reason: null,
    };
  const effects: Obligation[] = [];
  for (const field of entityOf(program, table.resource).fields) {
    const mask = passes.map((pass) => pass.masks.get(field.name) ?? show).reduce(stricter);
    if (strictness(mask) > 0) effects.push(fieldObligation(field.name, mask));
  }
  return {
    outcome: "permit",
    rules: ruleIds(
      program,
      passes.flatMap((pass) => pass.grants),
    ),
    obligations: [...effects, ...table.duties],
    reason: null,
  };
}

function fieldObligation(field: string, mask: Mask): Obligation {
  if (mask.kind === "show") throw new TypeError("a field that is shown has no obligation");
  return mask.kind === "hide" ? { type: "hide", field } : { type: "mask", field, mask };
}

function conditionHolds(program: Program, index: number, facts: Facts): boolean {
  const condition = program.conditions[index] as Condition;
  switch (condition.kind) {
    case "constant":
      return condition.value;
    case "atom": {
      const atom = program.atoms[condition.atom];
      if (atom === undefined) throw new RangeError(`no atom ${condition.atom}`);
      return atomHolds(program, atom, facts) !== condition.negated;
    }
    case "and":
      return condition.of.every((child) => conditionHolds(program, child, facts));
    case "or":
      return condition.of.some((child) => conditionHolds(program, child, facts));
  }
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
