/** One condition as a line of a card: its slots, and what setting them, turning it round or taking it out does. */
import type { Expression } from "@wardline/compiler";
import type { Part, Picker, Segment, Slot, SlotValue } from "../card.ts";
import { listNamed, option, type CardContext } from "../card-context.ts";
import type { Block } from "../text/blocks.ts";
import { isRefused, refuse, type Change } from "../text/change.ts";
import type { CardDraft } from "../text/draft.ts";
import { wantedPicker } from "./wanted-picker.ts";
import { atomOf, type Atom, type FactAtom } from "./atom.ts";
import { firstReference, relatesBy } from "./comparable.ts";
import { factList, factsOf, type About, type Fact } from "./facts.ts";
import { letSegments, relationSegments } from "./named-condition.ts";
import { negatedLabel, operatorsOf, presence, type Operator } from "./operators.ts";
import { canBeSaid, goTogether, saidRows } from "./said-rows.ts";
import { outerOf } from "./outer.ts";
import { firstValue, textOf } from "./value.ts";
import { shownValue } from "./shown.ts";

/** The statement that a condition stands in. */
export interface ConditionPlace {
  readonly ctx: CardContext;
  readonly block: Block;
  readonly draft: CardDraft;
  readonly about: About;
  /** Paths that some `has` of the statement's conditions asks for. */
  readonly guarded: ReadonlySet<string>;
}

export interface ConditionLine {
  readonly id: string;
  readonly depth: number;
  /** `only when` */
  readonly prefix: string;
  /** The same where the condition says itself when, as in `between 22:00 and 06:00`. */
  readonly bare: string;
  /** A guard `has x and` may be put before the condition. */
  readonly takesGuard: boolean;
  readonly remove: (() => Change) | undefined;
}

/** Adds the line of one condition. What a card cannot show of it is thrown as `Unshown`. */
export function addCondition(place: ConditionPlace, expression: Expression, line: ConditionLine): void {
  const isNegated = expression.kind === "not";
  const atom = atomOf(place.ctx, place.about, place.ctx.text, isNegated ? expression.of : expression);
  const replace = (text: string): Change => [{ ...outerOf(place.block, expression), text, holds: true }];
  const part = {
    id: line.id,
    kind: "condition",
    depth: line.depth,
    ...(line.remove === undefined ? {} : { remove: line.remove }),
    negate: () => replace(negated(place, atom, expression, isNegated)),
  } as const satisfies { kind: Part["kind"]; [key: string]: unknown };
  place.draft.part(part, segmentsOf(place, atom, { ...line, isNegated, replace }));
}

export interface AtomLine extends ConditionLine {
  readonly isNegated: boolean;
  readonly replace: (text: string) => Change;
}

function negated(
  { ctx, block }: ConditionPlace,
  atom: Atom,
  expression: Expression,
  isNegated: boolean,
): string {
  const inner = expression.kind === "not" ? outerOf(block, expression.of) : expression.span;
  const written = ctx.text.slice(inner.start, inner.end);
  if (isNegated) return written;
  if (atom.kind === "fact" && atom.operator.opposite !== null) {
    const opposite = operatorsOf(atom.fact.type).find(({ id }) => id === atom.operator.opposite);
    const left = ctx.text.slice(atom.left.start, atom.left.end);
    const right = atom.value === null ? "" : ctx.text.slice(atom.value.start, atom.value.end);
    if (opposite !== undefined) return opposite.print(left, right);
  }
  return `not ${written}`;
}

function segmentsOf(place: ConditionPlace, atom: Atom, line: AtomLine): readonly (Segment | string)[] {
  switch (atom.kind) {
    case "fact":
      return factSegments(place, atom, line);
    case "relation":
      return relationSegments(place, atom, line);
    case "let":
      return letSegments(place, atom, line);
  }
}

function factSegments(place: ConditionPlace, atom: FactAtom, line: AtomLine): readonly (Segment | string)[] {
  const operator = operatorSlot(place, atom, line);
  const value = atom.value === null ? [] : [valueSlot(place, atom, line), atom.operator.after];
  const bare = bareOperator(place, atom, line.isNegated);
  if (bare !== null) return [line.bare, { ...operator, shown: bare }, ...value];
  return [line.prefix, factSlot(place, atom, line), operator, ...value];
}

