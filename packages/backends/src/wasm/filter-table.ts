/**
 * What a list is answered with, for one table: the answer of docs/spec/residual.md. It is written from a text in which every
 * atom is open, over which the atoms that are known put their letters.
 */
import { slotsOfAtom, type Atom, type Program, type Slot, type Table } from "@wardline/core";
import { comesWithRow } from "../comes-with-row.ts";
import { conditionsAsked } from "../residual/fold/table-folds.ts";
import {
  call,
  i32Add,
  i32And,
  i32Const,
  i32Eq,
  i32Or,
  i32Type,
  i64Eqz,
  loadAt,
  loadLongAt,
  localGet,
  localSet,
  memoryCopy,
  select,
  storeByteAt,
  when,
  whenElse,
  type Code,
} from "./assembler.ts";
import { atomCode, type AtomContext } from "./atoms.ts";
import { functionLimit } from "./conditions.ts";
import { cell } from "./layout.ts";
import type { TablePlan } from "./table-plan.ts";
import type { RecordContext } from "./table-record.ts";

/** A table that lists ask: one of the program with one pass, whose action does not update. */
export interface FilterTable {
  /** Its index in the program. */
  readonly index: number;
  /** As the program has it. The plan may know of fewer rules, since a decision needs no more. */
  readonly table: Table;
  readonly plan: TablePlan;
  /** The atoms that its conditions ask, ascending. */
  readonly atoms: readonly number[];
}

export function filterTables(program: Program, plans: readonly TablePlan[]): readonly FilterTable[] {
  const updating = new Set(program.model.actions.flatMap((a) => (a.kind === "updates" ? [a.name] : [])));
  return plans.flatMap((plan) => {
    const { principal, action, resource } = plan.table;
    const index = program.tables.findIndex(
      (t) => t.principal === principal && t.action === action && t.resource === resource,
    );
    const table = program.tables[index];
    if (table === undefined || updating.has(action) || table.passes.length !== 1) return [];
    return [{ index, table, plan, atoms: atomsOf(program, table) }];
  });
}

function atomsOf(program: Program, table: Table): readonly number[] {
  const atoms = conditionsAsked(program, table).flatMap((index) => {
    const condition = program.conditions[index];
    return condition?.kind === "atom" ? [condition.atom] : [];
  });
  return [...new Set(atoms)].toSorted((a, b) => a - b);
}

/** Writes the record of a list, as runtime/scope.ts reads it: the facts that no row brings, and the cells of the scope. */
export function writeFilterRecord(
  program: Program,
  { table, plan }: FilterTable,
  { cells, image, descriptors }: RecordContext,
  optional: (slot: Slot) => number,
): number {
  const facts = table.slots.flatMap((id) => {
    const slot = program.slots[id] as Slot;
    if (comesWithRow(slot.source)) return [];
    // Pairs that are not known come with each row.
    return slot.source.from === "relation" ? [optional(slot)] : [descriptors.get(id) as number];
  });
  const before = Array.from<number>({ length: 16 }).fill(0);
  const scope = [cells.of(plan.tenant), cells.of(plan.home)];
  return image.words([...before, image.words(facts), facts.length, ...scope, 0, 0]);
}

const home = 1;
const start = 2;
/** Where the letters begin; then where the next byte goes. */
const letters = 3;
const next = 4;

/** Adds the function that the runtime calls for a list in scope, and which gives the address of the answer. */
export function addFilterTable(program: Program, list: FilterTable, context: AtomContext): number {
  const { functions, image } = context;
  const open = "o".repeat(list.atoms.length);
  const [ours, theirs] = [true, false].map((isHome) => {
    const before = `[{"result":{"table":${list.index},"home":${isHome},"atoms":"`;
    return { text: image.text(`${before}${open}","spent":`), at: before.length };
  }) as [Beginning, Beginning];
  const spent = spentRules(list, context);
  const room = theirs.text.length + 8 + spent.reduce((sum, { text }) => sum + text.length, 0);
  const code = [
    ...i32Const(room),
    ...functions.call("opa_malloc"),
    ...localSet(start),
    ...localGet(home),
    ...whenElse(begin(ours), begin(theirs)),
    ...lettersCode(program, list, context),
    ...localGet(next),
    ...localSet(letters),
    ...spent.flatMap(({ text, isSpent }) => [...isSpent, ...when(append(image.text(text)))]),
    ...finish(context),
  ];
  return functions.add(
    { parameters: [i32Type, i32Type], results: [i32Type] },
    [i32Type, i32Type, i32Type],
    [...code, ...localGet(start)],
  );
}

