/**
 * The `when` and `unless` of a statement as lines of its card. All `when`s hold and no `unless` does, so an `and` after
 * `when` and an `or` after `unless` are lines of their own, and the other connective is a group of one level.
 */
import type { Clause, Expression } from "@wardline/compiler";
import { listNamed, option, type CardContext } from "../card-context.ts";
import type { Block } from "../text/blocks.ts";
import { refuse, type Change, type Splice } from "../text/change.ts";
import { Unshown, type CardDraft } from "../text/draft.ts";
import { addCondition, newCondition, type ConditionPlace } from "./condition-part.ts";
import { letList } from "./named-condition.ts";
import { aboutKey, factOption, factsOf, type About } from "./facts.ts";
import { endBefore, outerOf, tokensBetween } from "./outer.ts";
import { plain } from "../../plain-words.ts";

/** How conditions are introduced on a kind of card. */
export interface ConditionWords {
  readonly when: string;
  readonly whenBare: string;
  readonly unless: string;
  readonly unlessBare: string;
}

type ConditionClause = Extract<Clause, { readonly kind: "when" | "unless" }>;
type Joined = Extract<Expression, { readonly kind: "and" | "or" }>;

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
  const place: ConditionPlace = { ctx, block, draft, about, guarded: guardsIn(ctx, clauses) };
  const inOrder = [
    ...clauses.filter(({ kind }) => kind === "when"),
    ...clauses.filter(({ kind }) => kind === "unless"),
  ];
  for (const [index, clause] of inOrder.entries()) {
    const and = index === 0 ? "" : "and ";
    const [prefix, bare] =
      clause.kind === "when" ? [says.when, says.whenBare] : [says.unless, says.unlessBare];
    addClause(place, clause, `${clause.kind}-${index}`, and, { prefix, bare }, input.fixed === true);
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
function conditionChoices({ ctx, about }: ConditionPlace): string {
  return listNamed(ctx, `conditions: ${aboutKey(about)}`, () => [
    ...factsOf(ctx, about).map(factOption),
    ...relationsOf(ctx, about).map(({ name }) =>
      option(
        `relation ${name}`,
        plain(name),
        ctx.words.documentation.get(`relation ${name}`) ?? null,
        "Relations",
      ),
    ),
    ...(ctx.lists.get(letList(ctx)) ?? []).map((one) =>
      option(`let ${one.id}`, one.label, one.documentation, "Conditions of this file"),
    ),
  ]);
}

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

function addClause(
  place: ConditionPlace,
  clause: ConditionClause,
  id: string,
  and: string,
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
      const lead = at === 0 ? and : "and ";
      const remove = () => removeMember(block, condition, at);
      const line = {
        id: `${id}.${at}`,
        lead,
        takesGuard: own === "and",
        isAlone: false,
        own,
        remove,
      } as const;
      addMember(place, member, line, says);
    }
    return;
  }
  addMember(
    place,
    condition,
    { id, lead: and, takesGuard: true, isAlone: true, own, remove: fixed ? undefined : removeClause },
    says,
  );
}

interface MemberLine {
  readonly id: string;
  readonly lead: string;
  readonly takesGuard: boolean;
  /** It is all of its clause. */
  readonly isAlone: boolean;
  /** What joins the conditions of its clause that are lines of their own. */
  readonly own: "and" | "or";
  readonly remove: (() => Change) | undefined;
}

/** A condition of a clause, or a group of such. */
function addMember(place: ConditionPlace, member: Expression, line: MemberLine, says: Introduced): void {
  const inner = member.kind === "not" ? member.of : member;
  if (inner.kind === "and" || inner.kind === "or") {
    addGroup(place, member, inner, line, says);
    return;
  }
  const { id, lead, takesGuard, isAlone, own, remove } = line;
  const introduced = { prefix: lead + says.prefix, bare: lead + says.bare };
  addCondition(place, member, { id, depth: 0, ...introduced, takesGuard, remove });
  const { draft, block } = place;
  const [word, label] = own === "and" ? ["or", "Or else"] : ["and", "And at the same time"];
  draft.addition(`${id}.${word}`, label, "condition", conditionChoices(place), (choice) => {
    const text = conditionFor(place, choice, false);
    if (typeof text !== "string") return text;
    const outer = outerOf(block, member);
    const [open, close] = isAlone ? ["", ""] : ["(", ")"];
    return [
      { start: outer.start, end: outer.start, text: open },
      { start: outer.end, end: outer.end, text: ` ${word} ${text}${close}` },
    ];
  });
}

