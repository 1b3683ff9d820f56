/** Writes the document of a list: its skeleton, with what is known put into the open atoms. */
import type { Condition, Decision, Program, Rule, Slot, Table } from "@wardline/core";
import { createConditions } from "./rules/condition-list.ts";
import { denied } from "../closure/denied.ts";
import type { KnownValues } from "./fold/known-values.ts";
import { isCertain } from "./rules/left-rules.ts";
import { refuse } from "./rules/refuse.ts";
import {
  residualFormat,
  type Residual,
  type ResidualBody,
  type ResidualHead,
  type ResidualRules,
  type ResidualTerms,
  type RowFact,
} from "./residual.ts";
import { createRowAtoms } from "./row-atoms.ts";
import type { Skeleton } from "./rules/skeleton.ts";
import type { Folded, Tree } from "./fold/tree.ts";

export interface Writing {
  readonly program: Program;
  readonly table: Table;
  /** The tenant that rows belong to; null where they are shared. */
  readonly tenant: string | null;
  /** The slots that come with the row, ascending. */
  readonly facts: readonly number[];
  readonly values: KnownValues;
  /** What became of an atom, by its place in the table. */
  readonly folded: (place: number) => Folded;
}

export function headOf({ action, resource }: Pick<Table, "action" | "resource">): ResidualHead {
  return { format: residualFormat, action, type: resource };
}

/** For a list of which every row gets this refusal, whatever it holds. */
export function refusedResidual(head: ResidualHead, decision: Decision): Residual {
  // All who are refused share it.
  return Object.freeze({ ...head, kind: "never", decision, challenge: Object.freeze([]), body: null });
}

/** For a list of another tenant: a row that is proper is out of scope. */
export function foreignResidual(writing: Writing): Residual {
  const empty: ResidualRules = { ceiling: 0, forbids: [], grants: [], requires: [] };
  const body = { ...bodyStart(writing), tenant: null, atoms: [], conditions: createConditions().conditions };
  return {
    ...headOf(writing.table),
    kind: "never",
    decision: denied.out_of_scope,
    challenge: [],
    body: { ...body, rules: [], left: empty },
  };
}

export function writeResidual(writing: Writing, skeleton: Skeleton): Residual {
  const { program, folded, values } = writing;
  const { node, atoms, conditions } = nodesIn(writing, skeleton, folded);
  const numbers = [
    ...new Set(
      [...skeleton.left.forbids, ...skeleton.left.grants, ...skeleton.left.requires].map(({ rule }) => rule),
    ),
  ].toSorted((a, b) => a - b);
  const places = new Map(numbers.map((rule, i) => [rule, i]));
  const place = (rule: number) => places.get(rule) as number;
  const termsOf = ({ preconditions, spent, wait }: ResidualTerms): ResidualTerms => ({
    preconditions: preconditions.map(({ obligation, met }) => ({ obligation, met: node(met) })),
    spent,
    wait: wait === null ? null : ((values[wait] as number | undefined) ?? null),
  });
  const { ceiling, forbids, grants, requires } = skeleton.left;
  const left: ResidualRules = {
    ceiling: node(ceiling),
    forbids: forbids.map(({ rule, when, layer }) => ({ rule: place(rule), when: node(when), layer })),
    grants: grants.map((grant) => ({
      rule: place(grant.rule),
      when: node(grant.when),
      floor: grant.floor,
      ...termsOf(grant),
    })),
    requires: requires.map((require) => ({
      rule: place(require.rule),
      when: node(require.when),
      layer: require.layer,
      ...termsOf(require),
    })),
  };
  const rules = numbers.map((rule) => (program.rules[rule] as Rule).id);
  const head = headOf(writing.table);
  const fields = skeleton.fields.map(({ field, masks }) => ({
    field,
    masks: masks.map(({ mask, when }) => ({ mask, when: node(when) })),
  }));
  const obligations = skeleton.obligations.map(({ obligation, when }) => ({ obligation, when: node(when) }));
  const permitted = node(skeleton.permitted);
  // What the body holds is complete only now.
  const body: ResidualBody = { ...bodyStart(writing), atoms: atoms(), conditions, rules, left };
  switch (skeleton.kind) {
    case "always":
      return { ...head, kind: "always", ...body, fields, obligations };
    case "predicate":
      return { ...head, kind: "predicate", ...body, permitted, fields, obligations };
    case "never": {
      // The skeleton is of all who give the same answers: what is handed out is a copy.
      const challenge = skeleton.challenge.map((needs) => [...needs]);
      const decision = isCertain(left) ? refuse(rules, left, (condition) => condition === 1) : null;
      return { ...head, kind: "never", decision, challenge, body };
    }
  }
}

function bodyStart({
  program,
  table,
  tenant,
  facts,
}: Writing): Pick<ResidualBody, "row" | "tenant" | "facts"> {
  const [pass] = table.passes;
  if (pass === undefined) throw new RangeError("a table without a pass");
  return { row: pass.row, tenant, facts: facts.map((id) => factOf(program.slots[id] as Slot)) };
}

function factOf({ source, type, optional }: Slot): RowFact {
  return { source, type, optional };
}

/** Makes the nodes that are asked for, over the row's atoms. */
function nodesIn({ facts }: Writing, { atoms, conditions }: Skeleton, folded: (place: number) => Folded) {
  const list = createConditions();
  const places = new Map(facts.map((slot, i) => [slot, i]));
  const rowAtoms = createRowAtoms((slot) => {
    const place = places.get(slot);
    if (place === undefined) throw new RangeError(`slot ${slot} does not come with the row`);
    return place;
  });
  const made = new Map<number, number>();
  const treeNode = (tree: Tree): number => {
    switch (tree.kind) {
      case "atom":
        return list.atom(rowAtoms.add(tree.atom));
      case "and":
        return list.all(tree.of.map(treeNode));
      case "or":
        return list.any(tree.of.map(treeNode));
      case "later":
        return treeNode(tree.make());
    }
  };
  const nodeOf = (condition: Condition): number => {
    switch (condition.kind) {
      case "constant":
        return condition.value ? 1 : 0;
      case "atom": {
        const tree = folded(atoms[condition.atom] as number);
        if (typeof tree === "boolean") throw new RangeError("an atom of a skeleton is not open");
        const asked = treeNode(tree);
        return condition.negated ? list.not(asked) : asked;
      }
      case "and":
        return list.all(condition.of.map(node));
      case "or":
        return list.any(condition.of.map(node));
    }
  };
  const node = (index: number): number => {
    const known = made.get(index) ?? nodeOf(conditions[index] as Condition);
    made.set(index, known);
    return known;
  };
  return { node, atoms: () => rowAtoms.atoms, conditions: list.conditions };
}
