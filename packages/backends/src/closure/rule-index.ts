/**
 * Rules by what they ask first: a tree whose branches are facts (a role, a value, a member of a set) and whose leaves are
 * rules with the rest of their conditions. A decision looks at the rules that its facts lead to, and at no other.
 */
import type { Atom, Program } from "@wardline/core";
import type { Conditions } from "./condition.ts";
import type { ClosedEntry } from "./entry.ts";
import type { Matches } from "./matches.ts";
import type { ListMembers } from "./members.ts";
import { bareSlot } from "./operand.ts";
import { numberOf, type RoleNumbers } from "./role-numbers.ts";
import type { State, Test } from "./state.ts";

export interface RuleIndex {
  readonly leaves: readonly Leaf[];
  readonly branches: readonly Branch[];
}

interface Leaf {
  readonly entry: ClosedEntry;
  /** Null: it always holds. */
  readonly when: Test | null;
}

interface Branch {
  readonly by: "role" | "value" | "member";
  /** Of a role: none. */
  readonly slot: number;
  readonly under: ReadonlyMap<unknown, RuleIndex>;
  /** Of a role: the same by its number, every place filled; null for all others, and where roles are very many. */
  readonly byNumber: readonly (RuleIndex | undefined)[] | null;
}

/** A rule and the conditions that must hold together for it to apply. */
export interface Ruled {
  readonly entry: ClosedEntry;
  readonly parts: readonly number[];
}

export interface IndexContext {
  readonly program: Program;
  readonly conditions: Conditions;
  readonly roles: RoleNumbers;
}

/** The index of no rules: one object, so that it is told by identity. */
export const noRules: RuleIndex = { leaves: [], branches: [] };

const noBranches: readonly Branch[] = [];

export function buildIndex(context: IndexContext, rules: readonly Ruled[]): RuleIndex {
  const { conditions } = context.program;
  const isConstant = (part: number, value: boolean) => {
    const condition = conditions[part];
    return condition?.kind === "constant" && condition.value === value;
  };
  const possible = rules
    .filter(({ parts }) => !parts.some((part) => isConstant(part, false)))
    .map(({ entry, parts }) => ({ entry, parts: parts.filter((part) => !isConstant(part, true)) }));
  return build(
    context,
    possible.map((rule) => ({ ...rule, copies: 1 })),
  );
}

/** The fewest rules that are worth a branch. */
const fewest = 3;

/** A rule at one place of the tree, and how often it stands in the whole. */
interface Placed extends Ruled {
  readonly copies: number;
}

function build(context: IndexContext, rules: readonly Placed[]): RuleIndex {
  if (rules.length === 0) return noRules;
  const keys = rules.map((rule) => (rules.length < fewest ? [] : keysOf(context, rule)));
  const spread = spreadOf(keys);
  const leaves: Leaf[] = [];
  const branches = new Map<string, { readonly key: Key; readonly under: Map<unknown, Placed[]> }>();
  rules.forEach((rule, i) => {
    const key = bestOf(keys[i] as readonly Key[], spread);
    if (key === undefined) {
      leaves.push({ entry: rule.entry, when: context.conditions.allOf(rule.parts) });
      return;
    }
    const branch = branches.get(key.name) ?? { key, under: new Map<unknown, Placed[]>() };
    branches.set(key.name, branch);
    const rest = {
      entry: rule.entry,
      parts: rule.parts.filter((part) => part !== key.part),
      copies: rule.copies * key.values.length,
    };
    for (const value of key.values) {
      const bucket = branch.under.get(value);
      if (bucket === undefined) branch.under.set(value, [rest]);
      else bucket.push(rest);
    }
  });
  return {
    // A copy has no room to spare: an engine keeps very many of these.
    leaves: leaves.slice(),
    branches:
      branches.size === 0
        ? noBranches
        : [...branches.values()].map(({ key, under }) => closeBranch(context, key, under)),
  };
}

/** The most roles of a program for which a branch has a place for each. */
const mostPlaces = 64;

function closeBranch(
  context: IndexContext,
  { by, slot }: Key,
  buckets: ReadonlyMap<unknown, readonly Placed[]>,
): Branch {
  const under = new Map([...buckets].map(([value, bucket]) => [value, build(context, bucket)]));
  const { size } = context.roles.numbers;
  const hasPlaces = by === "role" && size <= mostPlaces;
  const byNumber = hasPlaces ? Array.from({ length: size }, (_, number) => under.get(number)) : null;
  return { by, slot, under, byNumber };
}

/** A part of a condition that is true for some values of one fact alone. */
interface Key {
  readonly name: string;
  readonly part: number;
  readonly by: Branch["by"];
  readonly slot: number;
  readonly values: readonly unknown[];
}

/** A rule that stands under more values than this is asked without a branch. */
const mostValues = 16;

/** A rule stands nowhere more often than this: under each of many values of each of many facts the tree would have no end. */
const mostCopies = 64;

function keysOf({ program, roles }: IndexContext, { parts, copies }: Placed): readonly Key[] {
  return parts.flatMap((part): Key[] => {
    const condition = program.conditions[part];
    const atom = condition?.kind === "atom" && !condition.negated ? program.atoms[condition.atom] : undefined;
    const key = atom === undefined ? null : keyOf(atom, roles);
    if (key === null || key.values.length === 0 || key.values.length > mostValues) return [];
    if (key.values.length * copies > mostCopies) return [];
    return [{ ...key, part, name: `${key.by} ${key.slot}` }];
  });
}