function addGroup(
  place: ConditionPlace,
  member: Expression,
  group: Joined,
  line: MemberLine,
  says: Introduced,
): void {
  const { draft, block } = place;
  const nested = group.of.find((one) => ["and", "or"].includes(one.kind === "not" ? one.of.kind : one.kind));
  if (nested !== undefined) {
    const inside = nested.kind === "not" ? nested.of.kind : nested.kind;
    throw new Unshown(`This condition nests \`${inside}\` within \`${group.kind}\` deeper than cards show.`);
  }
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
      group: of,
      ...(line.remove === undefined ? {} : { remove: line.remove }),
      negate: () => negateGroup(place, member, group),
      regroup: (wanted) => regroup(block, group, wanted === "all" ? "and" : "or"),
    },
    [`${line.lead}${says.prefix} ${hold}:`],
  );
  for (const [at, one] of group.of.entries()) {
    const remove = () =>
      group.of.length === 2 ? keepOther(place, group, at) : removeMember(block, group, at);
    const id = `${line.id}.${at}`;
    addCondition(place, one, {
      id,
      depth: 1,
      prefix: "",
      bare: "it is",
      takesGuard: group.kind === "and",
      remove,
    });
  }
  draft.addition(
    `${line.id}.add`,
    "A condition of the group",
    "condition",
    conditionChoices(place),
    (choice) => {
      const text = conditionFor(place, choice, group.kind === "and");
      if (typeof text !== "string") return text;
      const { end } = outerOf(block, group.of.at(-1) as Expression);
      return [{ start: end, end, text: ` ${group.kind} ${text}` }];
    },
  );
}

function negateGroup({ block }: ConditionPlace, member: Expression, group: Joined): Change {
  const outer = outerOf(block, member);
  if (member.kind === "not") return [{ start: outer.start, end: outerOf(block, group).start, text: "" }];
  const [open, close] = outer.start < group.span.start ? ["not ", ""] : ["not (", ")"];
  return [
    { start: outer.start, end: outer.start, text: open },
    { start: outer.end, end: outer.end, text: close },
  ];
}

/** Another connective between all members. */
function regroup(block: Block, group: Joined, word: "and" | "or"): Change {
  return group.of.slice(1).flatMap((member, at): readonly Splice[] => {
    const from = outerOf(block, group.of[at] as Expression).end;
    const [connective] = tokensBetween(block, from, outerOf(block, member).start);
    if (connective === undefined) return [];
    const start = connective.token.startOffset;
    return [{ start, end: start + connective.token.image.length, text: word }];
  });
}

/** Takes a condition out, with the connective at its side. */
function removeMember(block: Block, group: Joined, at: number): Change {
  const own = outerOf(block, group.of[at] as Expression);
  const before = group.of[at - 1];
  if (before !== undefined) return [{ start: outerOf(block, before).end, end: own.end, text: "" }];
  const after = group.of[at + 1];
  const end = after === undefined ? own.end : outerOf(block, after).start;
  return [{ start: own.start, end, text: "" }];
}

/** Of two conditions one is left: the group and its parentheses go. */
function keepOther({ block, ctx }: ConditionPlace, group: Joined, at: number): Change {
  const kept = outerOf(block, group.of[1 - at] as Expression);
  const whole = outerOf(block, group);
  return [
    { start: whole.start, end: kept.start, text: "" },
    { start: kept.end, end: whole.end, text: "" },
  ].filter(({ start, end }) => end > start && ctx.text.length >= end);
}

/** Paths that a `has` of the `when`s asks for. */
function guardsIn({ text }: CardContext, clauses: readonly ConditionClause[]): ReadonlySet<string> {
  const paths = new Set<string>();
  const look = (expression: Expression): void => {
    if (expression.kind === "has")
      paths.add(text.slice(expression.path.span.start, expression.path.span.end));
    else if (expression.kind === "and") expression.of.forEach(look);
  };
  for (const { kind, condition } of clauses) if (kind === "when") look(condition);
  return paths;
}
