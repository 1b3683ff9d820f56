/**
 * The `when` and `unless` of a statement as lines of its card. All `when`s hold and no `unless` does, so an `and` after
 * `when` and an `or` after `unless` are lines of their own, and the other connective is a group, whose lines stand below it.
 */
import type { Clause, Expression } from "@wardline/compiler";
import { listNamed, option, type CardContext } from "../card-context.ts";
import type { Block } from "../text/blocks.ts";
import { refuse, type Change } from "../text/change.ts";
import { Unshown, type CardDraft } from "../text/draft.ts";
import { addCondition, newCondition, type ConditionPlace } from "./condition-part.ts";
import { letList } from "./named-condition.ts";
import { aboutKey, factOption, factsOf, type About } from "./facts.ts";
import { guardedWithin, guardsIn, type ConditionClause } from "./guards.ts";
import { keepOther, negateGroup, regroup, removeMember, type Joined } from "./group-edits.ts";
import { endBefore, outerOf } from "./outer.ts";
import { canBeSaid, saidRows } from "./said-rows.ts";
import { plain } from "../../plain-words.ts";

/** How conditions are introduced on a kind of card. */
export interface ConditionWords {
  readonly when: string;
  readonly whenBare: string;
  readonly unless: string;
  readonly unlessBare: string;
  /** What joins one exception to the next. */
  readonly again: string;
}

export interface ConditionsInput {
  readonly ctx: CardContext;
  readonly block: Block;
  readonly draft: CardDraft;
  readonly about: About;
  readonly clauses: readonly Clause[];
  readonly says: ConditionWords;
  /** Puts a new clause into the statement. */
  readonly insert: (kind: Clause["kind"], text: string) => Change;
  /** Of a let: its one condition stays, and has no exceptions. */
  readonly fixed?: true;
}

/** Adds a line for each condition, and what conditions can be added. */
export function addConditions(input: ConditionsInput): void {
  const { ctx, block, draft, about, says } = input;
  const clauses = input.clauses.filter(
    (clause): clause is ConditionClause => clause.kind === "when" || clause.kind === "unless",
  );
  const guards = guardsIn(ctx, clauses);
  const place: ConditionPlace = { ctx, block, draft, about, guarded: new Set(guards.keys()) };
  const inOrder = [
    ...clauses.filter(({ kind }) => kind === "when"),
    ...clauses.filter(({ kind }) => kind === "unless"),
  ];
  for (const [index, clause] of inOrder.entries()) {
    const joined = clause.kind === "when" ? "and" : says.again;
    const isFirst = clause.kind !== inOrder[index - 1]?.kind;
    // An exception to conditions needs no `or` before it.
    const isPlain = index === 0 || (isFirst && says.again === "or");
    const lead = isPlain ? "" : `${joined} `;
    const [prefix, bare] =
      clause.kind === "when" ? [says.when, says.whenBare] : [says.unless, says.unlessBare];
    // What is asked to the left of a condition is known there; what any `when` asks, in every `unless`.
    const guardedAt = (start: number) =>
      clause.kind === "unless"
        ? place.guarded
        : new Set([...guards].flatMap(([path, at]) => (at < start ? [path] : [])));
    const within = { place, guardedAt };
    addClause(
      within,
      clause,
      `${clause.kind}-${index}`,
      { lead, joined },
      { prefix, bare },
      input.fixed === true,
    );
  }
  const choices = conditionChoices(place);
  const add =
    (kind: "when" | "unless") =>
    (choice: string | null): Change => {
      const text = conditionFor(place, choice, true);
      return typeof text === "string" ? input.insert(kind, `${kind} ${text}`) : text;
    };
  draft.addition("when", "A condition", "condition", choices, add("when"));
  if (input.fixed === true) return;
  draft.addition("unless", "An exception", "condition", choices, add("unless"));
}

/** Facts, relations and lets: what a new condition can be made of. */
function conditionChoices({ ctx, about, block }: ConditionPlace): string {
  const { statement } = block;
  const own = statement?.kind === "let" ? statement.name.text : null;
  const said = saidRows(ctx, block);
  const key = `${said.row ? "row " : ""}${said.sides ? "sides " : ""}${own ?? ""}: ${aboutKey(about)}`;
  return listNamed(ctx, `conditions ${key}`, () => [
    ...factsOf(ctx, about)
      .filter((fact) => canBeSaid(fact, said))
      .map(factOption),
    ...relationsOf(ctx, about).map(({ name }) =>
      option(
        `relation ${name}`,
        plain(name),
        ctx.words.documentation.get(`relation ${name}`) ?? null,
        "Relations",
      ),
    ),
    ...(ctx.lists.get(letList({ ctx, about })) ?? [])
      .filter(({ id }) => id !== own && rowsOf(ctx, id).every((row) => canBeSaid({ path: row }, said)))
      .map((one) => option(`let ${one.id}`, one.label, one.documentation, "Conditions of this file")),
  ]);
}

const rowsOf = ({ lets }: CardContext, name: string) => lets.find((one) => one.name === name)?.rows ?? [];

/** Relations of who asks and what is asked for. */
function relationsOf(ctx: CardContext, { principals, entities }: About) {
  return ctx.words.ir.relations.filter(
    ({ from, to }) =>
      principals.some(({ name }) => name === from) && entities.some(({ name }) => name === to),
  );
}

