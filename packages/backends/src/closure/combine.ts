/** One decision from the rules that every pass found: `docs/spec/decision.md`, "How it is found". */
import { auditLevels, type Decision, type DenyReason, type LimitUse, type Obligation } from "@wardline/core";
import { alternativesOf, needOf, type Asking, type Need } from "./alternatives.ts";
import { denied } from "./denied.ts";
import { isMet, isSpent, type ClosedEntry } from "./entry.ts";
import { codeInPass, strictest, type FieldCodes } from "./field-effects.ts";
import type { State } from "./state.ts";

/** What one pass found. The grants are those that its ceiling and its forbids leave. */
export interface Found {
  readonly forbids: readonly ClosedEntry[];
  readonly grants: readonly ClosedEntry[];
  readonly requires: readonly ClosedEntry[];
  /** A floor is among the grants: the tenant's forbids and requires do not bind. */
  readonly isFloored: boolean;
}

/** The forbids of a pass that deny. */
export function bindingForbids({ forbids, isFloored }: Found): readonly ClosedEntry[] {
  return isFloored ? forbids.filter((forbid) => forbid.isPlatform) : forbids;
}

/** A deny by forbids. */
export function forbiddenBy(forbids: readonly ClosedEntry[]): Decision {
  return denyNaming("forbidden", forbids);
}

/** A pass whose grants are sorted out. */
interface Weighed {
  readonly counted: readonly ClosedEntry[];
  /** Grants whose limits leave something, whether they count or not. */
  readonly open: readonly ClosedEntry[];
  readonly spent: readonly ClosedEntry[];
  readonly requires: readonly ClosedEntry[];
  readonly binding: readonly ClosedEntry[];
}

/** What follows from a permit of a table, whatever its rules say. */
export interface Following {
  readonly fields: FieldCodes;
  readonly duties: readonly Obligation[];
}

/** The decision where no forbid binds. */
export function combine({ fields, duties }: Following, found: readonly Found[], state: State): Decision {
  const passes = found.map((pass) => weigh(pass, state));
  const refused = passes.filter(({ open }) => open.length === 0);
  if (refused.some(({ spent }) => spent.length === 0)) return denied.not_granted;
  const waits = [
    ...refused.map(({ spent }) => ({ entries: spent, wait: soonest(spent, state) })),
    ...passes.flatMap(({ binding }) =>
      binding
        .filter((entry) => isSpent(entry, state))
        .map((entry) => ({ entries: [entry], wait: waitOf(entry, state) })),
    ),
  ];
  if (waits.length > 0) return exhausted(waits);
  const asking = passes.map((pass) => askingOf(pass, state));
  if (
    asking.some(({ always, choices }) => always.length > 0 || !choices.some((choice) => choice.length === 0))
  )
    return challenge(asking);
  const obligations = [
    ...effectsOf(fields, passes),
    ...duties,
    ...dutiesOf(passes.flatMap(({ counted, requires }) => [...counted, ...requires])),
    ...drawsOf(passes),
  ];
  return Object.freeze({
    outcome: "permit",
    rules: ruleIds(passes.flatMap(({ counted }) => counted)),
    obligations: Object.freeze(obligations),
    reason: null,
  });
}

/** The permit of bare rules, in the order in which they were found; one may be found twice. */
export function permitBy(entries: readonly ClosedEntry[], count: number): Decision {
  const found: ClosedEntry[] = [];
  for (let i = 0; i < count; i += 1) {
    const entry = entries[i] as ClosedEntry;
    let place = found.length;
    while (place > 0 && (found[place - 1] as ClosedEntry).rule > entry.rule) place -= 1;
    if (place === 0 || (found[place - 1] as ClosedEntry).rule !== entry.rule) found.splice(place, 0, entry);
  }
  return { outcome: "permit", rules: found.map(({ id }) => id), obligations: noObligations, reason: null };
}

const noObligations: readonly Obligation[] = Object.freeze([]);

function weigh({ grants, requires, isFloored }: Found, state: State): Weighed {
  const open = grants.filter((grant) => !isSpent(grant, state));
  return {
    open,
    counted: open.filter((grant) => isMet(grant, state)),
    spent: grants.filter((grant) => isSpent(grant, state)),
    requires,
    binding: isFloored ? requires.filter((require) => require.isPlatform) : requires,
  };
}

