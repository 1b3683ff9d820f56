/** The tables of a program over worlds: closed with atoms that find their facts there, and found by the types of entities. */
import { slotsOfAtom, type ActionKind, type PathStart, type Program } from "@wardline/core";
import { compileAtom } from "../closure/atom.ts";
import { compileConditions, type Conditions } from "../closure/condition.ts";
import { countUses, type Uses } from "../closure/count-uses.ts";
import type { RoleNumbers } from "../closure/role-numbers.ts";
import { slotsOfIndex } from "../closure/rule-index.ts";
import { compileTable, type ClosedPass, type ClosedTable, type TableContext } from "../closure/table.ts";
import type { Entity } from "./entity.ts";
import { compileFilling, type Filling } from "./fill.ts";
import { compileStoreAtom, type StoreAtoms } from "./store-atom.ts";
import type { World } from "./world.ts";

export interface StoredTable {
  readonly closed: ClosedTable;
  readonly filling: Filling;
  readonly kind: ActionKind;
}

/** By the places of the principal's and the row's type in the model, then by action. Every place is filled. */
export type StoredTables = readonly (TablesByRow | undefined)[];

type TablesByRow = (Map<string, StoredTable> | undefined)[];

export function findStored(
  tables: StoredTables,
  principal: Entity,
  action: string,
  row: Entity,
): StoredTable | undefined {
  const at = principal.kind.at;
  const rows = at < tables.length ? tables[at] : undefined;
  const place = row.kind.at;
  return rows === undefined || place >= rows.length ? undefined : rows[place]?.get(action);
}

export function compileStoredTables(program: Program, home: World, roles: RoleNumbers): StoredTables {
  const { model } = program;
  const uses = countUses(program);
  const places = new Map(model.entities.map(({ name }, place) => [name, place]));
  const kinds = new Map(model.actions.map(({ name, kind }) => [name, kind]));
  const entities = new Map(model.entities.map((entity) => [entity.name, entity]));
  const pairs = new Map<string, Pair>();
  const tables: (TablesByRow | undefined)[] = model.entities.map(() => undefined);
  let serial = 0;
  for (const table of program.tables) {
    const kind = kinds.get(table.action);
    const [principal, row] = [places.get(table.principal), places.get(table.resource)];
    if (kind === undefined || principal === undefined || row === undefined)
      throw new RangeError(`the model has no ${table.action} by ${table.principal} on ${table.resource}`);
    const key = `${principal} ${row}`;
    const pair = pairs.get(key) ?? compilePair(program, home, { start: table, roles, uses });
    pairs.set(key, pair);
    const { conditions } = pair;
    const context: TableContext = { program, conditions, roles, entities, nextSerial: () => serial++ };
    const closed = compileTable(context, table);
    const eager = new Set([...pair.eager, ...slotsOfClosed(closed)]);
    const filling = compileFilling(program, table, { roles, own: program.tenant, eager });
    const rows = (tables[principal] ??= model.entities.map(() => undefined));
    const actions = (rows[row] ??= new Map<string, StoredTable>());
    if (!actions.has(table.action)) actions.set(table.action, { closed, filling, kind });
  }
  return tables;
}

/** What the tables of one type of principal and one of rows share. */
interface Pair {
  readonly conditions: Conditions;
  /** The slots that their atoms look up in the state. */
  readonly eager: ReadonlySet<number>;
}

interface PairOptions {
  readonly start: PathStart;
  readonly roles: RoleNumbers;
  readonly uses: Uses;
}

function compilePair(program: Program, home: World, { start, roles, uses }: PairOptions): Pair {
  const eager = new Set<number>();
  const atoms: StoreAtoms = { program, home, start };
  const conditions = compileConditions(
    program,
    (atom) => {
      const found = compileStoreAtom(atoms, atom);
      if (found !== null) return found;
      for (const slot of slotsOfAtom(atom)) eager.add(slot);
      return compileAtom(program, roles, atom);
    },
    uses,
  );
  return { conditions, eager };
}

/** The slots that a table itself looks up in the state: those of its indexes. Its scope is seen from the worlds. */
function slotsOfClosed({ first, second }: ClosedTable): readonly number[] {
  const ofPass = (pass: ClosedPass) =>
    [pass.forbids, pass.floors, pass.permits, pass.shares, pass.requires].flatMap(slotsOfIndex);
  return [...ofPass(first), ...(second === null ? [] : ofPass(second))];
}
