/**
 * The closure engine over worlds: it is asked about entities and finds the facts itself, without a request document. Its
 * answers are those on the document that would be made of the same worlds.
 */
import {
  canonicalJson,
  type Attributes,
  type Decision,
  type Program,
  type RequestDocument,
} from "@wardline/core";
import { compileTables } from "../closure/compile-tables.ts";
import { denied } from "../closure/denied.ts";
import { readLevel } from "../closure/level.ts";
import { createMemory } from "../closure/memory.ts";
import { ownValue } from "../closure/own.ts";
import { takeFact } from "../closure/reading.ts";
import { numberRoles, type RoleNumbers } from "../closure/role-numbers.ts";
import { beginDecision, createState, type State } from "../closure/state.ts";
import { decideTable, tableAllows, type ClosedTable } from "../closure/table.ts";
import type { Entity } from "./entity.ts";
import { compileFilling, fillFacts, type Filling, type Roots } from "./fill.ts";
import type { World } from "./world.ts";

/** What no world knows: it comes with the question, as in a request document. */
export interface Given {
  readonly context?: Attributes;
  readonly now?: string;
  readonly clock?: RequestDocument["clock"];
  readonly limits?: RequestDocument["limits"];
  /** Of an update: the row as it would be afterwards, of the same type. */
  readonly next?: Entity;
}

export interface StoreEngine {
  /**
   * The decision on an action of a principal on a row: what is read, created (a draft), updated or deleted. What is malformed,
   * missing or was removed is denied as `invalid_input`.
   */
  readonly decide: (principal: Entity, action: string, resource: Entity, given?: Given) => Decision;
  /** True if {@link decide} permits. */
  readonly allows: (principal: Entity, action: string, resource: Entity, given?: Given) => boolean;
}

interface StoredTable {
  readonly closed: ClosedTable;
  readonly filling: Filling;
  readonly kind: "reads" | "creates" | "updates" | "deletes";
}

type Tables = ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, StoredTable>>>;

/**
 * Throws a TypeError if the world is of another tenant or of another model than the program. Principals and rows of other
 * worlds of the same model may be asked about; rows of other tenants are out of scope.
 */
export function compileStore(program: Program, home: World): StoreEngine {
  const model = canonicalJson(program.model);
  if (home.tenant !== program.tenant) throw new TypeError("the world is another tenant's");
  if (canonicalJson(home.model) !== model) throw new TypeError("the world is of another model");
  const { tables: closed, slots, nodes } = compileTables(program);
  const roles = numberRoles(program);
  const tables = compileFillings(program, closed, roles);
  return engineOf({
    tables,
    home,
    roles,
    fresh: () => createState(slots, nodes),
    accepts: sameModel(home, model),
  });
}

/** True for worlds of the model; each is compared once. */
function sameModel(home: World, model: string | undefined): (world: World) => boolean {
  const known = new WeakMap<World, boolean>([[home, true]]);
  return (world) => {
    const answer = known.get(world) ?? (world.model === home.model || canonicalJson(world.model) === model);
    known.set(world, answer);
    return answer;
  };
}

function compileFillings(
  program: Program,
  closed: ReadonlyMap<unknown, ReadonlyMap<unknown, ReadonlyMap<unknown, ClosedTable>>>,
  roles: RoleNumbers,
): Tables {
  const tables = new Map<string, Map<string, Map<string, StoredTable>>>();
  for (const table of program.tables) {
    const { principal, action, resource } = table;
    const kind = program.model.actions.find(({ name }) => name === action)?.kind;
    const of = closed.get(principal)?.get(action)?.get(resource);
    if (kind === undefined || of === undefined) throw new RangeError(`the model has no action ${action}`);
    const filling = compileFilling(program, table, { roles, own: program.tenant });
    const actions = tables.get(principal) ?? new Map<string, Map<string, StoredTable>>();
    tables.set(principal, actions);
    const resources = actions.get(action) ?? new Map<string, StoredTable>();
    actions.set(action, resources);
    resources.set(resource, { closed: of, filling, kind });
  }
  return tables;
}

interface Engine {
  readonly tables: Tables;
  readonly home: World;
  readonly roles: RoleNumbers;
  readonly fresh: () => State;
  readonly accepts: (world: World) => boolean;
}

function engineOf({ tables, home, roles, fresh, accepts }: Engine): StoreEngine {
  const memory = createMemory();
  let idle: State | null = null;

  /** The table and a state with its facts; null if the question is improper. */
  const open = (
    principal: Entity,
    action: string,
    resource: Entity,
    given: Given,
  ): { readonly table: ClosedTable; readonly state: State; readonly isProper: boolean } | null => {
    const found = tables.get(principal.type)?.get(action)?.get(resource.type);
    if (found === undefined) return null;
    const roots = rootsOf(found.kind, principal, resource, given);
    if (roots === null || !areStanding(roots, accepts)) return null;
    const state = idle ?? fresh();
    idle = null;
    beginDecision(state);
    takeRoles(principal, roles, state);
    const isProper = readGiven(found.filling, given, state) && fillFacts(found.filling, roots, home, state);
    return { table: found.closed, state, isProper };
  };

  return Object.freeze({
    decide: (principal: Entity, action: string, resource: Entity, given: Given = nothing): Decision => {
      const opened = open(principal, action, resource, given);
      if (opened === null) return denied.invalid_input;
      const { table, state, isProper } = opened;
      const decision = isProper ? decideTable(table, state, memory) : denied.invalid_input;
      idle = state;
      return decision;
    },
    allows: (principal: Entity, action: string, resource: Entity, given: Given = nothing): boolean => {
      const opened = open(principal, action, resource, given);
      if (opened === null) return false;
      const isAllowed = opened.isProper && tableAllows(opened.table, opened.state);
      idle = opened.state;
      return isAllowed;
    },
  });
}

const nothing: Given = Object.freeze({});

function rootsOf(kind: StoredTable["kind"], principal: Entity, row: Entity, given: Given): Roots | null {
  switch (kind) {
    case "reads":
      return { principal, resource: row, prior: null, next: null };
    case "creates":
      return { principal, resource: null, prior: null, next: row };
    case "deletes":
      return { principal, resource: null, prior: row, next: null };
    case "updates": {
      const { next } = given;
      return next === undefined || next.type !== row.type
        ? null
        : { principal, resource: null, prior: row, next };
    }
  }
}

/** Nobody asks about what was removed, nor about worlds of another model. */
function areStanding(
  { principal, resource, prior, next }: Roots,
  accepts: (world: World) => boolean,
): boolean {
  const stands = (entity: Entity | null) =>
    entity === null || (entity.standing !== "removed" && accepts(entity.kind.world));
  return stands(principal) && stands(resource) && stands(prior) && stands(next);
}

function takeRoles({ roles: { items, count } }: Entity, { numbers }: RoleNumbers, state: State): void {
  let held = 0;
  for (let i = 0; i < count; i += 1) {
    const number = numbers.get(items[i]);
    if (number === undefined) continue;
    state.roles[held] = number;
    held += 1;
  }
  state.roleCount = held;
}

function readGiven({ context, clock, limits, now }: Filling, given: Given, state: State): boolean {
  if (context !== null && !readLevel(context, ownValue(given, "context"), state)) return false;
  if (clock !== null && !readLevel(clock, ownValue(given, "clock"), state)) return false;
  if (now !== null && !takeFact(now, ownValue(given, "now"), state)) return false;
  for (const { rule, level } of limits)
    if (!readLevel(level, ownValue(ownValue(given, "limits"), rule), state)) return false;
  return true;
}