function keyOf(atom: Atom, roles: RoleNumbers): Pick<Key, "by" | "slot" | "values"> | null {
  switch (atom.kind) {
    case "role":
      return { by: "role", slot: -1, values: atom.roles.map((role) => numberOf(roles, role)) };
    case "truth":
      return valueKey(bareSlot(atom.of), [true]);
    case "one_of":
      return valueKey(bareSlot(atom.of), atom.values);
    case "compare": {
      if (atom.op !== "eq") return null;
      const { left, right } = atom;
      if (right.kind === "constant") return valueKey(bareSlot(left), [right.value]);
      return left.kind === "constant" ? valueKey(bareSlot(right), [left.value]) : null;
    }
    case "contains":
      return atom.of.kind === "constant" ? { by: "member", slot: atom.set, values: [atom.of.value] } : null;
    case "empty":
    case "text":
    case "in_network":
    case "has":
    case "within":
    case "related":
      return null;
  }
}

function valueKey(slot: number | undefined, values: readonly unknown[]) {
  return slot === undefined ? null : { by: "value" as const, slot, values };
}

interface Spread {
  readonly values: Set<unknown>;
  rules: number;
}

function spreadOf(keys: readonly (readonly Key[])[]): ReadonlyMap<string, Spread> {
  const spread = new Map<string, Spread>();
  for (const key of keys.flat()) {
    const known = spread.get(key.name) ?? { values: new Set(), rules: 0 };
    spread.set(key.name, known);
    known.rules += 1;
    for (const value of key.values) known.values.add(value);
  }
  return spread;
}

/** The key whose fact tells most of the rules apart; undefined if none is worth a branch. */
function bestOf(keys: readonly Key[], spread: ReadonlyMap<string, Spread>): Key | undefined {
  let best: Key | undefined;
  let most = 0;
  for (const key of keys) {
    const { values, rules } = spread.get(key.name) as Spread;
    const worth = rules < fewest ? 0 : values.size;
    if (worth > most) [best, most] = [key, worth];
  }
  return best;
}

/** Adds the rules that apply. One that two of the principal's roles, or two members of a set, lead to is added twice. */
export function collect(index: RuleIndex, state: State, into: Pick<Matches, "add">): void {
  const { leaves, branches } = index;
  for (let i = 0; i < leaves.length; i += 1) {
    const { entry, when } = leaves[i] as Leaf;
    if (when === null || when(state)) into.add(entry);
  }
  for (let i = 0; i < branches.length; i += 1) {
    const { by, slot, under, byNumber } = branches[i] as Branch;
    if (by === "value") {
      const next = under.get(state.facts[slot]);
      if (next !== undefined) collect(next, state, into);
      continue;
    }
    if (byNumber !== null) {
      const { roles, roleCount } = state;
      for (let k = 0; k < roleCount; k += 1) {
        // Invariant: a role's number is a place, since both are of the same program.
        const next = byNumber[roles[k] as number];
        if (next !== undefined) collect(next, state, into);
      }
      continue;
    }
    const items = by === "role" ? state.roles : itemsOf(state.facts[slot]);
    const count = by === "role" ? state.roleCount : countOf(state.facts[slot]);
    const met = count > fewItems ? new Set<unknown>() : null;
    for (let k = 0; k < count; k += 1) {
      const next = under.get(items[k]);
      if (next !== undefined && isFirst(items, k, met)) collect(next, state, into);
    }
  }
}

/** True if some rule applies that is accepted; null accepts every one. */
export function some(
  index: RuleIndex,
  state: State,
  accepts: ((entry: ClosedEntry, state: State) => boolean) | null,
): boolean {
  const { leaves, branches } = index;
  for (let i = 0; i < leaves.length; i += 1) {
    const { entry, when } = leaves[i] as Leaf;
    if ((when === null || when(state)) && (accepts === null || accepts(entry, state))) return true;
  }
  for (let i = 0; i < branches.length; i += 1) {
    const { by, slot, under, byNumber } = branches[i] as Branch;
    if (by === "value") {
      const next = under.get(state.facts[slot]);
      if (next !== undefined && some(next, state, accepts)) return true;
      continue;
    }
    if (byNumber !== null) {
      const { roles, roleCount } = state;
      for (let k = 0; k < roleCount; k += 1) {
        const next = byNumber[roles[k] as number];
        if (next !== undefined && some(next, state, accepts)) return true;
      }
      continue;
    }
    const items = by === "role" ? state.roles : itemsOf(state.facts[slot]);
    const count = by === "role" ? state.roleCount : countOf(state.facts[slot]);
    const met = count > fewItems ? new Set<unknown>() : null;
    for (let k = 0; k < count; k += 1) {
      const next = under.get(items[k]);
      if (next !== undefined && isFirst(items, k, met) && some(next, state, accepts)) return true;
    }
  }
  return false;
}

/** Up to so many items are searched for one that stood before. */
const fewItems = 64;

/** What a request gives many times leads into a branch once: branches below branches would multiply it. */
function isFirst(items: readonly unknown[], at: number, met: Set<unknown> | null): boolean {
  const item = items[at];
  if (met === null) return items.indexOf(item) === at;
  if (met.has(item)) return false;
  met.add(item);
  return true;
}

function itemsOf(members: unknown): readonly unknown[] {
  return members === undefined ? [] : (members as ListMembers).items;
}

function countOf(members: unknown): number {
  return members === undefined ? 0 : (members as ListMembers).count;
}

/** The slots that the branches of an index read. */
export function slotsOfIndex({ branches }: RuleIndex): readonly number[] {
  return branches.flatMap(({ by, slot, under }) => [
    ...(by === "role" ? [] : [slot]),
    ...[...under.values()].flatMap(slotsOfIndex),
  ]);
}
