/**
 * A table as two questions about the facts of a state: the whole decision, and whether it is a permit. Both ask forbids
 * first and stop as soon as the answer stands; they can never differ.
 */
import { slotPath, type Decision, type EntityModel, type Pass, type Slot, type Table } from "@wardline/core";
import { bindingForbids, combine, forbiddenBy, permitBy, type Following, type Found } from "./combine.ts";
import { denied } from "./denied.ts";
import { closeEntry, isMet, isSpent, type ClosedEntry, type Closing } from "./entry.ts";
import { codeFields, noFields } from "./field-effects.ts";
import { areBare, keep, recall, type Memory } from "./memory.ts";
import { buildIndex, collect, noRules, some, type IndexContext, type RuleIndex } from "./rule-index.ts";
import type { State, Test } from "./state.ts";

export interface ClosedTable {
  /** The tenant whose policy this is. */
  readonly own: string;
  /** The slots of the request's tenant and of the principal's. */
  readonly tenant: number;
  readonly home: number;
  readonly first: ClosedPass;
  readonly second: ClosedPass | null;
  readonly following: Following;
}

export interface ClosedPass {
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

export interface TableContext extends IndexContext {
  readonly entities: ReadonlyMap<string, EntityModel>;
  readonly nextSerial: () => number;
}

/** Nothing that it gives keeps the program: engines of many tenants live in one process. */
export function compileTable(context: TableContext, table: Table): ClosedTable {
  const { program } = context;
  const entity = context.entities.get(table.resource);
  if (entity === undefined) throw new RangeError(`no entity ${table.resource}`);
  const fields = codeFields(table, entity);
  const closing: Closing = {
    program,
    testOf: context.conditions.testOf,
    codesOf: ({ effects }) => fields.codesOf(effects),
    nextSerial: context.nextSerial,
  };
  const isShared = entity.shared !== undefined;
  const [first, second, ...more] = table.passes.map((pass) =>
    closePass(context, table, pass, { closing, isShared }),
  );
  if (first === undefined || more.length > 0) throw new RangeError("a table asks of one row or of two");
  return {
    own: program.tenant,
    tenant: slotOf(context, table, ["tenant", "id"]),
    home: slotOf(context, table, ["principal", "tenant"]),
    first,
    second: second ?? null,
    following:
      fields === noFields && table.duties.length === 0 ? nothingFollows : { fields, duties: table.duties },
  };
}

/** Of a table without masks and duties. */
const nothingFollows: Following = { fields: noFields, duties: [] };

function isInScope({ own, tenant, first, second }: ClosedTable, { facts }: State): boolean {
  return (
    facts[tenant] === own &&
    (first.tenant < 0 || facts[first.tenant] === own) &&
    (second === null || second.tenant < 0 || facts[second.tenant] === own)
  );
}

/** The decision on the facts of a state. */
export function decideTable(table: ClosedTable, state: State, memory: Memory): Decision {
  if (!isInScope(table, state)) return denied.out_of_scope;
  return decideInScope(table, state.facts[table.home] === table.own, state, memory);
}

/** The decision on rows that are the tenant's own. `isHome`: the principal is its own too. */
export function decideInScope(table: ClosedTable, isHome: boolean, state: State, memory: Memory): Decision {
  const { first, second } = table;
  const { forbids, grants, requires } = state;
  forbids.count = grants.count = requires.count = 0;
  if (first.forbids !== noRules) collect(first.forbids, state, forbids);
  if (second !== null && second.forbids !== noRules) collect(second.forbids, state, forbids);
  if (forbids.count > 0) return decideForbidden(table, isHome, state, memory);
  collectGrants(first, isHome, state);
  if (grants.count === 0) return denied.not_granted;
  if (second !== null) {
    const before = grants.count;
    collectGrants(second, isHome, state);
    if (grants.count === before) return denied.not_granted;
  }
  if (first.requires !== noRules) collect(first.requires, state, requires);
  if (second !== null && second.requires !== noRules) collect(second.requires, state, requires);
  if (table.following === nothingFollows && grants.count > 1 && areBare(state))
    return permitBy(grants.entries, grants.count);
  return recall(memory, state) ?? keep(memory, state, decideAmong(table, isHome, state));
}

/** True if {@link decideTable} permits. */
export function tableAllows(table: ClosedTable, state: State): boolean {
  return isInScope(table, state) && allowsInScope(table, state.facts[table.home] === table.own, state);
}

/** True if {@link decideInScope} permits. */
export function allowsInScope(table: ClosedTable, isHome: boolean, state: State): boolean {
  return (
    passAllows(table.first, isHome, state) &&
    (table.second === null || passAllows(table.second, isHome, state))
  );
}

/** Some forbid matches. It denies, unless there are floors that open what the tenant closes. */
function decideForbidden(table: ClosedTable, isHome: boolean, state: State, memory: Memory): Decision {
  const { first, second } = table;
  const hasFloors = first.floors !== noRules || (second !== null && second.floors !== noRules);
  if (hasFloors) return decideAmong(table, isHome, state);
  return recall(memory, state) ?? keep(memory, state, decideAmong(table, isHome, state));
}

function collectGrants(pass: ClosedPass, isHome: boolean, state: State): void {
  if (isHome && pass.floors !== noRules) collect(pass.floors, state, state.grants);
  if (pass.ceiling === null || pass.ceiling(state))
    collect(isHome ? pass.permits : pass.shares, state, state.grants);
}

/** The decision from everything that each pass finds. */
function decideAmong({ first, second, following }: ClosedTable, isHome: boolean, state: State): Decision {
  const passes = second === null ? [first] : [first, second];
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
  const { forbids, floors, requires } = pass;
  const isFloored = isHome && floors !== noRules && some(floors, state, null);
  if (isFloored) {
    if (some(forbids, state, isPlatform)) return false;
  } else {
    if (forbids !== noRules && some(forbids, state, null)) return false;
    if (pass.ceiling !== null && !pass.ceiling(state)) return false;
    if (!some(isHome ? pass.permits : pass.shares, state, counts)) return false;
  }
  return requires === noRules || !some(requires, state, isFloored ? stopsFloored : stops);
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
    tenant: isShared ? -1 : slotOf(context, table, [pass.row, "tenant"]),
    ceiling,
    forbids: indexOf(pass.forbids),
    floors: grantsOf("floor"),
    permits: grantsOf("permit"),
    shares: grantsOf("share"),
    requires: indexOf(pass.requires),
  };
}

const grantKinds: ReadonlySet<unknown> = new Set(["permit", "floor", "share"]);

function slotOf({ program }: IndexContext, table: Table, [root, key]: readonly [string, string]): number {
  const id = table.slots.find((slot) => {
    const path = slotPath((program.slots[slot] as Slot).source);
    return path.length === 2 && path[0] === root && path[1] === key;
  });
  // Invariant: every table reads the scope's slots; without them nothing may be permitted.
  if (id === undefined) throw new RangeError(`the table does not read ${root}.${key}`);
  return id;
}
