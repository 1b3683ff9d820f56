/** What one condition asks: from its expression to a fact, an operator and a value. Beyond that the card is locked. */
import { unquote, type Expression, type PathExpression } from "@wardline/compiler";
import type { ValueType } from "@wardline/core";
import type { Picker, SlotValue } from "../card.ts";
import type { CardContext } from "../card-context.ts";
import { plain } from "../../plain-words.ts";
import { Unshown } from "../text/draft.ts";
import { factAt, factOf, rootOf, type About, type Fact } from "./facts.ts";
import { parameterPicker, wantedPicker } from "./wanted-picker.ts";
import { operatorsOf, presence, type Operator } from "./operators.ts";
import { shownDuration } from "./shown.ts";

export interface FactAtom {
  readonly kind: "fact";
  readonly fact: Fact;
  /** What stands for the fact: the path, or `path ?? value`. */
  readonly left: { readonly start: number; readonly end: number };
  readonly operator: Operator;
  readonly value: AtomValue | null;
}

export interface AtomValue {
  readonly picker: Picker;
  readonly value: SlotValue;
  readonly start: number;
  readonly end: number;
}

export interface RelationAtom {
  readonly kind: "relation";
  readonly name: { readonly text: string; readonly start: number; readonly end: number };
  /** What is related, in words. */
  readonly sides: readonly string[];
}

export interface LetAtom {
  readonly kind: "let";
  /** What it is given, in words. */
  readonly args: readonly string[];
  readonly name: { readonly text: string; readonly start: number; readonly end: number };
}

export type Atom = FactAtom | RelationAtom | LetAtom;

export function atomOf(ctx: CardContext, about: About, text: string, expression: Expression): Atom {
  switch (expression.kind) {
    case "has":
      return factAtom(
        pathFact(ctx, about, expression.path),
        expression.path.span,
        presence[0] as Operator,
        null,
      );
    case "path":
      return pathAtom(ctx, about, expression);
    case "fallback":
      return factAtom(
        leftFact(ctx, about, text, expression),
        expression.span,
        find({ kind: "bool" }, "true"),
        null,
      );
    case "compare":
      return compared(ctx, about, text, expression);
    case "and":
    case "or":
    case "not":
      throw new Unshown("`not` stands before `not`, which cards do not show.");
    case "literal":
    case "now":
    case "time_range":
    case "entity":
    case "list":
      throw new Unshown("A value stands where a condition should.");
  }
}

function factAtom(
  fact: Fact,
  { start, end }: { readonly start: number; readonly end: number },
  operator: Operator,
  value: AtomValue | null,
): FactAtom {
  return { kind: "fact", fact, left: { start, end }, operator, value };
}

function find(type: ValueType, id: string): Operator {
  const found = operatorsOf(type).find((operator) => operator.id === id);
  if (found === undefined) throw new Unshown("This compares what cannot be compared so.");
  return found;
}

function pathFact(ctx: CardContext, about: About, path: PathExpression): Fact {
  const fact = factOf(ctx, about, path);
  if (fact === null)
    throw new Unshown(`\`${pathText(path)}\` is nothing that all of what this rule is about has.`);
  return fact;
}

const pathText = ({ root, steps }: PathExpression) =>
  [root.kind === "keyword" ? root.word : root.name.text, ...steps.map(({ name }) => name.text)].join(".");

/** What stands at the left: a path, one with a value in its place where it is absent, or the time. */
function leftFact(ctx: CardContext, about: About, text: string, side: Expression): Fact {
  const written = text.slice(side.span.start, side.span.end);
  if (side.kind === "path") return pathFact(ctx, about, side);
  if (side.kind === "fallback") {
    const fact = pathFact(ctx, about, side.path);
    const literal = text.slice(side.literal.span.start, side.literal.span.end);
    return { ...fact, path: written, needs: [], label: `${fact.label} (${literal} if it is not given)` };
  }
  if (side.kind === "now") {
    const now = factAt(ctx, about, ["now"]) as Fact;
    if (side.offset === null) return now;
    const when = side.offset.sign === "-" ? "ago" : "from now";
    return { ...now, path: written, label: `the time ${shownDuration(side.offset.duration)} ${when}` };
  }
  throw new Unshown("This condition begins with a value. Begin it with the fact that is asked for.");
}

