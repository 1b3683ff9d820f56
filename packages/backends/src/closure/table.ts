/**
 * A table as one function from a request to a decision. What is decided once is computed once, at compilation; a
 * decision asks forbids, then ceiling and grants, then requires, and stops as soon as the outcome stands.
 */
import type { Decision, Entry, FieldEffect, Obligation, Pass, Program } from "@wardline/core";
import type { RequireEntry, Rule, Slot, SlotSource, Table } from "@wardline/core";
import { denied } from "./denied.ts";
import { compileFactReader } from "./fact-reader.ts";
import { fieldObligations, maskedFields, stepsOf, type Steps } from "./field-effects.ts";
import type { State, Test } from "./state.ts";

export type TableDecide = (request: unknown, state: State) => Decision;

interface ClosedEntry {
  readonly rule: number;
  readonly when: Test;
  readonly steps: Steps;
}

interface ClosedRequire extends ClosedEntry {
  readonly preconditions: readonly { readonly met: Test; readonly obligation: Obligation }[];
}

interface ClosedPass {
  readonly tenant: number;
  readonly ceiling: Test;
  readonly forbids: readonly ClosedEntry[];
  readonly grants: readonly ClosedEntry[];
  readonly requires: readonly ClosedRequire[];
}

export function compileTable(program: Program, table: Table, tests: readonly Test[]): TableDecide {
  const read = compileFactReader(program, table);
  const tenant = slotOf(program, table, { from: "tenant", part: "id" });
  const home = slotOf(program, table, { from: "principal", part: "tenant" });
  const entity = program.model.entities.find((e) => e.name === table.resource);
  if (entity === undefined) throw new RangeError(`no entity ${table.resource}`);
  const fields = maskedFields(table, entity);
  const obligations = new Map<string, Obligation>();
  const passes = table.passes.map((pass) => closePass(program, table, pass, { tests, fields, obligations }));
  const permit = compilePermit(program, table, passes, fields);
  return (request, state) => {
    if (!read(request, state)) return denied.invalid_input;
    const { facts } = state;
    const own = facts[tenant];
    if (own !== program.tenant) return denied.out_of_scope;
    for (const pass of passes) if (facts[pass.tenant] !== own) return denied.out_of_scope;
    const forbids = matchingForbids(passes, state);
    if (forbids.length > 0) return { ...denied.forbidden, rules: ruleIds(program, forbids) };
    if (facts[home] !== own) return denied.not_granted;
    for (const pass of passes) if (!pass.ceiling(state)) return denied.not_granted;
    return permit(state);
  };
}

/** The rest of a decision that nothing forbids and the ceilings allow. */
function compilePermit(
  program: Program,
  table: Table,
  passes: readonly ClosedPass[],
  fields: readonly string[],
): (state: State) => Decision {
  const entries = passes.flatMap((pass) => [...pass.grants, ...pass.requires]);
  const obligations = fields.map((field, i) =>
    fieldObligations(
      field,
      entries.map((entry) => entry.steps[i] as number),
    ),
  );
  const { duties } = table;
  return (state) => {
    const granted: ClosedEntry[] = [];
    const required: ClosedRequire[] = [];
    const steps = fields.length === 0 ? noSteps : new Uint8Array(fields.length);
    for (const pass of passes) {
      const grants = granted.length;
      for (const grant of pass.grants) if (grant.when(state)) granted.push(grant);
      if (granted.length === grants) return denied.not_granted;
      const requires = required.length;
      for (const require of pass.requires) if (require.when(state)) required.push(require);
      tighten(steps, granted, grants, required, requires);
    }
    const challenge = required.length === 0 ? null : challengeOf(program, required, state);
    if (challenge !== null) return challenge;
    const effects: Obligation[] = [];
    for (let i = 0; i < steps.length; i += 1) {
      const obligation = obligations[i]?.get(steps[i] as number);
      if (obligation !== undefined) effects.push(obligation);
    }
    for (const duty of duties) effects.push(duty);
    return { outcome: "permit", rules: ruleIds(program, granted), obligations: effects, reason: null };
  };
}

const noSteps: Steps = new Uint8Array(0);

