/** Random programs made straight as IR: all kinds of atoms over all types, two passes, masks, preconditions, duties. */
import {
  irFormat,
  type Atom,
  type Condition,
  type FieldEffect,
  type Mask,
  type Obligation,
  type Operand,
  type Pass,
  type Program,
  type Row,
  type Rule,
  type ScalarType,
  type Slot,
  type SlotSource,
  type Table,
  type ValueType,
} from "@wardline/core";
import type { Choose } from "./choose.ts";
import { fieldNamed, fields, model, samples, scalarNames, scalars, type ScalarName } from "./library.ts";

export const roleNames = ["reader", "clerk", "\u00fcber", "reader2"];

const rowsOf = { read: ["resource"], add: ["next"], change: ["prior", "next"], drop: ["prior"] } as const;
export const actionNames = Object.keys(rowsOf) as readonly (keyof typeof rowsOf)[];

export function rowsOfAction(action: keyof typeof rowsOf): readonly Row[] {
  return rowsOf[action];
}

const obligations: readonly Obligation[] = [
  { type: "reason" },
  { type: "step_up", factor: "badge", within: null },
  { type: "step_up", factor: "badge", within: 60_000_000 },
  { type: "step_up", factor: 'a "quoted" \u{1F511}', within: 1 },
];
const masks: readonly Mask[] = [
  { kind: "show" },
  { kind: "initials" },
  { kind: "partial", last: 1 },
  { kind: "partial", last: 4 },
  { kind: "partial", last: 64 },
  { kind: "redact" },
  { kind: "hide" },
];

export function generatedProgram(choose: Choose): Program {
  return new Draft(choose).program();
}

class Draft {
  readonly #choose: Choose;
  readonly #slots: Slot[] = [];
  readonly #atoms: Atom[] = [];
  readonly #conditions: Condition[] = [];
  /** Slots that the table in work reads. */
  #read = new Set<number>();
  /** Conditions that may stand in any table. */
  readonly #shared: { readonly index: number; readonly reads: ReadonlySet<number> }[] = [];
  #rows: readonly Row[] = [];

  constructor(choose: Choose) {
    this.#choose = choose;
  }

