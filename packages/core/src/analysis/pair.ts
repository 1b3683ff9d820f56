/** Two tables for one question, of two programs, over one set of facts, so that both can be asked of one request. */
import type { Atom, Operand } from "../ir/atom.ts";
import type { Condition } from "../ir/condition.ts";
import type { EntityModel } from "../ir/model.ts";
import type {
  Entry,
  GrantEntry,
  LimitUse,
  Pass,
  Precondition,
  Program,
  RequireEntry,
  Table,
} from "../ir/program.ts";
import { slotPath, type Slot } from "../ir/slot.ts";
import { sameType, type ScalarType, type ValueType } from "../value/type.ts";

export interface Pair {
  /** Holds both tables: the first is that of before. */
  readonly program: Program;
  readonly before: Table;
  readonly after: Table;
  /** Both say the same of every request. */
  readonly isSame: boolean;
  /** Facts that no request can hold properly for both, such as one whose type is another. */
  readonly conflicts: readonly string[];
}

/** The pair of two tables. Equal questions become one, so that the same condition has one index. */
export function pairOf(before: Program, tableBefore: Table, after: Program, tableAfter: Table): Pair {
  const slots: Slot[] = [];
  const atoms: Atom[] = [];
  const conditions: Condition[] = [];
  const conflicts: string[] = [];
  const known = new Map<string, number>();
  const keep = <T>(items: T[], item: T, key: string): number => {
    const found = known.get(key);
    if (found !== undefined) return found;
    known.set(key, items.length);
    return items.push(item) - 1;
  };
  const mapInto = (program: Program, rules: number) => {
    const seen = new Map<number, number>();
    const slot = (id: number): number => {
      const { source, type, optional } = program.slots[id] as Slot;
      const at = keep(slots, { id: slots.length, source, type, optional }, `slot ${JSON.stringify(source)}`);
      const other = slots[at] as Slot;
      const common = commonType(other.type, type);
      if (common === null) conflicts.push(slotPath(source).join("."));
      else slots[at] = { ...other, type: common, optional: other.optional && optional };
      return at;
    };
    const operand = (o: Operand): Operand => (o.kind === "constant" ? o : { ...o, slot: slot(o.slot) });
    const atom = (id: number): number => {
      const made = mapAtom(program.atoms[id] as Atom, slot, operand);
      return keep(atoms, made, `atom ${JSON.stringify(made)}`);
    };
    const condition = (index: number): number => {
      const found = seen.get(index);
      if (found !== undefined) return found;
      const made = mapCondition(program.conditions[index] as Condition, atom, condition);
      const at = keep(conditions, made, `condition ${JSON.stringify(made)}`);
      seen.set(index, at);
      return at;
    };
    return (table: Table): Table => ({
      ...table,
      passes: table.passes.map((pass) => mapPass(pass, rules, condition, slot)),
      slots: table.slots.map(slot).toSorted((a, b) => a - b),
    });
  };
  const first = mapInto(before, 0)(tableBefore);
  const second = mapInto(after, before.rules.length)(tableAfter);
  const entities = new Map<string, EntityModel>(
    [...after.model.entities, ...before.model.entities].map((entity) => [entity.name, entity]),
  );
  const program: Program = {
    ...before,
    model: { ...before.model, entities: [...entities.values()] },
    rules: [...before.rules, ...after.rules],
    slots,
    atoms,
    conditions,
    tables: [first, second],
  };
  const text = (table: Table) =>
    JSON.stringify(table, (key, value: unknown) => {
      if (key === "slots") return undefined;
      return key === "rule" && typeof value === "number"
        ? [program.rules[value]?.id, program.rules[value]?.kind]
        : value;
    });
  return {
    program,
    before: first,
    after: second,
    isSame: conflicts.length === 0 && text(first) === text(second),
    conflicts: [...new Set(conflicts)],
  };
}

/** The type of the values that are of both types; null where there are none, or they mean something else. */
function commonType(a: ValueType, b: ValueType): ValueType | null {
  if (a.kind === "set" && b.kind === "set") {
    const of = commonType(a.of, b.of);
    return of === null ? null : { kind: "set", of: of as ScalarType };
  }
  if (a.kind === "int" && b.kind === "int") {
    const [min, max] = [Math.max(a.min, b.min), Math.min(a.max, b.max)];
    return min > max ? null : { kind: "int", min, max };
  }
  if (a.kind === "enum" && b.kind === "enum" && a.name === b.name) {
    const values = a.values.filter((value) => b.values.includes(value));
    return values.length === 0 ? null : { ...a, values };
  }
  if (a.kind === "decimal" && b.kind === "decimal" && a.scale === b.scale)
    return a.precision < b.precision ? a : b;
  return sameType(a, b) ? a : null;
}

function mapAtom(atom: Atom, slot: (id: number) => number, operand: (o: Operand) => Operand): Atom {
  switch (atom.kind) {
    case "compare":
      return { ...atom, left: operand(atom.left), right: operand(atom.right) };
    case "truth":
    case "one_of":
    case "in_network":
      return { ...atom, of: operand(atom.of) };
    case "contains":
      return { ...atom, set: slot(atom.set), of: operand(atom.of) };
    case "empty":
      return { ...atom, set: slot(atom.set) };
    case "text":
      return { ...atom, of: operand(atom.of), part: operand(atom.part) };
    case "has":
    case "role":
      return { ...atom, slot: slot(atom.slot) };
    case "within":
      return {
        ...atom,
        entity: operand(atom.entity),
        group: operand(atom.group),
        ancestors: atom.ancestors === null ? null : slot(atom.ancestors),
      };
    case "related":
      return { ...atom, slot: slot(atom.slot), from: operand(atom.from), to: operand(atom.to) };
  }
}

function mapCondition(
  condition: Condition,
  atom: (id: number) => number,
  child: (index: number) => number,
): Condition {
  switch (condition.kind) {
    case "constant":
      return condition;
    case "atom":
      return { ...condition, atom: atom(condition.atom) };
    case "and":
    case "or":
      return { ...condition, of: condition.of.map(child).toSorted((a, b) => a - b) };
  }
}

function mapPass(
  pass: Pass,
  rules: number,
  condition: (index: number) => number,
  slot: (id: number) => number,
): Pass {
  const entry = <T extends Entry>(of: T): T => ({ ...of, rule: of.rule + rules, when: condition(of.when) });
  const precondition = (of: Precondition): Precondition => ({ ...of, met: condition(of.met) });
  const limit = (of: { readonly limit?: LimitUse }) =>
    of.limit === undefined
      ? {}
      : { limit: { ...of.limit, left: slot(of.limit.left), retryAfter: slot(of.limit.retryAfter) } };
  const grant = (of: GrantEntry): GrantEntry => ({
    ...entry(of),
    ...(of.preconditions === undefined ? {} : { preconditions: of.preconditions.map(precondition) }),
    ...limit(of),
  });
  const requirement = (of: RequireEntry): RequireEntry => ({
    ...entry(of),
    preconditions: of.preconditions.map(precondition),
    ...limit(of),
  });
  return {
    row: pass.row,
    ceiling: condition(pass.ceiling),
    ...(pass.ceilings === undefined ? {} : { ceilings: pass.ceilings.map(entry) }),
    forbids: pass.forbids.map(entry),
    grants: pass.grants.map(grant),
    requires: pass.requires.map(requirement),
  };
}
