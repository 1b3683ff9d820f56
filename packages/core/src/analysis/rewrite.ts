/** A copy of a program in which one rule says something else. The copy loads: its slots, ceilings and conditions agree. */
import { entityOf } from "../evaluate/open-request.ts";
import type { Atom } from "../ir/atom.ts";
import type { Condition } from "../ir/condition.ts";
import type { Entry, GrantEntry, Pass, Program, RequireEntry, Table } from "../ir/program.ts";
import { slotsOfTable } from "../ir/reads.ts";
import type { Slot } from "../ir/slot.ts";

/** A question of a condition, as it stands or negated. */
export interface Literal {
  readonly atom: number;
  readonly negated: boolean;
}

/** What becomes of a part of a condition. `drop`: its parent stands without it; alone it always holds. */
export type Edited =
  | { readonly kind: "keep" }
  | { readonly kind: "drop" }
  | { readonly kind: "literal"; readonly atom: Atom; readonly negated: boolean };

export interface RuleEdit {
  /** Index into `Program.rules`. */
  readonly rule: number;
  /** True: the rule is gone from every table. */
  readonly dropped?: boolean;
  readonly literal?: (literal: Literal) => Edited;
  /** True for a condition, by index, that is taken out of the one that it is part of. */
  readonly drops?: (condition: number) => boolean;
  readonly terms?: <T extends GrantEntry | RequireEntry>(entry: T) => T;
}

/** Makes copies of one program; what all copies have in common is looked up once. */
export function rewriterOf(program: Program): (edit: RuleEdit) => Program {
  const known: Known = {
    atoms: new Map(program.atoms.map((atom, id) => [JSON.stringify(atom), id])),
    conditions: new Map(program.conditions.map((condition, id) => [JSON.stringify(condition), id])),
  };
  const idle = new Map(program.tables.map((table) => [table, slotsForOthers(program, table)]));
  return (edit) => rewriteRule(program, known, idle, edit);
}

interface Known {
  readonly atoms: ReadonlyMap<string, number>;
  readonly conditions: ReadonlyMap<string, number>;
}

function rewriteRule(
  program: Program,
  known: Known,
  idle: ReadonlyMap<Table, readonly number[]>,
  edit: RuleEdit,
): Program {
  const atoms = [...program.atoms];
  const conditions = [...program.conditions];
  const builder = newBuilder(known, atoms, conditions);
  const edited = editor(edit, builder);
  const isLastCeiling = edit.dropped === true && isOnlyCeiling(program, edit.rule);
  const passOf = (pass: Pass): Pass => {
    const made = edited(pass);
    // A platform without any ceiling leaves everything open.
    if (!isLastCeiling) return made;
    const { ceilings: _, ...open } = made;
    return { ...open, ceiling: builder.keep({ kind: "constant", value: true }) };
  };
  const isTouched = (table: Table) =>
    isLastCeiling || table.passes.some((pass) => entriesOf(pass).some((entry) => entry.rule === edit.rule));
  const tables = program.tables.map((table) =>
    isTouched(table)
      ? { table: { ...table, passes: table.passes.map(passOf) }, of: table }
      : { table, of: table },
  );
  const whole = { ...program, atoms, conditions };
  return {
    ...whole,
    tables: tables.map(({ table, of }) => {
      if (table === of) return table;
      const slots = new Set([...slotsReadBy(whole, table), ...(idle.get(of) ?? [])]);
      return { ...table, slots: [...slots].toSorted((a, b) => a - b) };
    }),
  };
}

function entriesOf(pass: Pass): readonly Entry[] {
  return [...(pass.ceilings ?? []), ...pass.forbids, ...pass.grants, ...pass.requires];
}

/** What a table lists for others than its own rules, such as asserts. */
function slotsForOthers(program: Program, table: Table): readonly number[] {
  const own = new Set(slotsReadBy(program, table));
  return table.slots.filter((slot) => !own.has(slot));
}

function isOnlyCeiling(program: Program, rule: number): boolean {
  return (
    program.rules[rule]?.kind === "ceiling" &&
    program.rules.filter(({ kind }) => kind === "ceiling").length === 1
  );
}

interface Builder {
  readonly atom: (atom: Atom) => number;
  readonly keep: (condition: Condition) => number;
  /** The parts joined: none where all are taken out. */
  readonly join: (kind: "and" | "or", parts: readonly number[]) => number;
  readonly at: (index: number) => Condition;
}

