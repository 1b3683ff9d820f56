/**
 * Programs that differ from another by one small fault each, such as an administrator could make: for judging whether the
 * tests of a policy would notice.
 */
import { placeText } from "../explain/condition-tree.ts";
import { obligationText } from "../explain/obligation-text.ts";
import type { SourceMap } from "../explain/source-map.ts";
import type { Obligation } from "../decision/obligation.ts";
import type { Atom, CompareOp } from "../ir/atom.ts";
import type { GrantEntry, Program, RequireEntry, Rule } from "../ir/program.ts";
import { obligationsOf, questionsOf, type Question } from "./rule-questions.ts";
import { rewriterOf, type RuleEdit } from "./rewrite.ts";

export type Fault =
  | "drop_rule"
  | "negate"
  | "comparison"
  | "drop_condition"
  | "drop_obligation"
  | "drop_role";

export interface Mutant {
  readonly program: Program;
  readonly fault: Fault;
  /** The rule that has the fault. */
  readonly rule: string;
  /** Where the faulty words stand, or the rule where no words do. From 1. */
  readonly file: string;
  readonly line: number;
  /** ``north/export (north.ward:33) without `context.mfa` `` */
  readonly description: string;
}

/** All mutants of a program, rule by rule, in a fixed order. Some may mean the same as the program. */
export function* mutatePrograms(program: Program, sourceMap: SourceMap | null): Iterable<Mutant> {
  const rewrite = rewriterOf(program);
  for (const [index, rule] of program.rules.entries()) {
    for (const { fault, edit, words, place } of faultsOf(program, sourceMap, index)) {
      const { file, line } = place ?? rule;
      yield {
        program: rewrite({ rule: index, ...edit }),
        fault,
        rule: rule.id,
        file,
        line,
        description: `${rule.id} (${placeText(rule, place)}) ${words}`,
      };
    }
  }
}

interface Planned {
  readonly fault: Fault;
  readonly edit: Omit<RuleEdit, "rule">;
  readonly words: string;
  readonly place: { readonly file: string; readonly line: number } | null;
}

function* faultsOf(program: Program, sourceMap: SourceMap | null, index: number): Iterable<Planned> {
  const rule = program.rules[index] as Rule;
  const { questions, groups, terms, isThere } = questionsOf(program, sourceMap, index);
  if (!isThere) return;
  yield { fault: "drop_rule", edit: { dropped: true }, words: "is gone", place: null };
  for (const question of questions) yield* faultsOfQuestion(program, question);
  for (const { conditions, words, place } of groups)
    yield {
      fault: "drop_condition",
      edit: { drops: (at) => conditions.includes(at) },
      words: `without the alternatives \`${words}\``,
      place,
    };
  if (rule.kind === "permit" || rule.kind === "share" || rule.kind === "require")
    for (const term of terms)
      yield {
        fault: "drop_obligation",
        edit: { terms: (entry) => withoutTerm(entry, term, rule.kind === "require") },
        words: `without ${obligationText(term)}`,
        place: null,
      };
}

function* faultsOfQuestion(program: Program, { atoms, words, place }: Question): Iterable<Planned> {
  const isMeant = (atom: number) => atoms.includes(atom);
  const atomAt = (atom: number) => program.atoms[atom] as Atom;
  const literal = (
    change: (atom: Atom, negated: boolean) => readonly [Atom, boolean],
  ): Omit<RuleEdit, "rule"> => ({
    literal: ({ atom, negated }) => {
      if (!isMeant(atom)) return { kind: "keep" };
      const [to, turned] = change(atomAt(atom), negated);
      return { kind: "literal", atom: to, negated: turned };
    },
  });
  yield {
    fault: "negate",
    edit: literal((atom, negated) => [atom, !negated]),
    words: `with \`${words}\` negated`,
    place,
  };
  yield {
    fault: "drop_condition",
    edit: { literal: ({ atom }) => (isMeant(atom) ? { kind: "drop" } : { kind: "keep" }) },
    words: `without \`${words}\``,
    place,
  };
  const [first] = atoms.map(atomAt);
  if (first?.kind === "compare" && first.op !== "eq")
    for (const [to, fault] of [
      [edge, `the bound of \`${words}\` ${first.op === "lt" || first.op === "gt" ? "taken in" : "left out"}`],
      [turned, `\`${words}\` turned round`],
    ] as const)
      yield {
        fault: "comparison",
        edit: literal((atom, negated) => [
          atom.kind === "compare" ? { ...atom, op: to[atom.op] } : atom,
          negated,
        ]),
        words: `with ${fault}`,
        place,
      };
  if (first?.kind === "role" && first.roles.length > 1)
    for (const role of first.roles)
      yield {
        fault: "drop_role",
        edit: literal((atom, negated) => [
          atom.kind === "role" ? { ...atom, roles: atom.roles.filter((name) => name !== role) } : atom,
          negated,
        ]),
        words: `without the role ${role}`,
        place,
      };
}

type Ops = { readonly [Op in CompareOp]: CompareOp };

/** The end taken in or left out, and the other way round. */
const edge: Ops = { eq: "eq", lt: "le", le: "lt", gt: "ge", ge: "gt" };
const turned: Ops = { eq: "eq", lt: "gt", le: "ge", gt: "lt", ge: "le" };
/** A require always lists its preconditions, a grant only if it has some. */
function withoutTerm<T extends GrantEntry | RequireEntry>(entry: T, term: Obligation, isRequire: boolean): T {
  const text = JSON.stringify(term);
  const isOther = (obligation: Obligation) => JSON.stringify(obligation) !== text;
  const { preconditions = [], limit, duties = [], ...rest } = entry;
  const left = preconditions.filter(({ obligation }) => isOther(obligation));
  const others = duties.filter(isOther);
  return {
    ...rest,
    effects: entry.effects.filter((effect) => obligationsOf(effect).every(isOther)),
    ...(isRequire || left.length > 0 ? { preconditions: left } : {}),
    ...(limit !== undefined && isOther(limit.obligation) ? { limit } : {}),
    ...(others.length === 0 ? {} : { duties: others }),
  } as unknown as T;
}
