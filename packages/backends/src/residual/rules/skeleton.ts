/**
 * What a table comes to for one pattern of answers to what is known: which rules are left, for which rows they permit,
 * and with what effects. The same for all who give the same answers; only the values in the open atoms differ.
 */
import type {
  Condition,
  EntityModel,
  GrantEntry,
  Obligation,
  Pass,
  Program,
  RequireEntry,
  Table,
} from "@wardline/core";
import { assuming } from "./assume.ts";
import { createConditions, no, yes, type ConditionList } from "./condition-list.ts";
import { fieldMasks, type Showing } from "./field-masks.ts";
import { decisiveRules, leftRules, type LeftRules } from "./left-rules.ts";
import { listChallenge } from "./list-challenge.ts";
import { listObligations, type Asking } from "./list-obligations.ts";
import { permittedOf, type Permitted } from "./permitted.ts";
import type { ResidualEffects } from "../residual.ts";

export interface Skeleton extends ResidualEffects {
  readonly kind: "always" | "never" | "predicate";
  /** The places in the table of the atoms that are open. */
  readonly atoms: readonly number[];
  /** Over these atoms. */
  readonly conditions: readonly Condition[];
  readonly left: LeftRules;
  readonly permitted: number;
  readonly challenge: readonly (readonly Obligation[])[];
}

export interface Answered {
  readonly program: Program;
  readonly table: Table;
  readonly pass: Pass;
  readonly entity: EntityModel;
  /** The conditions that the table asks, children before parents. */
  readonly asked: readonly number[];
  /** The place of an atom of the program in the table. */
  readonly place: (atom: number) => number;
  /** The answer to an atom by its place; undefined while it is open. */
  readonly truth: (place: number) => boolean | undefined;
  readonly home: boolean;
  readonly isSpent: (left: number) => boolean;
}

export function makeSkeleton(answered: Answered): Skeleton {
  const { program, pass, home, isSpent } = answered;
  const list = createConditions();
  const atoms: number[] = [];
  const left = leftRules({ program, list, node: nodesOf(answered, list, atoms), home, isSpent }, pass);
  const permitted = permittedOf(list, left);
  const kind = permitted.permitted === yes ? "always" : permitted.permitted === no ? "never" : "predicate";
  const { conditions } = list;
  if (kind === "never")
    return {
      kind,
      atoms,
      conditions,
      left: decisiveRules(left),
      permitted: no,
      fields: [],
      obligations: [],
      challenge: listChallenge(list, left),
    };
  const effects = effectsOf(answered, list, left, permitted);
  return { kind, atoms, conditions, left, permitted: permitted.permitted, ...effects, challenge: [] };
}

/** The node of each condition that the table asks; the atoms that are open are put down in `atoms`. */
function nodesOf(
  { program, asked, place, truth }: Answered,
  list: ConditionList,
  atoms: number[],
): (condition: number) => number {
  const numbers = new Map<number, number>();
  const numberOf = (at: number) => {
    const found = numbers.get(at) ?? atoms.push(at) - 1;
    numbers.set(at, found);
    return found;
  };
  const nodes = new Map<number, number>();
  const at = (index: number): number => {
    const node = nodes.get(index);
    // Invariant: children stand first; a missing one must not count as true or false.
    if (node === undefined) throw new RangeError(`no condition ${index} stands before its use`);
    return node;
  };
  const nodeOf = (condition: Condition): number => {
    switch (condition.kind) {
      case "constant":
        return condition.value ? yes : no;
      case "atom": {
        const atom = place(condition.atom);
        const holds = truth(atom);
        if (holds === undefined) return list.atom(numberOf(atom), condition.negated);
        return holds !== condition.negated ? yes : no;
      }
      case "and":
        return list.all(condition.of.map(at));
      case "or":
        return list.any(condition.of.map(at));
    }
  };
  for (const index of asked) nodes.set(index, nodeOf(program.conditions[index] as Condition));
  return at;
}

/** Said of rows that are permitted alone. */
function effectsOf(
  { program, table, entity }: Answered,
  whole: ConditionList,
  left: LeftRules,
  { permitted, counts, binds }: Permitted,
): ResidualEffects {
  const list = assuming(whole, permitted);
  const live = (entries: readonly Live[]) =>
    entries.map(({ entry, when }) => ({ entry, when: list.known(when) })).filter(({ when }) => when !== no);
  const counted = live(left.grants.map((grant) => ({ entry: grant.entry, when: counts(grant) })));
  const applying = live(left.requires);
  const binding = live(left.requires.map((require) => ({ entry: require.entry, when: binds(require) })));
  return {
    fields: fieldMasks(list, entity, counted.map(showing), binding.map(showing)),
    obligations: listObligations(list, program, table, {
      grants: counted.map(asking),
      applying: applying.map(asking),
      binding: binding.map(asking),
    }),
  };
}

interface Live {
  readonly entry: GrantEntry | RequireEntry;
  readonly when: number;
}

function showing({ entry, when }: Live): Showing {
  return { when, effects: entry.effects };
}

function asking({ entry, when }: Live): Asking {
  return { when, duties: entry.duties ?? [], limit: entry.limit?.obligation ?? null };
}
