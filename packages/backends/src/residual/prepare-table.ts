/** One table, ready for lists: its facts, its atoms with what is known put in, and what they came to before. */
import {
  childrenOf,
  conditionsOf,
  slotsOfAtom,
  slotsOfTable,
  type Atom,
  type Condition,
  type KnownFacts,
  type Program,
  type Slot,
  type SlotSource,
  type Table,
} from "@wardline/core";
import { denied } from "./denied.ts";
import { fixedFilter, type Filter } from "./filter.ts";
import { foldAtom, type Fold } from "./fold/fold-atom.ts";
import { comesWithRow, compileKnownReader, open } from "./fold/known-values.ts";
import { createPatternTree } from "./pattern-tree.ts";
import { ListFilter, type ListRules } from "./list-filter.ts";
import { makeSkeleton } from "./rules/skeleton.ts";
import type { Folded } from "./fold/tree.ts";
import { foreignResidual, headOf, refusedResidual } from "./write-residual.ts";

export type PreparedTable = (known: KnownFacts) => Filter;

/**
 * `names`: those of all rules. Throws a RangeError if the table is asked of two rows, or is not one that lowering makes or
 * `loadProgram` accepts.
 */
export function prepareTable(program: Program, index: number, names: readonly string[]): PreparedTable {
  const table = program.tables[index];
  const [pass, ...others] = table?.passes ?? [];
  if (table === undefined || pass === undefined || others.length > 0)
    throw new RangeError(`table ${index} is not asked of one row`);
  const entity = program.model.entities.find(({ name }) => name === table.resource);
  if (entity === undefined) throw new RangeError(`no entity ${table.resource}`);
  for (const slot of slotsOfTable(program, table))
    // Invariant: a condition reads only what was checked.
    if (!table.slots.includes(slot)) throw new RangeError(`slot ${slot} is read and not listed`);

  const isShared = entity.shared === true;
  const tenantAt = slotOf(program, table, { from: "tenant", part: "id" });
  const homeAt = slotOf(program, table, { from: "principal", part: "tenant" });
  const ownAt = isShared ? -1 : slotOf(program, table, { from: "row", row: pass.row, part: "tenant" });
  const relations = table.slots.filter((id) => (program.slots[id] as Slot).source.from === "relation");
  const limits = [...new Set([...pass.grants, ...pass.requires].flatMap(({ limit }) => limit?.left ?? []))];
  const asked = conditionsAsked(program, table);
  const { places, fixed, changing, order } = foldsOf(program, asked, ownAt);
  const read = compileKnownReader(program, table);
  const facts = (values: readonly unknown[]) =>
    table.slots.filter((id) => id === ownAt || values[id] === open);

  const pattern = new Uint8Array(changing.length + limits.length + relations.length + 1);
  const patterns = createPatternTree<ListRules>(pattern.length);
  const refused = fixedFilter(refusedResidual(headOf(table), denied.invalid_input));

  return (known) => {
    const values = read(known);
    if (values === null) return refused;
    if (values[tenantAt] !== program.tenant)
      return fixedFilter(
        foreignResidual({ program, table, tenant: null, facts: facts(values), values, folded: () => false }),
      );
    const home = values[homeAt] === program.tenant;
    // Rules are asked of rows of the tenant alone.
    if (!isShared) values[ownAt] = program.tenant;
    const found: Folded[] = [];
    for (const fold of changing) found.push(fold(values));
    let at = 0;
    for (const answer of found) pattern[at++] = answer === false ? 0 : answer === true ? 1 : 2;
    for (const limit of limits) pattern[at++] = values[limit] === 0 ? 1 : 0;
    for (const relation of relations) pattern[at++] = values[relation] === open ? 2 : 0;
    pattern[at] = home ? 1 : 0;
    const folded = (place: number): Folded => {
      const answer = fixed[place] ?? found[order[place] ?? -1];
      if (answer === undefined) throw new RangeError(`no atom at ${place}`);
      return answer;
    };
    const rules = patterns.get(pattern, () => {
      const skeleton = makeSkeleton({
        program,
        table,
        pass,
        entity,
        asked,
        place: (atom) => places.get(atom) as number,
        truth: (place) => {
          const answer = folded(place);
          return typeof answer === "boolean" ? answer : undefined;
        },
        home,
        isSpent: (left) => values[left] === 0,
      });
      return {
        program,
        table,
        skeleton,
        names,
        tenant: isShared ? null : program.tenant,
        facts: facts(values),
        rows: null,
      };
    });
    return new ListFilter(rules, values, folded);
  };
}

/** The conditions that the table asks, children before parents. */
function conditionsAsked(program: Program, table: Table): readonly number[] {
  const found = new Set<number>();
  const left = [...conditionsOf(table)];
  for (let index = left.pop(); index !== undefined; index = left.pop()) {
    if (found.has(index)) continue;
    found.add(index);
    left.push(...childrenOf(program.conditions[index] as Condition));
  }
  return [...found].toSorted((a, b) => a - b);
}

interface Folds {
  /** Atom of the program → its place in the table. */
  readonly places: ReadonlyMap<number, number>;
  /** By place: what an atom comes to whatever is known; undefined where that changes. */
  readonly fixed: readonly (Folded | undefined)[];
  readonly changing: readonly Fold[];
  /** By place: the number among the changing. */
  readonly order: readonly (number | undefined)[];
}

/** `own`: the slot that is known of every row that rules are asked of. */
function foldsOf(program: Program, asked: readonly number[], own: number): Folds {
  const places = new Map<number, number>();
  const fixed: (Folded | undefined)[] = [];
  const order: (number | undefined)[] = [];
  const changing: Fold[] = [];
  const isOfRow = (slot: number) => slot !== own && comesWithRow((program.slots[slot] as Slot).source);
  const ofRow = program.slots.map(() => open);
  for (const index of asked) {
    const condition = program.conditions[index] as Condition;
    if (condition.kind !== "atom" || places.has(condition.atom)) continue;
    const atom = program.atoms[condition.atom] as Atom;
    const fold = foldAtom(program, atom);
    const isFixed = slotsOfAtom(atom).every(isOfRow);
    places.set(condition.atom, fixed.push(isFixed ? fold(ofRow) : undefined) - 1);
    order.push(isFixed ? undefined : changing.push(fold) - 1);
  }
  return { places, fixed, changing, order };
}

function slotOf(program: Program, table: Table, source: SlotSource): number {
  const wanted = JSON.stringify(source);
  const id = table.slots.find((slot) => JSON.stringify((program.slots[slot] as Slot).source) === wanted);
  // Invariant: every table reads the scope's slots; without them nothing may be permitted.
  if (id === undefined) throw new RangeError(`the table does not read ${wanted}`);
  return id;
}
