/**
 * The engine in the process: a program composed once into closures. It writes no code at run time, reads own keys alone,
 * and gives for every request the decision that core's `evaluate` gives.
 */
import { refuseBeyond } from "../beyond.ts";
import { lacks } from "./lacks.ts";
import { slotsOfTable, type Decision, type Program } from "@wardline/core";
import { compileAtom } from "./atom.ts";
import { compileConditions, countNodes } from "./condition.ts";
import { denied } from "./denied.ts";
import { beginDecision, createState, type State } from "./state.ts";
import { compileTable, type TableDecide } from "./table.ts";
import { ownValue } from "./value-check.ts";

export interface Engine {
  /** The decision on a request document. Whatever is not a proper request (any JSON value) is denied as `invalid_input`. */
  readonly decide: (request: unknown) => Decision;
}

/** Throws a RangeError or TypeError if the program is not one that lowering makes or `loadProgram` accepts. */
export function compileClosures(program: Program): Engine {
  refuseBeyond(program, lacks);
  const tests = compileConditions(program, compileAtom);
  const tables = new Map<string, Map<string, Map<string, TableDecide>>>();
  for (const table of program.tables) {
    const listed = new Set(table.slots);
    // Invariant: a condition reads only what this decision filled in, never what another one left.
    for (const slot of slotsOfTable(program, table))
      if (!listed.has(slot)) throw new RangeError(`slot ${slot} is read and not listed`);
    const actions = emplace(tables, table.principal, () => new Map<string, Map<string, TableDecide>>());
    const resources = emplace(actions, table.action, () => new Map<string, TableDecide>());
    emplace(resources, table.resource, () => compileTable(program, table, tests));
  }

  // A request with an accessor can come back in while it is read; it then works in a state of its own.
  let idle: State | null = null;
  const fresh = () => createState(program.slots.length, countNodes(program));

  return Object.freeze({
    decide: (request: unknown): Decision => {
      const table = findDecide(tables, request);
      if (table === undefined) return denied.invalid_input;
      const state = idle ?? fresh();
      idle = null;
      try {
        beginDecision(state);
        return table(request, state);
      } finally {
        state.facts.fill(undefined);
        idle = state;
      }
    },
  });
}

function findDecide(
  tables: ReadonlyMap<unknown, ReadonlyMap<unknown, ReadonlyMap<unknown, TableDecide>>>,
  request: unknown,
): TableDecide | undefined {
  const actions = tables.get(ownValue(ownValue(request, "principal"), "type"));
  if (actions === undefined) return undefined;
  const resources = actions.get(ownValue(ownValue(request, "action"), "name"));
  return resources?.get(ownValue(ownValue(request, "resource"), "type"));
}

function emplace<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