function newBuilder(known: Known, atoms: Atom[], conditions: Condition[]): Builder {
  const atomIds = new Map<string, number>();
  const conditionIds = new Map<string, number>();
  const intern = <T>(
    before: ReadonlyMap<string, number>,
    added: Map<string, number>,
    items: T[],
    item: T,
  ): number => {
    const key = JSON.stringify(item);
    const found = before.get(key) ?? added.get(key);
    if (found !== undefined) return found;
    added.set(key, items.length);
    return items.push(item) - 1;
  };
  const at = (index: number): Condition => {
    const condition = conditions[index];
    if (condition === undefined) throw new RangeError(`no condition ${index}`);
    return condition;
  };
  const keep = (condition: Condition) => intern(known.conditions, conditionIds, conditions, condition);
  return {
    atom: (atom) => intern(known.atoms, atomIds, atoms, atom),
    keep,
    at,
    join: (kind, parts) => {
      const absorbing = kind === "or";
      const flat = parts.flatMap((part) => {
        const condition = at(part);
        return condition.kind === kind ? condition.of : [part];
      });
      const isConstant = (part: number, value: boolean) => {
        const condition = at(part);
        return condition.kind === "constant" && condition.value === value;
      };
      if (flat.some((part) => isConstant(part, absorbing)))
        return keep({ kind: "constant", value: absorbing });
      const of = [...new Set(flat.filter((part) => !isConstant(part, !absorbing)))].toSorted((a, b) => a - b);
      const [only] = of;
      if (only === undefined) return keep({ kind: "constant", value: !absorbing });
      return of.length === 1 ? only : keep({ kind, of });
    },
  };
}

function editor(edit: RuleEdit, builder: Builder): (pass: Pass) => Pass {
  const known = new Map<number, number | null>();
  /** Null: taken out. */
  const rewritten = (index: number): number | null => {
    const seen = known.get(index);
    if (seen !== undefined) return seen;
    const made = edit.drops?.(index) === true ? null : rewrite(builder.at(index), index);
    known.set(index, made);
    return made;
  };
  const rewrite = (condition: Condition, index: number): number | null => {
    switch (condition.kind) {
      case "constant":
        return index;
      case "atom": {
        const edited = edit.literal?.(condition) ?? { kind: "keep" };
        if (edited.kind === "keep") return index;
        if (edited.kind === "drop") return null;
        return builder.keep({ kind: "atom", atom: builder.atom(edited.atom), negated: edited.negated });
      }
      case "and":
      case "or": {
        const parts = condition.of.map(rewritten).filter((part) => part !== null);
        return parts.length === 0 ? null : builder.join(condition.kind, parts);
      }
    }
  };
  const always = () => builder.keep({ kind: "constant", value: true });
  const isNever = (index: number) => {
    const condition = builder.at(index);
    return condition.kind === "constant" && !condition.value;
  };
  const edited = <T extends Entry>(entries: readonly T[], terms: (entry: T) => T): readonly T[] =>
    entries.flatMap((entry) => {
      if (entry.rule !== edit.rule) return [entry];
      if (edit.dropped === true) return [];
      const when = rewritten(entry.when) ?? always();
      return isNever(when) ? [] : [terms({ ...entry, when })];
    });
  const same = <T>(entry: T): T => entry;
  const terms = <T extends GrantEntry | RequireEntry>(entry: T): T => edit.terms?.(entry) ?? entry;
  return (pass) => {
    const ceilings = pass.ceilings === undefined ? undefined : edited(pass.ceilings, same);
    const isTouched = pass.ceilings?.some((entry) => entry.rule === edit.rule) === true;
    const ceiling =
      ceilings === undefined || !isTouched
        ? pass.ceiling
        : builder.join(
            "or",
            ceilings.map((entry) => entry.when),
          );
    return {
      ...pass,
      ceiling,
      ...(ceilings === undefined ? {} : { ceilings }),
      forbids: edited(pass.forbids, same),
      grants: edited(pass.grants, terms),
      requires: edited(pass.requires, terms),
    };
  };
}

/** What the scope of every decision reads, and all that the table's conditions read now. */
function slotsReadBy(program: Program, table: Table): readonly number[] {
  const isShared = entityOf(program, table.resource).shared === true;
  const scope = table.slots.filter((id) => {
    const { source } = program.slots[id] as Slot;
    if (source.from === "principal") return source.part !== "type";
    if (source.from === "row") return source.part === "id" || !isShared;
    return source.from === "tenant";
  });
  return [...new Set([...scope, ...slotsOfTable(program, table)])].toSorted((a, b) => a - b);
}
