/**
 * A table as two questions about the facts of a state: the whole decision, and whether it is a permit. Both ask forbids
 * first and stop as soon as the answer stands; they can never differ.
 */
import type { Decision, Pass, Slot, SlotSource, Table } from "@wardline/core";
import { bindingForbids, combine, forbiddenBy, type Following, type Found } from "./combine.ts";
import { denied } from "./denied.ts";
import { closeEntry, isMet, isSpent, type ClosedEntry, type Closing } from "./entry.ts";
import { codeFields } from "./field-effects.ts";
import type { Memory } from "./memory.ts";
import { buildIndex, collect, some, type IndexContext, type RuleIndex } from "./rule-index.ts";
import type { State, Test } from "./state.ts";

/** A table whose facts have been read. */
export interface TableAnswers {
  readonly decide: (state: State) => Decision;
  readonly allows: (state: State) => boolean;
}

interface ClosedPass {
  /** The slot of the row's tenant; −1 where the row belongs to none. */
  readonly tenant: number;
  /** Null: it always holds. */
  readonly ceiling: Test | null;
  readonly forbids: RuleIndex;
  readonly floors: RuleIndex;
  readonly permits: RuleIndex;
  readonly shares: RuleIndex;
  readonly requires: RuleIndex;
}

export function compileTable(context: IndexContext, table: Table, memory: Memory): TableAnswers {
  const { program } = context;
  const own = program.tenant;
  const tenant = slotOf(context, table, { from: "tenant", part: "id" });
  const home = slotOf(context, table, { from: "principal", part: "tenant" });
  const entity = program.model.entities.find((e) => e.name === table.resource);
  if (entity === undefined) throw new RangeError(`no entity ${table.resource}`);
  const fields = codeFields(table, entity);
  const closing: Closing = {
    program,
    testOf: context.conditions.testOf,
    codesOf: ({ effects }) => fields.codesOf(effects),
  };
  const isShared = entity.shared !== undefined;
  const passes = table.passes.map((pass) => closePass(context, table, pass, { closing, isShared }));
  const following: Following = { fields, duties: table.duties };
  const [first, second, ...more] = passes;
  if (first === undefined || more.length > 0) throw new RangeError("a table asks of one row or of two");

  const isInScope = ({ facts }: State): boolean => {
    if (facts[tenant] !== own) return false;
    for (const pass of passes) if (pass.tenant >= 0 && facts[pass.tenant] !== own) return false;
    return true;
  };

  return {
    decide: (state) => {
      if (!isInScope(state)) return denied.out_of_scope;
      const isHome = state.facts[home] === own;
      const { forbids, grants, requires } = state;
      forbids.count = grants.count = requires.count = 0;
      collect(first.forbids, state, forbids);
      forbids.first = forbids.count;
      if (second !== undefined) collect(second.forbids, state, forbids);
      if (forbids.count > 0) return decideAmong(passes, isHome, following, state);
      collectGrants(first, isHome, state);
      if (grants.count === 0) return denied.not_granted;
      grants.first = grants.count;
      if (second !== undefined) {
        collectGrants(second, isHome, state);
        if (grants.count === grants.first) return denied.not_granted;
      }
      collect(first.requires, state, requires);
      requires.first = requires.count;
      if (second !== undefined) collect(second.requires, state, requires);
      return memory.recall(state) ?? memory.keep(state, decideAmong(passes, isHome, following, state));
    },
    allows: (state) => {
      if (!isInScope(state)) return false;
      const isHome = state.facts[home] === own;
      for (const pass of passes) if (!passAllows(pass, isHome, state)) return false;
      return true;
    },
  };
}

function collectGrants(pass: ClosedPass, isHome: boolean, state: State): void {
  const isOpen = pass.ceiling === null || pass.ceiling(state);
  if (isHome) collect(pass.floors, state, state.grants);
  if (isOpen) collect(isHome ? pass.permits : pass.shares, state, state.grants);
}

