/**
 * What a condition says of one request, read straight from the syntax tree: no lowering, no atoms, no guards. A
 * question about what is absent is false. Only for requests that are well formed.
 */
import type { Expression, PathExpression } from "@wardline/compiler";
import { valueAt, type ModelIr, type RequestDocument, type Row, type ValueType } from "@wardline/core";
import { liesIn } from "./network.ts";
import {
  addressValue,
  boolValue,
  decimalValue,
  durationOf,
  entityValue,
  instantValue,
  literalValue,
  numberValue,
  sameValue,
  textValue,
  timeValue,
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
    const items = right.kind === "list" ? right.of : [right];
    return items.some((item) => isAmong(reader, left, a, item)) === (op === "in");
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

/** Within what stands after `in`: a range of times, a network, a value, an entity above. */
function isAmong(reader: Reader, left: Expression, a: Value | undefined, item: Expression): boolean {
  if (item.kind === "time_range") return a !== undefined && isInRange(String(a.value), item.from, item.to);
  if (item.kind === "literal" && (item.type === "ipv4" || item.type === "ipv6")) {
    const address = addressOf(reader, left);
    return address !== undefined && liesIn(address, item.text);
  }
  return isWithin(reader, left, a, valueOf(reader, item));
}

/** From the beginning, and before the end, which may be of the next day. */
function isInRange(time: string, from: string, to: string): boolean {
  const [begun, ended] = [time >= `${from}:00.000000`, time >= `${to}:00.000000`];
  return from < to ? begun && !ended : begun || !ended;
}

/** The address that an operand is, as the request or the text writes it. */
function addressOf(reader: Reader, expression: Expression): string | undefined {
  if (expression.kind === "path") return factOf(reader, expression) as string | undefined;
  if (expression.kind !== "fallback") throw new TypeError("no address");
  const found = factOf(reader, expression.path) as string | undefined;
  return found ?? (expression.literal.kind === "literal" ? expression.literal.text : undefined);
}

/** Equal, or, of entities, below. */
function isWithin(reader: Reader, left: Expression, a: Value | undefined, b: Value | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (sameValue(a, b)) return true;
  if (a.entity === null || b.entity === null || left.kind !== "path") return false;
  const path = [rootRow(reader, rootWord(left)), ...left.steps.map((step) => step.name.text)].join(".");
  const ids = valueAt(reader.request, ["ancestors", path, b.entity]);
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
  const owner: PathExpression = { ...path, steps: path.steps.slice(0, -1) };
  if (method?.name.text === "is_empty" && args === null) {
    const set = factOf(reader, owner);
    return Array.isArray(set) && set.length === 0;
  }
  if (method === undefined || args === null) return valueOf(reader, path)?.value === true;
  const [argument] = args;
  if (argument === undefined) throw new TypeError("a method without an argument");
  const text = factOf(reader, owner);
  if (typeof text === "string") {
    const part = valueOf(reader, argument)?.value;
    return typeof part === "string" && textHolds(method.name.text, text, part);
  }
  const elements = argument.kind === "list" ? argument.of : [argument];
  const contains = (element: Expression) => containsOne(reader, path, element);
  return method.name.text === "contains_any" ? elements.some(contains) : elements.every(contains);
}

function textHolds(method: string, text: string, part: string): boolean {
  const [points, wanted] = [Array.from(text), Array.from(part)];
  const holdsAt = (at: number) => at >= 0 && wanted.every((point, i) => points[at + i] === point);
  if (method === "starts_with") return holdsAt(0);
  if (method === "ends_with") return holdsAt(points.length - wanted.length);
  return Array.from({ length: points.length + 1 }, (_, at) => at).some(holdsAt);
}

function containsOne(reader: Reader, path: PathExpression, element: Expression): boolean {
  const [first] = path.steps;
  if (path.root.kind === "keyword" && path.root.word === "principal" && first?.name.text === "roles")
    return element.kind === "path" && element.root.kind === "name" && reader.holds(element.root.name.text);
  const set = factOf(reader, { ...path, steps: path.steps.slice(0, -1) });
  const value = valueOf(reader, element);
  if (!Array.isArray(set) || value === undefined) return false;
  const type = typeOf(reader, { ...path, steps: path.steps.slice(0, -1) });
  return set.some((item) => type.kind === "set" && typed(item, type.of)?.value === value.value);
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
    case "now": {
      const now = instantValue(reader.request.now ?? "");
      const { offset } = expression;
      if (now === undefined || offset === null) return now;
      const moved = BigInt(durationOf(offset.duration)) * (offset.sign === "-" ? -1n : 1n);
      return { ...now, value: (now.value as bigint) + moved };
    }
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
    case "date":
      return textValue(String(fact));
    case "time":
      return timeValue(String(fact));
    case "ip":
      return addressValue(String(fact));
    case "set":
      throw new TypeError("a set is not compared");
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
  if (root === "context" || root === "clock") return at(root, step);
  if (step === "tenant" || (root === "tenant" && step === "id")) return at(root, step);
  if (path.steps.length === 1) return at(root, "attributes", step);
  const names = path.steps.map(({ name }) => name.text);
  // Nothing stands behind a reference that leads nowhere: only what is well formed is read here.
  return at("references", [root, ...names.slice(0, -1)].join("."), names.at(-1) ?? "");
}

function typeOf(reader: Reader, path: PathExpression): ValueType {
  const { model, request } = reader;
  const word = rootWord(path);
  const step = path.steps[0]?.name.text;
  const isPrincipal = word === "principal";
  const owner = isPrincipal ? request.principal.type : request.resource.type;
  if (step === undefined) return { kind: "entity", entity: owner };
  if (step === "tenant" || (word === "tenant" && step === "id")) return { kind: "string" };
  if (word === "clock") return clockTypes[step] ?? { kind: "time" };
  const facts = word === "context" || word === "tenant" ? model[word] : fieldsOf(model, owner);
  return path.steps.slice(1).reduce<ValueType>(
    (type, { name }) => {
      if (type.kind !== "entity") throw new TypeError(`${word} leads nowhere`);
      return typeNamed(fieldsOf(model, type.entity), name.text);
    },
    typeNamed(facts, step),
  );
}

const clockTypes: Readonly<Record<string, ValueType>> = {
  time: { kind: "time" },
  hour: { kind: "int", min: 0, max: 23 },
  weekday: { kind: "string" },
};

type Declared = readonly { readonly name: string; readonly type: ValueType }[];

function fieldsOf(model: ModelIr, entity: string): Declared {
  return model.entities.find((e) => e.name === entity)?.fields ?? [];
}

function typeNamed(facts: Declared, name: string): ValueType {
  const type = facts.find((fact) => fact.name === name)?.type;
  if (type === undefined) throw new TypeError(`there is no ${name}`);
  return type;
}