function conditionFor(place: ConditionPlace, choice: string | null, takesGuard: boolean) {
  const { ctx, about } = place;
  if (choice?.startsWith("relation ") === true) {
    const name = choice.slice("relation ".length);
    const known = relationsOf(ctx, about).some((relation) => relation.name === name);
    return known ? `${name}(principal, resource)` : refuse("There is no such relation here.");
  }
  if (choice?.startsWith("let ") === true) {
    const name = choice.slice("let ".length);
    return ctx.lets.some((one) => one.name === name && one.parameters === 0)
      ? name
      : refuse("No condition of this file has that name.");
  }
  const fact = factsOf(ctx, about).find(({ path }) => path === choice);
  return fact === undefined
    ? refuse("Choose what the condition is about.")
    : newCondition(place, fact, takesGuard);
}

interface Introduced {
  readonly prefix: string;
  readonly bare: string;
}

/** A statement, and what is known to be there where a condition of a clause begins. */
interface ClausePlace {
  readonly place: ConditionPlace;
  readonly guardedAt: (start: number) => ReadonlySet<string>;
}

function addClause(
  { place, guardedAt }: ClausePlace,
  clause: ConditionClause,
  id: string,
  { lead: first, joined }: { readonly lead: string; readonly joined: string },
  says: Introduced,
  fixed: boolean,
): void {
  const { block } = place;
  const { condition } = clause;
  const own = clause.kind === "when" ? "and" : "or";
  const removeClause = (): Change => [
    { start: endBefore(block, clause.span.start), end: clause.span.end, text: "" },
  ];
  if (condition.kind === own) {
    for (const [at, member] of condition.of.entries()) {
      const lead = at === 0 ? first : `${joined} `;
      const remove = () => removeMember(block, condition, at);
      const line = {
        id: `${id}.${at}`,
        depth: 0,
        lead,
        takesGuard: own === "and",
        isAlone: false,
        own,
        remove,
      } as const;
      addMember({ ...place, guarded: guardedAt(member.span.start) }, member, line, says);
    }
    return;
  }
  addMember(
    { ...place, guarded: guardedAt(condition.span.start) },
    condition,
    {
      id,
      depth: 0,
      lead: first,
      takesGuard: true,
      isAlone: true,
      own,
      remove: fixed ? undefined : removeClause,
    },
    says,
  );
}

interface MemberLine {
  readonly id: string;
  readonly depth: number;
  readonly lead: string;
  readonly takesGuard: boolean;
  /** It is all of its clause. */
  readonly isAlone: boolean;
  /** What joins it to the lines beside it. */
  readonly own: "and" | "or";
  readonly remove: (() => Change) | undefined;
}

/** So many levels of groups stand within one another, of which the last holds conditions alone. */
const mostLevels = 5;

/** A condition of a clause or a group, or a group of such. */
function addMember(place: ConditionPlace, member: Expression, line: MemberLine, says: Introduced): void {
  const inner = member.kind === "not" ? member.of : member;
  if (inner.kind === "and" || inner.kind === "or") {
    addGroup(place, member, inner, line, says);
    return;
  }
  const { id, depth, lead, takesGuard, isAlone, own, remove } = line;
  const introduced = { prefix: lead + says.prefix, bare: lead + says.bare };
  addCondition(place, member, { id, depth, ...introduced, takesGuard, remove });
  if (depth === mostLevels) return;
  const { draft, block } = place;
  // What is asked first so that others can be asked must go on being asked.
  if (own === "and" && !isAlone && member.kind === "has") return;
  const [word, label] = own === "and" ? ["or", "Or else"] : ["and", "And at the same time"];
  const add = (choice: string | null): Change => {
    const text = conditionFor(place, choice, word === "and");
    if (typeof text !== "string") return text;
    const outer = outerOf(block, member);
    const [open, close] = isAlone ? ["", ""] : ["(", ")"];
    return [
      { start: outer.start, end: outer.start, text: open },
      { start: outer.end, end: outer.end, text: ` ${word} ${text}${close}` },
    ];
  };
  draft.addition(`${id}.${word}`, label, "condition", conditionChoices(place), add, id);
}

function addGroup(
  place: ConditionPlace,
  member: Expression,
  group: Joined,
  line: MemberLine,
  says: Introduced,
): void {
  const { draft, block } = place;
  if (line.depth === mostLevels)
    throw new Unshown(
      `This condition nests \`and\` and \`or\` deeper than the ${mostLevels} levels that cards show.`,
    );
  const of = group.kind === "and" ? "all" : "any";
  const isNegated = member.kind === "not";
  const hold =
    of === "all"
      ? `${isNegated ? "not " : ""}all of these hold`
      : `${isNegated ? "none" : "any"} of these holds`;
  draft.part(
    {
      id: line.id,
      kind: "group",
      depth: line.depth,
      group: of,
      ...(line.remove === undefined ? {} : { remove: line.remove }),
      negate: () => negateGroup(block, member, group),
      regroup: (wanted) => regroup(block, group, wanted === "all" ? "and" : "or"),
    },
    [`${line.lead}${says.prefix} ${hold}:`],
  );
  const inside: ConditionPlace = { ...place, guarded: guardedWithin(place, group) };
  const own = group.kind;
  for (const [at, one] of group.of.entries()) {
    const remove = () =>
      group.of.length === 2 ? keepOther(block, group, at) : removeMember(block, group, at);
    const below = {
      id: `${line.id}.${at}`,
      depth: line.depth + 1,
      takesGuard: own === "and",
      own,
      remove,
    } as const;
    addMember(inside, one, { ...below, lead: "", isAlone: false }, { prefix: "", bare: "it is asked" });
  }
  const add = (choice: string | null): Change => {
    const text = conditionFor(inside, choice, own === "and");
    if (typeof text !== "string") return text;
    const { end } = outerOf(block, group.of.at(-1) as Expression);
    return [{ start: end, end, text: ` ${own} ${text}` }];
  };
  draft.addition(`${line.id}.add`, "One more of these", "condition", conditionChoices(place), add, line.id);
}
