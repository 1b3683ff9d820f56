/** A condition of a program as a tree with values: what held, what did not, and the words that asked. */
import type { Condition } from "../ir/condition.ts";
import { slotsOfAtom } from "../ir/reads.ts";
import type { Atom } from "../ir/atom.ts";
import type { Program, Rule } from "../ir/program.ts";
import type { Fact } from "../evaluate/facts.ts";
import { atomText, slotText } from "./atom-text.ts";
import type { AtomPlace, SourceMap } from "./source-map.ts";

/** A fact that an atom reads. `value` is in wire form, null where the fact is absent. */
export interface ReadFact {
  /** Index into `Program.slots`. */
  readonly slot: number;
  /** As the language writes it: `resource.price`. */
  readonly path: string;
  readonly present: boolean;
  readonly value: Exclude<Fact, undefined> | null;
}

/** `value` is that of the node, with negation; `holds` that of the atom without. */
export type ConditionTree =
  | { readonly kind: "constant"; readonly value: boolean }
  | {
      readonly kind: "atom";
      readonly value: boolean;
      readonly negated: boolean;
      /** Index into `Program.atoms`. */
      readonly atom: number;
      readonly holds: boolean;
      /** The words of the source, or what the atom asks where no words do. Without a negation. */
      readonly text: string;
      /** Where the words stand; null where there are none, such as for whom a rule is. */
      readonly place: Omit<AtomPlace, "rule" | "text"> | null;
      readonly facts: readonly ReadFact[];
    }
  | { readonly kind: "and" | "or"; readonly value: boolean; readonly of: readonly ConditionTree[] }
  /** A part that is not spelled out, since the tree would be too large. */
  | { readonly kind: "cut"; readonly value: boolean; readonly condition: number };

/** The most nodes of one tree. No text comes near it; a program from elsewhere may share its parts without end. */
export const maxTreeNodes = 20_000;

/** What a tree is made from: the values of atoms and conditions, and the facts, by index. */
export interface Values {
  readonly atom: (atom: number) => boolean;
  readonly condition: (condition: number) => boolean;
  readonly fact: (slot: number) => Fact;
}

/** The tree of a condition of a rule. */
export function conditionTree(
  program: Program,
  sourceMap: SourceMap | null,
  values: Values,
  index: number,
  rule: number,
): ConditionTree {
  let left = maxTreeNodes;
  const treeOf = (at: number): ConditionTree => {
    const value = values.condition(at);
    left -= 1;
    if (left < 0) return { kind: "cut", value, condition: at };
    const condition = program.conditions[at] as Condition;
    switch (condition.kind) {
      case "constant":
        return { kind: "constant", value };
      case "atom": {
        const { negated, atom } = condition;
        const holds = values.atom(atom);
        const { text, place } = wordsOf(program, sourceMap, atom, rule);
        return {
          kind: "atom",
          value,
          negated,
          atom,
          holds,
          text,
          place,
          facts: factsOf(program, values, atom),
        };
      }
      case "and":
      case "or":
        return { kind: condition.kind, value, of: condition.of.map(treeOf) };
    }
  };
  return treeOf(index);
}

/** The words by which a rule asks an atom, or what it asks. */
export function wordsOf(
  program: Program,
  sourceMap: SourceMap | null,
  atom: number,
  rule: number,
): { readonly text: string; readonly place: Omit<AtomPlace, "rule" | "text"> | null } {
  const found = sourceMap?.atoms[atom]?.find((place) => place.rule === rule);
  if (found === undefined) return { text: atomText(program, atomAt(program, atom)), place: null };
  const { text, file, line, column } = found;
  return { text, place: { file, line, column } };
}

/** `north.ward:33`: the place of the words, or of the rule. */
export function placeText(
  rule: Rule,
  place: { readonly file: string; readonly line: number } | null,
): string {
  const { file, line } = place ?? rule;
  return `${file}:${line}`;
}

function factsOf(program: Program, values: Values, atom: number): readonly ReadFact[] {
  return [...new Set(slotsOfAtom(atomAt(program, atom)))].map((slot) => {
    const value = values.fact(slot);
    return { slot, path: slotText(program, slot), present: value !== undefined, value: value ?? null };
  });
}

function atomAt(program: Program, index: number): Atom {
  const atom = program.atoms[index];
  if (atom === undefined) throw new RangeError(`no atom ${index}`);
  return atom;
}
