/**
 * The function of one table: checks the facts, then the scope, then asks forbids, grants and requires of every pass, as
 * `evaluate` does. It answers permit only at its very end.
 */
import type { Entry, FieldEffect, Program } from "@wardline/core";
import { i32Const, i32Eqz, i32Type, leave, localGet, when, type Code } from "./assembler.ts";
import { denyCode } from "./answers.ts";
import type { Cells } from "./cells.ts";
import { sequence } from "./conditions.ts";
import type { Image } from "./image.ts";
import type { Functions } from "./linker.ts";
import { effectTexts, ruleId, stepsOf, unmetKey, type TablePlan } from "./table-plan.ts";

export interface TableContext {
  readonly program: Program;
  readonly cells: Cells;
  readonly image: Image;
  readonly functions: Functions;
  readonly conditions: readonly Code[];
  /** By slot, the address of its descriptor. */
  readonly descriptors: ReadonlyMap<number, number>;
  /** State: bits of rules that forbid, grant, require; of preconditions; a byte for each different precondition. */
  readonly found: {
    readonly forbids: number;
    readonly grants: number;
    readonly requires: number;
    readonly unmet: number;
    readonly seen: number;
  };
}

/** Adds the function of a table, which takes the entrypoint and gives the address of the answer. */
export function addTable(plan: TablePlan, context: TableContext): number {
  const { cells, functions } = context;
  const code = [
    ...readFacts(plan, context),
    ...unlessOwnTenant(plan, context),
    ...plan.rowTenants.flatMap((row) => unlessSameText(cells, functions, row, plan.tenant, "out_of_scope")),
    ...i32Const(plan.fields.length),
    ...functions.call("begin"),
    ...forbids(plan, context),
    ...unlessSameText(cells, functions, plan.home, plan.tenant, "not_granted"),
    ...plan.table.passes.flatMap((_, pass) => grants(plan, pass, context)),
    ...requires(plan, context),
    ...permit(plan, context),
  ];
  return functions.add({ parameters: [i32Type], results: [i32Type] }, [], code);
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

function unlessSameText(
  cells: Cells,
  functions: Functions,
  a: number,
  b: number,
  reason: keyof typeof denyCode,
): Code {
  const same = [...i32Const(cells.of(a)), ...i32Const(cells.of(b)), ...functions.call("sameText")];
  return [...same, ...i32Eqz, ...when(deny(functions, reason))];
}

function deny(functions: Functions, reason: keyof typeof denyCode): Code {
  return [...localGet(0), ...i32Const(denyCode[reason]), ...functions.call("deny"), ...leave];
}

function forbids(plan: TablePlan, context: TableContext): Code {
  const { functions, found } = context;
  const asked = plan.table.passes
    .flatMap((pass) => pass.forbids)
    .map((entry) => ifHolds(entry, hit(functions, found.forbids, plan.forbids.indexOf(entry.rule)), context));
  if (asked.length === 0) return [];
  const answer = [
    ...localGet(0),
    ...rules(found.forbids, plan.forbids, context),
    ...functions.call("forbidden"),
    ...leave,
  ];
  return [...sequence(asked, functions), ...functions.call("anyFound"), ...when(answer)];
}

function grants(plan: TablePlan, index: number, context: TableContext): Code {
  const { functions, found, conditions } = context;
  const pass = plan.table.passes[index];
  if (pass === undefined || pass.grants.length === 0) return deny(functions, "not_granted");
  const asked = pass.grants.map((entry) => {
    const bit = i32Const(found.grants * 8 + plan.grants.indexOf(entry.rule));
    return ifHolds(
      entry,
      [...bit, ...row(plan, entry.effects, context), ...functions.call("grant")],
      context,
    );
  });
  const ceiling = conditions[pass.ceiling] as Code;
  return [
    ...functions.call("startPass"),
    ...ceiling,
    ...when(sequence(asked, functions)),
    ...functions.call("anyFound"),
    ...i32Eqz,
    ...when(deny(functions, "not_granted")),
    ...functions.call("endPass"),
  ];
}

function requires(plan: TablePlan, context: TableContext): Code {
  const { functions, found, conditions, image } = context;
  const places = new Map(plan.unmet.map((unmet, place) => [unmet.key, place]));
  const asked = plan.table.passes.flatMap((pass, passIndex) =>
    pass.requires.map((entry, entryIndex) => {
      const unmet = entry.preconditions.map((precondition, i) => [
        ...(conditions[precondition.met] as Code),
        ...i32Eqz,
        ...when([
          ...hit(functions, found.requires, plan.requires.indexOf(entry.rule)),
          ...hit(functions, found.unmet, places.get(unmetKey(passIndex, entryIndex, i)) as number),
        ]),
      ]);
      const masks = stepsOf(plan, entry.effects).some((step) => step > 0);
      const bind = masks ? [...row(plan, entry.effects, context), ...functions.call("bind")] : [];
      return ifHolds(entry, [...bind, ...sequence(unmet, functions)], context);
    }),
  );
  if (plan.unmet.length === 0) return sequence(asked, functions);
  const different = [...new Set(plan.unmet.map((unmet) => unmet.text))];
  const items = plan.unmet.flatMap(({ text }) => [
    image.text(text).at,
    image.text(text).length,
    different.indexOf(text),
  ]);
  const answer = [
    ...localGet(0),
    ...rules(found.requires, plan.requires, context),
    ...[found.unmet, plan.unmet.length, image.words(items), found.seen].flatMap(i32Const),
    ...functions.call("challenge"),
    ...leave,
  ];
  return [...sequence(asked, functions), ...functions.call("anyFound"), ...when(answer)];
}

function permit(plan: TablePlan, context: TableContext): Code {
  const { image, functions, found } = context;
  const effects = effectTexts(plan);
  const items = effects.flatMap(({ field, step, text }) => [
    field,
    step,
    image.text(text).at,
    image.text(text).length,
  ]);
  const duties = image.text(plan.table.duties.map((duty) => JSON.stringify(duty)).join());
  return [
    ...localGet(0),
    ...rules(found.grants, plan.grants, context),
    ...[image.words(items), effects.length, duties.at, duties.length].flatMap(i32Const),
    ...functions.call("permit"),
  ];
}

function ifHolds(entry: Entry, code: Code, { conditions }: TableContext): Code {
  return [...(conditions[entry.when] as Code), ...when(code)];
}

function hit(functions: Functions, bits: number, bit: number): Code {
  return [...i32Const(bits * 8 + bit), ...functions.call("hit")];
}

/** The address of the steps of all fields. */
function row(plan: TablePlan, effects: readonly FieldEffect[], { image }: TableContext): Code {
  return i32Const(plan.fields.length === 0 ? 0 : image.row(stepsOf(plan, effects), 1));
}

/** Bits, count and ids of rules. */
function rules(bits: number, indices: readonly number[], { program, image }: TableContext): Code {
  const items = indices.flatMap((index) => {
    const id = image.text(JSON.stringify(ruleId(program, index)));
    return [id.at, id.length, 0];
  });
  return [bits, indices.length, image.words(items)].flatMap(i32Const);
}
