/**
 * The function of one table: checks the facts, then the scope, then asks the rules of every pass, as `evaluate` does. It
 * answers permit only at its very end.
 */
import type { Program } from "@wardline/core";
import {
  i32Const,
  i32Eqz,
  i32Type,
  leave,
  localGet,
  localSet,
  when,
  whenElse,
  type Code,
} from "./assembler.ts";
import { denyCode } from "./answers.ts";
import type { Cells } from "./cells.ts";
import { sequence } from "./conditions.ts";
import type { Image } from "./image.ts";
import type { Functions } from "./linker.ts";
import type { EntryPlan, TablePlan } from "./table-plan.ts";
import { writeTable } from "./table-record.ts";

export interface TableContext {
  readonly program: Program;
  readonly cells: Cells;
  readonly image: Image;
  readonly functions: Functions;
  readonly conditions: readonly Code[];
  /** By slot, the address of its descriptor. */
  readonly descriptors: ReadonlyMap<number, number>;
}

/** The parameter: which entrypoint. */
const entrypoint = 0;
/** Whether the principal belongs to the tenant. */
const home = 1;

/** Adds the function of a table, which takes the entrypoint and gives the address of the answer. */
export function addTable(plan: TablePlan, context: TableContext): number {
  const { cells, functions, image } = context;
  const passes = plan.table.passes.map((_, pass) => pass);
  const code = [
    ...readFacts(plan, context),
    ...unlessOwnTenant(plan, context),
    ...plan.rowTenants.flatMap((row) => [
      ...sameText(cells, functions, row, plan.tenant),
      ...i32Eqz,
      ...when(deny(functions, "out_of_scope")),
    ]),
    ...i32Const(writeTable(plan, cells, image)),
    ...functions.call("begin"),
    ...sameText(cells, functions, plan.home, plan.tenant),
    ...localSet(home),
    ...passes.flatMap((pass) => floorsAndForbids(plan, pass, context)),
    ...(plan.entries.some((entry) => entry.kind === "forbid") ? forbidden(functions) : []),
    ...passes.flatMap((pass) => grants(plan, pass, context)),
    ...passes.flatMap((pass) => requires(plan, pass, context)),
    ...localGet(entrypoint),
    ...functions.call("answer"),
  ];
  return functions.add({ parameters: [i32Type], results: [i32Type] }, [i32Type], code);
}

function readFacts(plan: TablePlan, { image, functions, descriptors }: TableContext): Code {
  const list = plan.table.slots.map((slot) => descriptors.get(slot) as number);
  const read = [...i32Const(image.words(list)), ...i32Const(list.length), ...functions.call("readSlots")];
  return [...read, ...i32Eqz, ...when(deny(functions, "invalid_input"))];
}

/** A module answers for the tenant whose policy it is, and for no other. */
function unlessOwnTenant(plan: TablePlan, { program, cells, functions }: TableContext): Code {
  const own = cells.address({ kind: "constant", value: program.tenant, type: { kind: "string" } });
  const same = [...i32Const(cells.of(plan.tenant)), ...own, ...functions.call("sameText")];
  return [...same, ...i32Eqz, ...when(deny(functions, "out_of_scope"))];
}

function sameText(cells: Cells, functions: Functions, a: number, b: number): Code {
  return [...i32Const(cells.of(a)), ...i32Const(cells.of(b)), ...functions.call("sameText")];
}

function deny(functions: Functions, reason: keyof typeof denyCode): Code {
  return [...localGet(entrypoint), ...i32Const(denyCode[reason]), ...functions.call("deny"), ...leave];
}

function forbidden(functions: Functions): Code {
  return [
    ...functions.call("anyForbid"),
    ...when([...localGet(entrypoint), ...functions.call("forbidden"), ...leave]),
  ];
}

/** Floors come first: they say which forbids bind. */
function floorsAndForbids(plan: TablePlan, pass: number, context: TableContext): Code {
  const floors = asked(plan, pass, "floor", context);
  const forbids = asked(plan, pass, "forbid", context);
  if (floors.length + forbids.length === 0) return [];
  return [
    ...enter(pass, context),
    ...(floors.length === 0 ? [] : [...localGet(home), ...when(floors)]),
    ...forbids,
  ];
}

function grants(plan: TablePlan, pass: number, context: TableContext): Code {
  const { functions, conditions } = context;
  const permits = asked(plan, pass, "permit", context);
  const shares = asked(plan, pass, "share", context);
  const ceiling = conditions[plan.table.passes[pass]?.ceiling ?? -1] as Code;
  const isFloored = has(plan, pass, "floor");
  const bothWays =
    shares.length === 0
      ? [...localGet(home), ...when(permits)]
      : [...localGet(home), ...whenElse(permits, shares)];
  // A floor lets the tenant's forbids be, which then close every other grant.
  const open = isFloored && has(plan, pass, "forbid") ? when([...ceiling, ...when(bothWays)]) : null;
  const unlessClosed =
    open === null ? [...ceiling, ...when(bothWays)] : [...functions.call("isOpen"), ...open];
  return [
    ...enter(pass, context),
    ...(permits.length + shares.length === 0 ? [] : unlessClosed),
    ...functions.call("anyGrant"),
    ...i32Eqz,
    ...when(deny(functions, "not_granted")),
  ];
}

function requires(plan: TablePlan, pass: number, context: TableContext): Code {
  const code = asked(plan, pass, "require", context);
  return code.length === 0 ? [] : [...enter(pass, context), ...code];
}

function enter(pass: number, { functions }: TableContext): Code {
  return [...i32Const(pass), ...functions.call("enter")];
}

function has(plan: TablePlan, pass: number, kind: EntryPlan["kind"]): boolean {
  return plan.entries.some((entry) => entry.kind === kind && entry.pass === pass);
}

const runtimeFunctions = {
  forbid: "forbid",
  floor: "grant",
  permit: "grant",
  share: "grant",
  require: "require",
} as const satisfies Record<EntryPlan["kind"], string>;

/** Asks all entries of a kind: of one that applies first its preconditions, then what it comes to. */
function asked(plan: TablePlan, pass: number, kind: EntryPlan["kind"], context: TableContext): Code {
  const { functions, conditions } = context;
  const codes = plan.entries
    .filter((entry) => entry.kind === kind && entry.pass === pass)
    .map((entry) => {
      const unmet = entry.preconditions.map(({ met, number }) => [
        ...(conditions[met] as Code),
        ...i32Eqz,
        ...when([...i32Const(number), ...functions.call("unmet")]),
      ]);
      return [
        ...(conditions[entry.when] as Code),
        ...when([
          ...sequence(unmet, functions),
          ...i32Const(entry.number),
          ...functions.call(runtimeFunctions[kind]),
        ]),
      ];
    });
  return sequence(codes, functions);
}
