/** Answers that would have to be otherwise, in words and with their places. */
import type { Atom } from "../ir/atom.ts";
import type { Entry, LimitUse, Program, Rule, Table } from "../ir/program.ts";
import { atomsOf } from "../search/space.ts";
import { atomText } from "./atom-text.ts";
import { placeText, wordsOf } from "./condition-tree.ts";
import type { Answer } from "./flips.ts";
import type { AtomPlace, SourceMap } from "./source-map.ts";

export type Change =
  | {
      readonly kind: "atom";
      readonly atom: number;
      /** What the atom would have to be. */
      readonly to: boolean;
      /** The words that ask it, or what it asks. */
      readonly text: string;
      /** A rule that asks it; null for a ceiling that the program does not name. */
      readonly rule: string | null;
      /** Where the words stand; null where there are none. */
      readonly place: Omit<AtomPlace, "rule" | "text"> | null;
    }
  /** Whether something is left of the limit of a rule. */
  | { readonly kind: "limit"; readonly rule: string; readonly to: boolean };

export interface Described {
  readonly list: readonly Change[];
  /** `\`context.mfa\` were true (north.ward:33) and …` */
  readonly text: string;
}

export function describeChanges(
  program: Program,
  sourceMap: SourceMap | null,
  table: Table,
  wanted: readonly { readonly answer: Answer; readonly to: boolean }[],
): Described {
  const described = wanted.map(({ answer, to }) =>
    answer.kind === "atom"
      ? describeAtom(program, sourceMap, table, answer.atom, to)
      : describeLimit(program, table, answer.slot, to),
  );
  return { list: described.map((one) => one.change), text: described.map((one) => one.text).join(" and ") };
}

function describeAtom(
  program: Program,
  sourceMap: SourceMap | null,
  table: Table,
  atom: number,
  to: boolean,
): { readonly change: Change; readonly text: string } {
  const rules = rulesAsking(program, table, atom);
  // Best one whose own words ask it.
  const index = rules.find((rule) => wordsOf(program, sourceMap, atom, rule).place !== null) ?? rules[0];
  if (index === undefined) {
    const text = atomText(program, program.atoms[atom] as Atom);
    return {
      change: { kind: "atom", atom, to, text, rule: null, place: null },
      text: `\`${text}\` were ${to}`,
    };
  }
  const rule = program.rules[index] as Rule;
  const { text, place } = wordsOf(program, sourceMap, atom, index);
  return {
    change: { kind: "atom", atom, to, text, rule: rule.id, place },
    text: `\`${text}\` were ${to} (${placeText(rule, place)})`,
  };
}

function describeLimit(
  program: Program,
  table: Table,
  slot: number,
  to: boolean,
): { readonly change: Change; readonly text: string } {
  const entry = table.passes
    .flatMap((pass): readonly (Entry & { readonly limit?: LimitUse })[] => [...pass.grants, ...pass.requires])
    .find(({ limit }) => limit?.left === slot);
  if (entry === undefined) throw new RangeError(`no limit reads slot ${slot}`);
  const rule = program.rules[entry.rule] as Rule;
  // An answer says whether the limit is exhausted, a change whether something is left.
  return {
    change: { kind: "limit", rule: rule.id, to: !to },
    text: `${to ? "nothing" : "something"} were left of the limit of ${rule.id} (${placeText(rule, null)})`,
  };
}

/** The rules of a table whose conditions or preconditions ask an atom, in the order of the program. */
function rulesAsking(program: Program, table: Table, atom: number): readonly number[] {
  const asks = (conditions: readonly number[]) => atomsOf(program, conditions).includes(atom);
  const rules = table.passes.flatMap((pass) => [
    ...[...(pass.ceilings ?? []), ...pass.forbids].filter((e) => asks([e.when])).map((e) => e.rule),
    ...[...pass.grants, ...pass.requires]
      .filter((e) => asks([e.when, ...(e.preconditions ?? []).map((p) => p.met)]))
      .map((e) => e.rule),
  ]);
  return [...new Set(rules)].toSorted((a, b) => a - b);
}