  program(): Program {
    const choose = this.#choose;
    const kinds = ["permit", "permit", "forbid", "require"] as const;
    const rules = Array.from({ length: 1 + choose.below(12) }, (_, i): Rule => {
      const kind = choose.one(kinds);
      const id = choose.chance(90) ? `north/rule-${i}` : `north/"${i}"\u{1F4DA}`;
      return { id, layer: "tenant", kind, file: "north.ward", line: i + 1, because: null, doc: null };
    });
    const tables = ["Member", "Guest"].flatMap((principal) =>
      actionNames.flatMap((action) =>
        ["Book", "Loan"].flatMap((resource) =>
          choose.chance(85) ? [this.#table(principal, action, resource, rules)] : [],
        ),
      ),
    );
    return {
      format: irFormat,
      tenant: "north",
      model,
      rules,
      slots: this.#slots,
      atoms: this.#atoms,
      conditions: this.#conditions,
      tables,
      sealed: [],
    };
  }

  #table(principal: string, action: keyof typeof rowsOf, resource: string, rules: readonly Rule[]): Table {
    const choose = this.#choose;
    this.#rows = rowsOf[action];
    this.#read = new Set();
    const text: ValueType = { kind: "string" };
    this.#slot({ from: "principal", part: "tenant" }, text, false);
    this.#slot({ from: "tenant", part: "id" }, text, false);
    for (const row of this.#rows) this.#slot({ from: "row", row, part: "tenant" }, text, false);
    const of = (kind: Rule["kind"]) =>
      rules
        .flatMap((rule, i) => (rule.kind === kind && choose.chance(60) ? [i] : []))
        .flatMap((i) => (choose.chance(10) ? [i, i] : [i]));
    const passes = this.#rows.map((row): Pass => ({
      row,
      ceiling: choose.chance(85) ? this.#constant(true) : this.#tree(2),
      forbids: of("forbid").map((rule) => ({ rule, when: this.#all() })),
      grants: of("permit").map((rule) => ({ rule, when: this.#mostly(), effects: this.#effects() })),
      requires: of("require").map((rule) => ({
        rule,
        when: this.#mostly(),
        effects: this.#effects(),
        preconditions: choose.some(obligations, 2).map((obligation) => ({ obligation, met: this.#mostly() })),
      })),
    }));
    const duties: readonly Obligation[] = [
      { type: "encrypt", fields: ["title", "code"] },
      { type: "encrypt", fields: [] },
    ];
    const slots = [...this.#read].toSorted((a, b) => a - b);
    return { principal, action, resource, passes, slots, duties: choose.some(duties, 2) };
  }

  #mostly(): number {
    return this.#choose.chance(35) ? this.#constant(true) : this.#tree(3);
  }

  /** Seldom true, so that forbids do not hide everything else. */
  #all(): number {
    return this.#condition({ kind: "and", of: [this.#tree(1), this.#tree(1), this.#tree(2)] });
  }

  #constant(value: boolean): number {
    return this.#condition({ kind: "constant", value });
  }

  #condition(condition: Condition): number {
    return this.#conditions.push(condition) - 1;
  }

  #tree(depth: number): number {
    const choose = this.#choose;
    const known = choose.chance(25) ? choose.one([undefined, ...this.#shared]) : undefined;
    if (known !== undefined && this.#fits(known.reads)) {
      for (const slot of known.reads) this.#read.add(slot);
      return known.index;
    }
    const outer = this.#read;
    this.#read = new Set();
    const index = this.#node(depth);
    const reads = this.#read;
    this.#read = new Set([...outer, ...reads]);
    this.#shared.push({ index, reads });
    return index;
  }

  #fits(reads: ReadonlySet<number>): boolean {
    return [...reads].every((id) => {
      const { source } = this.#slots[id] as Slot;
      if (source.from === "row" || source.from === "row_attribute") return this.#rows.includes(source.row);
      return (
        source.from !== "ancestors" || source.of.root === "principal" || this.#rows.includes(source.of.root)
      );
    });
  }

  #node(depth: number): number {
    const choose = this.#choose;
    if (depth > 0 && choose.chance(60)) {
      const of = Array.from({ length: 2 + choose.below(3) }, () => this.#tree(depth - 1));
      return this.#condition({ kind: choose.one(["and", "or"] as const), of });
    }
    // An old atom may stand in a new condition, with the other polarity.
    const atom = this.#atoms.push(this.#atom()) - 1;
    const first = this.#condition({ kind: "atom", atom, negated: choose.chance(40) });
    if (!choose.chance(15)) return first;
    return this.#condition({
      kind: "or",
      of: [first, this.#condition({ kind: "atom", atom, negated: choose.chance(50) })],
    });
  }

  #slot(source: SlotSource, type: ValueType, optional: boolean): number {
    const key = JSON.stringify([source, type]);
    const known = this.#slots.findIndex((slot) => JSON.stringify([slot.source, slot.type]) === key);
    const id = known >= 0 ? known : this.#slots.push({ id: this.#slots.length, source, type, optional }) - 1;
    this.#read.add(id);
    return id;
  }

  #fact(name: string): number {
    const choose = this.#choose;
    const { type, optional } = fieldNamed(name);
    const source = choose.one<SlotSource>([
      { from: "principal_attribute", name },
      { from: "row_attribute", row: choose.one(this.#rows), name },
      { from: "tenant_attribute", name },
      { from: "context", name },
    ]);
    return this.#slot(source, type, optional);
  }

  #operand(name: ScalarName): Operand {
    const choose = this.#choose;
    const type: ScalarType = scalars[name];
    if (choose.chance(40)) return { kind: "constant", value: choose.one(samples[name]), type };
    const special =
      name === "due" && choose.chance(50)
        ? this.#slot({ from: "now" }, type, true)
        : name === "holder" && choose.chance(50)
          ? this.#slot({ from: "principal", part: "id" }, type, false)
          : this.#fact(name);
    return { kind: "slot", slot: special, fallback: choose.chance(30) ? choose.one(samples[name]) : null };
  }

  #atom(): Atom {
    const choose = this.#choose;
    const name = choose.one(scalarNames);
    const type: ScalarType = scalars[name];
    switch (choose.below(9)) {
      case 0:
        return { kind: "truth", of: this.#operand("open") };
      case 1:
        return {
          kind: "one_of",
          of: this.#operand(name),
          values: [...new Set([choose.one(samples[name]), ...choose.some(samples[name], 6)])],
          type,
        };
      case 2:
        return { kind: "contains", set: this.#fact(`${name}_set`), of: this.#operand(name), type };
      case 3:
        return {
          kind: "has",
          slot: choose.chance(20) ? this.#relation() : this.#fact(choose.one(fields).name),
        };
      case 4: {
        const slot = this.#slot(
          { from: "principal", part: "roles" },
          { kind: "set", of: { kind: "string" } },
          false,
        );
        return { kind: "role", slot, roles: [choose.one(roleNames), ...choose.some(roleNames, 3)] };
      }
      case 5: {
        const of = {
          root: choose.one(["principal", ...this.#rows] as const),
          attribute: choose.one([null, "holder"]),
        };
        const group = choose.one(["holder", "branch"] as const);
        const ancestors = this.#slot(
          { from: "ancestors", of, entity: scalars[group].entity },
          { kind: "set", of: scalars[group] },
          choose.chance(50),
        );
        return {
          kind: "within",
          entity: this.#operand("holder"),
          group: this.#operand(group),
          same: choose.chance(50),
          ancestors: choose.chance(80) ? ancestors : null,
        };
      }
      case 6:
        return {
          kind: "related",
          slot: this.#relation(),
          from: this.#operand("holder"),
          to: this.#operand("holder"),
        };
      case 7: {
        const ordered = choose.one([
          "copies",
          "pages",
          "fee",
          "value",
          "whole",
          "part",
          "due",
          "term",
        ] as const);
        return {
          kind: "compare",
          op: choose.one(["lt", "le", "gt", "ge"] as const),
          left: this.#operand(ordered),
          right: this.#operand(ordered),
        };
      }
      default:
        return { kind: "compare", op: "eq", left: this.#operand(name), right: this.#operand(name) };
    }
  }

  #relation(): number {
    return this.#slot({ from: "relation", name: "trusts" }, { kind: "set", of: { kind: "string" } }, true);
  }

  #effects(): readonly FieldEffect[] {
    return this.#choose
      .some(["title", "code", "title_set", "no such field"], 3)
      .map((field) => ({ field, mask: this.#choose.one(masks) }));
  }
}
