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
import { denied } from "../closure/denied.ts";
import { readLevel } from "../closure/level.ts";
import { createMemory } from "../closure/memory.ts";
import { ownValue } from "../closure/own.ts";
import { takeFact } from "../closure/reading.ts";
import { numberRoles, type RoleNumbers } from "../closure/role-numbers.ts";
import { beginDecision, createState, type State } from "../closure/state.ts";
import { allowsInScope, decideInScope } from "../closure/table.ts";
import type { Entity } from "./entity.ts";
import { fillFacts, type Filling, type Roots } from "./fill.ts";
import { compileStoredTables, findStored, type StoredTable, type StoredTables } from "./stored-tables.ts";
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
   * missing or was removed is denied as `invalid_input`. Decisions may be frozen and shared.
   */
  readonly decide: (principal: Entity, action: string, resource: Entity, given?: Given) => Decision;
  /** True if {@link decide} permits. */
  readonly allows: (principal: Entity, action: string, resource: Entity, given?: Given) => boolean;
}

/**
 * Throws a TypeError if the world is of another tenant or of another model than the program. Principals and rows of other
 * worlds of the same model may be asked about; rows of other tenants are out of scope.
 */
export function compileStore(program: Program, home: World): StoreEngine {
  const model = canonicalJson(program.model);
  if (home.tenant !== program.tenant) throw new TypeError("the world is another tenant's");
  if (canonicalJson(home.model) !== model) throw new TypeError("the world is of another model");
  const roles = numberRoles(program);
  const slots = program.slots.length;
  const nodes = program.atoms.length + program.conditions.length;
  return engineOf({
    tables: compileStoredTables(program, home, roles),
    home,
    roles,
    fresh: () => freshState(slots, nodes),
    accepts: sameModel(home, model),
  });
}

/** A state that may be asked about nobody yet. */
type StoreState = State & { [Root in keyof Roots]: Entity | null };

function freshState(slots: number, nodes: number): StoreState {
  return { ...createState(slots, nodes), principal: null, resource: null, prior: null, next: null };
}

/** True for worlds of the model; each is compared once. */
function sameModel(home: World, model: string | undefined): (world: World) => boolean {
  const known = new WeakMap<World, boolean>();
  return (world) => {
    if (world === home) return true;
    const answer = known.get(world) ?? (world.model === home.model || canonicalJson(world.model) === model);
    known.set(world, answer);
    return answer;
  };
}

interface Engine {
  readonly tables: StoredTables;
  readonly home: World;
  readonly roles: RoleNumbers;
  readonly fresh: () => StoreState;
  readonly accepts: (world: World) => boolean;
}

function engineOf(engine: Engine): StoreEngine {
  const { tables, fresh } = engine;
  const own = engine.home.tenant;
  const memory = createMemory();
  // What is given may come back in while it is read; it then works in a state of its own.
  let idle: StoreState | null = null;

  return Object.freeze({
    decide: (principal: Entity, action: string, row: Entity, given: Given = nothing): Decision => {
      const table = findStored(tables, principal, action, row);
      if (table === undefined) return denied.invalid_input;
      const state = idle ?? fresh();
      idle = null;
      state.principal = principal;
      const decision = readQuestion(engine, table, row, given, state)
        ? isInScope(table.closed, own, row, state)
          ? decideInScope(table.closed, principal.kind.world.tenant === own, state, memory)
          : denied.out_of_scope
        : denied.invalid_input;
      idle = state;
      return decision;
    },
    allows: (principal: Entity, action: string, row: Entity, given: Given = nothing): boolean => {
      const table = findStored(tables, principal, action, row);
      if (table === undefined) return false;
      const state = idle ?? fresh();
      idle = null;
      state.principal = principal;
      const isAllowed =
        readQuestion(engine, table, row, given, state) &&
        isInScope(table.closed, own, row, state) &&
        allowsInScope(table.closed, principal.kind.world.tenant === own, state);
      idle = state;
      return isAllowed;
    },
  });
}

const nothing: Given = Object.freeze({});

/** Writes what a question is about to a state, which knows the principal; false if it is improper. */
function readQuestion(
  { home, roles, accepts }: Engine,
  { kind, filling }: StoredTable,
  row: Entity,
  given: Given,
  state: StoreState,
): boolean {
  const principal = state.principal as Entity;
  const next = kind === "creates" ? row : kind === "updates" ? given.next : undefined;
  if (kind === "updates" && next?.kind.model.name !== row.kind.model.name) return false;
  if (!stands(principal, home, accepts) || !stands(row, home, accepts)) return false;
  if (next !== undefined && !stands(next, home, accepts)) return false;
  beginDecision(state);
  state.resource = kind === "reads" ? row : null;
  state.prior = kind === "updates" || kind === "deletes" ? row : null;
  state.next = next ?? null;
  const held = numbersOf(principal, roles);
  state.roles = held;
  state.roleCount = held.length;
  return (
    (!filling.isGiven || readGiven(filling, given, state)) && fillFacts(filling, state as Roots, home, state)
  );
}

/** Nobody asks about what was removed, nor about a draft below it, nor about a world of another model. */
function stands(entity: Entity, home: World, accepts: Engine["accepts"]): boolean {
  const { standing, kind } = entity;
  if (standing !== "stored" && !isDraft(entity)) return false;
  return kind.world === home || accepts(kind.world);
}

function isDraft({ standing, parents }: Entity): boolean {
  if (standing !== "draft") return false;
  // A forbid may speak of whoever came in the parent's place: the draft must be made anew below them.
  for (const parent of parents) if (parent.standing === "removed") return false;
  return true;
}

/** The rows are the tenant's own, where they are some tenant's. The state has a next row where the action has one. */
function isInScope(
  { first, second }: StoredTable["closed"],
  own: string | null,
  row: Entity,
  { next }: StoreState,
): boolean {
  return (
    (first.tenant < 0 || row.kind.world.tenant === own) &&
    (second === null || second.tenant < 0 || next?.kind.world.tenant === own)
  );
}

function numbersOf(principal: Entity, by: RoleNumbers): readonly number[] {
  const { numbered, roles } = principal;
  // Invariant: the members of a stored set never change; other roles are another set.
  if (numbered !== null && numbered.by === by && numbered.roles === roles) return numbered.numbers;
  const numbers = roles.items.flatMap((role) => by.numbers.get(role) ?? []);
  principal.numbered = { roles, by, numbers };
  return numbers;
}

function readGiven({ context, clock, limits, now }: Filling, given: Given, state: State): boolean {
  if (context !== null && !readLevel(context, ownValue(given, "context"), state)) return false;
  if (clock !== null && !readLevel(clock, ownValue(given, "clock"), state)) return false;
  if (now !== null && !takeFact(now, ownValue(given, "now"), state)) return false;
  for (const { rule, level } of limits)
    if (!readLevel(level, ownValue(ownValue(given, "limits"), rule), state)) return false;
  return true;
}