/** The decision from everything that each pass finds. */
function decideAmong(
  passes: readonly ClosedPass[],
  isHome: boolean,
  following: Following,
  state: State,
): Decision {
  const found = passes.map((pass) => find(pass, isHome, state));
  const forbids = found.flatMap(bindingForbids);
  return forbids.length > 0 ? forbiddenBy(forbids) : combine(following, found, state);
}

function find(pass: ClosedPass, isHome: boolean, state: State): Found {
  const forbids = allOf(pass.forbids, state);
  const floors = isHome ? allOf(pass.floors, state) : [];
  // Invariant: without a floor nothing opens what the ceiling or one of the tenant's forbids closes.
  const isOpen =
    !forbids.some((forbid) => !forbid.isPlatform) && (pass.ceiling === null || pass.ceiling(state));
  const others = isOpen ? allOf(isHome ? pass.permits : pass.shares, state) : [];
  return {
    forbids,
    grants: [...floors, ...others],
    requires: allOf(pass.requires, state),
    isFloored: floors.length > 0,
  };
}

function allOf(index: RuleIndex, state: State): readonly ClosedEntry[] {
  const found: ClosedEntry[] = [];
  collect(index, state, { add: (entry) => found.push(entry) });
  return found.length < 2 ? found : [...new Set(found)].toSorted((a, b) => a.rule - b.rule);
}

function passAllows(pass: ClosedPass, isHome: boolean, state: State): boolean {
  if (some(pass.forbids, state, isPlatform)) return false;
  const isFloored = isHome && some(pass.floors, state, null);
  if (!isFloored) {
    if (some(pass.forbids, state, null)) return false;
    if (pass.ceiling !== null && !pass.ceiling(state)) return false;
    if (!some(isHome ? pass.permits : pass.shares, state, counts)) return false;
  }
  return !some(pass.requires, state, isFloored ? stopsFloored : stops);
}

const isPlatform = (entry: ClosedEntry) => entry.isPlatform;
const counts = (entry: ClosedEntry, state: State) =>
  entry.isPlain || (!isSpent(entry, state) && isMet(entry, state));
const stops = (entry: ClosedEntry, state: State) => !counts(entry, state);
const stopsFloored = (entry: ClosedEntry, state: State) => entry.isPlatform && !counts(entry, state);

function closePass(
  context: IndexContext,
  table: Table,
  pass: Pass,
  { closing, isShared }: { readonly closing: Closing; readonly isShared: boolean },
): ClosedPass {
  const { program, conditions } = context;
  const indexOf = (entries: readonly (Pass["forbids"][number] | Pass["grants"][number])[]) =>
    buildIndex(
      context,
      entries.map((entry) => ({ entry: closeEntry(entry, closing), parts: conditions.partsOf(entry.when) })),
    );
  const grantsOf = (kind: "floor" | "permit" | "share") =>
    indexOf(pass.grants.filter((grant) => program.rules[grant.rule]?.kind === kind));
  // Invariant: a rule of a kind that grants nothing is no grant.
  for (const { rule } of pass.grants)
    if (!grantKinds.has(program.rules[rule]?.kind)) throw new RangeError(`rule ${rule} grants nothing`);
  const ceiling = conditions.allOf(
    conditions.partsOf(pass.ceiling).filter((part) => {
      const condition = program.conditions[part];
      return condition?.kind !== "constant" || !condition.value;
    }),
  );
  return {
    tenant: isShared ? -1 : slotOf(context, table, { from: "row", row: pass.row, part: "tenant" }),
    ceiling,
    forbids: indexOf(pass.forbids),
    floors: grantsOf("floor"),
    permits: grantsOf("permit"),
    shares: grantsOf("share"),
    requires: indexOf(pass.requires),
  };
}

const grantKinds: ReadonlySet<unknown> = new Set(["permit", "floor", "share"]);

function slotOf({ program }: IndexContext, table: Table, source: SlotSource): number {
  const wanted = JSON.stringify(source);
  const id = table.slots.find((slot) => JSON.stringify((program.slots[slot] as Slot).source) === wanted);
  // Invariant: every table reads the scope's slots; without them nothing may be permitted.
  if (id === undefined) throw new RangeError(`the table does not read ${wanted}`);
  return id;
}