/** How an operator reads without its fact, where everybody knows which is meant. */
function bareOperator(
  { ctx }: ConditionPlace,
  { fact, operator }: FactAtom,
  isNegated: boolean,
): string | null {
  if (isNegated) return null;
  if (fact.path === "clock.time" && operator.id === "in range") return "between";
  if (fact.path === "clock.weekday" && (operator.id === "==" || operator.id === "in list")) return "on";
  const addresses = ctx.words.ir.context.filter(({ type }) => type.kind === "ip");
  if (addresses.length !== 1 || fact.path !== `context.${addresses[0]?.name}`) return null;
  if (operator.id === "in network") return "from the network";
  return operator.id === "in networks" ? "from one of the networks" : null;
}

function factSlot(place: ConditionPlace, { fact, left }: FactAtom, line: AtomLine): Slot {
  const { ctx, about, draft } = place;
  return draft.slot({
    id: `${line.id}.fact`,
    label: "What is looked at",
    shown: fact.label,
    picker: { kind: "one", options: factList(ctx, about) },
    value: fact.path,
    ...left,
    set: (path) => {
      const chosen = factsOf(ctx, about).find((other) => other.path === path);
      if (chosen === undefined) return refuse(`\`${String(path)}\` cannot be asked for here.`);
      const text = newCondition(place, chosen, line.takesGuard);
      return typeof text === "string" ? line.replace(text) : text;
    },
  });
}

/** A whole condition on a fact: what it is first asked is chosen by its type. */
export function newCondition(
  place: ConditionPlace,
  fact: Fact,
  takesGuard: boolean,
): string | { readonly refused: string } {
  const asked = fact.needs.filter((path) => !place.guarded.has(path));
  if (asked.length > 0) return `has ${asked.at(-1)}`;
  if (isReference(fact)) {
    const isThere = ({ needs }: Fact) => needs.every((path) => place.guarded.has(path));
    const said = saidRows(place.ctx, place.block);
    const facts = factsOf(place.ctx, place.about).filter(
      (other) => canBeSaid(other, said) && goTogether(fact, other),
    );
    const text = firstReference(place.ctx, place.about, fact, facts, isThere);
    if (text !== null) return text;
  }
  const first = operatorsOf(fact.type).find(({ wants }) => wants !== "fact");
  if (first === undefined) return refuse("There is nothing of the same kind to compare it with.");
  return printed(place, fact, first, null, takesGuard);
}

const isReference = ({ type }: Fact) => type.kind === "entity";

/** A condition with an operator; with the value of now, or a first one. A fact that may be absent is guarded. */
function printed(
  place: ConditionPlace,
  fact: Fact,
  operator: Operator,
  before: FactAtom | null,
  takesGuard: boolean,
): string | { readonly refused: string } {
  const { ctx, about, guarded } = place;
  let value = "";
  let ofValue: readonly string[] = [];
  if (operator.wants !== "nothing") {
    const picker = wantedPicker(ctx, about, fact, operator);
    const kept = before?.operator.wants === operator.wants ? before.value : null;
    if (kept !== null && canStay(ctx, picker, kept.value)) value = ctx.text.slice(kept.start, kept.end);
    else {
      if (picker.kind === "one" && (ctx.lists.get(picker.options) ?? []).length === 0)
        return refuse("There is nothing of the same kind to compare it with.");
      const text = textOf(ctx, picker, firstValue(ctx, picker));
      if (typeof text !== "string") return text;
      value = text;
      if (operator.wants === "fact") ofValue = needsOf(place, text);
    }
  }
  const condition = operator.print(fact.path, value);
  const needs = operator.id === "has" ? [] : [...fact.needs, ...ofValue];
  return guardedBy(new Set(needs.filter((path) => !guarded.has(path))), condition, takesGuard);
}

/** A condition behind what says that these are given. */
function guardedBy(
  missing: ReadonlySet<string>,
  condition: string,
  takesGuard: boolean,
): string | { readonly refused: string } {
  if (missing.size === 0) return condition;
  if (!takesGuard)
    return refuse(
      "What this would ask about may be absent. First add a condition of its own that says that it is given.",
    );
  return [...[...missing].map((path) => `has ${path}`), condition].join(" and ");
}

/** Another comparison may be with other facts: a reference that is the same, or one that lies above. */
const canStay = (ctx: CardContext, picker: Picker, value: SlotValue) =>
  picker.kind !== "one" || (ctx.lists.get(picker.options) ?? []).some(({ id }) => id === value);

