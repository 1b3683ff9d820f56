/** One table, ready for lists: its facts, its atoms with what is known put in, and what they came to before. */
import {
  slotsOfTable,
  type KnownFacts,
  type Program,
  type Slot,
  type SlotSource,
  type Table,
} from "@wardline/core";
import { denied } from "../closure/denied.ts";
import { fixedFilter, type Filter } from "./filter.ts";
import type { FilterAnswer } from "./filter-answer.ts";
import type { Fold } from "./fold/fold-atom.ts";
import { compileKnownReader, open } from "./fold/known-values.ts";
import { conditionsAsked, foldsOf } from "./fold/table-folds.ts";
import { createPatternTree } from "./pattern-tree.ts";
import { ListFilter, type ListRules } from "./list-filter.ts";
import { makeSkeleton } from "./rules/skeleton.ts";
import type { Folded } from "./fold/tree.ts";
import { foreignResidual, headOf, refusedResidual } from "./write-residual.ts";

export interface PreparedTable {
  filter(known: KnownFacts): Filter;
  /** What a module of the program answers: see docs/spec/residual.md. */
  answer(known: KnownFacts): FilterAnswer;
  /** The filter that follows from such an answer. Throws a RangeError where the answer does not fit what is known. */
  fromAnswer(known: KnownFacts, answer: FilterAnswer): Filter;
}

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

  const foreign = (values: readonly unknown[]) =>
    fixedFilter(
      foreignResidual({ program, table, tenant: null, facts: facts(values), values, folded: () => false }),
    );
  /** Rules are asked of rows of the tenant alone. */
  const withOwn = (values: unknown[]): unknown[] => {
    if (!isShared) values[ownAt] = program.tenant;
    return values;
  };

  /** `found`: what the changing atoms came to. */
  const filterOf = (values: readonly unknown[], found: readonly Folded[], home: boolean): Filter => {
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

  const byId = [...places].toSorted(([a], [b]) => a - b).map(([, place]) => place);
  const spentOf = (values: readonly unknown[]): readonly number[] =>
    [
      ...new Set(
        [...pass.grants, ...pass.requires].flatMap(({ rule, limit }) =>
          limit !== undefined && values[limit.left] === 0 ? [rule] : [],
        ),
      ),
    ].toSorted((a, b) => a - b);

  return {
    filter(known) {
      const values = read(known);
      if (values === null) return refused;
      if (values[tenantAt] !== program.tenant) return foreign(values);
      const home = values[homeAt] === program.tenant;
      withOwn(values);
      const found: Folded[] = [];
      for (const fold of changing) found.push(fold(values));
      return filterOf(values, found, home);
    },
    answer(known) {
      const values = read(known);
      if (values === null) return { refused: "invalid_input" };
      if (values[tenantAt] !== program.tenant) return { refused: "out_of_scope" };
      withOwn(values);
      const letters = byId.map((place) => {
        const number = order[place];
        const answer = number === undefined ? null : (changing[number] as Fold)(values);
        return typeof answer === "boolean" ? (answer ? "t" : "f") : "o";
      });
      const home = values[homeAt] === program.tenant;
      return { table: index, home, atoms: letters.join(""), spent: spentOf(values) };
    },
    fromAnswer(known, answer) {
      const values = read(known);
      const isRefused = "refused" in answer;
      const reason = values === null ? "invalid_input" : "out_of_scope";
      if (values === null || values[tenantAt] !== program.tenant) {
        if (!isRefused || answer.refused !== reason) throw new RangeError(`what is known is ${reason}`);
        return values === null ? refused : foreign(values);
      }
      if (isRefused || answer.table !== index || answer.atoms.length !== byId.length)
        throw new RangeError("the answer is of another table");
      if (answer.home !== (values[homeAt] === program.tenant))
        throw new RangeError("the answer has another home");
      if (String(answer.spent) !== String(spentOf(values)))
        throw new RangeError("the answer has other limits");
      withOwn(values);
      const found: Folded[] = [];
      for (const [at, place] of byId.entries()) {
        const number = order[place];
        if (number !== undefined)
          found[number] = settled(answer.atoms[at], () => (changing[number] as Fold)(values));
      }
      return filterOf(values, found, answer.home);
    },
  };
}

/** What a letter says of an atom; one that is open is folded here. */
function settled(letter: string | undefined, fold: () => Folded): Folded {
  if (letter === "t" || letter === "f") return letter === "t";
  if (letter !== "o") throw new RangeError(`no answer of an atom is ${letter}`);
  return fold();
}

function slotOf(program: Program, table: Table, source: SlotSource): number {
  const wanted = JSON.stringify(source);
  const id = table.slots.find((slot) => JSON.stringify((program.slots[slot] as Slot).source) === wanted);
  // Invariant: every table reads the scope's slots; without them nothing may be permitted.
  if (id === undefined) throw new RangeError(`the table does not read ${wanted}`);
  return id;
}
