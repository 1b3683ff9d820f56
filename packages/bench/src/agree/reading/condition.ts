/**
 * What a condition says of one request, read straight from the syntax tree: no lowering, no atoms, no guards. A
 * question about what is absent is false. Only for requests that are well formed.
 */
import type { Expression, PathExpression } from "@wardline/compiler";
import { valueAt, type ModelIr, type RequestDocument, type Row, type ValueType } from "@wardline/core";
import {
  boolValue,
  decimalValue,
  entityValue,
  instantValue,
  literalValue,
  numberValue,
  sameValue,
  textValue,
  type Value,
} from "./value.ts";

export interface Reader {
  readonly model: ModelIr;
  readonly request: RequestDocument;
  /** The row that `resource` stands for. */
  readonly row: Row;
  readonly lets: ReadonlyMap<string, Expression>;
  /** Whether the principal counts as one with the role. */
  readonly holds: (role: string) => boolean;
}

export function isTrue(reader: Reader, expression: Expression): boolean {
  switch (expression.kind) {
    case "and":
      return expression.of.every((part) => isTrue(reader, part));
    case "or":
      return expression.of.some((part) => isTrue(reader, part));
    case "not":
      return !isTrue(reader, expression.of);
    case "has":
      return factOf(reader, expression.path) !== undefined;
    case "compare":
      return compares(reader, expression);
    case "path":
      return asks(reader, expression);
    case "fallback":
    case "literal":
      return valueOf(reader, expression)?.value === true;
    case "now":
    case "time_range":
    case "entity":
    case "list":
      throw new TypeError(`${expression.kind} is no condition`);
  }
}

function compares(reader: Reader, { op, left, right }: Extract<Expression, { kind: "compare" }>): boolean {
  const a = valueOf(reader, left);
  if (op === "in" || op === "not in") {
    const found =
      right.kind === "list"
        ? right.of.some((item) => isWithin(reader, left, a, valueOf(reader, item)))
        : isWithin(reader, left, a, valueOf(reader, right));
    return found === (op === "in");
  }
  const b = valueOf(reader, right);
  const both = a !== undefined && b !== undefined;
  switch (op) {
    case "==":
      return both && sameValue(a, b);
    case "!=":
      return !(both && sameValue(a, b));
    case "<":
      return both && a.value < b.value;
    case "<=":
      return both && a.value <= b.value;
    case ">":
      return both && a.value > b.value;
    case ">=":
      return both && a.value >= b.value;
  }
}

/** Equal, or, of entities, below. */
function isWithin(reader: Reader, left: Expression, a: Value | undefined, b: Value | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (sameValue(a, b)) return true;
  if (a.entity === null || b.entity === null || left.kind !== "path") return false;
  const [step] = left.steps;
  const root = rootRow(reader, rootWord(left));
  const ids = valueAt(reader.request, [
    "ancestors",
    step === undefined ? root : `${root}.${step.name.text}`,
    b.entity,
  ]);
  return Array.isArray(ids) && ids.includes(b.value);
}

/** A path as a condition: a let, a relation, a method of a set, or a Bool. */
function asks(reader: Reader, path: PathExpression): boolean {
  if (path.root.kind === "name") {
    const { text } = path.root.name;
    const meant = reader.lets.get(text);
    if (path.args === null && meant !== undefined) return isTrue(reader, meant);
    return isRelated(reader, text, path.args ?? []);
  }
  const method = path.steps.at(-1);
  const args = method?.args ?? null;
  if (method === undefined || args === null) return valueOf(reader, path)?.value === true;
  const [argument] = args;
  if (argument === undefined) throw new TypeError("a method without an argument");
  const elements = argument.kind === "list" ? argument.of : [argument];
  const contains = (element: Expression) => containsOne(reader, path, element);
  return method.name.text === "contains_any" ? elements.some(contains) : elements.every(contains);
}

