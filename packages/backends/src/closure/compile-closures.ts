/**
 * The engine in the process: a program composed once into closures. It writes no code at run time, reads own keys alone,
 * and gives for every request the decision that core's `evaluate` gives.
 */
import { refuseBeyond } from "../beyond.ts";
import { lacks } from "./lacks.ts";
import { slotsOfTable, type Decision, type Program } from "@wardline/core";
import { compileAtom } from "./atom.ts";
import { compileConditions } from "./condition.ts";
import { denied } from "./denied.ts";
import { compileFactReader, type FactReader, type Head } from "./fact-reader.ts";
import { createMemory } from "./memory.ts";
import { isInherited, isOrdinary, ownValue } from "./own.ts";
import { numberRoles } from "./role-numbers.ts";
import type { IndexContext } from "./rule-index.ts";
import { beginDecision, createState, type State } from "./state.ts";
import { compileTable, type TableAnswers } from "./table.ts";

export interface Engine {
  /**
   * The decision on a request document. Whatever is not a proper request (any JSON value) is denied as `invalid_input`.
   * Decisions may be frozen and shared.
   */
  readonly decide: (request: unknown) => Decision;
  /** True if {@link decide} permits: the same answer without rules and obligations, which the caller then can't carry out. */
  readonly allows: (request: unknown) => boolean;
}

interface CompiledTable extends TableAnswers {
  readonly read: FactReader;
}

type Tables = ReadonlyMap<unknown, ReadonlyMap<unknown, ReadonlyMap<unknown, CompiledTable>>>;

/** Throws a RangeError or TypeError if the program is not one that lowering makes or `loadProgram` accepts. */
export function compileClosures(program: Program): Engine {
  refuseBeyond(program, lacks);
  const roles = numberRoles(program);
  const conditions = compileConditions(program, (atom) => compileAtom(program, roles, atom));
  const context: IndexContext = { program, conditions, roles };
  let slots = program.slots.length;
  const readers = { program, roles, extraSlot: () => slots++, shared: new Map<string, unknown>() };
  const memory = createMemory();
  const tables = new Map<unknown, Map<unknown, Map<unknown, CompiledTable>>>();
  for (const table of program.tables) {
    const listed = new Set(table.slots);
    // Invariant: a condition reads only what this decision filled in, never what another one left.
    for (const slot of slotsOfTable(program, table))
      if (!listed.has(slot)) throw new RangeError(`slot ${slot} is read and not listed`);
    const actions = emplace(tables, table.principal, () => new Map<unknown, Map<unknown, CompiledTable>>());
    const resources = emplace(actions, table.action, () => new Map<unknown, CompiledTable>());
    emplace(resources, table.resource, () => ({
      ...compileTable(context, table, memory),
      read: compileFactReader(readers, table),
    }));
  }

  // A request with an accessor can come back in while it is read; it then works in a state of its own.
  let idle: State | null = null;
  const fresh = () => createState(slots, conditions.nodes);
  const take = (): State => {
    const state = idle ?? fresh();
    idle = null;
    beginDecision(state);
    return state;
  };

  return Object.freeze({
    decide: (request: unknown): Decision => {
      const head = openHead(request);
      const table = head === null ? undefined : findTable(tables, head);
      if (head === null || table === undefined) return denied.invalid_input;
      const state = take();
      const decision = table.read(head, state) ? table.decide(state) : denied.invalid_input;
      idle = state;
      return decision;
    },
    allows: (request: unknown): boolean => {
      const head = openHead(request);
      const table = head === null ? undefined : findTable(tables, head);
      if (head === null || table === undefined) return false;
      const state = take();
      const isAllowed = table.read(head, state) && table.allows(state);
      idle = state;
      return isAllowed;
    },
  });
}

/** What the request names, each read once; null for what is no object. */
function openHead(request: unknown): Head | null {
  if (typeof request !== "object" || request === null) return null;
  const document = request as Readonly<Record<string, unknown>>;
  let { principal, action, resource } = document;
  if (!isOrdinary(document) || isInherited("principal") || isInherited("action") || isInherited("resource")) {
    principal = ownValue(document, "principal");
    action = ownValue(document, "action");
    resource = ownValue(document, "resource");
  }
  return { request: document, principal, action, resource };
}

function findTable(tables: Tables, { principal, action, resource }: Head): CompiledTable | undefined {
  const actions = tables.get(typeOf(principal));
  if (actions === undefined) return undefined;
  const resources = actions.get(nameOf(action));
  return resources?.get(typeOf(resource));
}

function typeOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  const { type } = value as { readonly type?: unknown };
  return isOrdinary(value) && !isInherited("type") ? type : ownValue(value, "type");
}

function nameOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  const { name } = value as { readonly name?: unknown };
  return isOrdinary(value) && !isInherited("name") ? name : ownValue(value, "name");
}

function emplace<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
