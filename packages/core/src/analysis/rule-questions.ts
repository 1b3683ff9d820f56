/** What one rule asks in all tables that it reaches, question by question as its words have them, and what it carries. */
import type { Obligation } from "../decision/obligation.ts";
import { wordsOf } from "../explain/condition-tree.ts";
import type { SourceMap } from "../explain/source-map.ts";
import type { Condition } from "../ir/condition.ts";
import type { Entry, FieldEffect, GrantEntry, Program, RequireEntry } from "../ir/program.ts";
import { atomsOf } from "../search/space.ts";

type Place = { readonly file: string; readonly line: number } | null;

/** The same words ask an atom of each kind of principal and row. */
export interface Question {
  readonly atoms: readonly number[];
  readonly words: string;
  readonly place: Place;
}

export interface RuleQuestions {
  /** The rule stands in some table. */
  readonly isThere: boolean;
  readonly questions: readonly Question[];
  /** Alternatives that are one of several things that must hold. */
  readonly groups: readonly {
    readonly conditions: readonly number[];
    readonly words: string;
    readonly place: Place;
  }[];
  readonly terms: readonly Obligation[];
}

export function questionsOf(program: Program, sourceMap: SourceMap | null, rule: number): RuleQuestions {
  const passes = program.tables.flatMap((table) => table.passes);
  const carrying = passes
    .flatMap((pass): readonly (GrantEntry | RequireEntry)[] => [...pass.grants, ...pass.requires])
    .filter((entry) => entry.rule === rule);
  const plain = passes
    .flatMap((pass): readonly Entry[] => [...pass.forbids, ...(pass.ceilings ?? [])])
    .filter((entry) => entry.rule === rule);
  const entries: readonly Entry[] = [...carrying, ...plain];
  const whens = [...new Set(entries.map((entry) => entry.when))];
  const asked = atomsOf(program, whens).map((atom) => ({ atom, ...wordsOf(program, sourceMap, atom, rule) }));
  const grouped = Map.groupBy(asked, ({ text, place }) => JSON.stringify([text, place]));
  const questions = [...grouped.values()].flatMap((some): readonly Question[] => {
    const [first] = some;
    if (first === undefined) return [];
    return [{ atoms: some.map(({ atom }) => atom), words: first.text, place: first.place }];
  });
  return {
    isThere: entries.length > 0,
    questions,
    groups: groupsOf(program, sourceMap, rule, whens),
    terms: termsOf(carrying),
  };
}

function groupsOf(
  program: Program,
  sourceMap: SourceMap | null,
  rule: number,
  whens: readonly number[],
): RuleQuestions["groups"] {
  const at = (index: number) => program.conditions[index] as Condition;
  const parts = whens.flatMap((when) => {
    const condition = at(when);
    return condition.kind === "and" ? condition.of.filter((part) => at(part).kind === "or") : [];
  });
  const described = [...new Set(parts)].map((part) => {
    const words = atomsOf(program, [part]).map((atom) => wordsOf(program, sourceMap, atom, rule));
    return { part, words: words.map(({ text }) => text).join("`, `"), place: words[0]?.place ?? null };
  });
  return [...Map.groupBy(described, ({ words, place }) => JSON.stringify([words, place])).values()].flatMap(
    (some) => {
      const [first] = some;
      if (first === undefined) return [];
      return [{ conditions: some.map(({ part }) => part), words: first.words, place: first.place }];
    },
  );
}

function termsOf(entries: readonly (GrantEntry | RequireEntry)[]): readonly Obligation[] {
  const terms = entries.flatMap(({ effects, preconditions, limit, duties }): readonly Obligation[] => [
    ...effects.flatMap(obligationsOf),
    ...(preconditions ?? []).map(({ obligation }) => obligation),
    ...(limit === undefined ? [] : [limit.obligation]),
    ...(duties ?? []),
  ]);
  return [...new Map(terms.map((term) => [JSON.stringify(term), term])).values()];
}

/** What an effect is as an obligation; nothing for one that shows. */
export function obligationsOf({ field, mask }: FieldEffect): readonly Obligation[] {
  if (mask.kind === "show") return [];
  return [mask.kind === "hide" ? { type: "hide", field } : { type: "mask", field, mask }];
}