function operatorSlot(place: ConditionPlace, atom: FactAtom, line: AtomLine): Slot {
  const { ctx, draft } = place;
  const { fact, operator, left, value } = atom;
  const all = [...(fact.needs.includes(fact.path) ? presence : []), ...operatorsOf(fact.type)].filter(
    (other) => other.id === operator.id || hasOther(place, fact, other),
  );
  const canNegate = (other: Operator) => other.opposite === null;
  const withFacts = all.flatMap(({ id, wants }) => (wants === "fact" ? [id] : [])).join(" ");
  const options = listNamed(
    ctx,
    `operators of ${fact.type.kind} ${all.length} ${all[0]?.id} ${withFacts}`,
    () =>
      all.flatMap((other) => [
        option(other.id, named(other, other.label, all)),
        ...(canNegate(other) ? [option(`no:${other.id}`, named(other, negatedLabel(other), all))] : []),
      ]),
  );
  const id = `${line.isNegated ? "no:" : ""}${operator.id}`;
  return draft.slot({
    id: `${line.id}.operator`,
    label: "How it is compared",
    shown: line.isNegated ? negatedLabel(operator) : operator.label,
    picker: { kind: "one", options },
    value: id,
    start: left.end,
    end: value?.start ?? left.end,
    set: (chosen) => {
      const isNo = typeof chosen === "string" && chosen.startsWith("no:");
      const next = all.find((other) => other.id === (isNo ? chosen.slice("no:".length) : chosen));
      if (next === undefined) return refuse("It cannot be compared so.");
      const text = printed(place, fact, next, atom, line.takesGuard && !isNo);
      return typeof text === "string" ? line.replace(`${isNo ? "not " : ""}${text}`) : text;
    },
  });
}

/** Whether there is a fact to compare with, where an operator wants one, and whether it is known where a reference belongs. */
function hasOther({ ctx, about }: ConditionPlace, fact: Fact, operator: Operator): boolean {
  if (asksParents(operator) && !areParentsKnown(ctx, fact)) return false;
  if (operator.wants !== "fact") return true;
  const picker = wantedPicker(ctx, about, fact, operator);
  return picker.kind === "one" && (ctx.lists.get(picker.options) ?? []).length > 0;
}

const asksParents = ({ id, wants }: Operator) =>
  wants === "row" || wants === "rows" || relatesBy(id) === "below";

/** Where somebody belongs comes with the one who asks alone. */
const areParentsKnown = ({ words }: CardContext, { path, type }: Fact) =>
  path === "principal" ||
  type.kind !== "entity" ||
  !(words.entities.get(type.entity)?.parents ?? []).some(({ via }) => via.kind === "session");

/** A comparison in a list, where one with a value and one with another fact read alike otherwise. */
function named({ id, wants, after, label: own }: Operator, label: string, all: readonly Operator[]): string {
  if (wants === "nothing") return label;
  if (after !== "") return `${label} … ${after}`;
  const isTwin = wants === "fact" && all.some((other) => other.label === own && other.id !== id);
  return isTwin ? `${label} the value of …` : `${label} …`;
}

const needsOf = ({ ctx, about }: ConditionPlace, path: string): readonly string[] =>
  factsOf(ctx, about).find((fact) => fact.path === path)?.needs ?? [];

function valueSlot(place: ConditionPlace, atom: FactAtom, line: AtomLine): Slot {
  const { ctx, about, draft, guarded } = place;
  const { value } = atom;
  if (value === null) throw new Error("Invariant: a slot of a value has one");
  const isFact = atom.operator.wants === "fact";
  const other = factsOf(ctx, about).find(({ path }) => path === value.value);
  return draft.slot({
    id: `${line.id}.value`,
    label: "With what it is compared",
    shown: isFact ? (other?.label ?? String(value.value)) : shownValue(value.picker, value.value),
    picker: value.picker,
    value: value.value,
    start: value.start,
    end: value.end,
    set: (chosen) => {
      const text = textOf(ctx, value.picker, chosen);
      if (isRefusedText(text)) return text;
      // What the value of now reads is known to be there, in whatever way.
      const missing = needsOf(place, isFact ? text : "").filter(
        (path) => !guarded.has(path) && other?.needs.includes(path) !== true,
      );
      if (missing.length === 0) return [{ start: value.start, end: value.end, text }];
      const condition = atom.operator.print(ctx.text.slice(atom.left.start, atom.left.end), text);
      const whole = guardedBy(new Set(missing), condition, line.takesGuard && !line.isNegated);
      return isRefusedText(whole) ? whole : line.replace(whole);
    },
  });
}

const isRefusedText = (text: string | { readonly refused: string }): text is { readonly refused: string } =>
  typeof text !== "string" && isRefused(text);
