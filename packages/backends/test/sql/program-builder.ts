/** Builds programs by hand: equal slots and atoms are one, as lowering leaves them. */
import {
  type Atom,
  type Condition,
  type FieldEffect,
  irFormat,
  type Obligation,
  type Operand,
  type Program,
  type Rule,
  type RuleKind,
  type Slot,
  type SlotSource,
  type Table,
  type ValueType,
  type WireScalar,
} from "@wardline/core";
import { bookFields, libraryModel, ref, setOf, text } from "./library-model.ts";

/** A condition as these tests write it. */
export type Test =
  | boolean
  | { readonly atom: Atom }
  | { readonly not: Test }
  | { readonly all: readonly Test[] }
  | { readonly any: readonly Test[] };

export interface TestRule {
  readonly when: Test;
  readonly effects?: readonly FieldEffect[];
  readonly preconditions?: readonly { readonly obligation: Obligation; readonly met: Test }[];
}

export interface TestPolicy {
  readonly ceiling?: Test;
  readonly forbids?: readonly TestRule[];
  readonly grants: readonly TestRule[];
  readonly requires?: readonly TestRule[];
}

const slots: Slot[] = [];

/** The id of a slot, the same for the same source in all programs of these tests. */
export function slot(source: SlotSource, type: ValueType, optional: boolean): number {
  const known = slots.find((s) => JSON.stringify(s.source) === JSON.stringify(source));
  if (known !== undefined) return known.id;
  slots.push({ id: slots.length, source, type, optional });
  return slots.length - 1;
}

export const scopeSlots = [
  slot({ from: "principal", part: "id" }, ref("Member"), false),
  slot({ from: "principal", part: "tenant" }, text, false),
  slot({ from: "principal", part: "roles" }, setOf(text), false),
  slot({ from: "tenant", part: "id" }, text, false),
  slot({ from: "row", row: "resource", part: "tenant" }, text, false),
] as const;

export const rowId = slot({ from: "row", row: "resource", part: "id" }, ref("Book"), true);

export function bookSlot(name: string): number {
  const field = bookFields.find((f) => f.name === name);
  if (field === undefined) throw new RangeError(`no field ${name}`);
  return slot({ from: "row_attribute", row: "resource", name }, field.type, field.optional);
}

export function memberSlot(name: string): number {
  const field = libraryModel.entities.find((e) => e.name === "Member")?.fields.find((f) => f.name === name);
  if (field === undefined) throw new RangeError(`no attribute ${name}`);
  return slot({ from: "principal_attribute", name }, field.type, field.optional);
}

export function contextSlot(name: string): number {
  const fact = libraryModel.context.find((f) => f.name === name);
  if (fact === undefined) throw new RangeError(`no context ${name}`);
  return slot({ from: "context", name }, fact.type, fact.optional);
}

export function read(slotId: number, fallback: WireScalar | null = null): Operand {
  return { kind: "slot", slot: slotId, fallback };
}

/** A program with one policy for Members who list or read Books, whose notes are sealed. */
export function bookProgram(policy: TestPolicy): Program {
  const rules: Rule[] = [];
  const atoms: Atom[] = [];
  const conditions: Condition[] = [];
  const used = new Set<number>([...scopeSlots, rowId]);
  const put = (condition: Condition) => {
    const at = conditions.findIndex((c) => JSON.stringify(c) === JSON.stringify(condition));
    return at >= 0 ? at : conditions.push(condition) - 1;
  };
  const lower = (test: Test, negated: boolean): number => {
    if (typeof test === "boolean") return put({ kind: "constant", value: test !== negated });
    if ("not" in test) return lower(test.not, !negated);
    if ("atom" in test) {
      for (const id of slotsOf(test.atom)) used.add(id);
      const at = atoms.findIndex((a) => JSON.stringify(a) === JSON.stringify(test.atom));
      return put({ kind: "atom", atom: at >= 0 ? at : atoms.push(test.atom) - 1, negated });
    }
    const isAnd = "all" in test !== negated;
    const parts = "all" in test ? test.all : test.any;
    const of = [...new Set(parts.map((part) => lower(part, negated)))];
    if (of.length === 0) return put({ kind: "constant", value: isAnd });
    return of.length === 1 ? (of[0] as number) : put({ kind: isAnd ? "and" : "or", of });
  };
  const rule = (kind: RuleKind) => {
    const line = rules.length + 1;
    rules.push({
      id: `north/${kind}_${line}`,
      layer: "tenant",
      kind,
      file: "north.ward",
      line,
      because: null,
      doc: null,
    });
    return rules.length - 1;
  };
  const entry = (kind: RuleKind) => (given: TestRule) => ({
    rule: rule(kind),
    when: lower(given.when, false),
    effects: given.effects ?? [],
    preconditions: (given.preconditions ?? []).map((p) => ({
      obligation: p.obligation,
      met: lower(p.met, false),
    })),
  });
  const pass = {
    row: "resource",
    ceiling: lower(policy.ceiling ?? true, false),
    forbids: (policy.forbids ?? []).map(entry("forbid")),
    grants: policy.grants.map(entry("permit")),
    requires: (policy.requires ?? []).map(entry("require")),
  } as const;
  const table = (action: string): Table => ({
    principal: "Member",
    action,
    resource: "Book",
    passes: [pass],
    slots: [...used].toSorted((a, b) => a - b),
    duties: [],
  });
  return {
    format: irFormat,
    tenant: "north",
    model: libraryModel,
    rules,
    slots: [...slots],
    atoms,
    conditions,
    tables: [table("list"), table("read")],
    sealed: [{ entity: "Book", fields: ["notes"] }],
  };
}

function slotsOf(atom: Atom): readonly number[] {
  const of = (operand: Operand) => (operand.kind === "slot" ? [operand.slot] : []);
  switch (atom.kind) {
    case "compare":
      return [...of(atom.left), ...of(atom.right)];
    case "truth":
    case "one_of":
    case "in_network":
      return of(atom.of);
    case "contains":
      return [atom.set, ...of(atom.of)];
    case "text":
      return [...of(atom.of), ...of(atom.part)];
    case "empty":
      return [atom.set];
    case "has":
    case "role":
      return [atom.slot];
    case "within":
      return [...of(atom.entity), ...of(atom.group), ...(atom.ancestors === null ? [] : [atom.ancestors])];
    case "related":
      return [atom.slot, ...of(atom.from), ...of(atom.to)];
  }
}
