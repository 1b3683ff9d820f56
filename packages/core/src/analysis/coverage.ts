/** What of a program's rules some requests have seen: which applied, which did not, and each question both ways. */
import { atomHolds } from "../evaluate/atom.ts";
import { conditionsBy } from "../evaluate/condition.ts";
import { openRequest } from "../evaluate/open-request.ts";
import type { SourceMap } from "../explain/source-map.ts";
import type { Atom } from "../ir/atom.ts";
import type { Entry, Pass, Program, Rule, RuleKind } from "../ir/program.ts";
import { atomsOf } from "../search/space.ts";
import { questionsOf } from "./rule-questions.ts";

/** Whether both sides of something were met. */
export interface BothWays {
  readonly yes: boolean;
  readonly no: boolean;
}

export interface QuestionCoverage {
  /** The words that ask it, or what it asks; without a negation. */
  readonly words: string;
  readonly file: string;
  readonly line: number;
  readonly seen: BothWays;
}

export interface RuleCoverage {
  readonly rule: string;
  readonly kind: RuleKind;
  readonly file: string;
  readonly line: number;
  /** Some request that the rule is for met its condition; some did not. */
  readonly seen: BothWays;
  readonly questions: readonly QuestionCoverage[];
}

export interface Share {
  readonly seen: number;
  readonly of: number;
}

export interface Coverage {
  /** In the order of the program, without rules that reach no request. */
  readonly rules: readonly RuleCoverage[];
  /** Rules that applied at least once. */
  readonly applied: Share;
  /** Two for each rule: it applied, it did not. */
  readonly branches: Share;
  /** Two for each question: yes, no. */
  readonly conditions: Share;
}

/**
 * Requests that no rule is asked of, since they are improper or another tenant's, see nothing. `isMeant`: the rules to
 * look at; all without it.
 */
export function coverage(
  program: Program,
  sourceMap: SourceMap | null,
  requests: Iterable<unknown>,
  isMeant: (rule: Rule) => boolean = () => true,
): Coverage {
  const matched = new Map<number, { yes: boolean; no: boolean }>();
  const asked = new Map<string, { yes: boolean; no: boolean }>();
  const atomsIn = atomsByEntry(program);
  const note = <K>(into: Map<K, { yes: boolean; no: boolean }>, key: K, value: boolean) => {
    const seen = into.get(key) ?? { yes: false, no: false };
    seen[value ? "yes" : "no"] = true;
    into.set(key, seen);
  };
  for (const request of requests) {
    const opened = openRequest(program, request);
    if ("refused" in opened) continue;
    const atom = (id: number) => atomHolds(program, program.atoms[id] as Atom, opened.facts);
    const holds = conditionsBy(program, atom);
    for (const entry of opened.table.passes.flatMap(entriesOf)) {
      note(matched, entry.rule, holds(entry.when));
      for (const id of atomsIn(entry)) note(asked, `${entry.rule} ${id}`, atom(id));
    }
  }
  const rules = program.rules.flatMap((rule, index): readonly RuleCoverage[] => {
    const { isThere, questions } = questionsOf(program, sourceMap, index);
    if (!isThere || !isMeant(rule)) return [];
    const { id, kind, file, line } = rule;
    const seen = matched.get(index) ?? { yes: false, no: false };
    return [
      {
        rule: id,
        kind,
        file,
        line,
        seen,
        questions: questions.map(({ atoms, words, place }) => ({
          words,
          file: place?.file ?? file,
          line: place?.line ?? line,
          seen: eitherWay(atoms.map((atom) => asked.get(`${index} ${atom}`))),
        })),
      },
    ];
  });
  const ways = ({ yes, no }: BothWays) => Number(yes) + Number(no);
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  const questions = rules.flatMap((rule) => rule.questions);
  return {
    rules,
    applied: { seen: rules.filter((rule) => rule.seen.yes).length, of: rules.length },
    branches: { seen: sum(rules.map((rule) => ways(rule.seen))), of: 2 * rules.length },
    conditions: { seen: sum(questions.map((question) => ways(question.seen))), of: 2 * questions.length },
  };
}

function eitherWay(some: readonly (BothWays | undefined)[]): BothWays {
  return { yes: some.some((seen) => seen?.yes === true), no: some.some((seen) => seen?.no === true) };
}

function entriesOf(pass: Pass): readonly Entry[] {
  return [...(pass.ceilings ?? []), ...pass.forbids, ...pass.grants, ...pass.requires];
}

/** The atoms of a rule's condition; what its preconditions ask is the model's, not the rule's. */
function atomsByEntry(program: Program): (entry: Entry) => readonly number[] {
  const known = new Map<number, readonly number[]>();
  return ({ when }) => {
    const atoms = known.get(when) ?? atomsOf(program, [when]);
    known.set(when, atoms);
    return atoms;
  };
}
