/**
 * A program as a WebAssembly module of the OPA ABI 1.3, which any OPA host loads. Every decision is that of `evaluate`;
 * what is not well-formed JSON in UTF-8 aborts, and the module stays usable.
 */
import { referenceSource, slotPath, type Atom, type Program, type Slot, type Table } from "@wardline/core";
import {
  entrypoints,
  listEntrypoint,
  writeAnswers,
  writeErrors,
  writeParts,
  writeRefusals,
  writeValue,
} from "./answers.ts";
import { Cells } from "./cells.ts";
import { conditionCodes } from "./conditions.ts";
import { hasNameBits, writeDescriptor } from "./facts.ts";
import { addFilterEntry } from "./filter-entry.ts";
import { addFilterTable, filterTables, writeFilterRecord } from "./filter-table.ts";
import { Image } from "./image.ts";
import { cellSize, configAddress, configWords, State, stateAddress, type Found } from "./layout.ts";
import { Functions, link } from "./linker.ts";
import { Names } from "./names.ts";
import { needless } from "./needs.ts";
import { Paths } from "./paths.ts";
import { reach } from "./reach.ts";
import { addTable } from "./table-code.ts";
import { planTable, ruleOf, type TablePlan } from "./table-plan.ts";
import { roomFor, writeTable } from "./table-record.ts";

export interface WasmOptions {
  /**
   * The module also has the entrypoint `wardline/filter`, which answers lists: docs/spec/residual.md. It is larger for that, and
   * one that does not have it is what it would be without this option.
   */
  readonly filter?: boolean;
}

/**
 * The bytes of the module, the same for the same program. Entrypoints: `wardline/decision` (the default), the decision
 * document, and `wardline/allow`, true for a permit and nothing else. Throws if the program is not one that lowering makes.
 *
 * Evaluation aborts, and a host throws the message, if the input is not JSON (RFC 8259) in UTF-8 (RFC 3629) without a
 * byte order mark, nests deeper than 8192 or is longer than 16 MiB. No input at all is an `invalid_input`.
 */
