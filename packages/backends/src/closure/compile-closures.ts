/**
 * The engine in the process: a program composed once into closures. It writes no code at run time, reads own keys alone,
 * and gives for every request the decision that core's `evaluate` gives.
 */
import type { Decision, Program } from "@wardline/core";
import { compileTables, type Compiled, type ReadTable, type Tables } from "./compile-tables.ts";
import { denied } from "./denied.ts";
import { readFacts, type Head } from "./fact-reader.ts";
import { readKnown } from "./known-facts.ts";
import { ordinaryPrototype, isOrdinary, ownValue } from "./own.ts";
import { Running } from "./running.ts";
import { OpenSession, type AskerFacts, type Session } from "./session.ts";
import { decideTable, tableAllows } from "./table.ts";

export type { AskerFacts, Session };

export interface Engine {
  /**
   * The decision on a request document. Whatever is not a proper request (any JSON value) is denied as `invalid_input`.
   * Decisions may be frozen and shared.
   */
  readonly decide: (request: unknown) => Decision;
  /** True if {@link decide} permits: the same answer without rules and obligations, which the caller then can't carry out. */
  readonly allows: (request: unknown) => boolean;
  /** Opens a session of one asker, whose facts are read, checked and copied now, and asked about rows as often as wished. */
  readonly session: (known: AskerFacts) => Session;
}

/** Throws a RangeError or TypeError if the program is not one that lowering makes or `loadProgram` accepts. */
export function compileClosures(program: Program): Engine {
  return engineOf(compileTables(program));
}

function engineOf({ tables, known: groups, slots, nodes }: Compiled): Engine {
  const running = new Running(slots, nodes);

  return Object.freeze({
    decide: (request: unknown): Decision => {
      const head = openHead(request);
      const table = head === null ? undefined : findTable(tables, head);
      if (head === null || table === undefined) return denied.invalid_input;
      const state = running.take();
      const isProper = readFacts(table.reader, head, state);
      const decision = isProper ? decideTable(table, state, running.memory) : denied.invalid_input;
      running.idle = state;
      return decision;
    },
    allows: (request: unknown): boolean => {
      const head = openHead(request);
      const table = head === null ? undefined : findTable(tables, head);
      if (head === null || table === undefined) return false;
      const state = running.take();
      const isAllowed = readFacts(table.reader, head, state) && tableAllows(table, state);
      running.idle = state;
      return isAllowed;
    },
    session: (known: AskerFacts): Session => {
      const principal = ownValue(known, "principal");
      const ofPrincipal = tables.get(principalType(principal));
      const state = running.take();
      const session = new OpenSession(running, ofPrincipal, readKnown(groups, known, state));
      running.idle = state;
      return session;
    },
  });
}

/** What the request names, each read once; null for what is no object. */
function openHead(request: unknown): Head | null {
  if (typeof request !== "object" || request === null) return null;
  const document = request as Readonly<Record<string, unknown>>;
  let { principal, action, resource } = document;
  if (
    !isOrdinary(document) ||
    "principal" in ordinaryPrototype ||
    "action" in ordinaryPrototype ||
    "resource" in ordinaryPrototype
  ) {
    principal = ownValue(document, "principal");
    action = ownValue(document, "action");
    resource = ownValue(document, "resource");
  }
  return { request: document, principal, action, resource };
}

function findTable(tables: Tables, { principal, action, resource }: Head): ReadTable | undefined {
  const actions = tables.get(principalType(principal));
  if (actions === undefined) return undefined;
  const resources = actions.get(nameOf(action));
  return resources?.get(resourceType(resource));
}

// Written for each kind of object, so that each meets objects of one shape and reads the key without a search.

function principalType(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  const { type } = value as { readonly type?: unknown };
  return isOrdinary(value) && !("type" in ordinaryPrototype) ? type : ownValue(value, "type");
}

function resourceType(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  const { type } = value as { readonly type?: unknown };
  return isOrdinary(value) && !("type" in ordinaryPrototype) ? type : ownValue(value, "type");
}

function nameOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  const { name } = value as { readonly name?: unknown };
  return isOrdinary(value) && !("name" in ordinaryPrototype) ? name : ownValue(value, "name");
}
