/**
 * The function of one table: asks the rules of every pass as `evaluate` does. It answers permit only at its very end.
 */
import {
  block,
  branchIf,
  i32Const,
  i32Eqz,
  i32Type,
  leave,
  localGet,
  when,
  whenElse,
  type Code,
} from "./assembler.ts";
import { denyCode } from "./answers.ts";
import { sequence } from "./conditions.ts";
import type { Functions } from "./linker.ts";
import { canGrant } from "./reach.ts";
import type { EntryPlan, TablePlan } from "./table-plan.ts";

export interface TableContext {
  readonly functions: Functions;
  readonly conditions: readonly Code[];
}

/** Parameters: which entrypoint, and whether the principal belongs to the tenant. */
const entrypoint = 0;
const home = 1;

/** Adds the function of a table, which the runtime calls for a request in scope, and which gives the address of the answer. */
export function addTable(plan: TablePlan, context: TableContext): number {
  const { functions } = context;
  const passes = plan.table.passes.map((_, pass) => pass);
  const forbids = [
    ...passes.flatMap((pass) => floorsAndForbids(plan, pass, context)),
    ...(plan.entries.some((entry) => entry.kind === "forbid") ? forbidden(functions) : []),
  ];
  // Leaves the block where a pass has no grant.
  const permits = block([
    ...passes.flatMap((pass) => grants(plan, pass, context)),
    ...passes.flatMap((pass) => requires(plan, pass, context)),
    ...localGet(entrypoint),
    ...functions.call("answer"),
    ...leave,
  ]);
  const code = [
    ...forbids,
    ...(canGrant(plan.table) ? permits : []),
    ...localGet(entrypoint),
    ...i32Const(denyCode.not_granted),
    ...functions.call("deny"),
  ];
  return functions.add({ parameters: [i32Type, i32Type], results: [i32Type] }, [], code);
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
    ...functions.call("noGrant"),
    ...branchIf(0),
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