interface Piece {
  readonly at: number;
  readonly length: number;
}

interface Beginning {
  readonly text: Piece;
  /** How many bytes stand before the letters. */
  readonly at: number;
}

function begin({ text, at }: Beginning): Code {
  return [
    ...localGet(start),
    ...i32Const(text.at),
    ...i32Const(text.length),
    ...memoryCopy,
    ...localGet(start),
    ...i32Const(at),
    ...i32Add,
    ...localSet(letters),
    ...localGet(start),
    ...i32Const(text.length),
    ...i32Add,
    ...localSet(next),
  ];
}

function append({ at, length }: Piece): Code {
  return [
    ...localGet(next),
    ...i32Const(at),
    ...i32Const(length),
    ...memoryCopy,
    ...localGet(next),
    ...i32Const(length),
    ...i32Add,
    ...localSet(next),
  ];
}

/** Each rule stands with a comma before it: that of the first becomes the bracket. A NUL ends the answer. */
function finish({ image }: AtomContext): Code {
  const end = image.text("]}}]");
  return [
    ...localGet(next),
    ...localGet(letters),
    ...i32Eq,
    ...when([...localGet(next), ...i32Const(1), ...i32Add, ...localSet(next)]),
    ...localGet(letters),
    ...i32Const(0x5b),
    ...storeByteAt(0),
    ...append({ at: end.at, length: end.length + 1 }),
  ];
}

/** Functions that are given where the letters begin, none of them large. */
function lettersCode(program: Program, list: FilterTable, context: AtomContext): Code {
  const runs: Code[][] = [];
  let size = functionLimit;
  for (const [place, id] of list.atoms.entries()) {
    const code = letterCode(program, program.atoms[id] as Atom, place, context);
    if (size + code.length > functionLimit) {
      runs.push([]);
      size = 0;
    }
    runs.at(-1)?.push(code);
    size += code.length;
  }
  return runs.flatMap((run) => [
    ...localGet(letters),
    ...call(context.functions.add({ parameters: [i32Type], results: [] }, [], run.flat())),
  ]);
}

/** Nothing for an atom that reads a row: its letter stands. */
function letterCode(program: Program, atom: Atom, place: number, context: AtomContext): Code {
  const { cells, functions } = context;
  if (slotsOfAtom(atom).some((slot) => comesWithRow((program.slots[slot] as Slot).source))) return [];
  // Tables ask the same atoms: what is longer than a call stands once.
  const asked = functions.add({ parameters: [], results: [i32Type] }, [], atomCode(atom, context));
  const letter = [
    ...localGet(0),
    ...i32Const(0x74),
    ...i32Const(0x66),
    ...call(asked),
    ...select,
    ...storeByteAt(place),
  ];
  if (atom.kind !== "related") return letter;
  return [...loadAt(cells.relation(atom.slot) + cell.present), ...when(letter)];
}

/** The rules of the table that have limits, ascending. */
function spentRules({ table }: FilterTable, { cells }: AtomContext) {
  const left = new Map<number, Set<number>>();
  for (const { grants, requires } of table.passes)
    for (const { rule, limit } of [...grants, ...requires]) {
      if (limit === undefined) continue;
      left.set(rule, (left.get(rule) ?? new Set<number>()).add(cells.count(limit.left)));
    }
  return [...left]
    .toSorted(([a], [b]) => a - b)
    .map(([rule, counts]) => ({ text: `,${rule}`, isSpent: [...counts].map(isZero).reduce(either) }));
}

function isZero(at: number): Code {
  return [...loadAt(at + cell.present), ...loadLongAt(at + cell.value), ...i64Eqz, ...i32And];
}

function either(a: Code, b: Code): Code {
  return [...a, ...b, ...i32Or];
}