interface Wait {
  readonly entries: readonly ClosedEntry[];
  readonly wait: number | undefined;
}

/** May be asked again when the longest wait is over, if every one is known. */
function exhausted(waits: readonly Wait[]): Decision {
  const decision = denyNaming(
    "not_granted",
    waits.flatMap(({ entries }) => entries),
  );
  const known = waits.flatMap(({ wait }) => wait ?? []);
  return known.length < waits.length ? decision : { ...decision, retry_after: Math.max(...known) };
}

function soonest(entries: readonly ClosedEntry[], state: State): number | undefined {
  const known = entries.flatMap((entry) => waitOf(entry, state) ?? []);
  return known.length === 0 ? undefined : Math.min(...known);
}

function waitOf({ limit }: ClosedEntry, { facts }: State): number | undefined {
  return limit === null ? undefined : (facts[limit.retryAfter] as number | undefined);
}

interface PassAsking extends Asking {
  /** The rules that a challenge names. */
  readonly entries: readonly ClosedEntry[];
}

function askingOf({ counted, open, binding }: Weighed, state: State): PassAsking {
  const asked = binding.filter((require) => !isMet(require, state));
  const isGranted = counted.length > 0;
  return {
    always: asked.flatMap((require) => needsOf(require, state)),
    choices: isGranted ? [[]] : open.map((grant) => needsOf(grant, state)),
    entries: isGranted ? asked : [...asked, ...open],
  };
}

function needsOf({ rule, preconditions }: ClosedEntry, state: State): readonly Need[] {
  return preconditions.filter(({ met }) => !met(state)).map(({ obligation }) => needOf(rule, obligation));
}

function challenge(asking: readonly PassAsking[]): Decision {
  const alternatives = alternativesOf(asking);
  const decision: Decision = {
    outcome: "challenge",
    rules: ruleIds(asking.flatMap(({ entries }) => entries)),
    obligations: alternatives[0] as readonly Obligation[],
    reason: null,
  };
  return alternatives.length > 1 ? { ...decision, alternatives } : decision;
}

/** The fields that are not shown, in model order. */
function effectsOf({ fields, obligationOf }: FieldCodes, passes: readonly Weighed[]): readonly Obligation[] {
  return fields.flatMap((_, field) => {
    const codes = passes.map(({ counted, binding }) => codeInPass(counted, binding, field));
    return obligationOf(field, strictest(codes)) ?? [];
  });
}

/** What is to be put on record, at the highest level asked for, and who is to be told, by name. */
function dutiesOf(entries: readonly ClosedEntry[]): readonly Obligation[] {
  let level = -1;
  const whom = new Set<string>();
  for (const { duties } of entries)
    for (const duty of duties)
      if (duty.type === "audit") level = Math.max(level, auditLevels.indexOf(duty.level));
      else if (duty.type === "notify") whom.add(duty.whom);
  const highest = level < 0 ? undefined : auditLevels[level];
  return [
    ...(highest === undefined ? [] : [Object.freeze({ type: "audit" as const, level: highest })]),
    ...[...whom].toSorted().map((name) => Object.freeze({ type: "notify" as const, whom: name })),
  ];
}

/** The limits that a permit draws from, each once, by rule; of grants only where each that counts has one. */
function drawsOf(passes: readonly Weighed[]): readonly Obligation[] {
  const draws = new Map<number, LimitUse["obligation"]>();
  const draw = ({ rule, limit }: ClosedEntry) => {
    if (limit !== null && !draws.has(rule)) draws.set(rule, limit.obligation);
  };
  for (const { counted, binding } of passes) {
    if (counted.every((grant) => grant.limit !== null)) counted.forEach(draw);
    binding.forEach(draw);
  }
  return [...draws].toSorted(([a], [b]) => a - b).map(([, obligation]) => obligation);
}

function denyNaming(reason: DenyReason, entries: readonly ClosedEntry[]): Decision {
  return Object.freeze({ ...denied[reason], rules: ruleIds(entries) });
}

/** The names of the rules in the order of the program, each once. */
function ruleIds(entries: readonly ClosedEntry[]): readonly string[] {
  const byRule = new Map(entries.map(({ rule, id }) => [rule, id]));
  return Object.freeze([...byRule].toSorted(([a], [b]) => a - b).map(([, id]) => id));
}
