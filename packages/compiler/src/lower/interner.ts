/** Gives equal slots, atoms and conditions one id each. Children come before parents; the order is that of first use. */
import {
  slotsOfAtom,
  type Atom,
  type Condition,
  type Operand,
  type Slot,
  type SlotSource,
  type ValueType,
} from "@wardline/core";
import { nowFact, type Fact, type Formula, type Question, type Term } from "../check/formula.ts";
import { normalise, type NormalFormula } from "./normal-form.ts";

export interface Interner {
  readonly slot: (source: SlotSource, type: ValueType, optional: boolean) => number;
  /** The slot of a fact: cheaper where one fact is asked for again and again. */
  readonly factSlot: (fact: Fact) => number;
  /** The index of the formula as a condition in negation normal form. */
  readonly condition: (formula: Formula) => number;
  /** The slots that a condition reads. */
  readonly slotsOf: (condition: number) => ReadonlySet<number>;
  readonly isFalse: (condition: number) => boolean;
  /** The atom of a question that some formula asked. */
  readonly atomOf: (question: Question) => number | undefined;
  readonly slots: readonly Slot[];
  readonly atoms: readonly Atom[];
  readonly conditions: readonly Condition[];
}

/** The slot that holds the roles of the principal. */
export const rolesFact: Fact = {
  source: { from: "principal", part: "roles" },
  type: { kind: "set", of: { kind: "string" } },
  optional: false,
};

export function newInterner(): Interner {
  const slots: Slot[] = [];
  const atoms: Atom[] = [];
  const conditions: Condition[] = [];
  const slotIds = new Map<string, number>();
  const atomIds = new Map<string, number>();
  const conditionIds = new Map<string, number>();
  const read: ReadonlySet<number>[] = [];
  const asked = new Map<Question, number>();
  const factSlots = new Map<Fact, number>();
  // A field has one type, however often it is read.
  const typeTexts = new Map<ValueType, string>();
  // Actions of one kind share their formulas.
  const lowered = new Map<Formula, number>();

  const keep = <T>(ids: Map<string, number>, items: T[], item: T, key: unknown): number => {
    const text = typeof key === "string" ? key : JSON.stringify(key);
    const known = ids.get(text);
    if (known !== undefined) return known;
    ids.set(text, items.length);
    return items.push(item) - 1;
  };
  const typeText = (type: ValueType) => {
    let text = typeTexts.get(type);
    if (text === undefined) typeTexts.set(type, (text = JSON.stringify(type)));
    return text;
  };
  const slot = (source: SlotSource, type: ValueType, optional: boolean) =>
    keep(
      slotIds,
      slots,
      { id: slots.length, source, type, optional },
      `${JSON.stringify(source)} ${typeText(type)} ${optional}`,
    );
  const factSlot = (fact: Fact) => {
    let id = factSlots.get(fact);
    if (id === undefined) factSlots.set(fact, (id = slot(fact.source, fact.type, fact.optional)));
    return id;
  };
  const operand = (term: Term): Operand => {
    switch (term.kind) {
      case "constant":
        return term;
      case "now":
        return { kind: "now", slot: factSlot(nowFact), offset: term.offset };
      case "fact":
        return { kind: "slot", slot: factSlot(term.fact), fallback: term.fallback };
    }
  };

  const lowerAtom = (question: Question): Atom => {
    switch (question.kind) {
      case "compare":
        return {
          kind: "compare",
          op: question.op,
          left: operand(question.left),
          right: operand(question.right),
        };
      case "truth":
        return { kind: "truth", of: operand(question.of) };
      case "one_of":
        return { kind: "one_of", of: operand(question.of), values: question.values, type: question.type };
      case "contains":
        return {
          kind: "contains",
          set: factSlot(question.set),
          of: operand(question.of),
          type: question.type,
        };
      case "empty":
        return { kind: "empty", set: factSlot(question.set) };
      case "text":
        return { kind: "text", op: question.op, of: operand(question.of), part: operand(question.part) };
      case "in_network":
        return { kind: "in_network", of: operand(question.of), networks: question.networks };
      case "has":
        return { kind: "has", slot: factSlot(question.fact) };
      case "role":
        return { kind: "role", slot: factSlot(rolesFact), roles: question.roles };
      case "within": {
        const ancestors = question.ancestors === null ? null : factSlot(question.ancestors);
        const { entity, group, same } = question;
        return { kind: "within", entity: operand(entity), group: operand(group), same, ancestors };
      }
      case "related":
        return {
          kind: "related",
          slot: factSlot(question.relation),
          from: operand(question.from),
          to: operand(question.to),
        };
    }
  };

  const keepCondition = (condition: Condition): number => {
    const id = keep(conditionIds, conditions, condition, conditionKey(condition));
    if (read[id] === undefined) read[id] = slotsRead(condition);
    return id;
  };
  const slotsRead = (condition: Condition): ReadonlySet<number> => {
    switch (condition.kind) {
      case "constant":
        return new Set();
      case "atom":
        return new Set(slotsOfAtom(atoms[condition.atom] as Atom));
      case "and":
      case "or":
        return new Set(condition.of.flatMap((child) => [...(read[child] ?? [])]));
    }
  };

  const lower = (formula: NormalFormula): number => {
    switch (formula.kind) {
      case "constant":
        return keepCondition(formula);
      case "ask": {
        const { question, negated } = formula;
        let atom = asked.get(question);
        if (atom === undefined) {
          const lowered = lowerAtom(question);
          asked.set(question, (atom = keep(atomIds, atoms, lowered, lowered)));
        }
        return keepCondition({ kind: "atom", atom, negated });
      }
      case "and":
      case "or": {
        const of = [...new Set(formula.of.map(lower))].toSorted((a, b) => a - b);
        const [only] = of;
        return of.length === 1 && only !== undefined ? only : keepCondition({ kind: formula.kind, of });
      }
    }
  };

  return {
    slot,
    factSlot,
    condition: (formula) => {
      const id = lowered.get(formula) ?? lower(normalise(formula, false));
      lowered.set(formula, id);
      return id;
    },
    slotsOf: (condition) => read[condition] ?? new Set(),
    atomOf: (question) => asked.get(question),
    isFalse: (id) => {
      const condition = conditions[id];
      return condition?.kind === "constant" && !condition.value;
    },
    slots,
    atoms,
    conditions,
  };
}

/** Equal for equal conditions. */
function conditionKey(condition: Condition): string {
  switch (condition.kind) {
    case "constant":
      return String(condition.value);
    case "atom":
      return `${condition.negated ? "not " : ""}${condition.atom}`;
    case "and":
    case "or":
      return `${condition.kind} ${condition.of.join(" ")}`;
  }
}