/** Raises each field's step to what one pass asks for: its grants and requires are the lists' ends. */
function tighten(
  steps: Steps,
  grants: readonly ClosedEntry[],
  firstGrant: number,
  requires: readonly ClosedEntry[],
  firstRequire: number,
): void {
  for (let i = 0; i < steps.length; i += 1) {
    let step = 255;
    for (let g = firstGrant; g < grants.length; g += 1) step = Math.min(step, stepAt(grants, g, i));
    for (let r = firstRequire; r < requires.length; r += 1) step = Math.max(step, stepAt(requires, r, i));
    steps[i] = Math.max(steps[i] as number, step);
  }
}

function stepAt(entries: readonly ClosedEntry[], entry: number, field: number): number {
  return (entries[entry] as ClosedEntry).steps[field] as number;
}

function challengeOf(program: Program, requires: readonly ClosedRequire[], state: State): Decision | null {
  const unmet: { readonly rule: number; readonly obligation: Obligation }[] = [];
  for (const { rule, preconditions } of requires)
    for (const { met, obligation } of preconditions) if (!met(state)) unmet.push({ rule, obligation });
  if (unmet.length === 0) return null;
  unmet.sort((a, b) => a.rule - b.rule);
  const obligations = [...new Set(unmet.map((u) => u.obligation))];
  return { outcome: "challenge", rules: ruleIds(program, unmet), obligations, reason: null };
}

function matchingForbids(passes: readonly ClosedPass[], state: State): ClosedEntry[] {
  let found: ClosedEntry[] = none;
  for (const pass of passes)
    for (const entry of pass.forbids)
      if (entry.when(state)) {
        if (found === none) found = [];
        found.push(entry);
      }
  return found;
}

const none: ClosedEntry[] = [];

/** The names of the rules in the order of the program, each once. */
function ruleIds(program: Program, entries: { readonly rule: number }[]): readonly string[] {
  entries.sort((a, b) => a.rule - b.rule);
  const ids: string[] = [];
  let last = -1;
  for (const { rule } of entries) {
    if (rule !== last) ids.push((program.rules[rule] as Rule).id);
    last = rule;
  }
  return ids;
}

interface Closing {
  readonly tests: readonly Test[];
  readonly fields: readonly string[];
  /** One object for all equal preconditions, so that equal ones are told by identity. */
  readonly obligations: Map<string, Obligation>;
}

function closePass(program: Program, table: Table, pass: Pass, closing: Closing): ClosedPass {
  const { tests, fields } = closing;
  const close = (entry: Entry, effects: readonly FieldEffect[]): ClosedEntry => {
    if (program.rules[entry.rule] === undefined) throw new RangeError(`no rule ${entry.rule}`);
    return { rule: entry.rule, when: testAt(tests, entry.when), steps: stepsOf(effects, fields) };
  };
  return {
    tenant: slotOf(program, table, { from: "row", row: pass.row, part: "tenant" }),
    ceiling: testAt(tests, pass.ceiling),
    forbids: pass.forbids.map((entry) => close(entry, [])),
    grants: pass.grants.map((entry) => close(entry, entry.effects)),
    requires: pass.requires.map((entry) => ({
      ...close(entry, entry.effects),
      preconditions: closePreconditions(entry, closing),
    })),
  };
}

function closePreconditions(entry: RequireEntry, closing: Closing): ClosedRequire["preconditions"] {
  return entry.preconditions.map(({ met, obligation }) => {
    const key = JSON.stringify(obligation);
    const one = closing.obligations.get(key) ?? obligation;
    closing.obligations.set(key, one);
    return { met: testAt(closing.tests, met), obligation: one };
  });
}

function testAt(tests: readonly Test[], condition: number): Test {
  const test = tests[condition];
  if (test === undefined) throw new RangeError(`no condition ${condition}`);
  return test;
}

function slotOf(program: Program, table: Table, source: SlotSource): number {
  const wanted = JSON.stringify(source);
  const id = table.slots.find((slot) => JSON.stringify((program.slots[slot] as Slot).source) === wanted);
  // Invariant: every table reads the scope's slots; without them nothing may be permitted.
  if (id === undefined) throw new RangeError(`the table does not read ${wanted}`);
  return id;
}