function containsOne(reader: Reader, path: PathExpression, element: Expression): boolean {
  const [first] = path.steps;
  if (path.root.kind === "keyword" && path.root.word === "principal" && first?.name.text === "roles")
    return element.kind === "path" && element.root.kind === "name" && reader.holds(element.root.name.text);
  const set = factOf(reader, { ...path, steps: path.steps.slice(0, -1) });
  const value = valueOf(reader, element);
  return Array.isArray(set) && value !== undefined && set.includes(value.value);
}

function isRelated(reader: Reader, name: string, args: readonly Expression[]): boolean {
  const relation = reader.model.relations.find((r) => r.name === name);
  const [from, to] = args.map((argument) => valueOf(reader, argument));
  if (relation === undefined) throw new TypeError(`no relation ${name}`);
  if (from?.entity !== relation.from || to?.entity !== relation.to) return false;
  const pairs = reader.request.relations?.[name] ?? [];
  return pairs.some((pair) => pair.from === from.value && pair.to === to.value);
}

/** The value of an operand; undefined if it is absent. */
function valueOf(reader: Reader, expression: Expression): Value | undefined {
  switch (expression.kind) {
    case "literal":
      return literalValue(expression.type, expression.text);
    case "entity":
      return entityValue(expression.entity.text, expression.id);
    case "now":
      return instantValue(reader.request.now ?? "");
    case "fallback":
      return valueOf(reader, expression.path) ?? valueOf(reader, expression.literal);
    case "path": {
      if (expression.root.kind === "name") return textValue(expression.root.name.text);
      const fact = factOf(reader, expression);
      return fact === undefined ? undefined : typed(fact, typeOf(reader, expression));
    }
    case "and":
    case "or":
    case "not":
    case "has":
    case "compare":
    case "list":
    case "time_range":
      throw new TypeError(`${expression.kind} is no value`);
  }
}

function typed(fact: unknown, type: ValueType): Value | undefined {
  switch (type.kind) {
    case "bool":
      return boolValue(fact === true);
    case "int":
    case "duration":
      return numberValue(Number(fact));
    case "decimal":
      return decimalValue(String(fact));
    case "instant":
      return instantValue(String(fact));
    case "entity":
      return entityValue(type.entity, String(fact));
    case "string":
    case "enum":
    case "uuid":
      return textValue(String(fact));
    case "set":
    case "ip":
    case "date":
    case "time":
      throw new TypeError(`a ${type.kind} is not compared`);
  }
}

function rootWord(path: PathExpression): string {
  return path.root.kind === "keyword" ? path.root.word : path.root.name.text;
}

function rootRow(reader: Reader, word: string): string {
  return word === "resource" ? reader.row : word;
}

/** What the request holds at a path; undefined if nothing. */
function factOf(reader: Reader, path: PathExpression): unknown {
  const root = rootRow(reader, rootWord(path));
  const step = path.steps[0]?.name.text;
  const at = (...keys: string[]) => valueAt(reader.request, keys) ?? undefined;
  if (step === undefined) return at(root, "id");
  if (root === "context") return at("context", step);
  if (step === "tenant" || (root === "tenant" && step === "id")) return at(root, step);
  return at(root, "attributes", step);
}

function typeOf(reader: Reader, path: PathExpression): ValueType {
  const { model, request } = reader;
  const word = rootWord(path);
  const step = path.steps[0]?.name.text;
  const isPrincipal = word === "principal";
  const owner = isPrincipal ? request.principal.type : request.resource.type;
  if (step === undefined) return { kind: "entity", entity: owner };
  if (step === "tenant" || (word === "tenant" && step === "id")) return { kind: "string" };
  const facts =
    word === "context" || word === "tenant"
      ? model[word]
      : model.entities.find((e) => e.name === owner)?.fields;
  const type = facts?.find((fact) => fact.name === step)?.type;
  if (type === undefined) throw new TypeError(`${word} has no ${step}`);
  return type;
}