export function compileWasm(program: Program, { filter = false }: WasmOptions = {}): Uint8Array<ArrayBuffer> {
  const reached = reach(program);
  const plans = reached.tables.map((table) => planTable(program, table));
  const lists = filter ? filterTables(program, plans) : [];
  const listed = new Set(lists.flatMap((list) => list.atoms));
  const asked = program.atoms.filter((_, i) => (reached.atoms[i] as number) > 0 || listed.has(i));
  const names = new Names(setNames(asked));
  const slots = reached.slots.map((id) => program.slots[id] as Slot);
  const references = slots.map(referencePath).filter((path) => path !== null);
  const paths = new Paths([
    ...Object.values(dispatch),
    ...slots.map((slot) => slotPath(slot.source)),
    ...references,
  ]);
  const leafAt = (path: readonly string[]) => leaves + paths.leaf(path) * 4;

  const state = new State();
  const bits = (count: number) => state.take(count / 8 + 1);
  const cellsAt = state.take(program.slots.length * cellSize);
  const leaves = state.take(paths.count * 4);
  const memo = state.take(program.atoms.length + program.conditions.length);
  const setBits = new Map(
    program.slots.flatMap((slot, id) => (hasNameBits(slot) ? [[id, bits(names.ofSets + 63)] as const] : [])),
  );
  const rooms = plans.map(roomFor);
  const room = (of: keyof Found) => state.take(rooms.reduce((most, needed) => Math.max(most, needed[of]), 0));
  const found: Found = {
    entries: room("entries"),
    passes: room("passes"),
    places: room("places"),
    marks: room("marks"),
    draws: room("draws"),
    told: room("told"),
  };

  const image = new Image(state.end);
  const functions = new Functions();
  const cells = new Cells(program, cellsAt, setBits, image, names);
  const describe = (slot: Slot): number => {
    const behind = referencePath(slot);
    const place = {
      leaf: leafAt(slotPath(slot.source)),
      reference: behind === null ? 0 : leafAt(behind),
      cell: cells.of(slot.id),
      bits: setBits.get(slot.id) ?? 0,
    };
    return writeDescriptor(slot, place, image, names);
  };
  const descriptors = new Map(reached.slots.map((id) => [id, describe(program.slots[id] as Slot)]));
  const conditions = conditionCodes(program, reached, memo, { cells, image, functions });
  const context = { cells, image, functions, conditions, descriptors };
  const tables = plans
    .map((plan) => ({
      key: tableKey(plan.table, names),
      record: writeTable(plan, context),
      function: addTable(plan, context),
    }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const listTables = lists
    .map((list) => ({
      key: tableKey(list.table, names),
      record: writeFilterRecord(program, list, context, (slot) => describe({ ...slot, optional: true })),
      function: addFilterTable(program, list, context),
    }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const ownTenant = cells.constant(program.tenant, { kind: "string" });
  const tableKeys = image.longs(tables.map((table) => table.key));
  const known = names.write(image);
  const config = {
    root: paths.write(image, leaves),
    state: stateAddress,
    stateLength: state.end - stateAddress,
    names: known.at,
    namesMask: known.mask,
    longestName: known.longest,
    setNames: names.ofSets,
    principal: leafAt(dispatch.principal),
    action: leafAt(dispatch.action),
    resource: leafAt(dispatch.resource),
    tableKeys,
    tableCount: tables.length,
    builtins: writeValue(image, {}),
    entrypoints: writeValue(image, filter ? { ...entrypoints, ...listEntrypoint } : entrypoints),
    errors: writeErrors(image),
    answers: writeAnswers(image),
    parts: writeParts(image),
    rules: writeRules(program, plans, image),
    found,
    tables: image.words(tables.map((table) => table.record)),
    ownTenant,
  };
  for (const name of needless(slots, asked, plans)) functions.leaveOut(name);
  // The functions of lists stand after those of decisions, and so must their keys: no key is 0.
  const listKeys = [...tables.map(() => 0n), ...listTables.map((table) => table.key)];
  const listConfig = filter
    ? {
        tableKeys: image.longs(listKeys),
        tableCount: listKeys.length,
        tables: image.words(listTables.map((table) => table.record)) - tables.length * 4,
        answers: writeRefusals(image),
      }
    : null;
  const heap = image.bytes([], 64);
  const replaced =
    listConfig === null
      ? new Map<string, number>()
      : addFilterEntry(functions, listEntrypoint["wardline/filter"], { ...config, heap }, listConfig);
  const block = new Image(configAddress);
  block.words(configWords({ ...config, heap }));
  return link(
    functions,
    [...tables, ...listTables].map((table) => table.function),
    [
      { address: block.start, bytes: block.contents() },
      { address: image.start, bytes: image.contents() },
    ],
    heap,
    replaced,
  );
}

/** Where it stands who asks, what, and of which type. */
const dispatch = {
  principal: ["principal", "type"],
  action: ["action", "name"],
  resource: ["resource", "type"],
} as const;

/** Where the reference stands that a slot stands behind; null if it stands behind none. */
function referencePath({ source }: Slot): readonly string[] | null {
  const reference = source.from === "reference" ? referenceSource(source.of) : null;
  return reference === null ? null : slotPath(reference);
}

/** The ids of the rules that answers can name, by number. */
function writeRules(program: Program, plans: readonly TablePlan[], image: Image): number {
  const named = new Set(plans.flatMap((plan) => plan.entries.map((entry) => entry.rule)));
  return image.words(
    program.rules.flatMap((_, rule) => {
      if (!named.has(rule)) return [0, 0];
      const text = image.text(JSON.stringify(ruleOf(program, rule).id));
      return [text.at, text.length];
    }),
  );
}

function tableKey(table: Table, names: Names): bigint {
  const number = (name: string) => BigInt(names.number(name));
  return (number(table.principal) << 42n) | (number(table.action) << 21n) | number(table.resource);
}

function setNames(atoms: readonly Atom[]): readonly string[] {
  return atoms.flatMap((atom) => {
    if (atom.kind === "role") return atom.roles;
    if (atom.kind !== "contains" || atom.of.kind !== "constant") return [];
    return typeof atom.of.value === "string" ? [atom.of.value] : [];
  });
}