function pathAtom(ctx: CardContext, about: About, path: PathExpression): Atom {
  if (path.root.kind === "class") throw new Unshown("A class stands where a condition should.");
  const root = rootOf(about, path);
  if (root === null) return namedAtom(ctx, about, path, path.root.kind === "name" ? path.root.name.text : "");
  const last = path.steps.at(-1);
  if (last !== undefined && (last.args !== null || last.name.text === "is_empty")) {
    const owner = factAt(ctx, about, [root, ...path.steps.slice(0, -1).map(({ name }) => name.text)]);
    if (owner !== null) return methodAtom(ctx, about, path, owner, last.name.text, last.args);
  }
  const fact = pathFact(ctx, about, path);
  return factAtom(fact, path.span, find(fact.type, "true"), null);
}

function methodAtom(
  ctx: CardContext,
  about: About,
  path: PathExpression,
  fact: Fact,
  name: string,
  args: readonly Expression[] | null,
): FactAtom {
  const end = (path.steps.at(-2)?.name.span ?? path.rootSpan).end;
  const left = { start: path.span.start, end };
  if (args === null) return factAtom(fact, left, find(fact.type, name), null);
  const [argument] = args;
  if (argument === undefined || args.length > 1) throw new Unshown(`\`${name}\` takes one value.`);
  const other = isFact(about, argument);
  const operator = find(fact.type, other ? `${name} fact` : name);
  return factAtom(fact, left, operator, valueOf(ctx, about, fact, operator, argument));
}

function namedAtom(ctx: CardContext, about: About, path: PathExpression, text: string): Atom {
  const { start, end } = path.rootSpan;
  const name = { text, start, end };
  if (path.steps.length > 0) throw new Unshown(`\`${text}\` has no attributes.`);
  const args = path.args ?? [];
  const sides = args.map((argument) => givenWords(ctx, about, argument));
  if (ctx.lets.some((one) => one.name === text && one.parameters === args.length))
    return { kind: "let", name, args: sides };
  if (path.args === null) throw new Unshown(`\`${text}\` is no condition that is named in this file.`);
  if (!ctx.words.ir.relations.some((relation) => relation.name === text) || sides.length !== 2)
    throw new Unshown(`\`${text}(…)\` is no condition of this file and no relation of the model.`);
  return { kind: "relation", name, sides };
}

/** What a relation or a named condition is asked of. */
function givenWords(ctx: CardContext, about: About, argument: Expression): string {
  if (argument.kind === "path" && isFact(about, argument)) return pathFact(ctx, about, argument).label;
  if (argument.kind === "path" && argument.root.kind === "name" && isBare(argument))
    return plain(argument.root.name.text);
  if (argument.kind === "literal") return argument.text;
  if (argument.kind === "entity") return `the ${argument.entity.text} “${argument.id}”`;
  throw new Unshown("A condition is asked of what cards do not show.");
}

/** Something that is known of somebody, a row or the request, and not a value. */
const isFact = (about: About, side: Expression) => side.kind === "path" && rootOf(about, side) !== null;

/** A name alone, such as a value of an enum. */
const isBare = ({ steps, args }: PathExpression) => steps.length === 0 && args === null;

/** The comparison that says the same with its sides exchanged. */
const exchanged = { "==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<=" } as const;

function compared(
  ctx: CardContext,
  about: About,
  text: string,
  { op, left, right, span }: Extract<Expression, { kind: "compare" }>,
): FactAtom {
  if (span.start > left.span.start || text.slice(left.span.end, right.span.start).includes("("))
    throw new Unshown("Parentheses stand around a part of this comparison.");
  // What begins with a value reads as what is asked for; it is written so where it is asked otherwise.
  const isExchanged = left.kind === "literal" && op !== "in" && op !== "not in";
  const [asked, side, sign] = isExchanged ? [right, left, exchanged[op]] : [left, right, op];
  const fact = leftFact(ctx, about, text, asked);
  const operator = find(fact.type, `${sign}${suffixOf(about, fact, sign, side)}`);
  return factAtom(fact, asked.span, operator, valueOf(ctx, about, fact, operator, side));
}

