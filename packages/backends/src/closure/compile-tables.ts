/** All tables of a program, closed. */
import { slotsOfTable, type Program, type Table } from "@wardline/core";
import { compileAtom } from "./atom.ts";
import { compileConditions } from "./condition.ts";
import { compileFactReader, type FactReader, type ReaderContext } from "./fact-reader.ts";
import { createKnownPlaces, type KnownGroup } from "./known-facts.ts";
import { numberRoles } from "./role-numbers.ts";
import { compileTable, type ClosedTable, type TableContext } from "./table.ts";

/** A program whose tables are closed. Nothing in it keeps the program. */
export interface Compiled {
  readonly tables: Tables;
  /** The facts that a session reads before any row. */
  readonly known: readonly KnownGroup[];
  /** How many slots and nodes a state needs. */
  readonly slots: number;
  readonly nodes: number;
}

/** A table, and where its facts stand in a request. */
export interface ReadTable extends ClosedTable {
  readonly reader: FactReader;
}

export type Tables = ReadonlyMap<unknown, ReadonlyMap<unknown, ReadonlyMap<unknown, ReadTable>>>;

/** Throws a RangeError or TypeError if the program is not one that lowering makes or `loadProgram` accepts. */
export function compileTables(program: Program): Compiled {
  const roles = numberRoles(program);
  const conditions = compileConditions(program, (atom) => compileAtom(program, roles, atom));
  let slots = program.slots.length;
  let serial = 0;
  const context: TableContext & ReaderContext = {
    program,
    conditions,
    roles,
    entities: new Map(program.model.entities.map((entity) => [entity.name, entity])),
    extraSlot: () => slots++,
    nextSerial: () => serial++,
    shared: new Map<string, unknown>(),
    known: createKnownPlaces(),
  };
  const tables = new Map<unknown, Map<unknown, Map<unknown, ReadTable>>>();
  for (const table of program.tables) {
    const listed = new Set(table.slots);
    // Invariant: a condition reads only what this decision filled in, never what another one left.
    for (const slot of slotsOfTable(program, table))
      if (!listed.has(slot)) throw new RangeError(`slot ${slot} is read and not listed`);
    const actions = emplace(tables, table.principal, () => new Map<unknown, Map<unknown, ReadTable>>());
    const resources = emplace(actions, table.action, () => new Map<unknown, ReadTable>());
    emplace(resources, table.resource, () => readTable(context, table));
  }
  return { tables, known: context.known.settle(), slots, nodes: conditions.nodes };
}

/** Written out, so that its keys lie in the object itself: an engine keeps very many of these. */
function readTable(context: TableContext & ReaderContext, table: Table): ReadTable {
  const { own, tenant, home, first, second, following } = compileTable(context, table);
  const reader = compileFactReader(context, table);
  return { reader, own, tenant, home, first, second, following };
}

function emplace<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