function suffixOf(about: About, { type }: Fact, op: string, right: Expression): string {
  const isIn = op === "in" || op === "not in";
  if (right.kind === "now") return right.offset === null ? " fact" : ` now ${right.offset.sign}`;
  if (isFact(about, right)) return " fact";
  if (!isIn) return "";
  const several = right.kind === "list" ? "s" : "";
  if (type.kind === "ip") return ` network${several}`;
  if (type.kind === "entity") return ` row${several}`;
  if (type.kind === "time" && (right.kind === "time_range" || isRanges(right))) return ` range${several}`;
  return " list";
}

const isRanges = (right: Expression) =>
  right.kind === "list" && right.of.length > 0 && right.of.every(({ kind }) => kind === "time_range");

function valueOf(
  ctx: CardContext,
  about: About,
  fact: Fact,
  operator: Operator,
  side: Expression,
): AtomValue {
  if (operator.wants === "nothing") throw new Unshown("This compares what cannot be compared so.");
  const { start, end } = side.kind === "now" && side.offset !== null ? durationSpan(side.offset) : side.span;
  let picker = wantedPicker(ctx, about, fact, operator);
  if (side.kind === "path" && side.root.kind === "name" && ctx.parameters.has(side.root.name.text))
    picker = parameterPicker(ctx);
  if (side.kind === "entity") picker = { kind: "entity", entity: side.entity.text };
  if (side.kind === "list" && side.of[0]?.kind === "entity") {
    const entity = side.of[0].entity.text;
    if (side.of.some((one) => one.kind !== "entity" || one.entity.text !== entity))
      throw new Unshown("This list names things of several types.");
    picker = { kind: "list", of: { kind: "entity", entity }, least: 1 };
  }
  if (side.kind === "list") {
    if (picker.kind !== "list") throw new Unshown("A list stands where one value should.");
    const { of } = picker;
    return { picker, value: side.of.map((one) => single(ctx, about, of, one)), start, end };
  }
  if (picker.kind === "list") throw new Unshown("One value stands where a list should.");
  return { picker, value: single(ctx, about, picker, side), start, end };
}

const durationSpan = ({ duration, span }: { duration: string; span: { start: number; end: number } }) => ({
  start: span.end - duration.length,
  end: span.end,
});

/** One value as a slot has it; it must be of the kind that the picker takes. */
function single(ctx: CardContext, about: About, picker: Picker, side: Expression): string {
  const wrong = () => new Unshown("The value does not fit what it is compared with.");
  switch (side.kind) {
    case "path":
      if (isFact(about, side)) {
        if (picker.kind !== "one") throw wrong();
        return pathFact(ctx, about, side).path;
      }
      if (picker.kind !== "one" || side.steps.length > 0 || side.args !== null || side.root.kind !== "name")
        throw wrong();
      return side.root.name.text;
    case "now":
      return side.offset === null ? "now" : side.offset.duration;
    case "literal": {
      const { type } = side;
      if (type === "string") {
        if (picker.kind !== "text") throw wrong();
        return unquote(side.text);
      }
      const kind = {
        int: "number",
        decimal: "number",
        bool: "one",
        ipv4: "address",
        ipv6: "address",
        period: "",
      };
      if (picker.kind !== (type in kind ? kind[type as keyof typeof kind] : type)) throw wrong();
      return side.text;
    }
    case "time_range":
      if (picker.kind !== "time_range") throw wrong();
      return `${side.from}..${side.to}`;
    case "entity":
      if (picker.kind !== "entity") throw wrong();
      return side.id;
    case "and":
    case "or":
    case "not":
    case "has":
    case "compare":
    case "fallback":
    case "list":
      throw wrong();
  }
}
